"""Hand-ins that lie in a wrong place of `submitted/` are named, with the right one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.hand_ins import WHO

from grader.cli import main

NO_MODULE = " is no module, so it is not graded; rename it to"


def moved(course: Path, goal: str) -> None:
    source = submit(course, WHO, FULL)
    shutil.move(source, course / "aside-for-now")
    shutil.rmtree(course / "submitted" / WHO)
    (course / "submitted" / goal).parent.mkdir(parents=True, exist_ok=True)
    shutil.move(course / "aside-for-now", course / "submitted" / goal)


def told(course: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    main(["grade", "--all", f"--root={course}"])
    return capsys.readouterr().err


@fault(
    GRADE,
    "Answers lie one folder too high, under code and module the wrong way round, or in a folder "
    "with the letters of a module a little wrong",
    "They are not graded there. One line names the place, and the right one.",
)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        (WHO, f"/answers.json lies one folder too high; move it to submitted/{WHO}/{MODULE}/"),
        (f"{WHO}/07-Advise", f"{NO_MODULE} submitted/{WHO}/{MODULE}"),
        (f"{WHO}/07-ADVICE", f"{NO_MODULE} submitted/{WHO}/{MODULE}"),
        (f"{WHO}/7-advice", f"{NO_MODULE} submitted/{WHO}/{MODULE}"),
        (f"{WHO}/my work", f"{NO_MODULE} submitted/{WHO}/{MODULE}"),
        (f"{MODULE}/{WHO}", f" the wrong way round; move it to submitted/{WHO}/{MODULE}"),
    ],
)
def test_what_lies_in_a_wrong_place_is_named_with_the_right_one(
    course: Path, place: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "trainee-001", FULL)
    moved(course, place)
    line = next(one for one in told(course, capsys).splitlines() if one.endswith(said))
    assert f"submitted/{place}" in line


def test_what_lies_where_it_should_is_not_named(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = submit(course, WHO, FULL)
    for name in (".07-advice", "__MACOSX", "notes"):
        (folder.parent / name).mkdir()
    (folder.parent / "notes" / "a.txt").write_text("seen")
    assert "submitted/" not in told(course, capsys)


DEEP = " lies too deep; move it to"


@fault(
    GRADE,
    "Answers lie in a folder in a folder, or hand-in files lie in `submitted/`",
    "Each is named under `alongside grade`, with what to do.",
)
@pytest.mark.parametrize(
    ("place", "said"),
    [
        (f"sub/{WHO}/{MODULE}", f"{DEEP} submitted/{WHO}/{MODULE}"),
        (f"a/b/{WHO}/{MODULE}", f"{DEEP} submitted/{WHO}/{MODULE}"),
        (f"sub/{WHO}/my work", f"{DEEP} submitted/{WHO}/{MODULE}"),
        (f"{WHO}/notes/{MODULE}", f"{DEEP} submitted/{WHO}/{MODULE}"),
    ],
)
def test_what_lies_too_deep_is_named(
    course: Path, place: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    moved(course, place)
    assert f"submitted/{place}{said}" in told(course, capsys).splitlines()[0]


def test_a_module_in_its_own_folder_is_named(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    moved(course, f"{WHO}/{MODULE}/{MODULE}")
    deep = f"submitted/{WHO}/{MODULE}/{MODULE} lies too deep"
    place = f"submitted/{WHO}/{MODULE}"
    assert f"{deep}; move its files up to {place}" in told(course, capsys)
    submit(course, WHO, FULL)
    two = f"{deep}, and {place} is there: two folders for one module; keep one"
    assert two in told(course, capsys)


@pytest.mark.parametrize("place", [".", WHO, f"sub/{WHO}"])
def test_a_hand_in_file_that_lies_there_is_named(
    course: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = course / "submitted" / place
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "07-advice-trainee-017.zip").write_bytes(b"PK")
    where = (Path("submitted") / place / "07-advice-trainee-017.zip").as_posix()
    assert f"{where} is a file that is not collected" in told(course, capsys)


@fault(
    GRADE,
    "A folder beside that of a module has nearly its name, or answers for that module",
    "You are told that there are two, and to keep one. No name is proposed that is taken.",
)
@pytest.mark.parametrize("name", [f"{MODULE} (1)", "01-nothing", "07-Advise", f"Copy of {MODULE}"])
def test_no_name_is_proposed_that_is_taken(
    course: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    source = submit(course, WHO, FULL)
    shutil.copytree(source, source.with_name(name))
    said = told(course, capsys)
    assert "rename it" not in said
    two = f"submitted/{WHO}/{MODULE} is there: two folders for one module; keep one"
    assert f"submitted/{WHO}/{name} is no module, so it is not graded, and {two}" in said


def test_no_module_of_another_number_is_proposed(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = submit(course, WHO, FULL).rename(course / "submitted" / WHO / "01-advice")
    (folder / "answers.json").write_bytes(b"{")
    assert f"rename it to submitted/{WHO}/MODULE" in told(course, capsys)
