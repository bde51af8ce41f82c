"""Find the right half of each pair."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item, check_known, neutral_id, read_parts
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.parts import Label, paired, read_label, shown, texts, texts_by_id
from grader.kinds.public import PartView, View
from grader.kinds.responses import is_mapping, known_pairs, strange_pairs
from grader.kinds.scores import Reason, Score, inner, no_answer, sentence, share_headline


@dataclass(frozen=True, slots=True)
class Left:
    """The left half of a pair; ``match`` is the id of its right half."""

    id: str
    text: str
    match: str
    feedback: str


@dataclass(frozen=True, slots=True)
class MatchItem(Item):
    """Find the right half of each pair."""

    lefts: tuple[Left, ...]
    rights: tuple[Label, ...]


class MatchView(View):
    """The halves of the pairs."""

    lefts: list[PartView]
    rights: list[PartView]


def _read(entry: Entry, common: Common, _: Skills) -> MatchItem:
    rights = read_parts(entry, "rights", (3, 12), read_label)
    names = [right.id for right in rights]
    lefts = read_parts(entry, "lefts", (3, 10), lambda part: _left(part, set(names)))
    keys = [left.match for left in lefts]
    if rights and not len(lefts) <= len(rights) <= len(lefts) + 2:
        entry.note("rights", "must be as many as 'lefts', or one or two more")
    for name in sorted({key for key in keys if key and keys.count(key) > 1}):
        entry.note("lefts", f"{name!r} is the match of two; give each its own")
    if keys and [name for name in names if name in keys] in (keys, keys[::-1]):
        entry.note("rights", "stand in the order of their 'lefts', which tells; mix them")
    return MatchItem(**common, lefts=lefts, rights=rights)


def _left(part: Entry, rights: set[str]) -> Left:
    match = part.text("match")
    check_known(part, "match", [match], rights)
    return Left(neutral_id(part), part.text("text"), match, part.text("feedback"))


def score(item: MatchItem, response: Any) -> Score:
    """Give the share of left halves that have their right half.

    Plain counting: with five or more rights to choose from, guessing finds about one pair.
    """
    rights = {right.id: right.text for right in item.rights}
    placed = known_pairs(response, [left.id for left in item.lefts], list(rights))
    if not placed:
        return no_answer(item, response)
    hits = sum(placed.get(left.id) == left.match for left in item.lefts)
    share = hits / len(item.lefts)
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=share_headline(share, "All found", "Partly found"),
        reasons=tuple(
            _reason(left, rights[left.match], placed.get(left.id)) for left in item.lefts
        ),
        better="",
    )


def _reason(left: Left, right: str, placed: str | None) -> Reason:
    if placed == left.match:
        verdict = sentence(f"You found what goes with it: “{inner(right)}”")
    else:
        verdict = sentence(f"It goes with “{inner(right)}”")
    return Reason(f"{verdict} {left.feedback}", left.text, left.id, placed == left.match)


def _pairs(item: MatchItem) -> dict[str, str]:
    return {left.id: left.match for left in item.lefts}


def _view(item: MatchItem, common: View) -> MatchView:
    return {**common, "lefts": shown(item.lefts), "rights": shown(item.rights)}


def _words(view: MatchView, response: dict[str, Any]) -> Iterable[str]:
    return paired(view["lefts"], view["rights"], response)


KIND = Kind(
    name="match",
    read=_read,
    score=score,
    model=_pairs,
    answered=is_mapping,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_pairs(
        response, texts_by_id(view["lefts"]), texts_by_id(view["rights"])
    ),
    to_read=lambda view: texts(view["lefts"], view["rights"]),
)
