"""A site as a static host serves it, and the browser that opens it.

One site serves all tests of a run: it is made once, by whichever comes first.
"""

from __future__ import annotations

import io
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from helpers.paths import REPOSITORY, TESTS
from helpers.tools import missing

from grader.places import Course
from grader.site.build import Plan, build

PYODIDE = REPOSITORY / "node_modules" / "pyodide"
# What a test asks of the worker without a page, and of the browser's storage.
ASKING = (TESTS / "js" / "asking.mjs").read_text(encoding="utf-8")
# Python's memory is kept for later visits once the cards are at rest.
IS_REMEMBERED = """caches.keys().then((names) => Promise.all(names.map(async (name) =>
  (await (await caches.open(name)).keys()).some(({ url }) => url.endsWith("memory.bin")))))
  .then((found) => found.includes(true))"""
PATIENCE_MS = 60_000  # Python for browsers has to be compiled, and tests share two cores


def pyodide() -> Path:
    """Return the folder of Python for browsers."""
    if not (PYODIDE / "pyodide.asm.wasm").is_file():
        missing("Pyodide is not here, Python for browsers; npm ci installs it")
    return PYODIDE


def make_site(out: Path, **plan: Any) -> Path:
    """Write the site of the course."""
    course = plan.pop("course", None) or Course(
        REPOSITORY / "course", REPOSITORY / "exercises", REPOSITORY / "solutions"
    )
    build(Plan(course, pyodide(), **plan), out)
    return out


def shared_site(base: Path) -> Path:
    """Return the site that all tests of a run share, made where it is not there yet."""
    site, lock = base / "site", base / "site-lock"
    try:
        lock.mkdir()
    except FileExistsError:
        deadline = time.monotonic() + 120
        while not site.is_dir() and time.monotonic() < deadline:
            time.sleep(0.2)
        return site
    with tempfile.TemporaryDirectory(dir=base) as folder:
        shutil.move(make_site(Path(folder) / "made"), site)
    return site


class Silent(SimpleHTTPRequestHandler):
    """A plain host that writes no log."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def adding(name: str, code: str) -> type[Silent]:
    """Return a host that serves one script with some more code at its end."""

    class Adding(Silent):
        def send_head(self) -> Any:
            if not self.path.endswith(name):
                return super().send_head()
            script = Path(self.translate_path(self.path)).read_bytes()
            content = script + f"\n{code};\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/javascript")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            return io.BytesIO(content)

    return Adding


class StaticHost:
    """A plain host of one folder, in a folder of its own address; it can be away for a while."""

    def __init__(self, site: Path, handler: type[SimpleHTTPRequestHandler] = Silent) -> None:
        self.site, self._handler, self._port = site, handler, 0
        self.start()

    @property
    def base(self) -> str:
        """The address of the site."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve, at the same address as before."""
        handler = partial(self._handler, directory=str(self.site))
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Serve nothing any more."""
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def hosted(site: Path, handler: type[SimpleHTTPRequestHandler] = Silent) -> Iterator[StaticHost]:
    """Serve a folder for as long as a test looks at it."""
    host = StaticHost(site, handler)
    try:
        yield host
    finally:
        host.stop()
