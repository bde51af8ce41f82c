"""After a decision about a code, every command says the same, and nothing that is not so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.aftermath import by_trainer
from helpers.cohort import BEST, MODULE, answers_json
from helpers.slips import ADA, BEN, FIRST, SECOND, run, send

from grader.trainer.collect.whose import put_aside
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.passes import Pass, passes
from grader.trainer.feedback.signing import new_key
from grader.trainer.gradebook.gradebook import default_db_url

PASSES = answers_json(BEST)
FAILS = answers_json({"first-move": "tell"})
TELLERS = (["grade", "--all"], ["feedback", "--all"], ["certify"], ["report"], ["export"])


@pytest.fixture(autouse=True)
def _signs(course: Path) -> None:
    (course / "course" / MODULE).mkdir(parents=True)  # the only one that anybody needs
    new_key(course)


def of(course: Path, who: str) -> Pass:
    (one,) = passes(course, [who], default_db_url(course))
    return one


def said(course: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    run(course, *words)
    both = capsys.readouterr()
    return both.out + both.err


def two_under_one_code(course: Path) -> None:
    """Grade and give feedback on what came first, and keep what came second aside."""
    send(course, ADA, PASSES, 1)
    run(course, "grade", MODULE)
    run(course, "feedback", MODULE)
    send(course, BEN, FAILS, 2)


# Nothing lies on another computer --------------------------------------------------------


@fault(
    GRADE,
    "You take back that work was another person’s, after it was graded under the new code",
    "Each command says to whom it went back, and how to remove marks that nobody should have.",
)
@pytest.mark.parametrize("command", TELLERS, ids=lambda words: words[0])
def test_what_went_back_to_its_code_is_not_said_to_lie_elsewhere(
    course: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    two_under_one_code(course)
    run(course, "whose", FIRST, "--other", SECOND)
    run(course, "grade", MODULE)
    run(course, "whose", FIRST, "--undo")
    told = said(course, capsys, *command)
    assert "share the whole course folder" not in told
    assert "no longer in submitted/" not in told
    assert f"went back to {FIRST}" in told
    assert f"nbgrader db student remove {SECOND} --force" in told
    run(course, "whose", FIRST, "--same")  # and wherever it went from there
    assert f"went back to {FIRST}" in said(course, capsys, *command)


@fault(
    GRADE,
    "What you said with `alongside whose` sets marked work aside, and nothing counts in its place",
    "Each command says that it is kept aside. None sends you to another computer.",
)
@pytest.mark.parametrize("command", TELLERS, ids=lambda words: words[0])
def test_what_is_kept_aside_is_not_said_to_lie_elsewhere(
    course: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    two_under_one_code(course)
    put_aside(course, ADA, course / "submitted" / FIRST / MODULE, FIRST)
    told = said(course, capsys, *command)
    assert "share the whole course folder" not in told
    assert "no longer in submitted/" not in told
    assert "what was marked is kept aside" in told


def test_what_is_nowhere_here_is_still_told(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two_under_one_code(course)
    (course / "submitted" / FIRST / MODULE).rename(course.parent / "away")
    (course / "aside").rename(course.parent / "aside")
    assert "share the whole course folder" in said(course, capsys, "grade", "--all")


# Certificate and feedback ----------------------------------------------------------------


@fault(
    GRADE,
    "Another hand-in counts now than the one that was marked, and you ask who has passed",
    "`alongside certify` and `alongside feedback` give one reason. Nobody passes by old marks.",
)
@pytest.mark.parametrize("steps", [["--instead"], ["--instead", "--undo"]])
def test_nobody_has_passed_by_marks_of_what_no_longer_counts(
    course: Path, steps: list[str]
) -> None:
    send(course, ADA, FAILS if "--undo" in steps else PASSES, 1)
    run(course, "grade", MODULE)
    send(course, BEN, PASSES if "--undo" in steps else FAILS, 2)
    for step in steps:
        run(course, "grade", MODULE)
        run(course, "feedback", MODULE)
        assert of(course, FIRST).passed is (step == "--undo" or "--undo" not in steps)
        run(course, "whose", FIRST, step)
    (told,) = make_feedback(course, MODULE)
    why = re.sub(r".*: ", "", told.problem)
    assert why.endswith("grade first.")
    found = of(course, FIRST)
    assert not found.passed
    assert found.missing == (f"{MODULE} (Advice): {why}",)
    assert found.to_sign == ()
    run(course, "grade", MODULE)
    assert not of(course, FIRST).passed  # it was marked, and is not enough
    (told,) = make_feedback(course, MODULE)
    assert not told.problem


def test_marks_of_a_code_that_has_nothing_any_more_are_no_pass(course: Path) -> None:
    send(course, ADA, FAILS, 1)
    send(course, BEN, PASSES, 2)
    run(course, "whose", FIRST, "--other", SECOND)
    run(course, "grade", MODULE)
    run(course, "feedback", MODULE)
    assert of(course, SECOND).passed
    run(course, "whose", FIRST, "--undo")
    told = {one.trainee: one.problem for one in make_feedback(course, MODULE)}
    assert told[SECOND].startswith(f"No feedback for {SECOND}: what was marked went back")
    (line,) = of(course, SECOND).missing
    assert line == told[SECOND].replace(f"No feedback for {SECOND}", f"{MODULE} (Advice)")


def test_marks_stand_where_the_answers_lie_on_another_computer(course: Path) -> None:
    send(course, ADA, PASSES, 1)
    run(course, "grade", MODULE)
    for name in ("submitted", "history"):
        (course / name).rename(course.parent / name)
    found = of(course, FIRST)
    assert (found.passed, found.missing, found.to_sign) == (True, (), ())
    (told,) = make_feedback(course, MODULE)
    assert found.held == (f"{MODULE} (Advice): {told.problem.partition(': ')[2]}",)


def test_damaged_work_is_no_pass_where_its_feedback_is_a_draft(course: Path) -> None:
    send(course, ADA, PASSES, 1)
    run(course, "grade", MODULE)
    (course / "submitted" / FIRST / MODULE / "answers.json").write_bytes(b"{")
    for path in course.glob("history/*/*/*.zip"):
        path.unlink()
    run(course, "grade", MODULE)
    by_trainer(course, FIRST, 0.0, "")
    (told,) = make_feedback(course, MODULE)
    assert (told.state, bool(told.damage)) == ("draft", True)
    found = of(course, FIRST)
    assert not found.passed
    assert found.missing == (f"{MODULE} (Advice): {told.damage}",)
    assert found.to_sign == ()
