"""The form of an item without its key, as files and pages have it.

These are plain dictionaries, ready for JSON. `grader.kinds.views` and `grader.kinds.talk.view`
make them; ``items.json`` keeps them, and cards send them to the page.
"""

from __future__ import annotations

from typing import Literal, TypedDict

PlainList = Literal["options", "parts", "piles", "cards", "lefts", "rights", "levels"]
PartList = Literal[PlainList, "positions"]


class StemView(TypedDict):
    """Who says what, and where."""

    setting: str
    speaker: str
    says: str


class PartView(TypedDict):
    """One of the parts that a person picks, orders or places."""

    id: str
    text: str


class LineView(PartView):
    """A line of a transcript, and whether it can be picked."""

    speaker: str
    pick: bool


class PositionView(PartView):
    """One of several fair views, and who holds it."""

    source: str


class OutcomeView(TypedDict):
    """What follows at a turn of a conversation."""

    effects: dict[str, int]
    peer: str
    goes_to: str


class OptionView(PartView, OutcomeView):
    """Something to say at a turn."""

    acts: list[str]


_Condition = TypedDict("_Condition", {"if": str})


class RuleView(_Condition, OutcomeView):
    """What follows where a typed turn meets a condition."""


class _AnyTurn(TypedDict):
    id: str
    phase: int
    says: str
    asks: str
    question: str


class TurnView(_AnyTurn, total=False):
    """A turn: with ``options`` where one is chosen, else with ``flags`` and ``rules``."""

    options: list[OptionView]
    flags: list[str]
    rules: list[RuleView]


class EndingView(TypedDict):
    """Where a conversation can end."""

    id: str
    says: str


class Shown(TypedDict, total=False):
    """What only items of some kinds have; `grader.kinds.views.SHOWN` says which."""

    options: list[PartView]
    parts: list[PartView]
    piles: list[PartView]
    cards: list[PartView]
    lefts: list[PartView]
    rights: list[PartView]
    levels: list[PartView]
    lines: list[LineView]
    positions: list[PositionView]
    prompts: list[str]
    peer: str
    starts_with: dict[str, int]
    start: str
    turns: list[TurnView]
    endings: list[EndingView]


class _Common(TypedDict):
    id: str
    kind: str
    stem: StemView
    question: str
    points: float
    content_note: str
    gentle: StemView | None


class View(_Common, Shown):
    """What a trainee may see of an item: no key, no points of options, no feedback."""
