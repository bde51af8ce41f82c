"""A PostgreSQL server of our own: on a socket in a folder, for one test session."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpers.tools import missing

FAST = "-c listen_addresses='' -c fsync=off -c max_connections=20 -k {folder}"
ACCOUNTS = ("postgres", "nobody")  # the server refuses to run as root


@contextmanager
def running() -> Iterator[str]:
    """Start a server and give the address of an empty database on it."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        missing("there is no PostgreSQL here")
    # Names of sockets are short, and the server's account has to get there.
    with tempfile.TemporaryDirectory(prefix="al-", dir="/tmp") as name:
        server = _Server(programs[-1], Path(name))
        server.start()
        try:
            yield f"postgresql+psycopg://postgres@/postgres?host={name}"
        finally:
            server.run("pg_ctl", "-D", server.data, "-m", "immediate", "stop")


class _Server:
    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self.data = folder / "data"
        self._account = _account()
        if self._account:
            shutil.chown(folder, self._account)

    def start(self) -> None:
        login = ("--auth", "trust", "--username", "postgres")
        self.run("initdb", "-D", self.data, *login, "--no-sync", "--encoding", "UTF8")
        options = FAST.format(folder=self._folder)
        self.run(
            "pg_ctl", "-D", self.data, "-w", "-o", options, "-l", self._folder / "log", "start"
        )

    def run(self, program: str, *arguments: object) -> None:
        before = ["runuser", "-u", self._account, "--"] if self._account else []
        command = [*before, self._programs / program, *arguments]
        subprocess.run(command, cwd="/", stdout=subprocess.DEVNULL, check=True)


def _account() -> str:
    """Return the account to run it under, nothing where we are no root ourselves."""
    if os.geteuid() != 0:
        return ""
    import pwd

    known = {entry.pw_name for entry in pwd.getpwall()}
    found = [name for name in ACCOUNTS if name in known]
    if not found or not shutil.which("runuser"):
        missing("PostgreSQL does not run as root, and there is no other account to use")
    return found[0]
