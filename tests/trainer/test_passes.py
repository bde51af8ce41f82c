"""Who has passed: what certify names as missing, and what has to be signed anew."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import BEST, FULL, MODULE, make_course, mark_by_hand, submit
from helpers.paths import REPOSITORY

from grader.cli import main
from grader.formats import feedback
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.feedback.passes import Pass, passes
from grader.trainer.feedback.signing import new_key
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade

NAME = f"{MODULE} (Advice)"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade one trainee of each sort in a course with this one module."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    (root / "course" / MODULE).mkdir(parents=True)
    new_key(root)
    submit(root, "trainee-017", FULL)
    submit(root, "trainee-018", BEST)  # 6 of 10, the typed reply left open
    submit(root, "trainee-019", {"first-move": "tell"})
    grade(root, MODULE)
    submit(root, "trainee-020", BEST)  # in no roster and in no gradebook
    (root / "submitted" / "#recycle" / MODULE).mkdir(parents=True)
    (root / "roster.csv").write_text("id\ntrainee-021\n")
    return root


@pytest.fixture
def root(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "course"))


def found(root: Path, *trainees: str) -> dict[str, Pass]:
    return {one.trainee: one for one in passes(root, trainees, local_db_url(root))}


def test_everybody_is_named_with_what_is_missing(root):
    assert {name: one.missing for name, one in found(root).items()} == {
        "trainee-017": (f"{NAME}: 1 answer still waits.",),
        "trainee-018": (),
        "trainee-019": (f"{NAME}: 1 of 10 points, 5 are needed.",),
        "trainee-020": (f"{NAME}: handed in, and not graded yet.",),
        "trainee-021": (f"{NAME}: not handed in yet.",),
    }


def test_a_module_that_nobody_handed_in_is_missing_too(root):
    for folder in ("course", "exercises"):
        shutil.copytree(root / folder / MODULE, root / folder / "08-more")
    assert found(root)["trainee-018"].missing == ("08-more (More): not handed in yet.",)


def test_a_rule_of_the_course_counts(root):
    rule = f"modules:\n  - slug: {MODULE}\n    title: T\npass:\n  share: 61\n  must_hand_in: all\n"
    (root / "course" / "modules.yaml").write_text(rule)
    assert found(root)["trainee-018"].missing == (f"{MODULE} (T): 6 of 10 points, 6.1 are needed.",)


def test_what_is_signed_says_the_rule_and_the_result(root):
    make_feedback(root, MODULE)
    signed = {}
    for name in ("trainee-017", "trainee-018", "trainee-019"):
        page = (root / "feedback" / name / MODULE / "exercise.html").read_bytes()
        signed[name] = feedback.parse(feedback.numbers_in(page)).signed
    assert signed["trainee-017"] is None
    assert [signed[f"trainee-01{n}"].statement.passed for n in (8, 9)] == ["yes", "no"]
    rule = f"at least 50 % of the points in each of these modules: {MODULE}"
    assert {signed[f"trainee-01{n}"].statement.rule for n in (8, 9)} == {rule}


@fault(
    GRADE,
    "A mark changes after it was signed for a certificate",
    "`alongside certify` names the module and the signed points. `alongside feedback` signs anew.",
)
def test_marks_that_changed_after_signing_are_told(root):
    assert found(root)["trainee-018"].to_sign == (f"{NAME}: not signed yet.",)
    make_feedback(root, MODULE)
    assert [one.to_sign for one in found(root).values()] == [()] * 5
    mark_by_hand(root, "own-words-mark", 4)
    assert found(root)["trainee-017"].to_sign == (f"{NAME}: not signed yet.",)
    make_feedback(root, MODULE)
    mark_by_hand(root, "own-words-mark", 1)
    told = (f"{NAME}: signed with 10 of 10 points, now it is 7.",)
    assert found(root)["trainee-017"].to_sign == told
    make_feedback(root, MODULE)
    assert found(root)["trainee-017"].to_sign == ()


def test_a_rule_that_changed_after_signing_is_told(root):
    make_feedback(root, MODULE)
    rule = f"modules:\n  - slug: {MODULE}\n    title: T\npass:\n  share: 90\n  must_hand_in: all\n"
    (root / "course" / "modules.yaml").write_text(rule)
    assert found(root)["trainee-018"].to_sign == (f"{MODULE} (T): signed by another pass rule.",)


def certify(root: Path, *words: str) -> int:
    return main(["certify", *words, "--root", str(root)])


def test_the_command_refuses_by_its_exit_and_names_what_is_missing(root, capsys):
    make_feedback(root, MODULE)
    assert certify(root, "trainee-018") == 0
    said = capsys.readouterr().out
    assert said.startswith("trainee-018: passed\n")
    assert "There is no course/modules.yaml, so the usual rule counts." in said
    assert f"To pass: at least 50 % of the points in each of these modules: {MODULE}." in said
    assert certify(root, "trainee-018", "trainee-019") == 1
    assert f"trainee-019: not passed yet\n  {NAME}: 1 of 10" in capsys.readouterr().out
    assert certify(root) == 0


def test_the_command_speaks_to_programs(root, capsys):
    assert certify(root, "trainee-019", "--json") == 1
    (one,) = json.loads(capsys.readouterr().out)
    assert one["missing"] == [f"{NAME}: 1 of 10 points, 5 are needed."]
    assert one["passed"] is False


def test_a_strange_code_is_answered_with_the_nearest(root, capsys):
    assert certify(root, "trainee-18") == 1
    assert "did you mean 'trainee-018'?" in capsys.readouterr().err


@fault(
    GRADE,
    "The pass rule in `course/modules.yaml` holds a mistake",
    "Nothing is signed by a rule that nobody meant. File, line and remedy are named.",
)
def test_a_broken_rule_stops_signing_in_plain_words(root, capsys):
    (root / "course" / "modules.yaml").write_text("pass: {share: 200}\n")
    assert main(["feedback", MODULE, "--root", str(root)]) == 1
    said = capsys.readouterr().err
    assert "course/modules.yaml:1: share: must be a number from 1 to 100" in said
    assert "Traceback" not in said


def test_the_real_course_asks_for_all_ten(tmp_path):
    root = make_course(tmp_path / "course")
    shutil.copytree(REPOSITORY / "course", root / "course", ignore=shutil.ignore_patterns("*.png"))
    shutil.copytree(REPOSITORY / "exercises", root / "exercises", dirs_exist_ok=True)
    submit(root, "trainee-017", BEST)
    grade(root, MODULE)
    assert len(found(root)["trainee-017"].missing) == 9
