"""Score what is picked, ordered, sorted or matched: the kinds whose answers can be counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.content.items import BEST
from grader.kinds.data import (
    ChoiceItem,
    ChoicesItem,
    Left,
    Line,
    MatchItem,
    OrderItem,
    SortCard,
    SortItem,
    SpotItem,
    Statement,
)
from grader.kinds.scores import Reason, Score, no_answer

HEADLINES = ("This could hurt here", "Something else would help more", "Fine", "Best now")
STANDS_WELL = "This stands well."
SPOT_HEADLINES = ("Have another look", "Have another look", "Close to it", "You found it")


def score_choice(item: ChoiceItem, response: Any) -> Score:
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
        headline=HEADLINES[chosen.points],
        reasons=(Reason(chosen.feedback, chosen.text), *_what_decides(item)),
        better=chosen.better,
    )


def _what_decides(item: ChoiceItem) -> tuple[Reason, ...]:
    return (Reason(f"What decides here: {item.why}"),) if item.why else ()


def best_choice(item: ChoiceItem) -> str:
    """Return the id of a best option."""
    return next(option.id for option in item.options if option.points == BEST)


def score_choices(item: ChoicesItem, response: Any) -> Score:
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
        reasons=tuple(_statement_reason(option, option.id in ticked) for option in item.options),
        better=" ".join(option.better for option in item.options if option.better),
    )


def best_choices(item: ChoicesItem) -> list[str]:
    """Return the ids of all statements that fit."""
    return [option.id for option in item.options if option.fits]


def known_words(response: Any, known: Sequence[str]) -> list[str]:
    """Return the known ids of a list, each once and in its order; none for anything else."""
    given = response if isinstance(response, list) else ()
    return list(dict.fromkeys(part for part in given if isinstance(part, str) and part in known))


def known_pairs(response: Any, keys: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """Return the entries of a mapping whose key and value are known; none for anything else."""
    given = response.items() if isinstance(response, dict) else ()
    return {
        key: value
        for key, value in given
        if isinstance(value, str) and key in keys and value in values
    }


def share_headline(share: float, everything: str, part: str) -> str:
    """Return the headline for a share of the points."""
    if share == 1:
        return everything
    return part if share > 0 else "Have another look"


def _statement_reason(option: Statement, ticked: bool) -> Reason:
    if ticked == option.fits:
        verdict = "You saw this."
    else:
        verdict = "This one fits too." if option.fits else "This one does not fit here."
    return Reason(f"{verdict} {option.feedback}", option.text)


def score_order(item: OrderItem, response: Any) -> Score:
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
        reasons=_order_reasons(item, given),
        better=item.better,
    )


def best_order(item: OrderItem) -> list[str]:
    """Return the ids in the right order."""
    return list(item.order)


def _order_reasons(item: OrderItem, given: Sequence[str]) -> tuple[Reason, ...]:
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


def score_sort(item: SortItem, response: Any) -> Score:
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
        reasons=tuple(_card_reason(item, card, placed.get(card.id)) for card in item.cards),
        better="",
    )


def best_sort(item: SortItem) -> dict[str, str]:
    """Return a fair pile for each card."""
    return {card.id: card.piles[0] for card in item.cards}


def _card_reason(item: SortItem, card: SortCard, placed: str | None) -> Reason:
    names = {pile.id: f"“{pile.text}”" for pile in item.piles}
    fair = " or ".join(names[pile] for pile in card.piles)
    if placed in card.piles:
        verdict = f"This lies well on {names[placed]}"
        if len(card.piles) > 1:
            verdict = f"More than one pile is fair: {fair}"
    else:
        verdict = f"This goes on {fair}" if placed else f"You left this one out. It goes on {fair}"
    verdict = _sentence(verdict)
    return Reason(f"{verdict} {card.feedback}", card.text, card.id, placed in card.piles)


def _sentence(words: str) -> str:
    """End with a full stop, unless the quote at the end has its own mark."""
    return words if words[-2:-1] in ".?!…" else f"{words}."


def score_match(item: MatchItem, response: Any) -> Score:
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
            _pair_reason(left, rights[left.match], placed.get(left.id)) for left in item.lefts
        ),
        better="",
    )


def best_match(item: MatchItem) -> dict[str, str]:
    """Return the right half of each left half."""
    return {left.id: left.match for left in item.lefts}


def _pair_reason(left: Left, right: str, placed: str | None) -> Reason:
    if placed == left.match:
        verdict = _sentence(f"You found its other half: “{right}”")
    else:
        verdict = _sentence(f"Its other half is “{right}”")
    return Reason(f"{verdict} {left.feedback}", left.text, left.id, placed == left.match)


def score_spot(item: SpotItem, response: Any) -> Score:
    """Give the line's share of the points, on the ladder of `score_choice`."""
    picked = next((line for line in item.lines if line.id == response), None)
    if picked is None or picked.points is None:
        return no_answer(item, response)
    return Score(
        points=item.points * (picked.points / BEST),
        max_points=item.points,
        headline=SPOT_HEADLINES[picked.points],
        reasons=_spot_reasons(picked, _best_line(item)),
        better=picked.better,
    )


def best_spot(item: SpotItem) -> str:
    """Return the id of the line that the question asks for."""
    return _best_line(item).id


def _best_line(item: SpotItem) -> Line:
    return next(line for line in item.lines if line.points == BEST)


def _spot_reasons(picked: Line, best: Line) -> tuple[Reason, ...]:
    reason = Reason(picked.feedback, picked.text, picked.id, picked.points == BEST)
    if picked.points == BEST:
        return (reason,)
    return (reason, Reason(f"It is this moment. {best.feedback}", best.text, best.id, True))
