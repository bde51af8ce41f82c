"""Measure the points of typed replies on files that nothing was learned from.

``tests/typed`` holds replies of hands that saw only the scenes, with the points that they
expected before they wrote, and lines that must be handled in a certain way. The limit of
risk is set on one half of the blind replies and tested on the other, both ways round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.guard import HARM, NEUTRAL, NO_SCORE
from grader.points import CLOSE, FAR, choose
from grader.scene import Scene
from grader.skillprofile import wilson
from grader.suggestion import HIGH, ONE, Suggestion, suggestion
from grader.training_learn import progress

MOST_FAR = 0.04  # share of all replies that may be asserted and far off
LEAST_CLOSE = 0.75  # share of the asserted ones that must be close
LIMITS = tuple(step / 100 for step in range(4, 41))
HALVES = ("blind-1", "blind-2")
LOW = 2.0  # points below which an excellent reply must not be asserted


@dataclass(frozen=True, slots=True)
class Tried:
    """One test reply: what was expected, and what is suggested without any limit."""

    item: str
    text: str
    expected: float
    given: Suggestion


@dataclass(frozen=True, slots=True)
class Figures:
    """What a limit brings on some blind replies; each a share with its count and total."""

    close: tuple[int, int]
    far: tuple[int, int]
    unsure: tuple[int, int]
    excellent_low: tuple[int, int]


def read_lines(folder: Path, name: str) -> list[dict[str, Any]]:
    """Read a test file."""
    lines = (folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def tried(known: dict[str, Scene], lines: Iterable[dict[str, Any]]) -> list[Tried]:
    """Suggest points for lines that name their item; those of an item that is gone are left out."""
    return [
        Tried(
            line["item"],
            line["text"],
            float(line.get("expected", 0)),
            suggestion(known[line["item"]], line["text"]),
        )
        for line in lines
        if line["item"] in known
    ]


def figures(blind: Sequence[Tried], limit: float) -> Figures:
    """Measure one limit."""
    asserted = [one for one in blind if one.given.risk <= limit]
    off = [abs(one.given.points - one.expected) for one in asserted]
    excellent = [one for one in blind if one.expected >= HIGH]
    low = [one for one in asserted if one.expected >= HIGH and one.given.points < LOW]
    return Figures(
        close=(sum(distance <= CLOSE for distance in off), len(asserted)),
        far=(sum(distance > FAR for distance in off), len(blind)),
        unsure=(len(blind) - len(asserted), len(blind)),
        excellent_low=(len(low), len(excellent)),
    )


def best_limit(blind: Sequence[Tried]) -> float:
    """Return the greatest limit that keeps far replies few and most of the asserted close."""
    return max((limit for limit in LIMITS if _keeps(figures(blind, limit))), default=LIMITS[0])


def _keeps(found: Figures) -> bool:
    far, close = found.far[0] / found.far[1], found.close[0] / (found.close[1] or 1)
    return far <= MOST_FAR and close >= LEAST_CLOSE


def on_all(known: dict[str, Scene], texts: Sequence[str]) -> dict[str, list[Suggestion]]:
    """Suggest the points of each text on every item."""
    return {
        text: [suggestion(scene, text) for scene in known.values()]
        for text in progress(texts, "Lines on all items")
    }
