"""Choose the nearest of several fair views: never scored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import SOURCES, Item, check_known, neutral_id, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.parts import picked, texts
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_text
from grader.kinds.scores import Reason, Score, no_answer, without_points


@dataclass(frozen=True, slots=True)
class Position:
    """One of several views that sources hold; ``sources`` are their numbers."""

    id: str
    sources: tuple[str, ...]
    text: str
    feedback: str


@dataclass(frozen=True, slots=True)
class SourcesDifferItem(Item):
    """Choose the nearest of several fair views; never scored."""

    positions: tuple[Position, ...]
    together: str


class PositionView(PartView):
    """One of several fair views, and who holds it."""

    source: str


class SourcesDifferView(View):
    """The views to choose from."""

    positions: list[PositionView]


def _read(entry: Entry, common: Common, _: Skills) -> SourcesDifferItem:
    return SourcesDifferItem(
        **common,
        positions=read_parts(entry, "positions", (2, 4), _position),
        together=entry.text("together"),
    )


def _position(part: Entry) -> Position:
    sources = part.one_or_more("source")
    check_known(part, "source", sources, SOURCES)
    return Position(neutral_id(part), sources, part.text("text"), part.text("feedback"))


def score(item: SourcesDifferItem, response: Any) -> Score:
    """Explain every position, then how to hold them together."""
    if not isinstance(response, str) or response not in {p.id for p in item.positions}:
        return no_answer(item, response)
    reasons = (Reason(each.feedback, each.text, each.id) for each in item.positions)
    return without_points("More than one fair view", (*reasons, Reason(item.together)))


def _view(item: SourcesDifferItem, common: View) -> SourcesDifferView:
    return {**common, "positions": [_position_view(each) for each in item.positions]}


def _position_view(position: Position) -> PositionView:
    return {
        "id": position.id,
        "text": position.text,
        "source": "; ".join(SOURCES[source] for source in position.sources),
    }


def _words(view: SourcesDifferView, response: Any) -> Iterable[str]:
    return picked(view["positions"], response)


KIND = Kind(
    name="sources_differ",
    read=_read,
    score=score,
    model=lambda item: item.positions[0].id,  # none is better than another
    answered=is_text,
    view=_view,
    words=_words,
    to_read=lambda view: texts(view["positions"]),
    scored=False,
)
