"""Where somebody goes on in the course: the step after what they did last, and how long is left.

Cards that nobody needs to answer, such as private thoughts, never keep a lesson from being done.
Apart from `map_page`, which words it: this knows neither pages nor files.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.content.items import Item
from grader.content.steps import Cell, cards_of, steps_of
from grader.kinds.minutes import minutes_of
from grader.kinds.registry import is_scored

Items = Mapping[str, Item]
NEW, BEGUN, DONE = "new", "begun", "done"


@dataclass(frozen=True, slots=True)
class Stop:
    """A step of a lesson, counted from one, and the minutes from there to the lesson's end."""

    step: int
    minutes: int


def needed(cards: Sequence[str], items: Items) -> tuple[str, ...]:
    """Return the cards of a lesson that have to be answered for it to be done."""
    return tuple(name for name in cards if name not in items or is_scored(items[name].kind))


def state(cards: Sequence[str], items: Items, answered: Collection[str]) -> str:
    """Tell whether a lesson is new, begun or done."""
    must = needed(cards, items) or cards
    if must and all(name in answered for name in must):
        return DONE
    return BEGUN if any(name in answered for name in cards) else NEW


def state_of_all(states: Sequence[str]) -> str:
    """Return the state of a module from those of its lessons and its exercise."""
    if len(set(states)) == 1:
        return states[0]
    return BEGUN if states else NEW


def stop(cells: Sequence[Cell], items: Items, answered: Collection[str]) -> Stop:
    """Return the first step that is left: what is read before the first open card, too.

    Parameters
    ----------
    cells : sequence of dict
        The lesson.
    items : mapping of str to Item
        The items of its module.
    answered : collection of str
        Cards that have an answer.
    """
    steps = [(step, [name for cell in step for name in cards_of(cell)]) for step in steps_of(cells)]
    is_open = [any(name not in answered for name in needed(cards, items)) for _, cards in steps]
    first = is_open.index(True) if True in is_open else 0
    while first and not steps[first - 1][1]:
        first -= 1
    left = [cell for step, _ in steps[first:] for cell in step]
    shown = [items[name] for cell in left for name in cards_of(cell) if name in items]
    return Stop(first + 1, max(1, round(minutes_of(left, shown))))
