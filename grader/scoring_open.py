"""Score what is typed, as a suggestion; answer what is never scored, without a verdict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.coding import SURE, Act, Coding, code_reply
from grader.content import ACTS
from grader.kinds import (
    UNSEEN,
    UNSEEN_TEXT,
    Criterion,
    RatingItem,
    ReflectionItem,
    ReplyItem,
    SourcesDifferItem,
)
from grader.scores import Reason, Score, no_answer

MAX_REPLY = 5_000  # characters; a longer reply is scored on its beginning
AVOID_COST = 0.5  # share of the points that one unwanted act takes away
PRACTICE = "What you do in the practice cards shows more than a rating can."
KEPT = "Kept on this computer. Nobody else reads it."
_SHARES = ("Try another way to say this", "A start", "Nearly there", "This does what is needed")


def score_reply(item: ReplyItem, response: Any) -> Score:
    """Suggest met criteria / wanted criteria, less half for each act to avoid.

    Our own rule, meant as a hint: an act counts once however often it occurs, and a
    trainer decides.
    """
    if not isinstance(response, str) or not response.strip():
        return no_answer(item, response, better=item.better)
    text = response[:MAX_REPLY]
    coding = code_reply(text, item.stem.says)
    met = sum(_found(coding, criterion) is not None for criterion in item.wanted)
    slips = sum(_found(coding, criterion) is not None for criterion in item.avoid)
    share = min(1.0, max(0.0, met / len(item.wanted) - AVOID_COST * slips))
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=_reply_headline(share, coding.unsure),
        reasons=tuple(_reply_reasons(item, coding)),
        better=item.better,
        suggested=True,
        unsure=coding.unsure,
        acts=coding.acts,
    )


def best_reply(item: ReplyItem) -> str:
    """Return one good reply."""
    return item.better


def _found(coding: Coding, criterion: Criterion) -> Act | None:
    """Return the act that meets a criterion; a guess meets none."""
    sure = (act for act in coding.acts if act.confidence >= SURE)
    return next((act for act in sure if act.act in criterion.acts), None)


def _reply_headline(share: float, unsure: bool) -> str:
    if unsure:
        return "Not sure"
    return _SHARES[round(share * (len(_SHARES) - 1))]


def _reply_reasons(item: ReplyItem, coding: Coding) -> Iterable[Reason]:
    if coding.unsure:
        yield Reason("The course is not sure how to read this reply. A person can tell better.")
    for criterion in item.wanted:
        act = _found(coding, criterion)
        if act:
            yield Reason(f"{_saw(act)} {criterion.because}", act.evidence)
        elif not coding.unsure:  # what a reply lacks is not known where it is not understood
            yield Reason(f"Missing: {_names(criterion)}. {criterion.because}")
    for criterion in item.avoid:
        act = _found(coding, criterion)
        if act:
            yield Reason(f"{_saw(act)} {criterion.because}", act.evidence)


def _saw(act: Act) -> str:
    return f"This reads as {ACTS[act.act]}."


def _names(criterion: Criterion) -> str:
    return " or ".join(ACTS[act] for act in criterion.acts)


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
    reasons = []
    for position in item.positions:
        nearest = "Nearest to how you see it. " if position.id == response else ""
        source = f"(Source {' and '.join(position.sources)}.)"
        reasons.append(Reason(f"{nearest}{position.feedback} {source}", position.text))
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
