"""What every page of the desk shares: log-in, rules of the page, who marks, words for trouble.

Each page needs the log-in of this run; each message also the mark against forged ones. Pages
run our own script alone, and ask no other address.
"""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

import tornado.web
from jupyter_server.base.handlers import JupyterHandler

from grader.desk import pages
from grader.desk.looking_back import UnknownTraineeError, look_back
from grader.desk.place import Desk
from grader.desk.runs import Runs
from grader.errors import AlongsideError, in_words, sentence
from grader.formats.trainee_code import trimmed
from grader.server.addresses import RULES

Made = TypeVar("Made")
OWN_RULES = RULES.replace("form-action 'none'", "form-action 'self'")
NAME = "alongside-desk-name"
LONGEST_NAME = 60
MOST_SAID = 200  # characters of what one page has another say


@dataclass(frozen=True, slots=True)
class Told:
    """What a message is answered with: a page, or where on the desk to go, with what is said."""

    page: str = ""
    status: int = 200
    path: str = ""
    said: str = ""


def account() -> str:
    """Return the name of this computer's account, as who marks until they say otherwise."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "trainer"


class DeskPage(JupyterHandler):
    """A page of the desk, for whoever is signed in."""

    SUPPORTED_METHODS = ("GET", "POST")

    @property
    def runs(self) -> Runs:
        """What runs from the desk; it is one for all pages."""
        shared: Runs = self.settings["alongside_desk"]
        return shared

    @property
    def desk(self) -> Desk:
        """The course and its gradebook."""
        return self.runs.desk

    @property
    def who(self) -> str:
        """Who marks."""
        own = self.get_signed_cookie(NAME)
        return own.decode() if own else account()

    @property
    def frame(self) -> pages.Frame:
        """What surrounds a page."""
        return pages.Frame(self.base_url, self.who, self.xsrf_token.decode())

    def set_default_headers(self) -> None:
        """Let a page ask nothing of any other address, and keep nothing of it."""
        self.set_header("Content-Security-Policy", OWN_RULES)
        # With "no-referrer" a browser would not say that a form comes from here.
        self.set_header("Referrer-Policy", "same-origin")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **facts: Any) -> None:
        """Say in plain words what did not work; who is not signed in gets no word more."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        if not getattr(self, "_jupyter_current_user", None):
            self.finish("This page needs the whole address that was printed.")
            return
        error = facts.get("exc_info", (None, None))[1]
        if isinstance(error, AlongsideError | OSError):
            trouble = sentence(in_words(error))
        elif status_code == 404:
            trouble = "There is no page at this address."
        else:
            trouble = "The page could not be shown. What was saved is safe. Please try again."
        self.finish(pages.trouble_page(trouble, self.frame))

    def log_exception(self, *facts: Any) -> None:
        """Leave what was said to the trainer out of the log; it is no fault."""
        if not isinstance(facts[1], AlongsideError):
            super().log_exception(*facts)

    @property
    def said(self) -> str:
        """What the page before had to say."""
        return self.get_query_argument("said", "")[:MOST_SAID]

    def go(self, path: str = "", said: str = "") -> None:
        """Lead to a page of the desk, with some words to stand on it."""
        words = f"?{urlencode({'said': said})}" if said else ""
        self.redirect(f"{self.base_url}desk{path}{words}", status=303)

    async def tell(self, make: Callable[[], Told]) -> None:
        """Work an answer out in a thread, since the gradebook may be busy, and send it."""
        told = await self.aside(make)
        if told.page:
            self.set_status(told.status)
            self.finish(told.page)
        else:
            self.go(told.path, told.said)

    async def aside(self, make: Callable[[], Made]) -> Made:
        """Do what takes longer in a thread, so that other pages are answered meanwhile."""
        return await asyncio.to_thread(make)


class Overview(DeskPage):
    """Shows how the cohort stands."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send the page, counted anew."""
        self.runs.looker.start()
        said, frame = self.said, self.frame
        page = await self.aside(lambda: pages.overview(self.desk, self.runs, frame, said))
        self.finish(page)


class Trainee(DeskPage):
    """Looks back at one trainee, whose code is asked for."""

    @tornado.web.authenticated
    async def get(self) -> None:
        """Send the page."""
        code, frame = trimmed(self.get_query_argument("code", "")), self.frame
        await self.tell(lambda: self._told(code, frame))

    def _told(self, code: str, frame: pages.Frame) -> Told:
        try:
            found = look_back(self.desk, code)
        except UnknownTraineeError as error:
            return Told(pages.trouble_page(sentence(in_words(error)), frame), 404)
        return Told(pages.trainee_page(self.desk, found, frame))


class Name(DeskPage):
    """Takes the name of who marks."""

    @tornado.web.authenticated
    def post(self) -> None:
        """Keep the name in this browser, for this run."""
        name = "".join(sign for sign in self.get_body_argument("who") if sign.isprintable())
        name = " ".join(name.split())[:LONGEST_NAME]
        if name:
            how: dict[str, Any] = {"path": self.base_url, "httponly": True, "samesite": "Strict"}
            self.set_signed_cookie(NAME, name, expires_days=None, **how)
        self.go()


class OwnFile(DeskPage):
    """Sends the script or the styles; their address changes whenever they do."""

    @tornado.web.authenticated
    def get(self, version: str, name: str) -> None:
        """Send one file."""
        if name not in pages.files() or version != pages.version():
            raise tornado.web.HTTPError(404)
        kind, content = pages.files()[name]
        self.set_header("Content-Type", f"{kind}; charset=UTF-8")
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(content)
