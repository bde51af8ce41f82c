"""A module whose folder in `solutions/` is gone is named wherever marks are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.hand_ins import WHO

from grader.cli import main
from grader.trainer.grading.grading import grade

OTHER = "08-limits"
TOLD = f"solutions/{OTHER}/exercise.ipynb is missing, so {OTHER} is left out."


@pytest.fixture(name="lacking")
def course_without_one_folder(course: Path) -> Path:
    """Make a course of two modules, of which one was graded and then lost its folder."""
    for place in ("solutions", "exercises"):
        shutil.copytree(course / place / MODULE, course / place / OTHER)
    submit(course, WHO, FULL)
    grade(course, MODULE)
    there = course / "submitted" / WHO / OTHER
    shutil.copytree(course / "submitted" / WHO / MODULE, there)
    answers = there / "answers.json"
    answers.write_bytes(answers.read_bytes().replace(MODULE.encode(), OTHER.encode()))
    grade(course, OTHER)
    shutil.rmtree(course / "solutions" / OTHER)
    return course


@fault(
    GRADE,
    "The folder of a module in `solutions/` is gone, and you write marks, a report or feedback",
    "The others are done. That one is named, and the command ends with a fault.",
)
@pytest.mark.parametrize(
    "words", [("export",), ("report",), ("feedback", "--all"), ("certify", "--new-key")]
)
def test_a_module_without_its_folder_is_named(
    lacking: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([*words, f"--root={lacking}"]) == 1
    assert f"{TOLD} 1 trainee handed it in." in capsys.readouterr().err


def test_a_certificate_does_not_say_that_it_was_never_graded(
    lacking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in (MODULE, OTHER):
        (lacking / "course" / module).mkdir(parents=True)
    main(["certify", "--new-key", f"--root={lacking}"])
    said = capsys.readouterr().out
    assert "not graded yet" not in said
    assert f"solutions/{OTHER}/ is missing, so its marks cannot be told" in said
