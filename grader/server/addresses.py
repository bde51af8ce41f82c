"""The addresses of a learner's pages, and what each answers.

Lessons come from the course, exercises from the learner's own folder, both read-only. Cards
send their messages here, and each gets one receipt.

Apart from `host`, the server that has them.
"""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

import tornado.web
from jupyter_server.base.handlers import APIHandler, JupyterHandler

from grader.cards.calls import Context, card_of
from grader.cards.card import refusal, refused
from grader.cards.script import script
from grader.errors import AlongsideError, PagesError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.html import help_card, render
from grader.html.styles import kind_of, style_files
from grader.html.templating import render_template, trusted
from grader.places import Learner
from grader.server.lesson import Frame, lesson_html
from grader.trainee.settings import read_settings

TIGHT = "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
OWN_PARTS = "script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'"
RULES = f"default-src 'none'; {OWN_PARTS}; img-src 'self' data:; {TIGHT}"
# Nothing in it runs. Its links go where ours do: who comes from no origin would not be signed in.
KEPT_IN = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
KEPT_RULES = f"{KEPT_IN}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; {TIGHT}"
# A lesson that a page names, as `trainer/feedback.html.j2` writes it.
NAMED_LESSON = re.compile(
    rb'<span data-lesson="([0-9]{2}-[a-z0-9-]{1,40}/[0-9]{1,2}-[a-z0-9-]{1,60}\.ipynb)">'
    rb"([^<]{1,200})</span>"
)
ANSWERED = {
    401: "This page is no longer signed in. Open the course again by its whole address",
    403: "This page is no longer signed in. Open the course again by its whole address",
    404: "This part of the course is no longer here. Please reload the page",
    413: "This file is too large for the course",
}
SIGN_IN = (
    "The course is open, but not at this address. It may be an earlier one, or lack its last part.",
    "Look where you started the course. Copy the whole address from there, up to its very end.",
)
UNREADABLE = "There is no page at this address. Some of its signs cannot be read."
OTHERWISE = "The course could not answer. Please try again"


class Site:
    """The pages of one learner as a host has them: their notebooks, scripts and frame."""

    def __init__(
        self, learner: Learner, only: str = "", stage: Any = None, *, under_hub: bool = False
    ) -> None:
        self.learner, self.only, self.stage, self.under_hub = learner, only, stage, under_hub
        self.files = {"page.js": script("page").encode(), **style_files(learner.course.lessons)}
        self.mark = secrets.token_hex(16)  # by which pages of this run know that it answers
        self.version = sha256(b"".join(self.files.values())).hexdigest()

    def frame(self, root: str, token: str = "") -> Frame:
        """Return what surrounds a page."""
        return Frame(
            root=root,
            help=help_card.help_html(region=help_card.find_region(self.learner)),
            scripts=self.version[:16],
            only=self.only,
            watch=self.stage.version if self.stage else "",
            token=token,
            run=self.mark,
            settings=read_settings(self.learner.home),
        )

    def notebook(self, page: str) -> Path:
        """Return the notebook at an address among the lessons.

        Raises
        ------
        PagesError
            Where there is none.
        """
        is_exercise = page.startswith("exercises/")
        lessons = self.stage.folder if self.stage else self.learner.course.lessons
        root = self.learner.home.folder / "exercises" if is_exercise else lessons
        with suppress(OSError, ValueError):  # what no file can be called
            found = (root / page.removeprefix("exercises/")).resolve()
            is_ours = found.suffix == ".ipynb" and found.is_relative_to(root.resolve())
            if is_ours and found.is_file():
                return found
        raise PagesError("There is no page at this address")

    def context(self, page: str) -> tuple[Path, Context]:
        """Return the notebook at an address, and who looks at it."""
        notebook = self.notebook(page)
        return notebook, Context(self.learner, notebook.parent)


class OwnPage(JupyterHandler):
    """A page of ours, for whoever is signed in."""

    SUPPORTED_METHODS = ("GET",)

    @property
    def site(self) -> Site:
        """Whose pages, and what they share."""
        shared: Site = self.settings["alongside"]
        return shared

    def set_default_headers(self) -> None:
        """Let a page ask nothing of any other address, and keep nothing of it."""
        self.set_header("Content-Security-Policy", RULES)
        self.set_header("Referrer-Policy", "no-referrer")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Cache-Control", "no-store")

    def write_error(self, status_code: int, **_: Any) -> None:
        """Show in plain words that something is not here, or did not work."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        if status_code == 400:  # before it is known who asks
            self.send_alone("This page is not here", (UNREADABLE, SIGN_IN[1]))
            return
        if not getattr(self, "_jupyter_current_user", None):  # is not known, or not yet
            self.send_sign_in()
            return
        gone = "There is no page at this address. It may have moved in a newer course."
        failed = "The page could not be shown. Your saved answers are safe. Please try again."
        lines = [gone if status_code == 404 else failed]
        self.finish(self._trouble("This page is not here", lines))

    def send_sign_in(self) -> None:
        """Send the words for who has no token, or an old one."""
        self.send_alone("Please use the full address", SIGN_IN)

    def send_alone(self, title: str, lines: Sequence[str]) -> None:
        """Send words for who is not known; they lead nowhere else."""
        self.set_header("Content-Security-Policy", KEPT_RULES)
        frame = Frame(root="", help="", scripts="", style=trusted(render.page_style()))
        page = render_template("server/trouble.html.j2", title=title, lines=lines, frame=frame)
        self.finish(page)

    def _trouble(self, title: str, lines: list[str]) -> str:
        frame = self.site.frame(self.base_url)
        return render_template("server/trouble.html.j2", title=title, lines=lines, frame=frame)


class LessonPage(OwnPage):
    """Shows a lesson or an exercise."""

    @tornado.web.authenticated
    def get(self, page: str) -> None:
        """Send the page, made anew with the learner's answers."""
        try:
            notebook, context = self.site.context(page)
        except PagesError as error:
            raise tornado.web.HTTPError(404) from error
        frame = self.site.frame(self.base_url, self.xsrf_token.decode())
        try:
            self.finish(lesson_html(notebook, page, context, frame))
        except AlongsideError as error:
            self.set_status(500)
            lines = str(error).split("\n")
            self.finish(self._trouble("This page could not be shown", lines))


class CardMessages(APIHandler):
    """Answers the messages of cards: one receipt each, whatever happens."""

    SUPPORTED_METHODS = ("GET", "POST")

    @tornado.web.authenticated
    def get(self) -> None:
        """Prove that this run still answers: a page asks for it before it sends any words."""
        self.set_header("Cache-Control", "no-store")
        self.finish({"run": self.settings["alongside"].mark})

    @tornado.web.authenticated
    def post(self) -> None:
        """Answer one message."""
        site: Site = self.settings["alongside"]
        try:
            asked = parse_json(self.request.body)
            _, context = site.context(str(asked["page"]))
            files = [base64.b64decode(each) for each in asked.get("files", ())]
            receipt, attached = card_of(asked["call"], context).receive(asked["message"], files)
        except PagesError as error:
            self._send(refusal(error), [], 404)
        except (ValueError, KeyError, TypeError):
            self._send(refused(f"{OTHERWISE}."), [], 400)
        else:
            self._send(receipt, attached)

    def _send(self, receipt: dict[str, Any], files: list[bytes], status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        encoded = [base64.b64encode(each).decode() for each in files]
        self.finish(json.dumps({"receipt": receipt, "files": encoded}))

    def write_error(self, status_code: int, **_: Any) -> None:
        """Say in a receipt that the course refused, or failed."""
        self._send(refused(f"{ANSWERED.get(status_code, OTHERWISE)}."), [], status_code)


class SignIn(OwnPage):
    """Tells who has no token, or an old one, what to do; it leads nowhere else."""

    def get(self) -> None:
        """Send the page."""
        self.send_sign_in()


class FirstPage(OwnPage):
    """Leads to the page that a course opens with."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the browser there."""
        self.redirect(self.settings["default_url"])


class Elsewhere(OwnPage):
    """Stands for every address outside this run's path, such as those of an earlier run."""

    async def prepare(self, *_: Any, **__: Any) -> None:
        """Send the words for signing in, whoever asks: no log-in is looked at out here."""
        self.set_status(404)
        self.send_sign_in()


class OtherName(Elsewhere):
    """Stands for all that is asked by another name of this computer: only people get words."""

    def send_sign_in(self) -> None:
        """Send the words to who would read a page."""
        if "text/html" in self.request.headers.get("Accept", ""):
            super().send_sign_in()
        else:
            self.finish()


class NoPage(OwnPage):
    """Stands for every address that is none of ours, whatever is asked of it."""

    async def prepare(self, *_: Any, **__: Any) -> None:
        """Say that nothing is here."""
        await super().prepare(_redirect_to_login=False)
        raise tornado.web.HTTPError(404)


class OwnFile(OwnPage):
    """Sends a script, the styles or what these ask for; their address changes whenever they do.

    Under a hub they are for everybody: it takes its cookie for pages alone, and they are
    the same for all.
    """

    def get(self, version: str, name: str) -> None:
        """Send one file."""
        if not self.site.under_hub and not self.current_user:
            raise tornado.web.HTTPError(403)
        if name not in self.site.files or not self.site.version.startswith(version):
            raise tornado.web.HTTPError(404)
        self.set_header("Content-Type", kind_of(name))
        self.set_header("Cache-Control", "private, max-age=31536000, immutable")
        self.finish(self.site.files[name])


class KeptPage(OwnPage):
    """Shows a page of the trainee's own folder that may do nothing but be read."""

    def send(self, path: Path) -> None:
        """Send the kept page, with every right of a page taken away."""
        page = safe.read_regular_file(path, 1 << 23)
        if page is None:
            raise tornado.web.HTTPError(404)
        way_back = render_template("server/way_back.html.j2", base_url=self.base_url)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Content-Security-Policy", KEPT_RULES)
        page = page.replace(b"</header>", way_back.encode(), 1)
        self.finish(NAMED_LESSON.sub(self._opened, page))

    def _opened(self, found: re.Match[bytes]) -> bytes:
        """Return a named lesson as a link: a page in a mail box could open none."""
        address, title = found[1].decode(), trusted(found[2].decode("utf-8", "replace"))
        name = "server/named_lesson.html.j2"
        return render_template(name, base_url=self.base_url, address=address, title=title).encode()


class FeedbackPage(KeptPage):
    """Shows a trainer's feedback on a module."""

    @tornado.web.authenticated
    def get(self, module: str) -> None:
        """Send the kept page."""
        self.send(self.site.learner.home.feedback_page(module))


class CertificatePage(KeptPage):
    """Shows the trainee's certificate, to be printed."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the kept page."""
        self.send(self.site.learner.home.certificate_page)


class VersionPage(OwnPage):
    """Tells an author's page which version of the file it should show."""

    @tornado.web.authenticated
    def get(self) -> None:
        """Send the mark of this run and the version, each on a line."""
        if self.site.stage is None:
            raise tornado.web.HTTPError(404)
        self.finish(f"{self.site.mark}\n{self.site.stage.version}")


ADDRESSES: list[tuple[str, type[JupyterHandler]]] = [
    (r"lessons/(.+)", LessonPage),
    (r"cards", CardMessages),
    (r"own/([0-9a-f]{16})/([a-z0-9.-]+)", OwnFile),
    (r"feedback/([0-9]{2}-[a-z0-9-]+)", FeedbackPage),
    (r"certificate", CertificatePage),
    (r"show/version", VersionPage),
    (r"", FirstPage),
]
