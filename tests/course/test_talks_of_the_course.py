"""The talks of module 06, walked by a rule: well, in a hurry, and in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from helpers.content import course_facts, course_skills
from helpers.paths import REPOSITORY

from grader.content.items import BEST
from grader.kinds.reading import load_items
from grader.kinds.scoring import score_response
from grader.kinds.talk.graph import CHOICE, REPLY, ConversationItem, Graph, Turn
from grader.kinds.talk.walk import MAX_STEPS, Said, Walk, walk

Step = dict[str, str]
Way = Callable[[Turn], Step]
MODULE = "06-conversation"
CLOSING = 4  # the last of the four phases
AN_ORDER = "You should just stop this and sort it out tonight."
NO_WORDS = "…"  # nothing that the course could read


@cache
def talks() -> dict[str, ConversationItem]:
    """Return every conversation of the module, practice and graded."""
    found = [
        item
        for folder in ("course", "solutions")
        for item in load_items(
            REPOSITORY / folder / MODULE / "items.yaml", course_skills(), course_facts()
        ).values()
        if isinstance(item, ConversationItem)
    ]
    return {item.id: item for item in found}


def good(turn: Turn) -> Step:
    """Take the first option with the most points, and type the model reply."""
    if turn.asks == REPLY:
        return {"turn": turn.id, "text": turn.better}
    best = max(turn.options, key=lambda option: option.outcome.points)
    return {"turn": turn.id, "pick": best.id}


def hurried(turn: Turn) -> Step:
    """Take the first option with the fewest points, and type an order."""
    if turn.asks == REPLY:
        return {"turn": turn.id, "text": AN_ORDER}
    worst = min(turn.options, key=lambda option: option.outcome.points)
    return {"turn": turn.id, "pick": worst.id}


def silent(turn: Turn) -> Step:
    """Take the option with the fewest words, and no words where they are typed."""
    if turn.asks == REPLY:
        return {"turn": turn.id, "text": NO_WORDS}
    shortest = min(turn.options, key=lambda option: len(option.text))
    return {"turn": turn.id, "pick": shortest.id}


WAYS = (good, hurried, silent)


@cache
def steps_of(name: str, way: Way) -> tuple[Step, ...]:
    """Walk a talk in one way for as long as the engine goes along."""
    graph, steps = talks()[name].graph, []
    here = walk(graph, steps)
    while here.turn and not here.stopped and len(steps) < MAX_STEPS:
        steps.append(way(here.turn))
        here = walk(graph, steps)
    return tuple(steps)


def end_of(name: str, way: Way) -> Walk:
    return walk(talks()[name].graph, list(steps_of(name, way)))


def openness(seen: Walk) -> int:
    """Return how open the peer is at the end: all that is good, less the pressure."""
    state = dict(seen.state)
    return state["trust"] + state["feels_heard"] + state["own_ideas"] - state["pressure"]


def points(name: str, way: Way) -> float:
    return score_response(talks()[name], list(steps_of(name, way))).points


def each_step(graph: Graph, steps: tuple[Step, ...]) -> Iterator[tuple[Walk, Walk, list[Said]]]:
    """Give the walk before and after each step, and the lines that the step added."""
    for count in range(len(steps)):
        before, after = walk(graph, list(steps[:count])), walk(graph, list(steps[: count + 1]))
        yield before, after, list(after.lines[len(before.lines) :])


every_talk = pytest.mark.parametrize("name", list(talks()))
every_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)


def test_the_module_has_talks_to_practise_and_one_to_hand_in():
    assert {"talk-the-sink", "talk-first-meeting", "talk-quarter-to-five"} < set(talks())
    assert "graded-talk-mums-idea" in talks()


@every_talk
@every_way
def test_no_walk_gets_stuck(name, way):
    seen = end_of(name, way)
    assert seen.stopped == ""
    assert seen.turn is None
    assert seen.ending is not None
    assert seen.lines[-1].text == seen.ending.says


@every_talk
@every_way
def test_each_line_of_the_transcript_bears_the_phase_of_its_turn(name, way):
    graph = talks()[name].graph
    first = walk(graph, [])
    assert [line.phase for line in first.lines] == [graph.turn(graph.start).phase]
    for before, after, added in each_step(graph, steps_of(name, way)):
        moved = after.turn is not before.turn
        answers, entry = (added[:-1], added[-1:]) if moved else (added, [])
        assert {line.phase for line in answers} == {before.turn.phase}
        wanted = after.turn or before.turn  # the ending belongs to the phase before it
        assert [line.phase for line in entry] == [wanted.phase] * len(entry)


@every_talk
@every_way
def test_what_the_trainee_said_is_in_the_transcript_and_nothing_else_is(name, way):
    graph, steps = talks()[name].graph, steps_of(name, way)
    said = [line.text for line in end_of(name, way).lines if line.who == "you"]
    assert said == [spoken(graph.turn(step["turn"]), step) for step in steps]


def spoken(turn: Turn, step: Step) -> str:
    if turn.asks == CHOICE:
        return next(option.text for option in turn.options if option.id == step["pick"])
    return step["text"]


@every_talk
def test_a_good_talk_earns_all_points_and_comes_to_its_closing(name):
    seen = end_of(name, good)
    assert {step.outcome.points for step in seen.counted} == {BEST}
    assert seen.phase == CLOSING
    assert points(name, good) == talks()[name].points


@every_talk
def test_a_good_talk_ends_better_than_a_hurried_one(name):
    well, fast = end_of(name, good), end_of(name, hurried)
    assert points(name, good) > 3 * points(name, hurried)
    assert openness(well) > openness(fast)
    assert dict(well.state)["pressure"] < dict(fast.state)["pressure"]
    assert well.ending != fast.ending


@every_talk
def test_silence_is_not_judged_and_ends_between_the_two(name):
    seen = end_of(name, silent)
    typed = [step for step in seen.taken if step.turn.asks == REPLY]
    assert all(step.unsure and step.outcome.points is None for step in typed)
    assert openness(end_of(name, hurried)) < openness(seen) < openness(end_of(name, good))


@every_talk
def test_the_peer_asks_a_silent_trainee_once_and_then_goes_on(name):
    typed = [step for step in end_of(name, silent).taken if step.turn.asks == REPLY]
    assert [step.counted for step in typed] == [at > 0 for at in range(len(typed))]
