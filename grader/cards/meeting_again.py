"""The cards that are met again: a line for the course map, and a page where they are answered.

Apart from `calls`, which only shows them. Each meeting begins blank and leaves the lesson's own
answer as it is; what is answered here stands in the journal.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from grader.cards.card import Card, Handler
from grader.cards.desk import Desk, find
from grader.cards.question import Question
from grader.errors import RecordError
from grader.formats import answers
from grader.html.templating import render_template
from grader.kinds.scoring import score_response
from grader.places import AGAIN_PAGE, Learner
from grader.trainee import calendar_file, meeting_again
from grader.trainee.plan import day_words


def _not_today(learner: Learner) -> dict[str, Any]:
    meeting_again.not_today(learner.home, date.today())
    return {"type": "done"}


class AgainTodayCard(Card):
    """Says at the top of the course map how many cards wait; one tap puts them off."""

    name = "again_today"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.text = meeting_again.words(meeting_again.waiting(learner, date.today()))

    def facts(self) -> dict[str, Any]:
        """Return what to say, and the page that has the cards."""
        return {"words": self.text, "link": AGAIN_PAGE}

    def static_html(self) -> str:
        """Return the line with its link."""
        return render_template("cards/again.html.j2", words=self.text, link=AGAIN_PAGE)

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"later": lambda *_: _not_today(self.learner)}


class MeetAgainCard(Card):
    """The cards of today, one after the other."""

    name = "meet_again"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        self.cards = meeting_again.waiting(learner, date.today())
        self.text = meeting_again.words(self.cards)

    def facts(self) -> dict[str, Any]:
        """Return the questions, blank but for what was begun today."""
        day = meeting_again.next_day(self.learner, date.today())
        return {
            "words": self.text,
            "day": day_words(day.isoformat()) if day else "",
            "questions": [self._shown(each) for each in self.cards],
        }

    def static_html(self) -> str:
        """Return how many cards there are."""
        return render_template("cards/again.html.j2", words=self.text, link="")

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {
            "open": self._open,
            "save": lambda message, _: self._question(message["of"]).answer(message),
            "check": self._check,
            "leave": self._leave,
            "later": lambda *_: _not_today(self.learner),
            "calendar": self._calendar,
        }

    def _shown(self, card: meeting_again.Waiting) -> dict[str, Any]:
        question = self._question(card.name)
        return {
            "of": card.name,
            "view": question.view,
            "response": None if self._is_old(question, card.name) else question.response,
            "record": f"practice again:{card.module}",
            "label": "A card to meet again",
            "feedback_now": True,
            "lesson": {
                "link": card.lesson.address,
                "title": f"{card.lesson.number} {card.lesson.title}",
            },
        }

    def _question(self, name: str) -> Question:
        module, _, item_id = name.partition("/")
        if module not in {path.name for path in self.learner.course.lessons.iterdir()}:
            raise RecordError("This card is not here any more; please reload this page")
        desk = Desk(
            self.learner,
            module,
            self.learner.home.met_record(module),
            practice=True,
            folder=self.learner.course.lessons / module,
        )
        item, view = find(desk, item_id)
        return Question(desk, view, item)

    def _is_old(self, question: Question, name: str) -> bool:
        """Tell whether what is kept was said in an earlier meeting."""
        record = answers.read_record_or_empty(question.place, question.module)
        kept = record.answers.get(question.view["id"])
        is_due = meeting_again.is_due(self.learner.home, name, date.today())
        return is_due and kept is not None and kept.tries > 0

    def _open(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        question = self._question(message["of"])
        if self._is_old(question, message["of"]):
            where = (question.place, question.module, question.view["id"], question.kind)
            answers.save_response(*where, None, fits=lambda _: False)
        return question.answer(message)

    def _check(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        """Answer as practice does; the first answer of a meeting says when the next one is."""
        question, name, today = self._question(message["of"]), message["of"], date.today()
        receipt = question.answer(message)
        if receipt["type"] == "saved" and meeting_again.is_due(self.learner.home, name, today):
            score = score_response(question.item, message["response"]) if question.item else None
            # What the course cannot read surely is nobody's fault.
            well = score is None or score.unsure or score.fraction >= meeting_again.LESS
            meeting_again.met(self.learner.home, name, today, well=well)
        return receipt

    def _leave(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        self._question(message["of"])
        meeting_again.leave_out(self.learner.home, message["of"], date.today())
        return {"type": "done"}

    def _calendar(self, *_: Any) -> dict[str, Any]:
        day = meeting_again.next_day(self.learner, date.today())
        if day is None:
            raise RecordError("No card waits any more; please reload this page")
        content = calendar_file.reminder(day, datetime.now(UTC))
        return {"type": "done", "file": calendar_file.file_name(day), "bytes": content}
