"""A running ``alongside learn`` or ``teach``, for as long as a test looks at it."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running ``alongside learn`` or ``teach``."""

    address: str  # of the first page, with token
    home: Path
    process: subprocess.Popen

    @property
    def base(self) -> str:
        """The server's address without page and token."""
        return re.match(r"http://127\.0\.0\.1:\d+", self.address).group()

    @property
    def token(self) -> str:
        """The token of the address."""
        return self.address.split("token=")[1]

    def url(self, path: str) -> str:
        """Return the address of one page, with token."""
        return f"{self.base}/{path}?token={self.token}"

    def fetch(self, path: str, method: str = "GET") -> str:
        """Return what the server answers to a program."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.base}/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read().decode()

    def kernels(self) -> list[dict]:
        """Return the running kernels."""
        return json.loads(self.fetch("api/kernels"))

    def stop_kernels(self) -> None:
        """Stop every kernel, as a crash would."""
        for kernel in self.kernels():
            with contextlib.suppress(urllib.error.HTTPError):  # a page that is left ends its own
                self.fetch(f"api/kernels/{kernel['id']}", method="DELETE")


@contextlib.contextmanager
def serving(
    home: Path,
    *arguments: str,
    python: Path | str = sys.executable,
    module: str = "grader.cli",
    **environment: str,
) -> Iterator[Server]:
    """Run a command that prints an address, and end it afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    if "BROWSER" not in environment:
        arguments = (*arguments, "--no-browser")
    log = home.parent / f"{home.name}-server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [python, "-m", module, *arguments],
            cwd=home,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ALONGSIDE_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
        )
        try:
            yield Server(_address(log, process), home, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(log: Path, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\S+token=\w+", log.read_text())
        if found:
            return found.group()
        time.sleep(0.05)
    raise AssertionError(f"no address was printed:\n{log.read_text()}")
