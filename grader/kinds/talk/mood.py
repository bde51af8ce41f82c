"""The face that a peer makes in a talk: read from how much trust and pressure they feel.

Apart from `walk`, which counts these: nothing is scored by a face.
"""

from __future__ import annotations

from collections.abc import Mapping

MUCH, LITTLE = 7, 3  # of a state, from 0 to 10


def mood_of(state: Mapping[str, int]) -> str:
    """Return the mood, one of `grader.content.people.MOODS`, that fits a peer's state.

    Pressure shows first, then whether somebody feels heard, and what comes of it.

    Parameters
    ----------
    state : mapping of str to int
        Each of `grader.kinds.talk.conditions.STATES` with its value.
    """
    heard, ideas = state["feels_heard"], state["own_ideas"]
    if state["pressure"] >= MUCH:
        return "wary"
    if heard >= MUCH:
        return "warm" if state["trust"] >= MUCH else "calm"
    if ideas > max(heard, LITTLE):
        return "thinking"
    if heard <= LITTLE:
        return "solemn" if state["trust"] < LITTLE else "tired"
    return "concerned"
