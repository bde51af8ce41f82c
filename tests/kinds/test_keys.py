"""The key is found where a trainer keeps it, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.cohort import MODULE, make_course

from grader.errors import GradingError
from grader.kinds.keys import key_items


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


def grading_folder(root: Path) -> Path:
    folder = root / "autograded" / "trainee-017" / MODULE
    folder.mkdir(parents=True)
    return folder


def test_the_key_is_found_while_a_notebook_is_graded(course: Path) -> None:
    assert list(key_items(grading_folder(course))) == ["first-move", "what-fits", "own-words"]


@pytest.mark.parametrize(
    "place",
    ["", "solutions/07-advice", "submitted/trainee-017/07-advice", "autograded/trainee-017"],
)
def test_there_is_no_key_anywhere_else(course: Path, place: str) -> None:
    folder = course / place
    folder.mkdir(parents=True, exist_ok=True)
    assert key_items(folder) is None


def test_there_is_no_key_deeper_than_the_grading_folder(course: Path) -> None:
    folder = grading_folder(course) / "more"
    folder.mkdir()
    assert key_items(folder) is None


def test_there_is_no_key_where_the_root_has_no_configuration(course: Path) -> None:
    folder = grading_folder(course)
    (course / "nbgrader_config.py").unlink()
    assert key_items(folder) is None


def test_grading_without_a_key_fails_closed(course: Path) -> None:
    folder = grading_folder(course)
    (course / "solutions" / MODULE / "items.yaml").unlink()
    with pytest.raises(GradingError, match=r"items\.yaml is not there"):
        key_items(folder)


def test_grading_with_a_faulty_key_fails_closed(course: Path) -> None:
    folder = grading_folder(course)
    (course / "solutions" / MODULE / "items.yaml").write_text("- id: x\n")
    with pytest.raises(GradingError, match="mend them first"):
        key_items(folder)


def plant(course: Path, inside: Path) -> None:
    """Put a key that gives full marks to a bad answer, with all that makes a course."""
    shutil.copytree(course / "solutions", inside / "solutions")
    shutil.copy(course / "nbgrader_config.py", inside)
    key = inside / "solutions" / MODULE / "items.yaml"
    text = key.read_text(encoding="utf-8")
    text = text.replace("points: 3", "points: 9").replace("points: 1", "points: 3")
    key.write_text(text.replace("points: 9", "points: 1"), encoding="utf-8")


@pytest.mark.parametrize("inside", [".", "..", "autograded/x"])
def test_a_key_that_a_submission_brings_is_not_used(course: Path, inside: str) -> None:
    folder = grading_folder(course)
    plant(course, (folder / inside).resolve())
    options = key_items(folder)["first-move"].options
    assert {option.id: option.points for option in options} == {"listen": 3, "tell": 1}


def test_a_whole_course_inside_a_submission_is_not_a_course(course: Path) -> None:
    inside = grading_folder(course) / "course"
    plant(course, inside)
    assert key_items(grading_folder(inside)) is None
