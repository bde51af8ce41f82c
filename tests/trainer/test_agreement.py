"""Agreement of two markers is the same as two libraries work out, and claims nothing of nothing."""

from __future__ import annotations

import random
import warnings
from math import sqrt
from typing import Any

import pytest

from grader.trainer.marking.agreement import (
    half_points,
    kappa_of_points,
    kappa_of_presence,
    table_of,
    weighted_kappa,
)

TABLES = 200


def made_up(number: int) -> list[list[int]]:
    """Return a table: of any size, with many pairs or few, with more or less agreement."""
    drawn = random.Random(number)  # noqa: S311 - made-up tables, the same at each run
    size, most = drawn.randint(2, 9), drawn.choice([1, 3, 40])
    closeness = drawn.choice([0, 1, 3])
    return [
        [
            drawn.randint(0, most) + (i == j) * closeness * drawn.randint(0, most)
            for j in range(size)
        ]
        for i in range(size)
    ]


def by_statsmodels(table: list[list[int]]) -> Any:
    import numpy as np
    from statsmodels.stats.inter_rater import cohens_kappa

    # It also works out what we do not ask for, and that is 0 by 0 in some of the small tables.
    with np.errstate(invalid="ignore"):
        return cohens_kappa(table, wt="linear")


@pytest.mark.parametrize("number", range(TABLES))
def test_kappa_and_its_interval_are_those_of_scikit_learn_and_statsmodels(number: int) -> None:
    from sklearn.metrics import cohen_kappa_score

    table = made_up(number)
    size = len(table)
    pairs = [(i, j) for i in range(size) for j in range(size) for _ in range(table[i][j])]
    found = weighted_kappa(table)
    if found is None:
        assert len(set(pairs)) < 2
        return
    ones, others = [one for one, _ in pairs], [other for _, other in pairs]
    theirs = cohen_kappa_score(ones, others, labels=list(range(size)), weights="linear")
    reference = by_statsmodels(table)
    assert found.value == pytest.approx(theirs, abs=1e-9)
    assert found.value == pytest.approx(reference.kappa, abs=1e-9)
    reach = (found.high - found.low) / 2
    # Where all agree the variance is 0; what floats leave of it may lie below.
    assert reach == pytest.approx(1.959963984540054 * sqrt(max(0, reference.var_kappa)), abs=1e-7)
    if reference.var_kappa > 1e-12:
        assert (found.low, found.high) == pytest.approx(
            (reference.kappa_low, reference.kappa_upp), abs=1e-9
        )
    assert found.pairs == len(pairs)


def test_the_made_up_tables_differ_and_none_is_left_out() -> None:
    found = [weighted_kappa(made_up(number)) for number in range(TABLES)]
    known = [one.value for one in found if one]
    assert len(known) > TABLES - 10
    assert min(known) < -0.1
    assert max(known) > 0.6


def test_perfect_agreement_is_one_as_statsmodels_has_it() -> None:
    table = [[12, 0, 0], [0, 7, 0], [0, 0, 3]]
    found, reference = weighted_kappa(table), by_statsmodels(table)
    assert found is not None
    assert found.value == pytest.approx(reference.kappa, abs=1e-9)
    assert (found.low, found.value, found.high) == pytest.approx((1, 1, 1), abs=1e-7)


@pytest.mark.parametrize(
    "table", [[], [[0, 0], [0, 0]], [[25]], [[25, 0], [0, 0]], [[0, 0, 0], [0, 30, 0], [0, 0, 0]]]
)
def test_nothing_is_claimed_where_there_are_no_pairs_or_one_category_only(
    table: list[list[int]],
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert weighted_kappa(table) is None


def test_one_marker_with_one_category_is_no_better_than_chance() -> None:
    found = weighted_kappa([[5, 5], [0, 0]])
    assert found is not None
    assert found.value == pytest.approx(0)


def test_points_are_compared_in_half_points() -> None:
    assert [half_points(points) for points in (0, 0.2, 0.25, 0.5, 2.5, 4)] == [0, 0, 1, 1, 5, 8]
    found = kappa_of_points([(1.0, 1.5), (2.5, 2.5), (0.0, 0.5), (3.0, 3.0)])
    assert found is not None
    assert found.pairs == 4
    assert kappa_of_points([]) is None


def test_presence_is_plain_kappa() -> None:
    from sklearn.metrics import cohen_kappa_score

    pairs = [(True, True)] * 9 + [(True, False)] * 3 + [(False, True)] * 2 + [(False, False)] * 11
    found = kappa_of_presence(pairs)
    assert found is not None
    theirs = cohen_kappa_score(*zip(*pairs, strict=True))
    assert found.value == pytest.approx(theirs, abs=1e-9)
    assert table_of(pairs, (False, True)) == [[11, 2], [3, 9]]
