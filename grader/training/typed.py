"""Measure the points of typed replies on files that nothing was learned from.

``tests/typed`` holds replies of hands that saw only the scenes, with the points that they
expected before they wrote, and lines that must be handled in a certain way. The limit of
risk is set on one half of the blind replies and tested on the other, both ways round.

Apart from the commands that run it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.coding.coder import SURE
from grader.content.items import BEST
from grader.kinds.typed.points import CLOSE, FAR, model
from grader.kinds.typed.scene import Scene
from grader.kinds.typed.suggestion import HIGH, ONE, Suggestion, suggestion
from grader.skills.intervals import wilson
from grader.training.labelled import REPLIES, progress
from grader.training.points import (
    FITS_ALL,
    KEY,
    OPTION,
    TYPED,
    course_items,
    fit,
    left_out,
    read_points,
    refuse_tests,
    scenes,
    table_of,
    write,
)

MOST_FAR = 0.04  # share of all replies that may be asserted and far off
LEAST_CLOSE = 0.75  # share of the asserted ones that must be close
LIMITS = tuple(step / 100 for step in range(4, 41))
HALVES = ("blind-1", "blind-2")
HANDS = ("", "-2")  # of lines about danger; the second wrote when all else was done
LOW = 2.0  # points below which an excellent reply must not be asserted


@dataclass(frozen=True, slots=True)
class Tried:
    """One test reply: what was expected, and what is suggested without any limit."""

    item: str
    scene: Scene
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
            known[line["item"]],
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
    """Return the greatest limit that keeps far replies few and most of the asserted close.

    Where no limit keeps enough of them close, to assert less helps nobody: then the greatest
    one that keeps far replies few.
    """
    few = [limit for limit in LIMITS if _keeps_far(figures(blind, limit))]
    near = [limit for limit in few if _keeps_close(figures(blind, limit))]
    return max(near or few or LIMITS[:1])


def _keeps_far(found: Figures) -> bool:
    return found.far[0] <= MOST_FAR * found.far[1]


def _keeps_close(found: Figures) -> bool:
    return found.close[0] >= LEAST_CLOSE * found.close[1] > 0


def on_all(known: dict[str, Scene], texts: Sequence[str]) -> dict[str, list[Suggestion]]:
    """Suggest the points of each text on every item."""
    return {
        text: [suggestion(scene, text) for scene in known.values()]
        for text in progress(texts, "Lines on all items")
    }


# --- learning and the report


def learn() -> None:
    """Learn the points, set the limit of risk on the blind replies, and write the report."""
    import numpy as np

    items = course_items()
    rows = read_points(items)
    refuse_tests(rows)
    table = table_of(rows)
    weights = fit(table, np.ones(len(rows), dtype=bool))
    write(weights, limit=1.0)
    model.cache_clear()
    known = scenes(items)
    halves = [tried(known, read_lines(TYPED, name)) for name in HALVES]
    write(weights, best_limit([one for half in halves for one in half]))
    model.cache_clear()
    keyed = [
        (row.points, *found)
        for row, found in zip(rows, left_out(rows, table), strict=True)
        if row.source == KEY
    ]
    counts = Counter(row.source for row in rows)
    text = page(known, halves, keyed, counts)
    print(text)
    (REPLIES / "TYPED.md").write_text(text, encoding="utf-8")


def page(
    known: dict[str, Scene],
    halves: Sequence[list[Tried]],
    keyed: Sequence[tuple[float, float, float]],
    counts: Counter[str],
) -> str:
    """Return the report as Markdown."""
    limit = model().limit
    return (
        "\n\n".join(
            [
                "# How far the points of typed replies can be trusted",
                "Written by `python -m grader.training points`. Do not change it by hand.",
                f"Learned from {counts[KEY]} replies with points to {len(known)} questions, "
                f"{counts[OPTION]} options of the course and {counts[FITS_ALL] // len(known)} "
                "lines that fit anything. Points are of 3. Close means within half a point, far "
                "off by more than one. Brackets hold 95 % Wilson intervals. Where the course is "
                "not sure a reply gets no points, and a person reads it.",
                "## Blind replies",
                "By hands that saw only the scenes and fixed the points first. Nothing is learned "
                "from them but the limit of risk. It is set on one half and tested on the other.",
                _blind(halves, limit),
                "Questions that were left out in learning, so the same hands with other questions:",
                _left_out(keyed, limit),
                "## Lines that must be handled in a certain way",
                _lines(known, limit),
            ]
        )
        + "\n"
    )


def _blind(halves: Sequence[list[Tried]], limit: float) -> str:
    both = [one for half in halves for one in half]
    talks = [one for one in both if "/" in one.item]
    first, second = (best_limit(half) for half in halves)
    rows = [
        (f"second half, limit {first} from the first", figures(halves[1], first)),
        (f"first half, limit {second} from the second", figures(halves[0], second)),
        (f"both, shipped limit {limit}", figures(both, limit)),
        ("both, only turns of talks", figures(talks, limit)),
        ("both, without any limit", figures(both, 0.999)),
        ("both, by acts alone", figures([_by_acts(one) for one in both], 0.999)),
    ]
    head = ("replies", "close, of asserted", "far off, of all", "not sure", "excellent below 2")
    body = [
        (name, *map(_share, (one.close, one.far, one.unsure, one.excellent_low)))
        for name, one in rows
    ]
    return _table(head, body)


def _by_acts(one: Tried) -> Tried:
    """Score as was done before: wanted acts that are met, less half for each to avoid."""
    scene, coding = one.scene, one.given.coding
    seen = {act.act for act in coding.acts if act.confidence >= SURE}
    met = sum(not seen.isdisjoint(group) for group in scene.wanted)
    slips = sum(not seen.isdisjoint(group) for group in scene.avoid)
    share = min(1.0, max(0.0, met / (len(scene.wanted) or 1) - slips / 2))
    given = replace(one.given, points=BEST * share, risk=float(coding.unsure))
    return replace(one, given=given)


def _left_out(keyed: Sequence[tuple[float, float, float]], limit: float) -> str:
    asserted = [abs(points - given) for points, given, risk in keyed if risk <= limit]
    total = len(keyed)
    body = [
        (
            _share((sum(off <= CLOSE for off in asserted), len(asserted))),
            _share((sum(off > FAR for off in asserted), total)),
            _share((total - len(asserted), total)),
        )
    ]
    return _table(("close, of asserted", "far off, of all", "risk above the limit"), body)


def _lines(known: dict[str, Scene], limit: float) -> str:
    body = []
    for name in ("contempt", "copied"):
        found = [one.given for one in tried(known, read_lines(TYPED, name))]
        body.append((name, "asserted above a third", _share(_above(found, limit))))
    asked = [f"{name}{hand}" for name in ("danger-questions", "danger-steps") for hand in HANDS]
    for name in ("stock", "harmful-ideas", *asked):
        given = on_all(known, [line["text"] for line in read_lines(TYPED, name)])
        every = [one for each in given.values() for one in each]
        if name in ("stock", "harmful-ideas"):
            body.append((name, "asserted above a third", _share(_above(every, limit))))
            means = sorted(_mean(each, limit) for each in given.values())
            over = sum(mean > 1 / BEST for mean in means)
            body.append((name, "highest mean of one line over all items", f"{means[-1]:.2f}"))
            body.append((name, "lines with a mean above a third", _share((over, len(means)))))
        else:
            lost = sum(one.risk <= limit and one.points < BEST for one in every)
            body.append((name, "asserted below full points", _share((lost, len(every)))))
    names = ("writer-in-danger", "writer-harmless")
    for name in [f"{name}{hand}" for name in names for hand in HANDS]:
        given = on_all(
            dict(list(known.items())[:1]), [line["text"] for line in read_lines(TYPED, name)]
        )
        first = sum(each[0].read_first for each in given.values())
        body.append((name, "read first", _share((first, len(given)))))
    return _table(("lines", "measure", "figure"), body)


def _above(found: Sequence[Suggestion], limit: float) -> tuple[int, int]:
    return sum(one.risk <= limit and one.points > ONE for one in found), len(found)


def _mean(found: Sequence[Suggestion], limit: float) -> float:
    return sum(one.points / BEST for one in found if one.risk <= limit) / len(found)


def _share(part: tuple[int, int]) -> str:
    count, total = part
    if not total:
        return "none"
    low, high = wilson(count, total, confidence=0.95)
    return f"{count / total:.0%} ({count} of {total}) [{low:.0%}, {high:.0%}]"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    rows = [head, ["---"] * len(head), *body]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
