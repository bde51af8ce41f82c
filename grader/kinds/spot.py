"""Pick the line of a transcript that the question asks for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import BEST, Item, neutral_id, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_text, strange_one
from grader.kinds.scores import Reason, Score, no_answer

HEADLINES = ("Have another look", "Have another look", "Close to it", "You found it")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript.

    ``points`` only where it can be picked: 3 best now, 2 fine, 1 premature or closed, 0 harmful.
    """

    id: str
    speaker: str
    text: str
    points: int | None
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class SpotItem(Item):
    """Pick the line of a transcript that the question asks for."""

    lines: tuple[Line, ...]


class LineView(PartView):
    """A line of a transcript, and whether it can be picked."""

    speaker: str
    pick: bool


class SpotView(View):
    """The transcript."""

    lines: list[LineView]


def _read(entry: Entry, common: Common, _: Skills) -> SpotItem:
    lines = read_parts(entry, "lines", (4, 16), _line)
    points = [line.points for line in lines if line.points is not None]
    if lines and len(points) < 2:
        entry.note("lines", "need two or more that can be picked; give them points and feedback")
    elif lines and BEST not in points:
        entry.note("lines", f"none is best; give one of them {BEST} points")
    return SpotItem(**common, lines=lines)


def _line(part: Entry) -> Line:
    points, feedback, better = None, "", ""
    if part.has("points"):
        points = part.whole("points", low=0, high=BEST)
        feedback = part.text("feedback")
        better = part.text("better") if points < BEST else part.text("better", "")
    else:
        for field in ("feedback", "better"):
            part.refuse(field, "belongs only to a line with points")
    return Line(neutral_id(part), part.text("speaker"), part.text("text"), points, feedback, better)


def score(item: SpotItem, response: Any) -> Score:
    """Give the line's share of the points, on the ladder of `grader.kinds.choice`."""
    picked = next((line for line in item.lines if line.id == response), None)
    if picked is None or picked.points is None:
        return no_answer(item, response)
    return Score(
        points=item.points * (picked.points / BEST),
        max_points=item.points,
        headline=HEADLINES[picked.points],
        reasons=_reasons(picked, _best(item)),
        better=picked.better,
    )


def _best(item: SpotItem) -> Line:
    return next(line for line in item.lines if line.points == BEST)


def _reasons(picked: Line, best: Line) -> tuple[Reason, ...]:
    reason = Reason(picked.feedback, picked.text, picked.id, picked.points == BEST)
    if picked.points == BEST:
        return (reason,)
    return (reason, Reason(f"It is this moment. {best.feedback}", best.text, best.id, True))


def _view(item: SpotItem, common: View) -> SpotView:
    return {**common, "lines": [_line_view(line) for line in item.lines]}


def _line_view(line: Line) -> LineView:
    return {
        "id": line.id,
        "speaker": line.speaker,
        "text": line.text,
        "pick": line.points is not None,
    }


def _words(view: SpotView, response: str) -> Iterable[str]:
    lines = [line for line in view["lines"] if line["pick"] and line["id"] == response]
    return [f"{line['speaker']}: {line['text']}" for line in lines]


def _to_read(view: SpotView) -> Iterable[str]:
    return [f"{line['speaker']} {line['text']}" for line in view["lines"]]


KIND = Kind(
    name="spot",
    read=_read,
    score=score,
    model=lambda item: _best(item).id,
    answered=is_text,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_one(
        response, [line["id"] for line in view["lines"] if line["pick"]]
    ),
    to_read=_to_read,
)
