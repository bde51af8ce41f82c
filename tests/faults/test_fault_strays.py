"""Answers that lie in `submitted/` as a plain file are named, and never passed over in silence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, MODULE, answers_json, submit
from helpers.hand_ins import WHO

from grader.cli import main
from grader.places import SENDERS
from grader.trainer.roster.misplaced import misplaced

WORK = answers_json(FULL)
HOLDS = " holds answers and is not graded"
TWO = ": two hand-ins for one module; keep one"
COMMANDS = (["grade", "--all"], ["report"], ["export"], ["feedback", "--all"], ["certify"])


@pytest.fixture(name="begun")
def with_one_who_handed_in(course: Path) -> Path:
    submit(course, WHO, FULL)
    return course


def lay(course: Path, place: str, content: bytes = WORK) -> Path:
    path = course / "submitted" / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def goal(code: str) -> str:
    return f"submitted/{code}/{MODULE}/answers.json"


@fault(
    GRADE,
    "Answers lie in `submitted/`, or in a trainee’s folder, as a file with any other name",
    "Each command of a trainer names the file, and the place where it belongs.",
)
@pytest.mark.parametrize(
    ("place", "do"),
    [
        (
            "trainee-002",
            f"; move it out of submitted/ first, then put the answers in as {goal('trainee-002')}",
        ),
        ("trainee-002.json", f"; move it to {goal('trainee-002')}"),
        ("work", f"; ask whose they are, then put it in as {goal('CODE')}"),
        ("trainee-001/answers", f"; move it to {goal('trainee-001')}"),
        ("trainee-001/Answers.JSON", f"; move it to {goal('trainee-001')}"),
        (
            f"trainee-001/{MODULE}",
            f"; move it out of submitted/ first, then put the answers in as {goal('trainee-001')}",
        ),
        (f"{MODULE}/trainee-003.json", f"; move it to {goal('trainee-003')}"),
        ("trainee-001/old/mine.json", f"; move it to {goal('trainee-001')}"),
        (
            f"{WHO}/answers.txt",
            f", and {goal(WHO)} is there{TWO}",
        ),
    ],
)
def test_answers_that_lie_as_a_file_are_named(begun: Path, place: str, do: str) -> None:
    lay(begun, place)
    assert f"submitted/{place}{HOLDS}{do}" in misplaced(begun, [MODULE])


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_names_what_lies_as_a_file(
    begun: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    main(["grade", "--all", f"--root={begun}"])
    lay(begun, "work")
    lay(begun, "notes.odt", b"PK")
    capsys.readouterr()
    new_key = ["--new-key"] if command == ["certify"] else []
    main([*command, *new_key, f"--root={begun}"])
    said = capsys.readouterr().err
    assert f"submitted/work{HOLDS}" in said
    assert "submitted/notes.odt is a file that is not read." in said


@pytest.mark.parametrize("content", [b"PK", b"", b"{", b'{"items": {}}', b"[" * 100_000])
def test_any_other_file_is_named_as_not_read(begun: Path, content: bytes) -> None:
    lay(begun, "notes", content)
    look = "Look whether it is somebody's work, then move it out of submitted/."
    (said,) = misplaced(begun, [MODULE])
    assert said == f"submitted/notes is a file that is not read. {look}"


def test_answers_that_cannot_be_read_are_named_as_work(begun: Path) -> None:
    lay(begun, "trainee-001/answers (1).json", WORK[:30])
    what = "submitted/trainee-001/answers (1).json has the name of answers, and they cannot be read"
    (said,) = misplaced(begun, [MODULE])
    assert said == f"{what}; ask for them to be handed in again, then remove it"


def test_a_very_large_file_is_not_read(begun: Path) -> None:
    lay(begun, "work", WORK + b" " * (1 << 20))
    (said,) = misplaced(begun, [MODULE])
    assert said.startswith("submitted/work is a file that is not read.")


def test_a_link_is_named_and_not_followed(begun: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_bytes(WORK)
    for name, place in {"a": tmp_path / "elsewhere.json", "b": tmp_path / "nowhere"}.items():
        (begun / "submitted" / name).symlink_to(place)
    link = "is a link, which is not followed. Look where it leads, then remove it."
    assert misplaced(begun, [MODULE]) == [f"submitted/{name} {link}" for name in "ab"]


@pytest.mark.parametrize(
    "name", [".DS_Store", "Thumbs.db", "._x", "desktop.ini", ".~lock.x#", ".gitkeep"]
)
@pytest.mark.parametrize("place", ["", f"{WHO}/"])
def test_what_systems_leave_there_is_not_named(begun: Path, place: str, name: str) -> None:
    lay(begun, f"{place}{name}", b"x")
    assert misplaced(begun, [MODULE]) == []


@fault(
    GRADE,
    "Very many files lie in `submitted/` that are no hand-ins",
    "Five are named, those with answers first, and the rest are counted.",
)
def test_many_files_are_counted(begun: Path) -> None:
    for number in range(9):
        lay(begun, f"a{number}", b"x")
        lay(begun, f"trainee-10{number}.json")
    said = misplaced(begun, [MODULE])
    assert len(said) == 6
    assert all(f"{HOLDS}; move it to submitted/trainee-10" in line for line in said[:5])
    assert said[-1] == "submitted/ holds 13 more such files, 4 of them with answers."


def test_no_two_files_are_to_be_put_in_one_place(begun: Path) -> None:
    for name in ("answers", "answers (1).json"):
        lay(begun, f"trainee-001/{name}")
    first, second = misplaced(begun, [MODULE])
    assert first.endswith(f"; move it to {goal('trainee-001')}")
    assert second.endswith(f", and another file belongs at {goal('trainee-001')} as well; keep one")


def test_a_file_in_the_way_is_to_be_moved_first(begun: Path) -> None:
    lay(begun, f"trainee-001/{MODULE}", b"x")
    lay(begun, "trainee-001/answers")
    said = misplaced(begun, [MODULE])
    first = f"move submitted/trainee-001/{MODULE} out of submitted/ first"
    assert f"{first}, then put the answers in as {goal('trainee-001')}" in said[0]


def test_the_advice_leads_to_marks(begun: Path) -> None:
    """What is said is done, and then it is graded and no longer named."""
    path = lay(begun, "trainee-002").rename(begun / "elsewhere")
    place = begun / goal("trainee-002")
    place.parent.mkdir(parents=True)
    shutil.move(path, place)
    assert misplaced(begun, [MODULE]) == []
    assert main(["grade", "--all", f"--root={begun}"]) == 0


# In the folder of a module --------------------------------------------------------------


@fault(
    GRADE,
    "Answers have their name in other letters, or with another ending, such as `Answers.JSON`",
    "The file is named, with the name that it needs.",
)
@pytest.mark.parametrize(
    "name", ["Answers.JSON", "answers (1).JSON", "answers.json.txt", "answers.txt", "answers", "my"]
)
def test_answers_with_nearly_their_name_are_named(
    begun: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = submit(begun, "trainee-001", FULL)
    (folder / "answers.json").rename(folder / name)
    capsys.readouterr()
    main(["grade", "--all", f"--root={begun}"])
    what = f"submitted/trainee-001/{MODULE}/{name} is a copy of answers.json, which is gone"
    assert f"{what}; rename it to answers.json" in capsys.readouterr().err


def test_of_several_only_the_newest_is_to_be_renamed(begun: Path) -> None:
    folder = submit(begun, "trainee-001", FULL)
    (folder / "answers.json").rename(folder / "Answers.JSON")
    shutil.copy(folder / "Answers.JSON", folder / "answers.txt")
    said = misplaced(begun, [MODULE])
    assert len(said) == 2
    assert all(line.endswith("rename only that one to answers.json") for line in said)


def test_a_copy_in_other_letters_beside_answers_is_named(begun: Path) -> None:
    folder = submit(begun, "trainee-001", FULL)
    (folder / "Answers (1).JSON").write_bytes(WORK)
    (folder / "notes.txt").write_text("seen")
    (said,) = misplaced(begun, [MODULE])
    assert "Answers (1).JSON is a copy of answers.json; look whether it is newer." in said


# Links and odd folders ------------------------------------------------------------------


@fault(
    GRADE,
    "A folder in `submitted/` is a link to another trainee’s folder",
    "You are told that it is a link. No advice leads into the other person’s folder.",
)
@pytest.mark.parametrize("link", ["trainee-001", f"trainee-001/{MODULE}"])
def test_no_advice_leads_through_a_link(begun: Path, link: str) -> None:
    folder = begun / "submitted" / WHO
    shutil.copytree(folder / MODULE, folder / f"{MODULE} (1)")
    shutil.copy(folder / MODULE / "answers.json", folder / MODULE / "answers (1).json")
    path = begun / "submitted" / link
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(folder if link == "trainee-001" else folder / MODULE)
    said = [line for line in misplaced(begun, [MODULE]) if "trainee-001" in line]
    look = "was not looked into: it is a link. Look whether a hand-in is in it."
    assert said == [f"submitted/{link} {look}"]


@fault(
    GRADE,
    "A folder in `submitted/` has a name that no code can have, and nothing is in it",
    "It is named, also where only a blank at the end makes it odd.",
)
@pytest.mark.parametrize("name", ["trainee-006 ", "trainee 006", "tráinee"])
def test_an_empty_folder_with_an_odd_name_is_named(begun: Path, name: str) -> None:
    (begun / "submitted" / name).mkdir()
    (said,) = misplaced(begun, [MODULE])
    what = f"submitted/ holds {name!a}, which is not a trainee's code"
    assert said == f"{what}; rename the folder, or remove it"


def test_an_empty_folder_with_a_code_is_nobody(begun: Path) -> None:
    (begun / "submitted" / "trainee-006").mkdir()
    assert misplaced(begun, [MODULE]) == []


def test_the_book_of_whose_computer_counts_is_no_stray_file(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, FULL)
    lay(course, f"{WHO}/{SENDERS}", b'{"format": 1}')
    assert not misplaced(course, [MODULE])
    main(["grade", "--all", f"--root={course}"])
    assert SENDERS not in capsys.readouterr().err
