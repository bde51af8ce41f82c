"""How well two who mark agree, beyond what chance would bring: Cohen's kappa with its interval.

Weights are linear (Cohen 1968): a mark beside the other's counts as less apart than one at the
far end. The interval takes the variance for large samples of Fleiss, Cohen and Everitt (1969).

References
----------
Cohen, J. (1968). Weighted kappa. Psychological Bulletin 70(4), 213-220.
Fleiss, J. L., Cohen, J., & Everitt, B. S. (1969). Large sample standard errors of kappa and
weighted kappa. Psychological Bulletin 72(5), 323-327.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from statistics import NormalDist
from typing import TypeVar

FEWEST = 20  # pairs; with fewer, nothing is said
STEP = 0.5  # points; marks are compared in half points
BOTH_SIDES = NormalDist().inv_cdf(0.975)  # of a 95 % interval

Category = TypeVar("Category", bound=Hashable)
Table = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Weighted kappa with its 95 % interval; ``value`` is 1 where all pairs are alike."""

    value: float
    low: float
    high: float
    pairs: int


def table_of(
    pairs: Iterable[tuple[Category, Category]], categories: Sequence[Category]
) -> list[list[int]]:
    """Count pairs: a row for each category of the first, a column for each of the second."""
    place = {category: at for at, category in enumerate(categories)}
    table = [[0] * len(categories) for _ in categories]
    for one, other in pairs:
        table[place[one]][place[other]] += 1
    return table


def half_points(points: float) -> int:
    """Return points as a number of half points; what lies between goes to the nearer one."""
    return int(points / STEP + 0.5)


def kappa_of_points(pairs: Sequence[tuple[float, float]]) -> Kappa | None:
    """Return how well two agree in points; None where that cannot be told."""
    halves = [(half_points(one), half_points(other)) for one, other in pairs]
    most = max((max(pair) for pair in halves), default=0)
    return weighted_kappa(table_of(halves, range(most + 1)))


def kappa_of_presence(pairs: Sequence[tuple[bool, bool]]) -> Kappa | None:
    """Return how well two agree on whether something is there; None where that cannot be told."""
    return weighted_kappa(table_of(pairs, (False, True)))


def weighted_kappa(table: Table) -> Kappa | None:
    """Return kappa with linear weights.

    Parameters
    ----------
    table : sequence of sequence of float
        Square, of counts: rows are the categories of the first, columns those of the second,
        both in order.

    Returns
    -------
    Kappa or None
        None where chance alone would bring full agreement: where there are no pairs, or all
        of both lie in one category. The interval is not cut at 1 or -1.
    """
    size, total = len(table), fsum(map(fsum, table))
    if not total:
        return None
    share = [[count / total for count in row] for row in table]
    rows = [fsum(row) for row in share]
    columns = [fsum(row[at] for row in share) for at in range(size)]
    alike = [[1 - abs(i - j) / max(size - 1, 1) for j in range(size)] for i in range(size)]
    cells = [(i, j) for i in range(size) for j in range(size)]
    seen = fsum(alike[i][j] * share[i][j] for i, j in cells)
    chance = fsum(alike[i][j] * rows[i] * columns[j] for i, j in cells)
    if max(rows) == 1 == max(columns) and rows == columns:
        return None
    value = (seen - chance) / (1 - chance)
    of_row = [fsum(alike[i][j] * columns[j] for j in range(size)) for i in range(size)]
    of_column = [fsum(alike[i][j] * rows[i] for i in range(size)) for j in range(size)]
    squares = fsum(
        share[i][j] * (alike[i][j] * (1 - chance) - (of_row[i] + of_column[j]) * (1 - seen)) ** 2
        for i, j in cells
    )
    rest = (seen * chance - 2 * chance + seen) ** 2
    variance = max(0.0, squares - rest) / (total * (1 - chance) ** 4)
    reach = BOTH_SIDES * sqrt(variance)
    return Kappa(value, value - reach, value + reach, int(total))
