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


def ahead(cards: Sequence[str], items: Items, answered: Collection[str]) -> tuple[str, ...]:
    """Return the needed cards after the last one that is answered: where the way goes on."""
    return needed(cards[_reached(cards, answered) :], items)


def left_out(cards: Sequence[str], items: Items, answered: Collection[str]) -> tuple[str, ...]:
    """Return the needed cards that were passed by; they are offered and never pull back."""
    passed = needed(cards[: _reached(cards, answered)], items)
    return tuple(name for name in passed if name not in answered)


def _reached(cards: Sequence[str], answered: Collection[str]) -> int:
    """Return how many cards lie on the way up to the last one that is answered."""
    return max((place for place, name in enumerate(cards, 1) if name in answered), default=0)


def stop(cells: Sequence[Cell], items: Items, answered: Collection[str]) -> Stop:
    """Return the step after the last answer; where nothing lies ahead, the first left out.

    Parameters
    ----------
    cells : sequence of dict
        The lesson.
    items : mapping of str to Item
        The items of its module.
    answered : collection of str
        Cards that have an answer: they take no more time.
    """
    steps = [(step, [name for cell in step for name in cards_of(cell)]) for step in steps_of(cells)]
    every = [name for _, cards in steps for name in cards]
    wanted = ahead(every, items, answered) or left_out(every, items, answered)
    first = next((at for at, (_, cards) in enumerate(steps) if {*cards} & {*wanted}), 0)
    while first and not steps[first - 1][1]:  # what is read before that card comes first
        first -= 1
    left = [cell for step, _ in steps[first:] for cell in step]
    shown = [name for cell in left for name in cards_of(cell) if name not in answered]
    minutes = minutes_of(left, [items[name] for name in shown if name in items])
    return Stop(first + 1, max(1, round(minutes)))


def next_row(states: Sequence[str], passed: Sequence[bool]) -> int | None:
    """Return which lesson or exercise comes next; None where all is done.

    Parameters
    ----------
    states : sequence of str
        Of each lesson and exercise in the order of the course.
    passed : sequence of bool
        Where nothing lies ahead: done, handed in, or only left-out cards remain.
    """
    last = max((at for at, state in enumerate(states) if state != NEW or passed[at]), default=0)
    later = [at for at in range(last, len(states)) if not passed[at]]
    return next(iter([*later, *(at for at in range(last) if states[at] != DONE)]), None)
