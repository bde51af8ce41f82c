"""Answers a page's messages inside a browser's Python: the host that needs no server.

Apart from `build`: it runs in Pyodide, where a worker calls it. Each call takes and gives JSON
as text, and files as bytes. The trainee's folder lies in the worker's memory; the worker keeps
a copy of each of its files in the browser, brought by `Browser.take` and told by `Browser.changed`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from grader import places
from grader.cards.calls import CALLS, Context, card_of, parts
from grader.cards.card import refusal, refused
from grader.errors import AlongsideError, PagesError
from grader.files.parsing import parse_json
from grader.html import help_card
from grader.places import Course, Home, Learner
from grader.site.links import in_site
from grader.trainee.home import prepare_home
from grader.trainee.settings import read_settings

OTHERWISE = "The course could not answer. Please reload the page."
Mark = tuple[int, int, int]


class Browser:
    """The course of one person in one browser.

    Parameters
    ----------
    root : Path
        Where the pack was unpacked: the folders ``course``, ``exercises``, perhaps ``solutions``.
    home : Path
        The trainee's folder, in memory.
    """

    def __init__(self, root: Path, home: Path) -> None:
        keys = root / "solutions"
        course = Course(root / "course", root / "exercises", keys if keys.is_dir() else None)
        self.learner = Learner(Home(home, hidden=True), course, self_study=keys.is_dir())
        self._known: dict[str, Mark] = {}
        prepare_home(self.learner)

    # --- what is asked

    def page(self, asked: str) -> str:
        """Return the learner's own pieces of a page, call by call.

        Parameters
        ----------
        asked : str
            ``page`` and the ``calls`` on it, each with ``name`` and ``arguments``.
        """
        question = parse_json(asked)
        context = self._context(question["page"])
        return json.dumps({"pieces": [_pieces(context, call) for call in question["calls"]]})

    def top(self) -> str:
        """Return the help card, as it is in this version of the course, and how pages look."""
        region = help_card.find_region(self.learner)
        kept = asdict(read_settings(self.learner.home))
        return json.dumps({"help": in_site(help_card.help_html(region)), "settings": kept})

    def rehearse(self, asked: str) -> None:
        """Make a page and all that needs no item, so that memory holds what they need."""
        self.page(asked)
        context = self._context(parse_json(asked)["page"])
        for name in CALLS:
            _pieces(context, {"name": name, "arguments": ()})
        self.top()

    def message(
        self, asked: str, files: Iterable[Any] = (), checked: str = "null"
    ) -> tuple[str, list[bytes]]:
        """Return the receipt for a card's message, and the files that go with it.

        ``checked`` is what `to_prove` gave, each with whether the signature holds; ``null``
        where the browser cannot tell.
        """
        try:
            question = parse_json(asked)
            card = card_of(question["call"], self._context(str(question["page"])))
            with _taking(parse_json(checked)):
                brought = [bytes(each) for each in files]
                receipt, attached = card.receive(question["message"], brought)
        except PagesError as error:
            return json.dumps(refusal(error)), []
        except (ValueError, KeyError, TypeError):
            return json.dumps(refused(OTHERWISE)), []
        return json.dumps(receipt), attached

    def to_prove(self, asked: str, files: Iterable[Any] = ()) -> str:
        """Return the key of the course, and which signatures a message brings: ``null`` for none.

        The browser has the means to check them, and `message` decides by what it found.
        """
        brought = [bytes(each) for each in files]
        if not brought or not self._takes_feedback(parse_json(asked)):
            return "null"
        from grader.trainee import inbox, trust  # here, so that cards are ready without them

        key = trust.bare_key(self.learner.course)
        if not key:
            return "null"
        found = [one for each in brought for one in inbox.to_prove(self.learner, each)]
        proofs = [{"text": one.text, "signature": one.signature} for one in found if one.signature]
        return json.dumps({"key": key, "proofs": proofs})

    def _takes_feedback(self, question: Any) -> bool:
        try:
            card = card_of(question["call"], self._context(str(question["page"])))
        except (PagesError, KeyError, TypeError, ValueError):
            return False
        return card.name == "feedback"

    def _context(self, page: str) -> Context:
        """Return whose page it is, and its folder; one that is gone holds no questions."""
        exercise = page.removeprefix("exercises/")
        root = self.learner.course.lessons
        if exercise != page:
            root = self.learner.home.folder / "exercises"
        folder = (root / exercise).parent
        if not folder.resolve().is_relative_to(root.resolve()):
            raise PagesError("This question is no longer here. Please reload the page")
        return Context(self.learner, folder)

    # --- the trainee's folder

    def take(self, files: Mapping[str, Any]) -> None:
        """Let the folder hold what the browser kept, and nothing else of the trainee's."""
        home = self.learner.home.folder
        for name in self._own_files():
            if name not in files:
                (home / name).unlink()
        for name, content in files.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes(content))
        self._known = self._own_files()

    def changed(self) -> tuple[list[tuple[str, bytes]], list[str]]:
        """Return the files that were written since the last time, and the names of those gone."""
        home, found = self.learner.home.folder, self._own_files()
        written = [name for name, mark in found.items() if self._known.get(name) != mark]
        gone = [name for name in self._known if name not in found]
        self._known = found
        return [(name, (home / name).read_bytes()) for name in written], gone

    def _own_files(self) -> dict[str, Mark]:
        """Return the trainee's files with what changes whenever one is written."""
        home = self.learner.home.folder
        released = {places.NOTEBOOK, places.PUBLIC_ITEMS}  # of the course, not of the trainee
        paths = (path for path in home.rglob("*") if path.is_file() and path.name not in released)
        return {path.relative_to(home).as_posix(): _mark(path) for path in paths}


def _mark(path: Path) -> Mark:
    found = path.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def _pieces(context: Context, call: Mapping[str, Any]) -> list[Any]:
    try:
        shown = parts(context, str(call["name"]), tuple(map(str, call["arguments"])))
        return [piece if isinstance(piece, dict) else in_site(str(piece)) for piece in shown]
    except (AlongsideError, KeyError, TypeError):  # a page of an older course
        return []


def _taking(checked: Any) -> AbstractContextManager[None]:
    if checked is None:
        return nullcontext()
    from grader.trainee import trust

    return trust.checked({(one["text"], one["signature"]): one["holds"] is True for one in checked})


def start(root: str, home: str) -> Browser:
    """Begin with the pack in one folder and an empty trainee's folder in the other."""
    return Browser(Path(root), Path(home))
