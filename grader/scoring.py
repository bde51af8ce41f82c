"""Score responses: pure functions, the same for card, batch grader and nbgrader.

A score always carries its reasons and a better wording. The marks of a typed
reply are a suggestion that a trainer confirms, never a mark by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from grader.coding import SURE, Act, Coding, code_reply
from grader.content import (
    ACTS,
    BEST,
    ChoiceItem,
    ChoicesItem,
    Criterion,
    Item,
    ReplyItem,
    Statement,
)

MAX_REPLY = 5_000  # characters; a longer reply is scored on its beginning
AVOID_COST = 0.5  # share of the points that one unwanted act takes away
HEADLINES = ("This could hurt here", "Something else would help more", "Fine", "Best now")


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of feedback; ``quote`` holds the trainee's or the option's own words."""

    text: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a response earned, and why.

    ``points`` lies in [0, ``max_points``]. ``suggested`` tells that a trainer has to
    confirm it; ``unsure`` that the evidence is weak.
    """

    points: float
    max_points: float
    headline: str
    reasons: tuple[Reason, ...]
    better: str
    answered: bool = True
    suggested: bool = False
    unsure: bool = False
    acts: tuple[Act, ...] = ()

    @property
    def fraction(self) -> float:
        """Points as a share of the maximum, 0 to 1."""
        return self.points / self.max_points


def score_response(item: Item, response: Any) -> Score:
    """Score any response to an item.

    Parameters
    ----------
    item : Item
        With its key.
    response : object
        As found in an answer record: an option id for ``choice``, a list of ids for
        ``choices``, text for ``reply``. Anything else counts as no answer.

    Returns
    -------
    Score
        Unanswered items earn 0 and say so.
    """
    return _SCORERS[type(item)](item, response)


def is_answered(kind: str, response: Any) -> bool:
    """Tell whether a response is an answer of the right type for its kind, not a blank."""
    if kind == "choices":
        return isinstance(response, list) and any(isinstance(part, str) for part in response)
    return isinstance(response, str) and bool(response.strip())


def is_automatic(item: Item) -> bool:
    """Tell whether the item is marked without a trainer."""
    return not isinstance(item, ReplyItem)


def model_response(item: Item) -> Any:
    """Return a response that earns full marks."""
    if isinstance(item, ChoiceItem):
        return next(option.id for option in item.options if option.points == BEST)
    if isinstance(item, ChoicesItem):
        return [option.id for option in item.options if option.fits]
    return item.better


def _no_answer(item: Item, *, better: str = "") -> Score:
    return Score(
        points=0.0,
        max_points=item.points,
        headline="No answer yet",
        reasons=(Reason("There is no answer here yet."),),
        better=better,
        answered=False,
    )


def _score_choice(item: ChoiceItem, response: Any) -> Score:
    """Give the option's share of the points: 3 best now, 2 fine, 1 premature, 0 harmful.

    The scale is an expert key for situational judgement items, "should do" instruction
    (Whetzel, Sullivan & McCloy 2020, doi:10.25035/pad.2020.01.001).
    """
    chosen = next((option for option in item.options if option.id == response), None)
    if chosen is None:
        return _no_answer(item)
    return Score(
        points=item.points * (chosen.points / BEST),  # in this order the best gives all, exactly
        max_points=item.points,
        headline=HEADLINES[chosen.points],
        reasons=(Reason(chosen.feedback, chosen.text),),
        better=chosen.better,
    )


def _score_choices(item: ChoicesItem, response: Any) -> Score:
    """Give (hits - false picks) / statements that fit, never below 0.

    Right-minus-wrong takes the gain out of ticking everything (Frary 1988,
    doi:10.1111/j.1745-3992.1988.tb00434.x).
    """
    if not is_answered("choices", response):
        return _no_answer(item)
    ticked = {part for part in response if isinstance(part, str)}
    if not ticked & {option.id for option in item.options}:
        return _no_answer(item)
    fitting = [option for option in item.options if option.fits]
    hits = sum(option.id in ticked for option in fitting)
    slips = sum(option.id in ticked for option in item.options if not option.fits)
    share = max(0.0, (hits - slips) / len(fitting))
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=_share_headline(share),
        reasons=tuple(_statement_reason(option, option.id in ticked) for option in item.options),
        better=" ".join(option.better for option in item.options if option.better),
    )


def _share_headline(share: float) -> str:
    if share == 1:
        return "All found"
    return "Partly found" if share > 0 else "Have another look"


def _statement_reason(option: Statement, ticked: bool) -> Reason:
    if ticked == option.fits:
        verdict = "You saw this."
    else:
        verdict = "This one fits too." if option.fits else "This one does not fit here."
    return Reason(f"{verdict} {option.feedback}", option.text)


def _score_reply(item: ReplyItem, response: Any) -> Score:
    """Suggest met criteria / wanted criteria, less half for each act to avoid.

    Our own rule, meant as a hint: an act counts once however often it occurs, and a
    trainer decides.
    """
    if not is_answered("reply", response):
        return _no_answer(item, better=item.better)
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


def _found(coding: Coding, criterion: Criterion) -> Act | None:
    """Return the act that meets a criterion; a guess meets none."""
    sure = (act for act in coding.acts if act.confidence >= SURE)
    return next((act for act in sure if act.act in criterion.acts), None)


def _reply_headline(share: float, unsure: bool) -> str:
    if unsure:
        return "Not sure"
    return _SHARES[round(share * (len(_SHARES) - 1))]


_SHARES = ("Try another way to say this", "A start", "Nearly there", "This does what is needed")


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


_SCORERS: dict[type[Item], Callable[[Any, Any], Score]] = {
    ChoiceItem: _score_choice,
    ChoicesItem: _score_choices,
    ReplyItem: _score_reply,
}
