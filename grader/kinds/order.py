"""Put parts in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item, check_known, neutral_id, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.parts import shown, texts, texts_by_id
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_list, known_words, strange_order
from grader.kinds.scores import Reason, Score, no_answer, share_headline

STANDS_WELL = "This stands well."


@dataclass(frozen=True, slots=True)
class Part:
    """One part to put in order."""

    id: str
    text: str
    feedback: str


@dataclass(frozen=True, slots=True)
class OrderItem(Item):
    """Put parts in order; the order of the two in a ``free`` pair does not matter."""

    parts: tuple[Part, ...]
    order: tuple[str, ...]
    free: frozenset[frozenset[str]]
    better: str

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs of ids (earlier, later) whose mutual order matters."""
        return tuple(
            (first, then)
            for place, first in enumerate(self.order)
            for then in self.order[place + 1 :]
            if frozenset((first, then)) not in self.free
        )

    def swapped(self, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return the pairs that ``given`` has the other way round, or only half of."""
        at = {name: place for place, name in enumerate(given)}
        return tuple(
            (first, then)
            for first, then in self.pairs
            if not (first in at and then in at and at[first] < at[then])
        )


class OrderView(View):
    """The parts, mixed."""

    parts: list[PartView]


def _read(entry: Entry, common: Common, _: Skills) -> OrderItem:
    parts = read_parts(entry, "parts", (3, 8), _part)
    names = [part.id for part in parts]
    item = OrderItem(
        **common,
        parts=parts,
        order=entry.words("order"),
        free=_read_free(entry, set(names)),
        better=entry.text("better"),
    )
    if sorted(item.order) != sorted(names):
        entry.note("order", f"must name each part once: {', '.join(sorted(set(names)))}")
    elif parts and not item.pairs:
        entry.note("free", "leaves no pair whose order matters; take some out")
    elif parts and not item.swapped(names):
        entry.note("parts", "are shown in the right order already; mix them")
    return item


def _part(part: Entry) -> Part:
    return Part(neutral_id(part), part.text("text"), part.text("feedback"))


def _read_free(entry: Entry, known: set[str]) -> frozenset[frozenset[str]]:
    pairs = entry.word_lists("free")
    for pair in pairs:
        check_known(entry, "free", pair, known)
        if len(set(pair)) != 2:
            entry.note("free", f"must be pairs, such as [[a, b]], not [{', '.join(pair)}]")
    return frozenset(frozenset(pair) for pair in pairs)


def score(item: OrderItem, response: Any) -> Score:
    """Give 1 - 2d, never below 0, where d is the share of pairs in the other order.

    d is the normalised distance of Kendall (1938, doi:10.1093/biomet/30.1-2.81), over the
    pairs whose order matters; 1 - 2d is his tau, so an order by chance earns nothing on
    average before the cut at 0. A part that is left out is out of order with all others.
    """
    given = known_words(response, item.order)
    if not given:
        return no_answer(item, response)
    share = max(0.0, 1 - 2 * len(item.swapped(given)) / len(item.pairs))
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=share_headline(share, "All in place", "Partly in place"),
        reasons=_reasons(item, given),
        better=item.better,
    )


def _reasons(item: OrderItem, given: Sequence[str]) -> tuple[Reason, ...]:
    parts = {part.id: part for part in item.parts}
    missing = [name for name in item.order if name not in given]
    moves = {name: _move(item, given, at) for at, name in enumerate(given)}
    moves |= dict.fromkeys(missing, "You left this one out.")
    return tuple(
        Reason(f"{move} {parts[name].feedback}", parts[name].text, name, move == STANDS_WELL)
        for name, move in moves.items()
    )


def _move(item: OrderItem, given: Sequence[str], at: int) -> str:
    """Compare a part with the nearest ones before and after it whose order matters."""
    name, pairs = given[at], item.pairs
    before = next((o for o in given[:at][::-1] if {(o, name), (name, o)} & set(pairs)), None)
    after = next((o for o in given[at + 1 :] if {(o, name), (name, o)} & set(pairs)), None)
    earlier, later = (name, before) in pairs, (after, name) in pairs
    if earlier and later:
        return "The parts around this one change places."
    if earlier or later:
        return "This comes earlier." if earlier else "This comes later."
    return STANDS_WELL


def _view(item: OrderItem, common: View) -> OrderView:
    return {**common, "parts": shown(item.parts)}


def _words(view: OrderView, response: list[Any]) -> Iterable[str]:
    names = texts_by_id(view["parts"])
    given = known_words(response, list(names))
    return [f"{place}. {names[name]}" for place, name in enumerate(given, 1)]


KIND = Kind(
    name="order",
    read=_read,
    score=score,
    model=lambda item: list(item.order),
    answered=is_list,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_order(response, texts_by_id(view["parts"])),
    to_read=lambda view: texts(view["parts"]),
)
