"""Score a conversation: what was said at each turn, and how far the talk came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from grader.content import BEST
from grader.conversation import CHOICE, MAX_STEPS, Graph, Taken, Turn, Walk, walk
from grader.kinds import ConversationItem
from grader.scores import Reason, Score, no_answer

UNREAD = "The course is not sure how to read this. A person can tell better."
UNFINISHED = "The talk is not finished yet. You can go on where you left it."
HEADLINES = (
    "This talk closed down early",
    "There was a start in this talk",
    "This talk gave some room",
    "This talk gave much room",
)

Steps = list[dict[str, str]]


def score_conversation(item: ConversationItem, response: Any) -> Score:
    """Give the mean of the turns' points, cut to the share of the way where it is not finished.

    Each counted turn gives points / 3. A turn that the coder could not read is left out of
    the mean: nobody is judged on a guess. An unfinished talk earns turns taken / turns of
    the shortest way to an ending of that mean, at most 1, so that stopping after one good
    turn is not the best plan. Our own rule; with typed turns it is a suggestion.
    """
    walked = walk(item.graph, response)
    if not walked.taken:
        return no_answer(item, response)
    share = _mean(walked.counted) * _reach(item.graph, walked)
    unsure = any(step.unsure for step in walked.counted)
    low = lowest(walked)
    return Score(
        points=item.points * share,
        max_points=item.points,
        headline=_headline(walked, share, unsure=unsure),
        reasons=tuple(_reasons(walked)),
        better=better_of(low) if low else "",
        suggested=item.graph.has_typed_turns,
        unsure=unsure,
        note=walked.stopped,
    )


def _mean(counted: Iterable[Taken]) -> float:
    points = [step.outcome.points or 0 for step in counted if not step.unsure]
    return sum(points) / (BEST * len(points)) if points else 0.0


def _reach(graph: Graph, walked: Walk) -> float:
    shortest = graph.shortest()
    if walked.ending or not shortest:
        return 1.0
    return min(1.0, len(walked.counted) / shortest)


def _headline(walked: Walk, share: float, *, unsure: bool) -> str:
    if not walked.ending:
        return "Not finished yet"
    return "Not sure" if unsure else HEADLINES[round(share * (len(HEADLINES) - 1))]


def _reasons(walked: Walk) -> Iterable[Reason]:
    for step in walked.counted:
        yield Reason(UNREAD if step.unsure else step.outcome.feedback, step.said)
    if not walked.ending:
        yield Reason(UNFINISHED)


def lowest(walked: Walk) -> Taken | None:
    """Return the first of the counted steps with the fewest points; None where all are best."""
    judged = [step for step in walked.counted if not step.unsure]
    low = min(judged, key=lambda step: step.outcome.points or 0, default=None)
    return low if low and (low.outcome.points or 0) < BEST else None


def better_of(step: Taken) -> str:
    """Return a better wording for what was said at a step."""
    return step.outcome.better or step.turn.better


def best_talk(item: ConversationItem) -> Steps:
    """Return steps that earn full marks; where there are none, a likely way to an ending."""
    return _best_way(item.graph, []) or _likely_way(item.graph)


def _best_way(graph: Graph, steps: Steps) -> Steps | None:
    here = walk(graph, steps)
    if here.ending:
        return steps
    for step in _tries(here.turn) if here.turn and len(steps) < MAX_STEPS else ():
        after = walk(graph, [*steps, step])
        last = after.taken[-1]
        if last.counted and last.outcome.points == BEST:
            way = _best_way(graph, [*steps, step])
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
