"""The card of a question: it saves each answer, and gives feedback where the key is at hand."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from grader.cards import feedback, talk
from grader.cards.card import Card, Handler
from grader.cards.desk import Desk, number_of
from grader.content.items import Item
from grader.errors import RecordError
from grader.formats import answers
from grader.formats.kept import kept_words, still_fits
from grader.html import help_card, render
from grader.kinds.public import View
from grader.kinds.registry import is_typed
from grader.kinds.scores import is_blank
from grader.kinds.scoring import is_answered
from grader.kinds.typed import guard
from grader.kinds.views import answer_lines
from grader.skills.mirror import mirror
from grader.trainee import jotted, meeting_again, order

CHANGED_SINCE = "This question has changed since you answered it. Your old answer is kept."
MIRRORED = {"reply", "conversation"}  # kinds whose feedback also shows how one talks


class Question:
    """One question and its answer on disk.

    Parameters
    ----------
    desk : Desk
        Whose the answer is, and to which record it goes.
    view : View
        Public view of the item; its ``id`` is the answer's name in the record.
    item : Item or None
        With the key, where it is at hand: then there is feedback.
    """

    def __init__(self, desk: Desk, view: View, item: Item | None = None) -> None:
        self.desk, self.module, self.view, self.item = desk, desk.module, view, item
        self.kind = view["kind"]
        self.place = desk.place_of(self.kind)
        self.talk = talk.Talk(view) if self.kind == "conversation" else None
        self.response = self._kept(answers.read_record_or_empty(self.place, self.module))

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Answer a message of the page: ``open``, ``save``, ``check`` or ``jot``."""
        if message["type"] == "open":
            return self._open() | self._waiting()
        if message["type"] == "jot":
            return self._jot(message.get("words"))
        return self._save(message, tried=message["type"] == "check")

    def _kept(self, record: answers.Record) -> Any:
        """Return the kept answer; one to another question stays on disk but is not shown."""
        answer = record.answers.get(self.view["id"])
        if answer is None or not still_fits(self.view, answer):
            return None
        return answer.response if is_answered(self.kind, answer.response) else None

    def _open(self) -> dict[str, Any]:
        record = answers.open_record(self.place, self.module)
        answer = record.answers.get(self.view["id"])
        self.response = self._kept(record)
        return self._receipt("state") | {
            "response": self.response,
            "notice": " ".join([*record.problems, *self._changed(answer)]),
            "result": self._result(answer.tries)
            if answer and answer.tries and self._is_same(answer)
            else None,
        }

    @property
    def _jotted(self) -> tuple[Path, str, str]:
        home, practice = self.desk.learner.home, self.desk.practice
        place = home.jotted_record(self.module, practice=practice)
        return place, self.module, self.view["id"]

    def _waiting(self) -> dict[str, Any]:
        return {"jotted": jotted.kept(*self._jotted)} if self.talk else {}

    def _jot(self, words: Any) -> dict[str, Any]:
        """Keep what is typed and not said; a message that comes late may be of what is said."""
        jotted.keep(*self._jotted, words)
        jotted.forget(*self._jotted, talk.turns(self.response))
        return {"type": "kept"}

    def _changed(self, answer: answers.Answer | None) -> list[str]:
        """Say it where there is an answer of which nothing fits the question any more."""
        if answer is None or is_blank(answer.response):
            return []
        fits = self._is_same(answer) and answer_lines(self.view, answer.response)
        return [] if fits else [CHANGED_SINCE]

    def _is_same(self, answer: answers.Answer | None) -> bool:
        return answer is None or still_fits(self.view, answer)

    def _receipt(self, kind: str) -> dict[str, Any]:
        """Start a receipt; a careful word is due for whatever is typed, marked or not."""
        if self.talk:  # has it among its lines
            return {"type": kind, "walk": self.talk.shown(self.response, way=self.item is None)}
        typed = self.response if is_typed(self.kind) else None
        typed = typed or ""
        is_reply = self.kind == "reply"
        return {
            "type": kind,
            "care": help_card.care_for(typed, is_reply=is_reply),
            "open_help": guard.in_danger(typed, is_reply=is_reply),
        }

    def _save(self, message: dict[str, Any], *, tried: bool) -> dict[str, Any]:
        answer = answers.save_response(
            self.place,
            self.module,
            self.view["id"],
            self.kind,
            message["response"],
            tried=tried,
            allowed=lambda record: not self._answered_elsewhere(record, message),
            fits=self._is_same,
            seed=order.seed_for(self.desk.learner.home, self.kind),
            version=self._version(message.get("version")),
            **kept_words(self.view, message["response"]),
        )
        if answer is None:
            return {**self._open(), "type": "changed"}
        self.response = answer.response
        if tried and self.item and self.practised:
            self._remember(self.item, answer)
        if self.talk:
            jotted.forget(*self._jotted, talk.turns(self.response))
        return self._receipt("saved") | {"result": self._result(answer.tries) if tried else None}

    def _version(self, version: Any) -> str:
        """Return which version of a hard story was answered; empty where none is open."""
        return version if self.view["gentle"] and version in answers.VERSIONS else ""

    @property
    def practised(self) -> bool:
        """Whether the answer stands in the record of practice, and not in the journal."""
        return self.place == self.desk.learner.home.practice_record(self.module)

    def _remember(self, item: Item, answer: answers.Answer) -> None:
        """Let the card come back another day where it went less well."""
        with suppress(RecordError):  # the answer is saved all the same
            home, today = self.desk.learner.home, date.today()
            meeting_again.remember(home, self.module, item, answer, today)

    def _answered_elsewhere(self, record: answers.Record, message: dict[str, Any]) -> bool:
        """Tell whether another window saved an answer that this page has not seen."""
        kept = self._kept(record)
        return kept not in (None, message.get("seen", kept), message["response"])

    def _result(self, tries: int) -> dict[str, Any] | None:
        if self.item is None:
            return None
        shown = feedback.shown(self.item, self.response, practice=self.desk.practice, tries=tries)
        mirrored = self.kind in MIRRORED and not shown.get("nudge")
        return shown | ({"mirror": self._mirror()} if mirrored else {})

    def _mirror(self) -> list[list[Any]]:
        record = answers.read_record_or_empty(self.place, self.module)
        return [[group, count] for group, count in mirror(record, self.desk.bank())]


class AskingCard(Card):
    """A card with one question, whatever it belongs to."""

    name = "question"

    def __init__(self, question: Question, record: str, label: str) -> None:
        self.question, self.record, self.label = question, record, label
        self.text = question.view["question"]

    def facts(self) -> dict[str, Any]:
        """Return the question, the answer to it, and where that is kept."""
        return {
            "view": self.question.view,
            "response": self.question.response,
            "feedback_now": self.question.item is not None,
            "record": self.record,
            "label": self.label,
        }

    def static_html(self) -> str:
        """Return the question as plain HTML."""
        return render.static_card_html(self.question.view)

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return dict.fromkeys(("open", "save", "check", "jot"), self._answer)

    def _answer(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        return self.question.answer(message)


def _name(desk: Desk, view: View) -> str:
    """Return what a card is called where it is heard: its number, and who is there."""
    kind = "Practice question" if desk.practice else "Exercise question"
    number, who = number_of(desk, view["id"]), view["stem"]["speaker"]
    return f"{kind} {number}: {who}" if who else f"{kind} {number}"


class QuestionCard(AskingCard):
    """The card of one question of a lesson or an exercise."""

    def __init__(self, desk: Desk, view: View, item: Item | None) -> None:
        self.item = item
        super().__init__(
            Question(desk, view, item),
            record=f"{'practice' if desk.practice else 'exercise'}:{desk.module}",
            label=_name(desk, view),
        )
