"""The face of a peer in a talk follows how much trust and pressure they feel."""

from __future__ import annotations

from itertools import product

import pytest

from grader.content.people import MOODS
from grader.kinds.talk.conditions import HIGHEST, LOWEST, STATES
from grader.kinds.talk.mood import mood_of

START = {"trust": 3, "feels_heard": 2, "pressure": 3, "own_ideas": 2}


@pytest.mark.parametrize(
    ("change", "mood"),
    [
        ({}, "tired"),
        ({"trust": 1}, "solemn"),
        ({"pressure": 8}, "wary"),
        ({"pressure": 8, "feels_heard": 9, "trust": 9}, "wary"),
        ({"feels_heard": 5}, "concerned"),
        ({"feels_heard": 5, "own_ideas": 6}, "thinking"),
        ({"feels_heard": 8}, "calm"),
        ({"feels_heard": 8, "trust": 8}, "warm"),
    ],
)
def test_the_face_follows_the_talk(change, mood):
    assert mood_of(START | change) == mood


def test_there_is_a_face_for_every_state_and_none_without_a_use():
    steps = range(LOWEST, HIGHEST + 1)
    found = {mood_of(dict(zip(STATES, values, strict=True))) for values in product(steps, repeat=4)}
    assert found == set(MOODS)
