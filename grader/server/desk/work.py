"""Collecting, grading, feedback and export from the desk, and the files that come of them.

Apart from `routes`, which says at which address each of them stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tornado.web
from tornado.httputil import HTTPFile, HTTPServerRequest, parse_body_arguments

from grader.desk import pages
from grader.desk.next_step import many
from grader.desk.runs import COLLECT
from grader.errors import PagesError
from grader.files.safe import read_regular_file
from grader.formats.archives import packed
from grader.places import MARKS
from grader.server.desk.page import DeskPage

MOST_UPLOAD = 64 << 20  # bytes of one upload; a hand-in has some thousand
MOST_FILE = 64 << 20


class Start(DeskPage):
    """Begins a run."""

    @tornado.web.authenticated
    def post(self, what: str) -> None:
        """Begin, and show how far it is."""
        self.runs.start(what)
        self.go("/run")


class RunPage(DeskPage):
    """Shows the run that is under way, or ran last."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the page."""
        self.finish(pages.run_page(self.runs, self.frame))


class RunState(DeskPage):
    """Tells a page how far a run is."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send it as JSON."""
        run = self.runs.last
        if run:
            self.finish({"far": run.far, "share": run.share, "over": run.is_over})
        else:
            self.finish({"far": "", "share": 0, "over": True})


@tornado.web.stream_request_body
class Collect(DeskPage):
    """Takes hand-in files that were dropped or chosen, and collects them."""

    async def prepare(self, *how: Any, **more: Any) -> None:
        """Set how much is taken, before any of it comes."""
        self._body = bytearray()
        if self.request.connection and hasattr(self.request.connection, "set_max_body_size"):
            self.request.connection.set_max_body_size(MOST_UPLOAD)
        await super().prepare(*how, **more)

    def data_received(self, chunk: bytes) -> None:
        """Take a part, of whoever is signed in."""
        if getattr(self, "_jupyter_current_user", None):
            self._body += chunk

    @tornado.web.authenticated
    def post(self) -> None:
        """Collect what came, and show how far it is."""
        found = _files_of(self.request, bytes(self._body))
        if not found:
            raise PagesError("No file came; choose hand-in files first")
        self.runs.start(COLLECT, [(one.filename, one.body) for one in found])
        self.go("/run")


def _files_of(request: HTTPServerRequest, body: bytes) -> list[HTTPFile]:
    files: dict[str, list[HTTPFile]] = {}
    parse_body_arguments(request.headers.get("Content-Type", ""), body, {}, files)
    return [one for one in files.get("files", ()) if one.filename]


class Send(DeskPage):
    """Lists the feedback that is new, with a draft of a letter for each."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the list."""
        self.finish(pages.send_page(self.desk, self.runs.to_send, self.frame, self.said))


class Sent(DeskPage):
    """Remembers that all of it was sent."""

    @tornado.web.authenticated
    def post(self) -> None:
        """Note it, and say so."""
        self.go("/send", f"Noted as sent: {many(self.runs.sent(), 'file')}.")


class File(DeskPage):
    """Sends a file that the course made, to be saved."""

    def send(self, name: str, kind: str, content: bytes) -> None:
        """Send it."""
        self.set_header("Content-Type", kind)
        self.set_header("Content-Disposition", f'attachment; filename="{name}"')
        self.finish(content)

    def content(self, path: Path) -> bytes:
        """Return a plain file's bytes."""
        found = read_regular_file(path, MOST_FILE)
        if found is None:
            raise tornado.web.HTTPError(404)
        return found


class FeedbackFile(File):
    """Sends one feedback file of those to send."""

    @tornado.web.authenticated
    def get(self, name: str) -> None:
        """Send it, where it is on the list."""
        bundles = {one.bundle.name: one.bundle for one in self.runs.to_send if one.bundle}
        if name not in bundles:
            raise tornado.web.HTTPError(404)
        self.send(name, "application/zip", self.content(bundles[name]))


class AllFeedback(File):
    """Sends all feedback to send as one zip file."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send it."""
        bundles = [one.bundle for one in self.runs.to_send if one.bundle]
        if not bundles:
            raise tornado.web.HTTPError(404)
        zipped = await self.aside(
            lambda: packed([(path.name, self.content(path)) for path in bundles])
        )
        self.send("feedback.zip", "application/zip", zipped)


class Marks(File):
    """Sends the table of marks."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send it."""
        self.send(MARKS, "text/csv", self.content(self.desk.root / "exports" / MARKS))
