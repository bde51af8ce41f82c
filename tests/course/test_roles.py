"""Talks played by eight habits: who listens with skill earns most, who is warm comes next.

How each habit chooses and types:

- skilled: the first option with the most points; the model reply.
- warm: the first option that reflects, names a strength or is there, else the second best;
  an exemplar of two points.
- advising: the first option that tells or suggests, else the one with fewest points; advice.
- asking: the shortest option with a question mark, else the shortest; three questions.
- why: the same options; "why" twice.
- hostile: the first option with the fewest points; "What is wrong with you?" and its like.
- rote: the first option; one and the same stock line.
- nonsense: the last option; "bla bla bla".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

from grader.content.items import BEST
from grader.kinds.scores import Score
from grader.kinds.scoring import score_response
from grader.kinds.talk.graph import CHOICE, REPLY, ConversationItem, TalkOption, Turn
from grader.kinds.talk.scoring import weighed
from grader.kinds.talk.walk import MAX_STEPS, walk

ADVICE = (
    "You should just ring them tonight and have it out.",
    "If I were you I would stop that right away.",
    "You need to write a list and stick to it.",
    "Go to bed early and do some sport.",
)
QUESTIONS = (
    "When did it start? Who was there? What did you say?",
    "How old are they? Where do they live? Do you have a key?",
    "Which day was it? Were you alone? Did you sleep?",
    "What is it called? How long does it take? Who pays for it?",
)
WHYS = (
    "Why did you do that? Why didn’t you wait?",
    "Why now? And why with them?",
    "Why does it matter? Why don’t you leave it?",
    "But why? Why you?",
)
HOSTILE = (
    "What is wrong with you?",
    "You’re pathetic. Grow up.",
    "Who cares? You brought this on yourself.",
    "Oh please. What a drama queen you are.",
)
ROTE = "That sounds hard. What is that like for you?"
WARM = {"reflection", "affirmation", "other"}
TELLING = {"directive_advice", "tentative_suggestion", "reassurance"}


def most(options: tuple[TalkOption, ...]) -> TalkOption:
    return max(options, key=lambda option: option.outcome.points or 0)


def fewest(options: tuple[TalkOption, ...]) -> TalkOption:
    return min(options, key=lambda option: option.outcome.points or 0)


def warmest(options: tuple[TalkOption, ...]) -> TalkOption:
    second = sorted(options, key=lambda option: -(option.outcome.points or 0))[1]
    kind = (option for option in options if WARM & {*option.acts} and option.outcome.points)
    return next(kind, second)


def first_advising(options: tuple[TalkOption, ...]) -> TalkOption:
    return next((option for option in options if TELLING & {*option.acts}), fewest(options))


def shortest_question(options: tuple[TalkOption, ...]) -> TalkOption:
    asking = [option for option in options if "?" in option.text] or list(options)
    return min(asking, key=lambda option: len(option.text))


def of_two_points(turn: Turn) -> str:
    near = sorted(turn.exemplars, key=lambda each: abs(each.points - 2))
    return near[0].text if near else turn.better


Pick = Callable[[tuple[TalkOption, ...]], TalkOption]
Words = Callable[[Turn, int], str]
ROLES: dict[str, tuple[Pick, Words]] = {
    "skilled": (most, lambda turn, _: turn.better),
    "warm": (warmest, lambda turn, _: of_two_points(turn)),
    "advising": (first_advising, lambda _, count: ADVICE[count % len(ADVICE)]),
    "asking": (shortest_question, lambda _, count: QUESTIONS[count % len(QUESTIONS)]),
    "why": (shortest_question, lambda _, count: WHYS[count % len(WHYS)]),
    "hostile": (fewest, lambda _, count: HOSTILE[count % len(HOSTILE)]),
    "rote": (lambda options: options[0], lambda *_: ROTE),
    "nonsense": (lambda options: options[-1], lambda *_: "bla bla bla"),
}
LIKED = ("skilled", "warm")
WITHOUT_SENSE = ("hostile", "rote", "nonsense")


@cache
def talks() -> dict[str, ConversationItem]:
    """Return every talk of the course."""
    paths = [
        path
        for part in ("course", "solutions")
        for path in (REPOSITORY / part).glob("*/items.yaml")
    ]
    items = (item for path in sorted(paths) for item in items_of(path).values())
    return {item.id: item for item in items if isinstance(item, ConversationItem)}


@cache
def played(name: str, role: str) -> tuple[dict[str, str], ...]:
    """Play a talk by a habit to its end."""
    pick, words = ROLES[role]
    steps: list[dict[str, str]] = []
    typed = 0
    graph = talks()[name].graph
    while len(steps) < MAX_STEPS and (turn := walk(graph, steps).turn):
        if turn.asks == CHOICE:
            steps.append({"turn": turn.id, "pick": pick(turn.options).id})
        else:
            steps.append({"turn": turn.id, "text": words(turn, typed)})
            typed += 1
    return tuple(steps)


def score(name: str, role: str) -> Score:
    return score_response(talks()[name], list(played(name, role)))


def typed_share(name: str, role: str) -> float:
    """Return the share of the points over the typed turns that were read."""
    turns = weighed(walk(talks()[name].graph, list(played(name, role))))
    points = [turn.points for turn in turns if turn.typed and turn.points is not None]
    return sum(points) / (BEST * len(points)) if points else 0.0


every_talk = pytest.mark.parametrize("name", list(talks()))


@every_talk
def test_skill_earns_more_than_warmth_and_warmth_more_than_every_other_habit(name):
    shares = {role: score(name, role).fraction for role in ROLES}
    skilled, warm = (shares.pop(role) for role in LIKED)
    assert skilled > warm > max(shares.values()), shares


@pytest.mark.parametrize("role", WITHOUT_SENSE)
@every_talk
def test_what_makes_no_sense_or_hurts_earns_nearly_nothing_where_it_is_typed(name, role):
    assert score(name, role).unsure or typed_share(name, role) <= 0.25


@every_talk
def test_who_listens_is_not_asked_twice_what_they_mean(name):
    for role in ROLES:
        taken = walk(talks()[name].graph, list(played(name, role))).taken
        assert sum(step.turn.asks == REPLY and not step.counted for step in taken) <= 1
