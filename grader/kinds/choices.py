"""Tick every statement that fits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.parts import picked, shown, texts, texts_by_id
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_list, known_words, strange_list
from grader.kinds.scores import Reason, Score, no_answer, share_headline


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to tick or leave; ``fits`` tells whether it belongs to the answer."""

    id: str
    text: str
    fits: bool
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class ChoicesItem(Item):
    """Tick every statement that fits."""

    options: tuple[Statement, ...]


class ChoicesView(View):
    """The statements to tick."""

    options: list[PartView]


def _read(entry: Entry, common: Common, _: Skills) -> ChoicesItem:
    options = read_parts(entry, "options", (2, 8), _statement)
    if options and not any(option.fits for option in options):
        entry.note("options", "none fits; set 'fits: true' on at least one")
    return ChoicesItem(**common, options=options)


def _statement(part: Entry) -> Statement:
    return Statement(
        id=part.text("id"),
        text=part.text("text"),
        fits=bool(part.flag("fits")),
        feedback=part.text("feedback"),
        better=part.text("better", ""),
    )


def score(item: ChoicesItem, response: Any) -> Score:
    """Give (hits - false picks) / statements that fit, never below 0.

    Right-minus-wrong takes the gain out of ticking everything (Frary 1988,
    doi:10.1111/j.1745-3992.1988.tb00434.x).
    """
    ticked = set(known_words(response, [option.id for option in item.options]))
    if not ticked:
        return no_answer(item, response)
    fitting = [option for option in item.options if option.fits]
    hits = sum(option.id in ticked for option in fitting)
    slips = sum(option.id in ticked for option in item.options if not option.fits)
    share = max(0.0, (hits - slips) / len(fitting))
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=share_headline(share, "All found", "Partly found"),
        reasons=tuple(_reason(option, option.id in ticked) for option in item.options),
        better=" ".join(option.better for option in item.options if option.better),
    )


def _reason(option: Statement, ticked: bool) -> Reason:
    if ticked == option.fits:
        verdict = "You saw this." if ticked else "You left this out, and it does not fit here."
    else:
        verdict = "This one fits too." if option.fits else "This one does not fit here."
    why = f"{verdict} {option.feedback}"
    return Reason(why, option.text, option.id, ticked == option.fits, option.better)


def _fitting(item: ChoicesItem) -> list[str]:
    return [option.id for option in item.options if option.fits]


def _view(item: ChoicesItem, common: View) -> ChoicesView:
    return {**common, "options": shown(item.options)}


def _words(view: ChoicesView, response: Any) -> Iterable[str]:
    return picked(view["options"], response)


KIND = Kind(
    name="choices",
    read=_read,
    score=score,
    model=_fitting,
    answered=is_list,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_list(response, texts_by_id(view["options"])),
    to_read=lambda view: texts(view["options"]),
    any_order=True,
)
