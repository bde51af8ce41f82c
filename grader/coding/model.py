"""Weigh the features of a reply: how likely is each act, and which clause speaks for it.

A linear model for each act, read from ``weights.json``. Each feature counts once for
the reply, however often it occurs, and long replies are brought to the same length as short
ones. `grader.training` makes the file.
"""

from __future__ import annotations

import functools
import math
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from grader.coding.rows import Rows, read_rows

Likely = list[float]  # one number per act
_LANE = 32  # bits of a number in one long number; all rows of the file together need 31
_HALF = 1 << (_LANE - 1)
ROOM = 1e-6  # what is always left between a likelihood and certainty
UNKNOWN = 9.0  # rarity of words that were not learned; that of the rarest others is 8.5
CURVE = ("slope", "offset", "lift", "shift")  # what turns scores into likelihoods
WEIGHTS = Path(__file__).with_name("weights.json")


@dataclass(frozen=True, slots=True)
class Model:
    """What the weights file holds; a feature's row ends with its own size, squared."""

    acts: tuple[str, ...]
    bias: tuple[float, ...]  # one number per act, as are the next five
    slope: tuple[float, ...]
    offset: tuple[float, ...]
    lift: tuple[float, ...]
    shift: tuple[float, ...]
    threshold: tuple[float, ...]
    doubt: float  # mistakes to be expected in one reply from which the coder says "not sure"
    unit: float  # what a weight of 1 in the file stands for
    rows: Rows
    lanes: Lanes = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lanes", Lanes(self.rows, len(self.acts) + 1))

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
        return self._likely(scores), [sums[:-1] for parts in spoken for sums in parts]

    def _likely(self, scores: Likely) -> Likely:
        """Turn scores into likelihoods.

        Every reply holds at least one act. So an act is the likelier, the less the others are:
        each is lifted by how unlikely it is that there is none, and then set right once more.
        """
        alone = [
            _squashed(slope * score + offset)
            for score, slope, offset in zip(scores, self.slope, self.offset, strict=True)
        ]
        some = 1 - math.prod(1 - chance for chance in alone)
        return [
            _squashed(lift * _stretched(chance / some) + shift)
            for chance, lift, shift in zip(alone, self.lift, self.shift, strict=True)
        ]

    def known(self, words: Iterable[str]) -> float:
        """Return the share of words that the model has learned."""
        seen = [f"w:{word}" in self.rows for word in words]
        return sum(seen) / len(seen)

    def rarity(self, words: str) -> float:
        """Return how rare some words are in the replies that were learned from, from 1 on.

        It is one and the logarithm of how many replies there are for each one with the words.
        """
        name = f"w:{words}"
        return math.sqrt(self.rows[name][-1] * self.unit) if name in self.rows else UNKNOWN

    def _scores(self, sums: Likely) -> Likely:
        size = math.sqrt(sums[-1] * self.unit) or 1.0
        return [
            total * self.unit / size + bias
            for total, bias in zip(sums[:-1], self.bias, strict=True)
        ]

    def _rows(self, features: Iterable[str]) -> dict[str, int]:
        lanes = self.lanes
        return {name: lanes[name] for name in self.rows.keys() & features}

    def _sums(self, found: dict[str, int]) -> list[float]:
        return self.lanes.apart(sum(found.values()))


def _squashed(number: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, number))))


def _stretched(chance: float) -> float:
    """Undo `_squashed`, short of certainty."""
    chance = max(ROOM, min(1 - ROOM, chance))
    return math.log(chance / (1 - chance))


class Lanes(dict[str, int]):
    """Rows of numbers side by side in one long number each: adding rows is one addition.

    A row is put together when it is first asked for; most features are never seen.
    """

    def __init__(self, rows: Rows, width: int) -> None:
        super().__init__()
        self._rows = rows
        self._shape = struct.Struct(f"<{width}I")
        # Half of each lane stands for 0, so that sums below 0 borrow from no other lane.
        self._zero = sum(_HALF << _LANE * at for at in range(width))

    def __missing__(self, name: str) -> int:
        row: int = sum(number << _LANE * at for at, number in enumerate(self._rows[name]))
        self[name] = row
        return row

    def apart(self, total: int) -> list[float]:
        """Return the numbers that stand side by side in a sum of rows."""
        raw = (total + self._zero).to_bytes(self._shape.size, "little")
        return [float(number - _HALF) for number in self._shape.unpack(raw)]


def _merged(tables: Iterable[dict[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = {}
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
    data, rows = read_rows(path)
    numbers = {name: tuple(data[name]) for name in ("bias", *CURVE, "threshold")}
    return Model(
        tuple(data["acts"]),
        doubt=data["doubt"],
        unit=data["unit"],
        rows=rows,
        **numbers,
    )
