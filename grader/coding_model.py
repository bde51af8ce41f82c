"""Weigh the features of a reply: how likely is each act, and which clause speaks for it.

A linear model for each act, read from ``coding_weights.json``. Each feature counts once for
the reply, however often it occurs, and long replies are brought to the same length as short
ones. `grader.training` makes the file.
"""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

Likely = list[float]  # one number per act
WEIGHTS = Path(__file__).with_name("coding_weights.json")


@dataclass(frozen=True, slots=True)
class Model:
    """What the weights file holds; a feature's row ends with its own size, squared."""

    acts: tuple[str, ...]
    bias: tuple[float, ...]  # one number per act, as are the next three
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    threshold: tuple[float, ...]
    doubt: float  # mistakes to be expected in one reply from which the coder says "not sure"
    unit: float  # what a weight of 1 in the file stands for
    rows: dict[str, list[int]]

    def weigh(self, sentences: Sequence[Sequence[Iterable[str]]]) -> tuple[Likely, list[Likely]]:
        """Weigh the features of each clause of each sentence.

        Returns
        -------
        tuple
            How likely each act is: the mean of the whole reply and its likeliest sentence,
            so that one short sentence is heard in a long reply. And, clause by clause, how
            much each speaks for each act.
        """
        tables = [[self._rows(part) for part in parts] for parts in sentences]
        spoken = [[self._sums(found) for found in parts] for parts in tables]
        alone = [
            sums[0] if len(sums) == 1 else self._sums(_merged(parts))
            for parts, sums in zip(tables, spoken, strict=True)
        ] or [self._sums({})]  # "Um." holds nothing to weigh
        if len(alone) == 1:
            scores = self._scores(alone[0])
        else:
            whole = self._scores(self._sums(_merged(chain.from_iterable(tables))))
            best = _best([self._scores(sums) for sums in alone])
            scores = [(one + other) / 2 for one, other in zip(whole, best, strict=True)]
        likely = [
            1 / (1 + math.exp(-max(-30.0, min(30.0, slope * score + offset))))
            for score, slope, offset in zip(scores, self.slope, self.offset, strict=True)
        ]
        return likely, [sums[:-1] for parts in spoken for sums in parts]

    def known(self, words: Iterable[str]) -> float:
        """Return the share of words that the model has learned."""
        seen = [f"w:{word}" in self.rows for word in words]
        return sum(seen) / len(seen)

    def _scores(self, sums: Likely) -> Likely:
        size = math.sqrt(sums[-1] * self.unit) or 1.0
        return [
            total * self.unit / size + bias
            for total, bias in zip(sums[:-1], self.bias, strict=True)
        ]

    def _rows(self, features: Iterable[str]) -> dict[str, list[int]]:
        rows = self.rows
        return {name: rows[name] for name in features if name in rows}

    def _sums(self, found: dict[str, list[int]]) -> list[float]:
        if not found:
            return [0.0] * (len(self.acts) + 1)
        return [float(sum(column)) for column in zip(*found.values(), strict=True)]


def _merged(tables: Iterable[dict[str, list[int]]]) -> dict[str, list[int]]:
    merged: dict[str, list[int]] = {}
    for found in tables:
        merged.update(found)
    return merged


def _best(sentences: Sequence[Likely]) -> Likely:
    """Return the best score of each act; `other` needs every sentence, so there it is the worst."""
    *columns, other = zip(*sentences, strict=True)
    return [*(max(column) for column in columns), min(other)]


@functools.cache  # read at the first reply, so that importing stays quick
def model() -> Model:
    """Read the weights that come with the package."""
    return load(WEIGHTS)


def load(path: Path) -> Model:
    """Read a weights file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    numbers = {name: tuple(data[name]) for name in ("bias", "slope", "offset", "threshold")}
    return Model(
        tuple(data["acts"]),
        doubt=data["doubt"],
        unit=data["unit"],
        rows=data["features"],
        **numbers,
    )
