"""Put cards on piles."""

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
class SortCard:
    """A card to put on a pile; ``piles`` are those where it lies well, often one."""

    id: str
    text: str
    piles: tuple[str, ...]
    feedback: str


@dataclass(frozen=True, slots=True)
class SortItem(Item):
    """Put cards on piles."""

    piles: tuple[Label, ...]
    cards: tuple[SortCard, ...]


class SortView(View):
    """The piles, and the cards to put on them."""

    piles: list[PartView]
    cards: list[PartView]


def _read(entry: Entry, common: Common, _: Skills) -> SortItem:
    piles = read_parts(entry, "piles", (2, 4), read_label)
    names = {pile.id for pile in piles}
    return SortItem(
        **common,
        piles=piles,
        cards=read_parts(entry, "cards", (3, 18), lambda part: _card(part, names)),
    )


def _card(part: Entry, piles: set[str]) -> SortCard:
    fair = part.one_or_more("pile")
    check_known(part, "pile", fair, piles)
    if part.has("pile") and not fair:
        part.note("pile", "names no pile; give one, or a list of those that are fair")
    return SortCard(neutral_id(part), part.text("text"), fair, part.text("feedback"))


def score(item: SortItem, response: Any) -> Score:
    """Give (h - 1/k) / (1 - 1/k), never below 0, for a share h of hits on k piles.

    Corrected for chance like a kappa with even piles (Bennett, Alpert & Goldstein 1954,
    doi:10.1086/266520): putting cards anywhere earns about nothing. A card that is not
    on a pile is no hit.
    """
    cards, piles = [card.id for card in item.cards], [pile.id for pile in item.piles]
    placed = known_pairs(response, cards, piles)
    if not placed:
        return no_answer(item, response)
    hits = sum(placed.get(card.id) in card.piles for card in item.cards)
    chance = 1 / len(piles)
    share = max(0.0, (hits / len(cards) - chance) / (1 - chance))
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=share_headline(share, "All in place", "Partly in place"),
        reasons=tuple(_reason(item, card, placed.get(card.id)) for card in item.cards),
        better="",
    )


def _reason(item: SortItem, card: SortCard, placed: str | None) -> Reason:
    names = {pile.id: f"“{inner(pile.text)}”" for pile in item.piles}
    fair = " or ".join(names[pile] for pile in card.piles)
    if placed in card.piles:
        verdict = f"This is well placed on {names[placed]}"
        if len(card.piles) > 1:
            verdict = f"More than one pile is fair: {fair}"
    else:
        verdict = f"This goes on {fair}" if placed else f"You left this one out. It goes on {fair}"
    verdict = sentence(verdict)
    return Reason(f"{verdict} {card.feedback}", card.text, card.id, placed in card.piles)


def _fair_piles(item: SortItem) -> dict[str, str]:
    return {card.id: card.piles[0] for card in item.cards}


def _view(item: SortItem, common: View) -> SortView:
    return {**common, "piles": shown(item.piles), "cards": shown(item.cards)}


def _words(view: SortView, response: dict[str, Any]) -> Iterable[str]:
    return paired(view["cards"], view["piles"], response)


KIND = Kind(
    name="sort",
    read=_read,
    score=score,
    model=_fair_piles,
    answered=is_mapping,
    view=_view,
    words=_words,
    strange=lambda view, response: strange_pairs(
        response, texts_by_id(view["cards"]), texts_by_id(view["piles"])
    ),
    to_read=lambda view: texts(view["piles"], view["cards"]),
)
