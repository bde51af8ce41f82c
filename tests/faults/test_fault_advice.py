"""What a trainer is told of misplaced work names the right person, and a way that works."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, MODULE, WHEN, submit
from helpers.hand_ins import GOOD, WHO, bundle, in_use, listed

from grader.cli import main
from grader.trainer.collect.senders import FOLDER
from grader.trainer.roster.misplaced import misplaced


def run(course: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    main([*words, f"--root={course}"])
    return capsys.readouterr().err


def moved(course: Path, place: str) -> None:
    source = submit(course, WHO, FULL)
    goal = course / "submitted" / place
    shutil.move(source, course / "for-now")
    goal.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(course / "for-now", goal)


@fault(
    GRADE,
    "A hand-in lies too deep, and several folders above it may be a code",
    "The one that is in the roster, has other modules or looks like the others is named.",
)
@pytest.mark.parametrize("known", ["roster", "other module", "others"])
@pytest.mark.parametrize("place", [f"{WHO}/week1", f"week1/{WHO}", f"{WHO}/week1/try2"])
def test_the_code_of_somebody_known_is_proposed(course: Path, known: str, place: str) -> None:
    moved(course, f"{place}/{MODULE}")
    if known == "roster":
        (course / "roster.csv").write_text(f"code\n{WHO}\n", encoding="utf-8")
    elif known == "other module":
        (course / "submitted" / WHO / "01-known").mkdir(parents=True, exist_ok=True)
        (course / "submitted" / WHO / "01-known" / "answers.json").write_bytes(GOOD)
    else:
        submit(course, "trainee-001", FULL)
    lines = misplaced(course, [MODULE, "01-known"])
    goal = f"submitted/{WHO}/{MODULE}"
    assert [line for line in lines if "too deep" in line] == [
        f"submitted/{place}/{MODULE} lies too deep; move it to {goal}"
    ]


@fault(
    GRADE,
    "A hand-in file was unpacked in `submitted/`",
    "The folder is named, and the way to collect it. It works as it stands.",
)
@pytest.mark.parametrize("place", ["unpacked", f"{WHO}/unpacked", "a/b/unpacked"])
def test_an_unpacked_hand_in_file_is_to_be_collected(
    course: Path, place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = course / "submitted" / place
    folder.mkdir(parents=True)
    with zipfile.ZipFile(bundle(course, "first", GOOD, WHEN)) as whole:
        whole.extractall(folder)
    what = "is a hand-in file that was unpacked; collect it, then remove it"
    assert misplaced(course, [MODULE]) == [f"submitted/{place} {what}: alongside collect FOLDER"]
    run(course, capsys, "collect", str(folder))
    assert in_use(course) == GOOD


COPIES = [f"{WHO}.sync-conflict-20260601-120000-ABCDEFG", f"{WHO} (conflicted copy 2026-06-01)"]


@fault(
    GRADE,
    "A program made a copy of a trainee’s folder, and the folder itself is gone",
    "You are told to give the copy the name of the folder. Then it is graded.",
)
@pytest.mark.parametrize("name", COPIES)
def test_a_copy_that_is_alone_is_to_be_renamed(
    course: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL).parent.rename(course / "submitted" / name)
    said = run(course, capsys, "grade", "--all")
    what = f"submitted/{name} is a copy that a program made"
    assert f"{what}, and no submitted/{WHO} is there. Rename it to submitted/{WHO}." in said


@pytest.mark.parametrize("name", [*COPIES, f"{WHO} (1)"])
def test_of_a_copy_beside_the_folder_it_is_said_what_to_do(
    course: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(submit(course, WHO, FULL).parent, course / "submitted" / name)
    said = run(course, capsys, "grade", "--all")
    what = f"submitted/{name} is a copy that a program made. Look whether it is newer."
    do = f"If so, put its files in the place of those in submitted/{WHO}. Then remove it."
    assert f"{what} {do}" in said


FILES = [
    "answers (1).json",
    "answers - Copy.json",
    "Copy of answers.json",
    "answers.sync-conflict-20260601-120000-ABCDEFG.json",
    "answers (conflicted copy 2026-06-01).json",
    "answers.json.txt",
]


@fault(
    GRADE,
    "A copy of answers lies in the folder of a module",
    "It is named, with what to do: beside the answers, and where they are gone.",
)
@pytest.mark.parametrize("name", FILES)
def test_a_copy_of_answers_is_named(
    course: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = submit(course, WHO, FULL)
    shutil.copy(folder / "answers.json", folder / name)
    where = f"submitted/{WHO}/{MODULE}"
    beside = f"{where}/{name} is a copy of answers.json; look whether it is newer. If so, put it "
    assert misplaced(course, [MODULE]) == [f"{beside}in the place of the other; then remove it"]
    (folder / "answers.json").unlink()
    alone = f"{where}/{name} is a copy of answers.json, which is gone; rename it to answers.json"
    assert alone in run(course, capsys, "grade", "--all")


def test_no_other_file_is_taken_for_a_copy_of_answers(course: Path) -> None:
    folder = submit(course, WHO, FULL)
    for name in ("items.json", "my answers.json", "answers.md", ".answers.json.1a2b", "._answers"):
        (folder / name).write_bytes(b"x")
    assert misplaced(course, [MODULE]) == []


@fault(
    GRADE,
    "Work lies in a wrong place, or is kept aside, when feedback, certificates, a report or a "
    "table are made",
    "Each of these commands names it, as grading does.",
)
@pytest.mark.parametrize(
    "words", [["feedback", MODULE], ["certify", "--new-key"], ["report"], ["export"]]
)
def test_every_command_names_what_is_misplaced_and_kept_aside(
    course: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL)
    run(course, capsys, "grade", "--all")
    shutil.copytree(
        course / "submitted" / WHO / MODULE, course / "submitted" / "sub" / WHO / MODULE
    )
    other = course / FOLDER / "0123456789abcdef" / "submitted" / WHO
    shutil.copytree(course / "submitted" / WHO, other)
    said = run(course, capsys, *words)
    assert said.count(" lies too deep") == 1
    assert said.count("See 'alongside whose'") == 1


@pytest.mark.parametrize("left", ["nothing", "exercise.ipynb"])
def test_an_emptied_folder_is_not_listed_as_a_hand_in(
    course: Path, left: str, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "trainee-001", FULL)
    for path in submit(course, WHO, FULL).iterdir():
        if path.name != left:
            path.unlink()
    capsys.readouterr()
    main(["collect", "--list", f"--root={course}"])
    said = capsys.readouterr().out
    assert "trainee-001" in said
    assert WHO not in said
    run(course, capsys, "collect", str(bundle(course, "first", GOOD, WHEN)))
    (course / "submitted" / WHO / MODULE / "answers.json").unlink()
    assert [(one["number"], one["in_use"]) for one in listed(course, capsys)] == [(1, True)]


@fault(
    GRADE,
    "A folder has the name of the gradebook or of the roster",
    "Nothing is changed. You are told to rename the folder.",
)
@pytest.mark.parametrize("name", ["gradebook.db", "roster.csv", "roster.xlsx"])
@pytest.mark.parametrize("graded", [False, True])
def test_a_folder_in_the_place_of_a_file_is_to_be_renamed(
    course: Path, name: str, graded: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL)
    if graded:
        run(course, capsys, "grade", "--all")
    (course / "gradebook.db").unlink(missing_ok=True)
    (course / name).mkdir()
    (course / name / "a.txt").write_bytes(b"seen")
    said = run(course, capsys, "grade", "--all")
    assert f"{name} is a folder, and no file; rename the folder" in said.replace(": it", "")
    assert (course / name / "a.txt").read_bytes() == b"seen"
