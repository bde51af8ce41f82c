"""Hand-ins of every sort earn the same with us and with nbgrader as it comes."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.stock import finish, marks_of, points, start_grading, stock_course, waiting
from helpers.varied import DAMAGED_EVERY, hand_in_varied, real_course

from grader.trainer.grading.grading import grade

MODULE = "06-conversation"  # nearly every kind of question


@pytest.mark.slow
@pytest.mark.parametrize("many", [6, pytest.param(20, marks=pytest.mark.full)])
def test_varied_hand_ins_earn_what_stock_nbgrader_gives_them(tmp_path: Path, many: int) -> None:
    ours = real_course(tmp_path / "ours", MODULE)
    last = DAMAGED_EVERY  # one of them is damaged
    hand_in_varied(ours, MODULE, range(last + 1 - many, last + 1))
    stock = stock_course(ours, tmp_path / "stock", [p.name for p in (ours / "submitted").iterdir()])
    run = start_grading(stock)
    grade(ours, MODULE)
    finish(stock, run, 600)
    mine, theirs = marks_of(ours), marks_of(stock)
    assert len(mine) == many
    assert {who: points(entry) for who, entry in mine.items()} == {
        who: points(entry) for who, entry in theirs.items()
    }
    # A blank reply needs no trainer with us; all else that waits, waits in both.
    assert all(waiting(entry) <= waiting(theirs[who]) for who, entry in mine.items())
