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
