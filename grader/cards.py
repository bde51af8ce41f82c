"""The cells of a notebook: question cards, records, help, hand-in, course map and word list.

A card shows an item, saves each answer to the answer record with a receipt, and
scores it where the key is at hand. It knows where it is by the folder it runs in:
a folder with ``items.yaml`` is practice, one with ``items.json`` is an exercise.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache, wraps
from html import escape
from pathlib import Path
from typing import Any

import anywidget
import traitlets
from IPython.display import HTML, display

from grader import (
    answers,
    cards_feedback,
    cards_script,
    cards_talk,
    coursemap,
    exchange,
    handin,
    help_card,
    keys,
    places,
    render,
)
from grader.content import Item
from grader.errors import AlongsideError, GradingError, RecordError, UnknownItemError
from grader.glossary import glossary_html
from grader.items import find_item, load_items
from grader.kinds import PRIVATE
from grader.mirror import mirror
from grader.scores import is_blank
from grader.scoring import is_answered, is_automatic, score_response
from grader.views import answer_lines, load_public_items, public_view

MIRRORED = {"reply", "conversation"}  # kinds whose feedback also shows how one talks
SELF_STUDY = "ALONGSIDE_SELF_STUDY"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a notebook's answers go, and whether they are practice."""

    module: str
    record: Path
    practice: bool

    def place_of(self, kind: str) -> Path:
        """Return the record for answers of a kind: private ones go to the journal."""
        return places.journal_record(self.module) if kind in PRIVATE else self.record


def _desk() -> Desk:
    """Find out by the folder the notebook runs in."""
    folder = Path.cwd()
    if (folder / "items.json").is_file():
        return Desk(folder.name, folder / answers.NAME, practice=False)
    if (folder / "items.yaml").is_file():
        return Desk(folder.name, places.practice_record(folder.name), practice=True)
    raise UnknownItemError(
        f"The folder {folder.name!r} holds no questions; open a lesson's own page."
    )


class _Card(anywidget.AnyWidget):
    """One of our widgets; every message from the page gets exactly one receipt."""

    _esm = cards_script.script()
    _css = cards_script.STATIC / "cards.css"
    card = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, buffers: list[memoryview]) -> None:
        handlers: dict[str, Callable[..., dict[str, Any]]] = self.handlers()
        try:
            reply = handlers[message["type"]](message, buffers)
        except AlongsideError as error:
            reply = {
                "type": "refused",
                "why": f"{error}.".replace("..", "."),
                "lines": [str(error)],
            }
        attached = reply.pop("bytes", None)
        self.send({**reply, "seq": message.get("seq")}, [attached] if attached else None)

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        raise NotImplementedError


class QuestionCard(_Card):
    """A question that saves its answer, and gives feedback where the key is at hand."""

    view = traitlets.Dict().tag(sync=True)
    response = traitlets.Any(None, allow_none=True).tag(sync=True)
    feedback_now = traitlets.Bool().tag(sync=True)
    record = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, desk: Desk, view: dict[str, Any], item: Item | None) -> None:
        self.desk = desk
        self.item = item
        self.kind = view["kind"]
        self.place = desk.place_of(self.kind)
        self.talk = cards_talk.Talk(view) if self.kind == "conversation" else None
        super().__init__(
            card="question",
            view=view,
            feedback_now=item is not None,
            record=f"{'practice' if desk.practice else 'exercise'}:{desk.module}",
            label="Practice question" if desk.practice else "Exercise question",
        )
        self.response = self._kept(answers.read_record_or_empty(self.place, desk.module))

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"open": self._open, "save": self._save, "check": self._check}

    def _kept(self, record: answers.Record) -> Any:
        """Return the kept answer; one of another type stays on disk but cannot be shown."""
        response = record.response(self.view["id"], self.kind)
        return response if is_answered(self.kind, response) else None

    def _open(self, _message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        record = answers.open_record(self.place, self.desk.module)
        answer = record.answers.get(self.view["id"])
        self.response = self._kept(record)
        return self._receipt("state") | {
            "response": self.response,
            "notice": " ".join([*record.problems, *self._changed(answer)]),
            "result": self._result() if answer and answer.tries else None,
        }

    def _changed(self, answer: answers.Answer | None) -> list[str]:
        """Say it where there is an answer of which nothing fits the question any more."""
        if answer is None or is_blank(answer.response):
            return []
        fits = answer.kind == self.kind and answer_lines(self.view, answer.response)
        return [] if fits else ["This question has changed since you answered it."]

    def _receipt(self, kind: str) -> dict[str, Any]:
        shown = {"walk": self.talk.shown(self.response)} if self.talk else {}
        return {"type": kind, **shown}

    def _save(
        self, message: dict[str, Any], _buffers: Any, *, tried: bool = False
    ) -> dict[str, Any]:
        if self._answered_elsewhere(message):
            return {**self._open(message, None), "type": "changed"}
        answer = answers.save_response(
            self.place,
            self.desk.module,
            self.view["id"],
            self.kind,
            message["response"],
            tried=tried,
        )
        self.response = answer.response
        return self._receipt("saved") | {"result": self._result() if tried else None}

    def _answered_elsewhere(self, message: dict[str, Any]) -> bool:
        """Tell whether another window saved an answer that this page has not seen."""
        kept = self._kept(answers.open_record(self.place, self.desk.module))
        return kept not in (None, message.get("seen", kept), message["response"])

    def _check(self, message: dict[str, Any], buffers: Any) -> dict[str, Any]:
        return self._save(message, buffers, tried=True)

    def _result(self) -> dict[str, Any] | None:
        if self.item is None:
            return None
        shown = cards_feedback.shown(self.item, self.response)
        return shown | ({"mirror": self._mirror()} if self.kind in MIRRORED else {})

    def _mirror(self) -> list[list[Any]]:
        record = answers.read_record_or_empty(self.place, self.desk.module)
        bank = _practice_items(Path.cwd()) if self.desk.practice else _key_of(self.desk.module)
        return [[group, count] for group, count in mirror(record, bank)]

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the question as plain HTML: it can be read before the card is live."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"] = self.view["question"]
            data["text/html"] = render.static_card_html(self.view)
        return bundle


class HandInCard(_Card):
    """Shows what will be sent, asks once for a code, and hands in."""

    def __init__(self, module: str) -> None:
        self.module = module
        super().__init__(card="hand_in")

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"open": self._open, "code": self._code, "hand_in": self._hand_in}

    def _open(self, *_: Any) -> dict[str, Any]:
        return {"type": "state", **handin.overview(self.module)}

    def _code(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        handin.save_trainee(str(message["code"]))
        return self._open()

    def _hand_in(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        done = handin.hand_in(self.module, seen=str(message.get("seen", "")))
        content = done.bundle.read_bytes() if done.bundle else None
        return {
            "type": "done",
            "lines": list(done.lines),
            "file": done.bundle.name if done.bundle else "",
            "bytes": content,
            "state": handin.overview(self.module),
        }


class FeedbackCard(_Card):
    """Takes a feedback file from the trainer, or fetches it from the exchange."""

    exchange = traitlets.Bool().tag(sync=True)

    def __init__(self) -> None:
        super().__init__(card="feedback", exchange=exchange.find_exchange() is not None)

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"bundle": self._bundle, "fetch": self._fetch}

    def _bundle(self, _message: dict[str, Any], buffers: list[memoryview]) -> dict[str, Any]:
        module = handin.keep_feedback(bytes(buffers[0]) if buffers else b"")
        return self._reply([module])

    def _fetch(self, *_: Any) -> dict[str, Any]:
        return self._reply(handin.fetch_feedback())

    def _reply(self, modules: list[str]) -> dict[str, Any]:
        lines = [f"Feedback on {coursemap.module_title(module)} is here." for module in modules]
        link = f"../../feedback/{modules[0]}" if modules else ""
        return {"type": "done", "lines": lines or ["There is no new feedback yet."], "link": link}


# What notebooks call ------------------------------------------------------------


def _plainly(show: Callable[..., Any]) -> Callable[..., Any]:
    """Turn an error of ours into one plain sentence on the page."""

    @wraps(show)
    def shown(*arguments: Any) -> Any:
        try:
            return show(*arguments)
        except GradingError:
            raise  # a grader has to see it, and the cell must not earn marks
        except AlongsideError as error:
            lines = (f'<p class="al-problem">{escape(line)}</p>' for line in str(error).split("\n"))
            display(HTML(f'<div class="al-static">{"".join(lines)}</div>'))
            return None

    return shown


@_plainly
def begin() -> None:
    """Show the help card, for those who read the notebook without our pages."""
    display(HTML(help_card.help_html(folded=True)))


@_plainly
def card(item_id: str) -> None:
    """Show the card of one item.

    Parameters
    ----------
    item_id : str
        An item of the notebook's own module.
    """
    desk = _desk()
    if keys.key_items(Path.cwd()) is not None:  # being graded: the record cell says it all
        return
    item, view = _find(desk, item_id)
    display(QuestionCard(desk, view, item))


@_plainly
def record(item_id: str) -> float | None:
    """Show and score one answered item where it is graded; say who marks it elsewhere.

    Parameters
    ----------
    item_id : str
        An item of the exercise.

    Returns
    -------
    float or None
        Points in [0, maximum] where the key is at hand and the item is marked without a
        trainer. nbgrader gives full marks for anything but such a number.

    Raises
    ------
    GradingError
        Where this is being graded and the key is missing: the cell then earns nothing.
    """
    folder = Path.cwd()
    items = keys.key_items(folder)
    if items is None:
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":
            raise GradingError("the key is missing; grade in the course folder")
        display(HTML('<p class="al-later">Your trainer marks this after you hand in.</p>'))
        return None
    item = find_item(items, item_id, "The key")
    response, problem = _graded_response(folder, item)
    score = score_response(item, response)
    display(HTML(render.record_html(public_view(item), response, score, problem)))
    return float(score.points) if is_automatic(item) else None


def _graded_response(folder: Path, item: Item) -> tuple[Any, str]:
    try:
        found = answers.read_record(folder / answers.NAME, folder.name)
    except RecordError as error:
        return None, f"The answers could not be read: {error}."
    return found.response(item.id, item.kind), ""


def sketch(item_id: str) -> None:
    """Show an author how a conversation branches; nothing for other kinds of items."""
    from grader.sketch import sketch_html

    with suppress(AlongsideError):  # the card above it says what is wrong
        item, _ = _find(_desk(), item_id)
        if html := sketch_html(item):
            display(HTML(html))


@_plainly
def hand_in() -> None:
    """Show the hand-in card of the exercise."""
    desk = _desk()
    if not desk.practice and keys.key_items(Path.cwd()) is None:
        display(HandInCard(desk.module))


@_plainly
def course_map() -> None:
    """Show all modules with the trainee's progress, and where to open feedback."""
    display(HTML(coursemap.map_html()))
    display(FeedbackCard())


@_plainly
def glossary() -> None:
    """Show the words of the course with their meanings."""
    display(HTML(glossary_html()))


def _find(desk: Desk, item_id: str) -> tuple[Item | None, dict[str, Any]]:
    if desk.practice:
        item = find_item(_practice_items(Path.cwd()), item_id, "This module")
        return item, public_view(item)
    view = find_item(load_public_items(Path.cwd() / "items.json"), item_id, "This exercise")
    return _self_study_item(desk.module, item_id), view


@lru_cache(maxsize=4)
def _practice_items(folder: Path) -> dict[str, Item]:
    return load_items(folder / "items.yaml")


def _self_study_item(module: str, item_id: str) -> Item | None:
    """Return the key of a graded item for people learning alone, if they asked for it."""
    return _key_of(module).get(item_id)


def _key_of(module: str) -> dict[str, Item]:
    solutions = places.solutions_folder()
    if os.environ.get(SELF_STUDY) != "1" or solutions is None:
        return {}
    return load_items(solutions / module / "items.yaml", graded=True)
