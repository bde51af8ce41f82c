"""Trainers share a course folder as the manual says: each can do every step, nobody else can."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from fault_page import BOOK, fault
from helpers import own_world
from helpers.paths import TESTS
from helpers.tools import missing

SCRIPT = TESTS / "helpers" / "two_trainers.py"
ONE, TWO, STRANGER = "trainer-1", "trainer-2", "stranger"


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    """Let two accounts follow the manual and grade in turns, and a third one look."""
    if why := own_world.why_not():
        missing(why)
    done = own_world.alone(sys.executable, str(SCRIPT))
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@fault(
    BOOK,
    "Several trainers share the course folder as the manual says",
    "Each can collect, grade, mark, write feedback and sign, also after the other.",
)
@pytest.mark.parametrize("turn", range(3))
def test_each_trainer_does_every_step_after_the_other(told: dict[str, Any], turn: int) -> None:
    assert told["key"]["certify"][0] == 0
    steps = told[f"turn {turn}"]
    assert {"collect", "grade", "mark", "feedback"} <= set(steps)
    assert {step: code for step, (code, _, _) in steps.items() if code} == {}
    assert "trainee-017 07-advice: collected" in steps["collect"][1]
    assert "not graded" not in steps["grade"][1]
    assert f"{turn + 3} feedback files" in steps["feedback"][1]
    assert told[f"signed {turn}"] == ["trainee-017", f"{6 + turn + 0.5:g}"]


@fault(
    BOOK,
    "Two trainers worked in a shared course folder before they set `ALONGSIDE_GROUP`",
    "The manual has one line with which each shares what is their own. Then both can open all.",
)
def test_each_shares_what_was_made_before(told: dict[str, Any]) -> None:
    early = "/srv/course/submitted/trainee-030/07-advice/answers.json"
    assert all(early in told["open"][name] for name in (ONE, TWO))


@fault(
    BOOK,
    "Somebody outside the group of trainers looks into the shared course folder",
    "Nothing in it can be opened: no answers, marks, feedback or keys.",
)
def test_a_third_account_sees_nothing_of_the_course(told: dict[str, Any]) -> None:
    assert told["open"][STRANGER] == []
    assert sorted(told["open"][ONE]) == sorted(told["open"][TWO]) == sorted(told["all"])
    kept = ("gradebook.db", "certificate-key.pem", "submitted", "autograded", "feedback", "exports")
    assert {f"/srv/course/{name}" for name in kept} <= set(told["all"])
    code, _, error = told["stranger"]["certify"]
    assert code == 1
    assert error.count("\n") == 1
    assert "Permission denied" in error
