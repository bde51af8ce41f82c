"""What a trainee's feedback page shows: answers, marks, reasons and the trainer's words.

Of a typed reply it shows what the course noticed, never the points that it would suggest.

Apart from `feedback`, which writes files: this only says what a page shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.html.help_card import help_html
from grader.html.render import answer_html, page_style, question_html
from grader.html.templating import render_template, trusted
from grader.kinds.scores import Reason
from grader.kinds.scoring import is_automatic
from grader.kinds.talk.graph import ConversationItem
from grader.kinds.views import public_view
from grader.skills.helping import Teaching, teachings, that_helps
from grader.skills.mirror import LookBack, look_back
from grader.trainer.marking.marks import CellMark, Entry
from grader.trainer.marking.sheet import Mark, Marks, Sheet

WEAK = 0.5  # share of the points below which the lesson that helps is named


@dataclass(frozen=True, slots=True)
class Part:
    """One question on a feedback page; ``question`` and ``answer`` are escaped HTML.

    ``earlier_comment`` is what a trainer wrote about other words than those of the answer.
    """

    question: Any
    answer: Any
    heading: str
    result: str
    comment: str
    earlier_comment: str
    reasons_heading: str
    reasons: tuple[Reason, ...]
    better: str
    talk: LookBack | None
    helps: Teaching | None


class PageMaker:
    """Makes the pages of one module; what all of them share is read once.

    ``region`` is the organisation's file; it need not be there. ``lessons`` is the folder of
    the course.
    """

    def __init__(self, sheet: Sheet, region: Path, lessons: Path) -> None:
        self._module, self._lessons = sheet.module, teachings(lessons)
        title = sheet.notebook["metadata"].get("title", "") or sheet.module
        self._shared = {
            "title": title.removeprefix("Exercise: "),
            "help": help_html(region if region.is_file() else None, folded=True),
            "style": trusted(page_style()),
        }

    def html(self, marks: Marks, entry: Entry, numbers: str) -> str:
        """Return the feedback page of one trainee; it carries its numbers as well."""
        facts = self._facts(marks, entry)
        page = render_template("trainer/feedback.html.j2", **self._shared, **facts, numbers=numbers)
        return str(page)

    def _facts(self, marks: Marks, entry: Entry) -> dict[str, Any]:
        given = [(mark, entry.marks.get(mark.place.grade_id)) for mark in marks.marks]
        read = [mark for mark, one in given if one and not one.waits]
        return {
            "problem": marks.problem,
            "points": _number(entry.points),
            "max_points": _number(sum(mark.score.max_points for mark in read)),
            "read": len(read),
            "total": len(given),
            "waiting": entry.waiting,
            "parts": [_part(mark, one, self._that_helps(mark, one)) for mark, one in given],
        }

    def _that_helps(self, mark: Mark, given: CellMark | None) -> Teaching | None:
        """Return the lesson for an answer that went less well; one left open says nothing."""
        if given is None or given.waits or not mark.score.answered:
            return None
        if given.points >= WEAK * mark.score.max_points:
            return None
        return that_helps(mark.place.item, self._module, self._lessons)


def _part(mark: Mark, given: CellMark | None, helps: Teaching | None) -> Part:
    view = public_view(mark.place.item)
    automatic = is_automatic(mark.place.item)
    return Part(
        question=trusted(question_html(view)),
        answer=trusted(answer_html(view, mark.response)),
        heading="Your points" if automatic else "Your trainer's mark",
        result=_automatic_result(mark, given) if automatic else _typed_result(mark, given),
        comment=given.comment if given else "",
        earlier_comment=given.superseded.by_hand.comment if given and given.superseded else "",
        reasons_heading="Why" if automatic else "What the course noticed",
        reasons=_reasons(mark),
        better=mark.score.better,
        talk=_look_back(mark),
        helps=helps,
    )


def _look_back(mark: Mark) -> LookBack | None:
    item = mark.place.item
    return look_back(item, mark.response) if isinstance(item, ConversationItem) else None


def _reasons(mark: Mark) -> tuple[Reason, ...]:
    if not mark.score.answered:
        return ()
    if mark.place.item.kind == "choice":  # the only words to quote stand just above
        return tuple(Reason(reason.text) for reason in mark.score.reasons)
    return mark.score.reasons


def _automatic_result(mark: Mark, given: CellMark | None) -> str:
    if given is None:
        return "This question was not marked yet."
    if given.waits:
        return "Your trainer will look at your new answer. It has no points yet."
    share = f"{_number(given.points)} of {_number(mark.score.max_points)} points."
    if given.by_trainer:
        return f"{share} Your trainer set this mark."
    if not mark.score.answered:
        return f"{share} You left this question open."
    return f"{mark.score.headline}. {share}"


def _typed_result(mark: Mark, given: CellMark | None) -> str:
    if given is None or given.waits:
        return "Your trainer has not read this yet."
    share = f"{_number(given.points)} of {_number(mark.score.max_points)} points."
    if given.by_trainer:
        return share
    return f"{share} You left this question open."


def _number(value: float) -> str:
    return f"{round(value, 2):g}"
