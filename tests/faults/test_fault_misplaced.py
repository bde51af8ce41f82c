"""Hand-ins that lie in a wrong place of `submitted/` are named, with the right one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.hand_ins import WHO

from grader.cli import main
from grader.trainer.roster.misplaced import misplaced

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
        (f"a/b/c/{WHO}/{MODULE}", f"{DEEP} submitted/{WHO}/{MODULE}"),
        (f"a/b/c/d/e/f/g/{WHO}/{MODULE}", f"{DEEP} submitted/{WHO}/{MODULE}"),
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


@fault(
    GRADE,
    "Answers lie one folder too high, and the folder of their module has answers too",
    "You are told to keep one. Nothing is to be moved onto what is there.",
)
def test_nothing_is_to_be_moved_onto_answers_that_are_there(course: Path) -> None:
    there = submit(course, WHO, FULL)
    shutil.copy(there / "answers.json", there.parent)
    (said,) = misplaced(course, [MODULE])
    assert "lies one folder too high, and submitted/" in said
    assert "move it" not in said
    assert said.endswith("has one too: two hand-ins for one module; keep one")
    (there / "answers.json").unlink()
    assert any("too high; move it to submitted/" in line for line in misplaced(course, [MODULE]))


@fault(
    GRADE,
    "Answers lie in `submitted/` itself, or in a folder of a module there",
    "Grading, report and export name them, with the right place. Ask whose they are.",
)
@pytest.mark.parametrize("place", ["", f"{MODULE}/"])
@pytest.mark.parametrize("command", [["grade", "--all"], ["report"], ["export"]])
def test_answers_that_lie_outside_of_every_folder_are_named(
    course: Path, place: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    there = submit(course, WHO, FULL)
    goal = course / "submitted" / place
    goal.mkdir(exist_ok=True)
    for name in ("answers.json", "exercise.ipynb"):
        shutil.copy(there / name, goal)
    main([*command, f"--root={course}"])
    what = f"submitted/{place}answers.json lies outside of every trainee's folder; ask whose it is"
    said = capsys.readouterr().err.splitlines()
    assert f"alongside: {what}, then move it to submitted/CODE/{MODULE}/" in said
    assert sum("outside of every" in line for line in said) == 1
    assert not any("too high" in line for line in said)


@pytest.mark.parametrize(("content", "module"), [(b"{", "MODULE"), (b'{"module": "x"}', "MODULE")])
def test_answers_that_do_not_say_their_module_are_named_without_it(
    course: Path, content: bytes, module: str
) -> None:
    home = course / "submitted"
    home.mkdir(exist_ok=True)
    (home / "answers.json").write_bytes(content)
    (said,) = misplaced(course, [MODULE])
    assert said.endswith(f"then move it to submitted/CODE/{module}/")


@fault(
    GRADE,
    "A folder in `submitted/` goes too deep, or holds folders by the thousand, or a link",
    "It is looked through to a bound. You are told where nobody looked, and to look yourself.",
)
def test_a_search_that_ends_says_where(course: Path) -> None:
    deep = "/".join("abcdefghijkl")
    (course / "submitted" / deep / WHO / MODULE).mkdir(parents=True)
    into = "was not looked into: it"
    look = "Look whether a hand-in is in it."
    assert misplaced(course, [MODULE]) == [f"submitted/{deep} {into} lies too deep. {look}"]
    shutil.rmtree(course / "submitted" / "a")
    (course / "submitted" / "a" / "b" / "d").mkdir(parents=True)
    (course / "submitted" / "a" / "b" / "c").symlink_to(course / "submitted")
    assert misplaced(course, [MODULE]) == [f"submitted/a/b/c {into} is a link. {look}"]


@pytest.mark.parametrize("below", ["", "b"])
def test_a_search_among_very_many_folders_is_cut_and_says_so(
    course: Path, below: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.trainer.roster.searching.MOST", 20)
    for number in range(30):
        (course / "submitted" / "a" / below / f"n{number}").mkdir(parents=True)
    moved(course, f"z/c/{WHO}/{MODULE}")
    through = "was not looked through: there are too many folders"
    look = "Look whether a hand-in is in it."
    assert misplaced(course, [MODULE]) == [f"submitted/{one} {through}. {look}" for one in "az"]


def test_many_places_that_were_not_looked_into_are_counted(course: Path) -> None:
    for number in range(9):
        deep = f"a/b/c/d/e/f/g/h/i/j/k/{number}/last"
        (course / "submitted" / deep).mkdir(parents=True)
    said = misplaced(course, [MODULE])
    assert len(said) == 6
    assert said[-1] == "submitted/ holds 4 more that were not looked into."


@fault(
    GRADE,
    "The folder of a module holds a hand-in file instead of answers",
    "The file is named, and the way to collect it.",
)
@pytest.mark.parametrize("beside", ["", "notes.txt", ".DS_Store"])
def test_a_hand_in_file_instead_of_answers_is_named(
    course: Path, beside: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = course / "submitted" / WHO / MODULE
    folder.mkdir(parents=True)
    (folder / "hand.zip").write_bytes(b"PK")
    if beside:
        (folder / beside).write_bytes(b"x")
    what = f"submitted/{WHO}/{MODULE}/hand.zip is a file that is not collected"
    assert f"{what}; collect it: alongside collect FILE" in told(course, capsys)


def test_a_file_beside_answers_was_handed_in_with_them(course: Path) -> None:
    (submit(course, WHO, FULL) / "more.zip").write_bytes(b"PK")
    assert misplaced(course, [MODULE]) == []
