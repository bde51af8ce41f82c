"""Another program that listens where a course was, and keeps all that it is sent.

Run as a script it listens at a host and a port, and prints each request as a line of JSON. It
says yes to all, as one would that wants to be taken for the course. It also has a page that
leaves a service worker, which stands between a browser and whatever is at that origin later.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve()
NOBODY = "65534"  # an account that every such system has
YES = {"run": "mine", "receipt": {"type": "saved", "response": None}, "files": []}
LISTENS = "listens"
# What a service worker keeps: the address of each request, and what is told by its pages.
WORKER = """
self.seen = [];
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => { self.seen.push(event.request.url); });
"""
PAGE = """<!doctype html><title>other</title><script>
navigator.serviceWorker.register("/worker.js").then(() => navigator.serviceWorker.ready)
  .then(() => { document.title = "left"; });
</script>"""
PARTS = {"/trap": ("text/html", PAGE), "/worker.js": ("text/javascript", WORKER)}


@dataclass(frozen=True)
class Kept:
    """What it was sent so far."""

    file: Path

    @property
    def text(self) -> str:
        """All of it, as it came."""
        return self.file.read_text(encoding="utf-8")

    @property
    def requests(self) -> list[dict[str, Any]]:
        """Each request: its verb, path, headers and body."""
        return [json.loads(line) for line in self.text.splitlines() if line.startswith("{")]


class Listener(http.server.BaseHTTPRequestHandler):
    """Answers everything, and prints what was asked."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = {"verb": self.command, "path": self.path, "headers": dict(self.headers)}
        print(json.dumps({**asked, "body": body}), flush=True)
        kind, text = PARTS.get(self.path, ("application/json", json.dumps(YES)))
        said = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


for verb in ("POST", "PUT", "DELETE", "HEAD", "OPTIONS"):
    setattr(Listener, f"do_{verb}", Listener.do_GET)


@contextlib.contextmanager
def another_program(host: str, port: int, *before: str) -> Iterator[Kept]:
    """Let another program listen where a course was; give what it is sent."""
    with tempfile.TemporaryDirectory() as folder, Path(folder, "kept").open("w") as output:
        # Through the standard input: another account may not be allowed to read a file of ours.
        command = [*before, sys._base_executable, "-I", "-", host, str(port)]
        with SCRIPT.open() as script:
            process = subprocess.Popen(command, stdin=script, stdout=output, cwd="/")
        kept = Kept(Path(output.name))
        try:
            while LISTENS not in kept.text:
                assert process.poll() is None
            yield kept
        finally:
            process.terminate()
            process.wait()


@contextlib.contextmanager
def another_account(host: str, port: int) -> Iterator[Kept]:
    """Let another account listen where a course was; skip aloud where there can be none."""
    import shutil

    from helpers.tools import missing

    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        missing("only root with setpriv can be another account")
    who = ("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--")
    with another_program(host, port, *who) as kept:
        yield kept


if __name__ == "__main__":
    server = http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Listener)
    print(LISTENS, flush=True)
    server.serve_forever()
