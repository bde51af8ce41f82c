"""Score what is typed, as a suggestion; answer what is never scored, without a verdict."""

from __future__ import annotations

from typing import Any

from grader.content.items import BEST
from grader.kinds.data import (
    UNSEEN,
    UNSEEN_TEXT,
    RatingItem,
    ReflectionItem,
    ReplyItem,
    SourcesDifferItem,
)
from grader.kinds.scores import SAFETY_FIRST, Reason, Score, no_answer
from grader.kinds.typed.guard import NEUTRAL
from grader.kinds.typed.suggestion import Suggestion, reasons, suggestion

MAX_REPLY = 5_000  # characters; a longer reply is scored on its beginning
PRACTICE = "What you do in the practice cards shows more than a rating can."
KEPT = "Kept on this computer. Nobody else reads it."
_SHARES = ("Try another way to say this", "A start", "Nearly there", "This does what is needed")


def score_reply(item: ReplyItem, response: Any) -> Score:
    """Suggest the points of a reply; see `grader.kinds.typed.suggestion`. A trainer decides.

    Where nothing is asserted the score is unsure: its points say nothing, and count nowhere.
    """
    if not isinstance(response, str) or not response.strip():
        return no_answer(item, response, better=item.better)
    text, scene = response[:MAX_REPLY], item.scene
    given = suggestion(scene, text)
    because = tuple(
        tuple(criterion.because for criterion in group) for group in (item.wanted, item.avoid)
    )
    return Score(
        points=item.points * (given.points / BEST) if counts(given) else 0.0,
        max_points=item.points,
        headline=headline(given),
        reasons=tuple(reasons(scene, given, because)),
        better="" if given.read_first else item.better,
        suggested=True,
        unsure=not given.asserted,
        acts=given.coding.acts,
        read_first=given.read_first,
    )


def counts(given: Suggestion) -> bool:
    """Tell whether the points are to be shown: they are asserted, or danger was asked about."""
    return given.asserted or bool(given.found and given.found.follows == NEUTRAL)


def headline(given: Suggestion) -> str:
    """Return the first words of the feedback on a reply."""
    if given.read_first:
        return SAFETY_FIRST
    if given.found and given.found.follows == NEUTRAL:
        return "You saw the danger"
    return _SHARES[round(given.points)] if given.asserted else "Not sure"


def best_reply(item: ReplyItem) -> str:
    """Return one good reply."""
    return item.better


# --- never scored


def answer_rating(item: RatingItem, response: Any) -> Score:
    """Say one calm sentence about a rating, and that practice shows more.

    Self-ratings and performance correlate only weakly (Zell & Krizan 2014,
    doi:10.1177/1745691613518075).
    """
    levels = {level.id: level.text for level in item.levels} | {UNSEEN: UNSEEN_TEXT}
    if not isinstance(response, str) or response not in levels:
        return no_answer(item, response)
    reasons = (Reason(item.because, levels[response]), Reason(PRACTICE))
    return _unscored("Noted", reasons)


def answer_reflection(item: ReflectionItem, response: Any) -> Score:
    """Say where a reflection is kept, and nothing about it."""
    if not isinstance(response, str) or not response.strip():
        return no_answer(item, response)
    return _unscored("Kept", (Reason(KEPT),))


def answer_sources_differ(item: SourcesDifferItem, response: Any) -> Score:
    """Explain every position, then how to hold them together."""
    if not isinstance(response, str) or response not in {p.id for p in item.positions}:
        return no_answer(item, response)
    reasons = (Reason(each.feedback, each.text, each.id) for each in item.positions)
    return _unscored("More than one fair view", (*reasons, Reason(item.together)))


def _unscored(headline: str, reasons: tuple[Reason, ...]) -> Score:
    return Score(points=0.0, max_points=0.0, headline=headline, reasons=reasons, better="")


def any_level(item: RatingItem) -> str:
    """Return one possible rating; none is better than another."""
    return item.levels[0].id


def any_words(item: ReflectionItem) -> str:
    """Return some words; what they are does not matter."""
    return item.prompts[0] if item.prompts else "…"


def any_position(item: SourcesDifferItem) -> str:
    """Return one position; none is better than another."""
    return item.positions[0].id
