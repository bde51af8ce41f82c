"""A module whose folder in `solutions/` is gone is named wherever marks are told."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.cohort import FULL, MODULE, answers_json, submit, write_bundle
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


@pytest.mark.parametrize("words", [("grade", "--all"), ("grade", "--all", "--dry-run")])
def test_grading_all_ends_with_a_fault_and_grades_the_others(
    lacking: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    submit(lacking, "trainee-018", FULL)
    capsys.readouterr()
    assert main([*words, f"--root={lacking}"]) == 1
    both = capsys.readouterr()
    assert f"solutions/{OTHER}/exercise.ipynb is missing, so {OTHER} is not graded." in both.err
    assert f"trainee-018  {MODULE}  waiting for trainer" in both.out


def test_grading_another_module_is_no_fault(
    lacking: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", MODULE, f"--root={lacking}"]) == 0


@pytest.mark.parametrize("command", ["grade", "feedback"])
def test_the_module_itself_is_not_called_unknown(
    lacking: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main([command, OTHER, f"--root={lacking}"]) == 1
    said = capsys.readouterr().err
    assert f"{TOLD} 1 trainee handed it in. Put it back with its items.yaml" in said
    assert "is not a module" not in said


@fault(
    GRADE,
    "The key of one module is missing or has mistakes, and you ask for feedback, report or passes",
    "The others are done. That one is named, and the command ends with a fault.",
)
@pytest.mark.parametrize("words", [("report",), ("feedback", "--all"), ("certify", "--new-key")])
@pytest.mark.parametrize("content", [None, "- id: [\n"])
def test_a_key_that_cannot_be_used_stops_no_other_module(
    lacking: Path,
    words: tuple[str, ...],
    content: str | None,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for place in ("solutions", "course"):
        (lacking / place / OTHER).mkdir(parents=True)
    (lacking / "course" / MODULE).mkdir()
    shutil.copy(lacking / "exercises" / OTHER / "exercise.ipynb", lacking / "solutions" / OTHER)
    if content:
        (lacking / "solutions" / OTHER / "items.yaml").write_text(content)
    capsys.readouterr()
    assert main([*words, f"--root={lacking}"]) == 1
    both = capsys.readouterr()
    assert f"{OTHER} is left out: " in both.err
    assert f" solutions/{OTHER}/items.yaml" in both.err
    page = lacking / "feedback" / WHO / MODULE / "exercise.html"
    report = lacking / "reports" / "cohort.html"
    assert words[0] != "feedback" or page.exists()
    assert words[0] != "report" or report.exists()
    if words[0] == "certify":
        assert f"{MODULE} (Advice): 1 answer still waits." in both.out
        assert f"graded, but the key in solutions/{OTHER}/ cannot be used" in both.out


@pytest.mark.parametrize("command", [("grade", "--all"), ("feedback", "--all"), ("report",)])
def test_where_all_keys_are_gone_nobody_is_told_to_collect_or_grade(
    lacking: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(lacking / "solutions" / MODULE)
    capsys.readouterr()
    assert main([*command, f"--root={lacking}"]) == 1
    both = capsys.readouterr()
    said = both.out + both.err
    assert "ut the" in said or "Put it back" in said
    for untrue in ("nothing is handed in", "run 'alongside grade' first", "collect"):
        assert untrue not in said


@fault(
    COLLECT,
    "A hand-in comes for a module whose folder in `solutions/` is gone",
    "It is not taken yet. You are told what to put back, and to collect it again.",
)
def test_a_hand_in_for_it_is_not_called_a_stranger(
    lacking: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_bundle(tmp_path / "in", "trainee-018", answers_json(FULL, OTHER), module=OTHER)
    capsys.readouterr()
    assert main(["collect", str(path), f"--root={lacking}"]) == 1
    said = capsys.readouterr().out
    assert f"solutions/{OTHER}/exercise.ipynb is missing; put it back" in said
    assert "is no module" not in said
    assert main(["collect", "--use", WHO, OTHER, "1", f"--root={lacking}"]) == 1
    assert f"solutions/{OTHER}/exercise.ipynb is missing" in capsys.readouterr().err
    assert main(["collect", "--use", WHO, "..", "1", f"--root={lacking}"]) == 1
    assert "is no module of this course" in capsys.readouterr().err
