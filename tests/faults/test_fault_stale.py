"""Marks for other work than what counts now are told wherever marks are told."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json, submit, write_bundle
from helpers.hand_ins import GOOD, ONE, WHO, bundle

from grader.cli import main
from grader.trainer.collect.collect import collect
from grader.trainer.feedback.signing import new_key
from grader.trainer.grading.grading import grade

AGAIN = f"{WHO} {MODULE}: this was handed in again after grading; grade first."
BEFORE = f"{WHO} {MODULE}: an earlier hand-in counts now than the one that was marked; grade first."
TELLERS = ("certify", "export", "report")


def said(course: Path, command: str, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main([command, f"--root={course}"]) == 0
    return capsys.readouterr().err


@fault(
    GRADE,
    "Somebody hands in again after grading, or you go back to an earlier hand-in",
    "Until you grade again, one line names it wherever marks are told.",
)
@pytest.mark.parametrize("command", TELLERS)
def test_newer_work_that_is_not_graded_is_told(
    course: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key(course)
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    assert MODULE not in said(course, command, capsys)
    collect(course, [bundle(course, "second", answers_json(FULL | {"first-move": "tell"}), LATER)])
    assert AGAIN in said(course, command, capsys)
    assert AGAIN[:-1] in " ".join(feedback_lines(course, capsys))
    grade(course, MODULE)
    assert MODULE not in said(course, command, capsys)
    assert main(["collect", "--use", WHO, MODULE, "1", f"--root={course}"]) == 0
    assert BEFORE in said(course, command, capsys)


def feedback_lines(course: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    main(["feedback", "--all", f"--root={course}"])
    done = capsys.readouterr()
    who = f"{WHO} {MODULE}: No feedback for {WHO}: "
    return [line.replace(who, f"{WHO} {MODULE}: ") for line in done.out.splitlines()]


@pytest.mark.parametrize("command", TELLERS)
def test_marks_of_work_that_was_set_aside_again_are_told(
    course: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key(course)
    inbox = course.parent / "inbox"
    first, second = "0" * 16, "1" * 16
    collect(course, [write_bundle(inbox / "a", WHO, ONE, WHEN, device=first)])
    collect(course, [write_bundle(inbox / "b", WHO, GOOD, LATER, device=second)])
    assert main(["whose", WHO, "--same", f"--root={course}"]) == 0
    grade(course, MODULE)
    assert main(["whose", WHO, "--undo", f"--root={course}"]) == 0
    assert BEFORE in said(course, command, capsys)


def test_marks_of_somebody_to_whom_nothing_is_left_are_told(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    inbox = course.parent / "inbox"
    collect(course, [write_bundle(inbox / "a", WHO, ONE, WHEN, device="0" * 16)])
    collect(course, [write_bundle(inbox / "b", WHO, GOOD, LATER, device="1" * 16)])
    assert main(["whose", WHO, "--other", "trainee-018", f"--root={course}"]) == 0
    grade(course, MODULE)
    assert main(["whose", WHO, "--undo", f"--root={course}"]) == 0
    (course / "aside" / ("1" * 16) / "submitted" / WHO).rename(
        course / "aside" / ("1" * 16) / "submitted" / "trainee-018"
    )
    told = said(course, "export", capsys)
    assert "trainee-018 07-advice: what was marked is kept aside" in told


@pytest.fixture
def stale(course: Path) -> Path:
    """Have somebody hand in again after grading."""
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    collect(course, [bundle(course, "second", answers_json(FULL | {"first-move": "tell"}), LATER)])
    return course


@fault(
    GRADE,
    "Work waits for its first grading, or was handed in again after grading",
    "Report and export count it as to be graded. The page and the tables say so at the person.",
)
def test_what_is_to_be_graded_is_counted_and_said_at_the_person(
    stale: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(stale, "trainee-018", FULL)
    words = "2 hand-ins are to be graded: alongside grade --all"
    assert main(["export", f"--root={stale}"]) == 0
    assert words in capsys.readouterr().out
    table = (stale / "exports" / "marks.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(table.splitlines()))
    assert list(rows[0])[-1] == "since_grading"
    again = "this was handed in again after grading"
    assert {row["trainee"]: row["since_grading"] for row in rows} == {WHO: again, "trainee-018": ""}
    assert main(["report", f"--root={stale}"]) == 0
    assert words in capsys.readouterr().out
    page = (stale / "reports" / "cohort.html").read_text(encoding="utf-8")
    assert "<li>To be graded: 2</li>" in page
    assert "<td>handed in again after grading</td>" in page
    assert main(["report", f"--root={stale}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ungraded"] == 2
    assert main(["grade", "--all", f"--root={stale}"]) == 0
    capsys.readouterr()
    for command in ("report", "export"):
        assert main([command, f"--root={stale}"]) == 0
        assert "to be graded" not in capsys.readouterr().out


def test_marks_for_a_later_hand_in_are_said_too(stale: Path) -> None:
    (stale / "submitted" / WHO / MODULE / "timestamp.txt").write_text("2020-01-01 09:00:00 UTC")
    assert main(["report", f"--root={stale}"]) == 0
    page = (stale / "reports" / "cohort.html").read_text(encoding="utf-8")
    assert "<td>an earlier hand-in counts now</td>" in page
