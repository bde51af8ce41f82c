"""A running ``alongside learn`` or ``teach``, for as long as a test looks at it."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ORIGIN = r"http://(127(?:\.\d+){3}|[0-9a-f]{32}\.localhost):(\d+)"
VISITS = itertools.count(1)


@dataclass
class Server:
    """A running ``alongside learn`` or ``teach``."""

    address: str  # of the first page, with token
    home: Path
    process: subprocess.Popen | None = None
    command: tuple[str, ...] = ()
    environment: dict[str, str] | None = None

    @property
    def log(self) -> Path:
        """The file with all that was printed."""
        return self.home.parent / f"{self.home.name}-server.log"

    @property
    def base(self) -> str:
        """Where this run's pages stand: the address without page and token."""
        found = re.match(rf"{ORIGIN}(/([a-z/]+/)?[0-9a-f]{{32}})?", self.address)
        return found.group()

    @property
    def host(self) -> str:
        """What it listens at."""
        return re.match(ORIGIN, self.address)[1]

    @property
    def port(self) -> int:
        """The port it listens at."""
        return int(re.match(ORIGIN, self.address)[2])

    @property
    def origin(self) -> str:
        """What a browser keeps things for."""
        return re.match(ORIGIN, self.address).group()

    @property
    def path(self) -> str:
        """The path of this run, without a slash at its end."""
        return self.base.partition(f":{self.port}")[2]

    @property
    def token(self) -> str:
        """The token of the address."""
        return self.address.split("token=")[1]

    def url(self, path: str, part: str = "all") -> str:
        """Return the address of one page, with token; of a lesson, all steps or one."""
        has_steps = part and re.match(r"lessons/(exercises/)?\d\d-", path)
        address = f"{self.base}/{path}?token={self.token}"
        # Without the number, a browser that is there already would not load the page again.
        return f"{address}&visit={next(VISITS)}#{part}" if has_steps else address

    def fetch(self, path: str, method: str = "GET", body: str | None = None) -> str:
        """Return what the server answers to a program."""
        headers = {"Authorization": f"token {self.token}"}
        data = None if body is None else body.encode()
        request = urllib.request.Request(f"{self.base}/{path}", data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read().decode()

    def start(self, *port: str) -> None:
        """Run the command until it has printed an address; ``port`` is another `own_port`."""
        with self.log.open("a") as output:
            begin = output.tell()
            self.process = subprocess.Popen(
                (*self.command, *port),
                cwd=self.home,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self.environment,
            )
        self.address = _address(self.log, begin, self.process)

    def stop(self) -> None:
        """End it, as closing its window would."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Stop it for a while; it comes back at another address."""
        self.stop()
        yield
        self.start()

    def restart(self) -> None:
        """Stop it and start it again."""
        with self.away():
            pass


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
    own = {"ALONGSIDE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    command = (str(python), "-m", module, *arguments)
    everything = {**os.environ, **own, **environment}
    server = Server("", home, command=command, environment=everything)
    server.log.write_text("")
    try:
        server.start()
        yield server
    finally:
        server.stop()


def own_port() -> tuple[str, str]:
    """Return the words for a port that no other server looks for, so that it can be left."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return ("--port", str(probe.getsockname()[1]))


def _address(log: Path, begin: int, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        printed = log.read_bytes()[begin:].decode(errors="replace")
        found = re.search(rf"{ORIGIN}\S+token=\w+", printed)
        if found:
            return found.group()
        time.sleep(0.05)
    raise AssertionError(f"no address was printed:\n{log.read_text()}")
