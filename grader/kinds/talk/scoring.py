"""Score a conversation: what was said at each turn, and how far the talk came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.content.items import BEST
from grader.kinds.scores import SAFETY_FIRST, Reason, Score, no_answer
from grader.kinds.talk.graph import CHOICE, REPLY, ConversationItem, Graph, Turn
from grader.kinds.talk.walk import MAX_STEPS, NOTICED, Step, Walk, walk
from grader.kinds.typed.suggestion import Suggestion, reasons, suggestion

UNREAD = "The course is not sure how to read this. A person can tell better."
UNFINISHED = "The talk is not finished yet. You can go on where you left it."
ENOUGH = 2 / 3  # share of the typed turns that must be read for a score
NEAR = 1  # points between rule and suggestion up to which an author's feedback still fits
HEADLINES = (
    "This talk closed down early",
    "There was a start in this talk",
    "This talk gave some room",
    "This talk gave much room",
)

Steps = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Weighed:
    """A counted step with its points, None where it was not read; ``given`` if it was typed."""

    step: Step
    points: float | None
    given: Suggestion | None = None

    @property
    def typed(self) -> bool:
        """Tell whether it was typed."""
        return self.step.turn.asks == REPLY

    @property
    def fits(self) -> bool:
        """Tell whether what the author says of the deciding rule fits what was typed."""
        if self.points is None:
            return False
        return not self.typed or abs(self.points - (self.step.outcome.points or 0)) <= NEAR


def weighed(walked: Walk) -> tuple[Weighed, ...]:
    """Return the counted steps of a walk with their points.

    A choice has its own; what was typed has those of `grader.kinds.typed.suggestion`, whatever rule
    decided how the peer answers.
    """
    return tuple(_weigh(step) for step in walked.counted)


def _weigh(step: Step) -> Weighed:
    if step.turn.asks != REPLY:
        return Weighed(step, float(step.outcome.points or 0))
    given = suggestion(step.turn.scene, step.said)
    return Weighed(step, given.points if given.asserted and not step.again else None, given)


def score(item: ConversationItem, response: Any) -> Score:
    """Give the mean of the turns' points, cut to the share of the way where it is not finished.

    Each counted turn gives points / 3; what is typed gets its points as a typed reply does.
    A turn that could not be read is left out of the mean: nobody is judged on a guess. Where
    fewer than `ENOUGH` of the typed turns were read there is no score. An unfinished talk
    earns turns taken / turns of the shortest way to an ending of that mean, at most 1, so
    that stopping after one good turn is not the best plan. Our own rule; with typed turns
    it is a suggestion.
    """
    walked = walk(item.graph, response)
    if not walked.taken:
        return no_answer(item, response)
    turns = weighed(walked)
    first = any(turn.given and turn.given.read_first for turn in turns)
    unsure = first or not _is_read(turns)
    share = 0.0 if unsure else _mean(turns) * _reach(item.graph, walked)
    low = lowest(walked)
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=_headline(walked, share, unsure=unsure, first=first),
        reasons=tuple(_reasons(walked, turns)),
        better=better_of(low) if low and not first else "",
        suggested=item.graph.has_typed_turns,
        unsure=unsure,
        note=walked.stopped,
        read_first=first,
    )


def _is_read(turns: Sequence[Weighed]) -> bool:
    typed = [turn for turn in turns if turn.typed]
    return sum(turn.points is not None for turn in typed) >= ENOUGH * len(typed)


def _mean(turns: Iterable[Weighed]) -> float:
    points = [turn.points for turn in turns if turn.points is not None]
    return sum(points) / (BEST * len(points)) if points else 0.0


def _reach(graph: Graph, walked: Walk) -> float:
    shortest = graph.shortest()
    if walked.ending or not shortest:
        return 1.0
    return min(1.0, len(walked.counted) / shortest)


def _headline(walked: Walk, share: float, *, unsure: bool, first: bool) -> str:
    if first:
        return SAFETY_FIRST
    if not walked.ending:
        return "Not finished yet"
    return "Not sure" if unsure else HEADLINES[round(share * (len(HEADLINES) - 1))]


def _reasons(walked: Walk, turns: Sequence[Weighed]) -> Iterator[Reason]:
    for turn in turns:
        yield Reason(why(turn), turn.step.said)
    typed = [turn for turn in turns if turn.typed]
    read = sum(turn.points is not None for turn in typed)
    if read < len(typed):
        yield Reason(_how_many(read, len(typed), enough=_is_read(turns)))
    if not walked.ending:
        yield Reason(UNFINISHED)


def _how_many(read: int, typed: int, *, enough: bool) -> str:
    turns = f"the {typed} turns" if typed > 1 else "1 turn"
    said = f"The course could read {read} of {turns} that you typed."
    return said if enough else f"{said} That is too few for points."


def why(turn: Weighed) -> str:
    """Return why a turn worked as it did, from what the text supports."""
    if turn.fits:
        return turn.step.outcome.feedback or UNREAD
    if turn.step.again:
        return f"{NOTICED} Another person may notice that as well."
    if turn.given is None or turn.points is None:
        found = turn.given.found if turn.given else None
        return found.says if found and found.says else UNREAD
    return " ".join(reason.text for reason in reasons(turn.step.turn.scene, turn.given)) or UNREAD


def lowest(walked: Walk) -> Step | None:
    """Return the first of the counted steps with the fewest points; None where all are best."""
    read = [turn for turn in weighed(walked) if turn.points is not None]
    low = min(read, key=lambda turn: turn.points or 0.0, default=None)
    return low.step if low and (low.points or 0.0) < BEST else None


def better_of(step: Step) -> str:
    """Return a better wording for what was said at a step."""
    return step.outcome.better or step.turn.better


def best_way(item: ConversationItem) -> Steps:
    """Return steps that earn full marks; where there are none, a likely way to an ending."""
    return _best_from(item.graph, []) or _likely_way(item.graph)


def _best_from(graph: Graph, steps: Steps) -> Steps | None:
    here = walk(graph, steps)
    if here.ending:
        return steps
    for step in _tries(here.turn) if here.turn and len(steps) < MAX_STEPS else ():
        after = walk(graph, [*steps, step])
        last = after.taken[-1]
        # Where danger was asked about no rule decides, and none gives points.
        if last.counted and last.outcome.points in (None, BEST) and _weigh(last).points == BEST:
            way = _best_from(graph, [*steps, step])
            if way:
                return way
    return None


def _tries(turn: Turn) -> Sequence[dict[str, str]]:
    """Return what could be best at a turn, the likeliest first."""
    if turn.asks != CHOICE:
        return [{"turn": turn.id, "text": turn.better}]
    options = sorted(turn.options, key=lambda option: -(option.outcome.points or 0))
    return [{"turn": turn.id, "pick": option.id} for option in options]


def _likely_way(graph: Graph) -> Steps:
    steps: Steps = []
    here = walk(graph, steps)
    while here.turn and len(steps) < MAX_STEPS:
        steps.append(dict(_tries(here.turn)[0]))
        here = walk(graph, steps)
        if here.stopped:
            break
    return steps
