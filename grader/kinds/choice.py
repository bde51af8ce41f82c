"""Choose one reply."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import ACTS, ADVISING, BEST, Item, check_known, check_ladder, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Shuffle, Skills
from grader.kinds.parts import picked, shown, texts, texts_by_id
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_text, strange_one
from grader.kinds.scores import Reason, Score, no_answer

FINE = 2  # points from which a reply fits
HEADLINES = ("This gets in the way here", "Something else would help more", "Fine", "Best now")
HURTS = "This could hurt here"


@dataclass(frozen=True, slots=True)
class Option:
    """A reply to choose; ``points`` is 3 best now, 2 fine, 1 premature or closed, 0 harmful."""

    id: str
    text: str
    points: int
    acts: tuple[str, ...]
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class ChoiceItem(Item):
    """Choose one reply.

    ``why`` says in one line why the best is best here. ``twin`` is the id of the item that
    has the same options in another situation, with another best; empty where there is none.
    """

    options: tuple[Option, ...]
    why: str = ""
    twin: str = ""


class ChoiceView(View):
    """The replies to choose from."""

    options: list[PartView]


def _read(entry: Entry, common: Common, _: Skills) -> ChoiceItem:
    options = read_parts(entry, "options", (2, 8), _option)
    if options and not any(option.points == BEST for option in options):
        entry.note("options", f"none is best; give one of them {BEST} points")
    if ADVISING & {act for option in options for act in option.acts}:
        check_ladder(entry, common)
    why, twin = entry.text("why", ""), entry.text("twin", "")
    return ChoiceItem(**common, options=options, why=why, twin=twin)


def _option(part: Entry) -> Option:
    points = part.whole("points", low=0, high=BEST)
    acts = part.words("acts")
    check_known(part, "acts", acts, ACTS)
    return Option(
        id=part.text("id"),
        text=part.text("text"),
        points=points,
        acts=acts,
        feedback=part.text("feedback"),
        better=part.text("better") if points < BEST else part.text("better", ""),
    )


def score(item: ChoiceItem, response: Any) -> Score:
    """Give the option's share of the points: 3 best now, 2 fine, 1 premature, 0 harmful.

    The scale is an expert key for situational judgement items, "should do" instruction
    (Whetzel, Sullivan & McCloy 2020, doi:10.25035/pad.2020.01.001).
    """
    chosen = next((option for option in item.options if option.id == response), None)
    if chosen is None:
        return no_answer(item, response)
    return Score(
        points=item.points * (chosen.points / BEST),  # in this order the best gives all, exactly
        max_points=item.points,
        headline=_headline(item, chosen),
        reasons=(_reason(chosen), *_what_decides(item)),
        better=chosen.better,
    )


def _headline(item: ChoiceItem, chosen: Option) -> str:
    """Say how a reply meets the moment; that it hurts only where it judges or the story is hard."""
    hard = item.safety_concern or item.content_note or "judgement" in chosen.acts
    return HURTS if chosen.points == 0 and hard else HEADLINES[chosen.points]


def _reason(chosen: Option) -> Reason:
    return Reason(chosen.feedback, chosen.text, chosen.id, chosen.points >= FINE)


def _what_decides(item: ChoiceItem) -> tuple[Reason, ...]:
    return (Reason(f"What decides here: {item.why}"),) if item.why else ()


def _best(item: ChoiceItem) -> str:
    return next(option.id for option in item.options if option.points == BEST)


def _view(item: ChoiceItem, common: View) -> ChoiceView:
    return {**common, "options": shown(item.options)}


def _words(view: ChoiceView, response: Any) -> Iterable[str]:
    return picked(view["options"], response)


def _drawn(view: ChoiceView, shuffle: Shuffle) -> ChoiceView:
    return {**view, "options": shuffle(view["options"], view["id"])}


KIND = Kind(
    name="choice",
    read=_read,
    score=score,
    model=_best,
    answered=is_text,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_one(response, texts_by_id(view["options"])),
    to_read=lambda view: texts(view["options"]),
    drawn=_drawn,
)
