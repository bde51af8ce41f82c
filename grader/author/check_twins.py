"""Check twins: two choices with the same replies, in two situations with another best.

Only together do they keep the form of a reply from telling its worth, so each half must be
there, must offer exactly the same, and must give the other's best little or nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.content.items import BEST, Item
from grader.errors import Problem, suggestion
from grader.kinds.choice import ChoiceItem

MOST_IN_TWIN = 1  # points that a best reply may earn in its twin: too early, or harmful


@dataclass(frozen=True, slots=True)
class Bank:
    """The items of one file, with the line on which each begins."""

    path: str
    lines: Mapping[str, int]
    items: Mapping[str, Item]


def twin_problems(banks: Sequence[Bank]) -> Iterator[Problem]:
    """Say what is missing or unequal in pairs; each pair is told once for its first half."""
    everything = {name: item for bank in banks for name, item in bank.items.items()}
    told: set[str] = set()
    for bank in banks:
        for item in bank.items.values():
            if not isinstance(item, ChoiceItem) or not item.twin:
                continue
            line = bank.lines.get(item.id, 1)
            other = everything.get(item.twin)
            if not isinstance(other, ChoiceItem) or other.twin != item.id or other is item:
                what = _half_missing(item, other, everything)
                yield Problem(bank.path, line, "twin", what)
            elif item.twin not in told:
                told.add(item.id)
                for what in _unlike(item, other):
                    yield Problem(bank.path, line, "options", what)


def _half_missing(item: ChoiceItem, other: Item | None, known: Mapping[str, Item]) -> str:
    if other is item:
        return f"{item.id!r} names itself; name the item with the same options"
    if other is None:
        choices = [name for name, each in known.items() if isinstance(each, ChoiceItem)]
        return f"{item.twin!r} is not there; {suggestion(item.twin, choices)}"
    if not isinstance(other, ChoiceItem):
        return f"{item.twin!r} is not a choice; only choices have twins"
    named = f"names {other.twin!r}" if other.twin else "names none"
    return f"{item.twin!r} {named}; write 'twin: {item.id}' there"


def _unlike(item: ChoiceItem, other: ChoiceItem) -> Iterator[str]:
    pair = f"{item.id!r} and {other.id!r}"
    ours = {option.id: (option.text, option.acts) for option in item.options}
    theirs = {option.id: (option.text, option.acts) for option in other.options}
    if ours != theirs:
        unlike = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
        what = f"{pair} differ in {', '.join(unlike)}"
        yield f"{what}; give both the same ids, texts and acts"
        return
    points = {option.id: option.points for option in other.options}
    for option in item.options:
        low, high = sorted((option.points, points[option.id]))
        if high == BEST and low > MOST_IN_TWIN:
            what = f"option {option.id!r} is best in one of {pair} and earns {low} in the other"
            yield f"{what}; at most {MOST_IN_TWIN}, or the story does not decide"


def neighbour_problems(
    path: str, cells: Iterable[tuple[int, str]], items: Mapping[str, Item]
) -> Iterator[Problem]:
    """Say where two twins stand side by side: the second would be a riddle about the first.

    Parameters
    ----------
    path : str
        The notebook, as messages name it.
    cells : iterable of (int, str)
        The number of each card's cell, and the id of its item, in their order.
    items : mapping of str to Item
        The module's items.
    """
    before = ""
    for number, name in cells:
        item = items.get(name)
        if before and isinstance(item, ChoiceItem) and item.twin == before:
            what = f"{name!r} follows its twin {before!r}; put another card between them"
            yield Problem(path, 1, f"cell {number}", what)
        before = name
