"""A gradebook that is a link to nothing, or has no good copy, is said to be so."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import FULL, MODULE, submit
from helpers.formgrader import press_autograde
from helpers.hand_ins import WHO

from grader.cli import main
from grader.trainer.gradebook.backups import backups_of
from grader.trainer.grading.grading import grade

COMMANDS = (
    ["grade", "--all"],
    ["grade", "--all", "--dry-run"],
    ["grade", "--all", "--new-gradebook"],
    ["export"],
    ["report"],
    ["feedback", "--all"],
    ["certify", "--new-key"],
)
REACH = "If it is on another drive, connect that and run this again."
PROMISE = "which puts back the newest good copy"


@pytest.fixture(name="marked")
def marked_with_a_copy(course: Path) -> Path:
    submit(course, WHO, FULL)
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    assert main(["grade", "--all", f"--root={course}"]) == 0
    return course


def linked(course: Path, place: Path) -> Path:
    """Move the gradebook and let a link lead to it."""
    place.parent.mkdir(exist_ok=True)
    shutil.move(course / "gradebook.db", place)
    (course / "gradebook.db").symlink_to(place)
    return place


def said(course: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    capsys.readouterr()
    code = main([*words, f"--root={course}"])
    return code, capsys.readouterr().err


# A link to nothing ----------------------------------------------------------------------


@fault(
    BOOK,
    "`gradebook.db` is a link to a place that is not there, such as a drive that is away",
    "No new one is begun. You are told the place, where good copies are, and what to do.",
)
@pytest.mark.parametrize("words", COMMANDS)
@pytest.mark.parametrize("lose", [Path.unlink, lambda place: shutil.rmtree(place.parent)])
def test_a_link_to_nothing_is_refused_with_the_copies(
    marked: Path,
    tmp_path: Path,
    words: list[str],
    lose: Callable[[Path], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    place = linked(marked, tmp_path / "drive" / "mine.db")
    lose(place)
    code, err = said(marked, words, capsys)
    assert code == 2
    what = f"gradebook.db is a link to {place}, which is not there; nothing is begun. {REACH}"
    back = f"Good copies are in {marked / 'backups'}. To put one back, remove the link and run"
    assert f"{what} {back} 'alongside grade --all'" in err
    assert not place.exists()
    (marked / "gradebook.db").unlink()  # as it says
    assert main(["grade", "--all", f"--root={marked}"]) == 0
    assert book(marked)[WHO].points == 8.5


def test_a_link_to_nothing_without_copies_is_refused(
    marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("backups", "autograded", "feedback", "feedback-bundles", "reports"):
        shutil.rmtree(marked / name, ignore_errors=True)
    linked(marked, tmp_path / "mine.db").unlink()
    for words in COMMANDS:
        code, err = said(marked, words, capsys)
        assert code == 2
        assert "No good copy is in backups/. Else remove the link to begin a new one" in err
    (marked / "gradebook.db").unlink()
    assert main(["grade", "--all", f"--root={marked}"]) == 0
    assert book(marked)[WHO].points == 6.0


def test_copies_beside_the_place_of_a_link_are_named(
    marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = linked(marked, tmp_path / "drive" / "gradebook.db")
    shutil.move(marked / "backups", place.parent / "backups")
    place.unlink()
    code, err = said(marked, ["export"], capsys)
    assert code == 2
    assert f"Good copies are in {place.parent / 'backups'}." in err
    shutil.copy(backups_of(place)[-1], place)  # as it says
    assert book(marked)[WHO].points == 8.5


def test_a_link_to_itself_is_refused(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (marked / "gradebook.db").unlink()
    (marked / "gradebook.db").symlink_to("gradebook.db")
    code, err = said(marked, ["grade", "--all"], capsys)
    assert code == 2
    assert "gradebook.db is a link to" in err


def test_a_given_gradebook_that_is_a_link_to_nothing_is_refused(
    marked: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "given.db").symlink_to(tmp_path / "gone.db")
    db = f"--db=sqlite:///{tmp_path / 'given.db'}"
    code, err = said(marked, ["grade", "--all", db], capsys)
    assert code == 2
    assert "given.db is a link to" in err
    assert not (tmp_path / "gone.db").exists()


def test_formgrader_s_button_begins_nothing_behind_a_link(marked: Path, tmp_path: Path) -> None:
    place = linked(marked, tmp_path / "mine.db")
    place.unlink()
    with pytest.raises(SystemExit, match="is a link to"):
        press_autograde(marked, WHO)
    assert not place.exists()


def test_a_link_to_a_good_gradebook_works(marked: Path, tmp_path: Path) -> None:
    place = linked(marked, tmp_path / "drive" / "mine.db")
    for words in (["grade", "--all"], ["export"], ["feedback", "--all"], ["report"]):
        assert main([*words, f"--root={marked}"]) == 0
    assert (marked / "gradebook.db").is_symlink()
    assert book(marked)[WHO].points == 8.5
    assert place.is_file()


# No copy that could be put back ---------------------------------------------------------


@fault(
    BOOK,
    "The gradebook is damaged, or another file, and there is no good copy",
    "Each command says so, and how to begin anew. None promises a copy that is not there.",
)
@pytest.mark.parametrize("content", [b"no gradebook " * 500, None], ids=["foreign", "cut"])
@pytest.mark.parametrize("copies", ["none", "damaged"])
@pytest.mark.parametrize("words", [["report"], ["export"], ["feedback", "--all"]])
def test_no_copy_is_promised_that_is_not_there(
    marked: Path,
    content: bytes | None,
    copies: str,
    words: list[str],
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = marked / "gradebook.db"
    path.write_bytes(content or path.read_bytes()[:3000])
    for copy in backups_of(path):
        copy.unlink() if copies == "none" else copy.write_bytes(b"x" * 5000)
    code, err = said(marked, words, capsys)
    assert code == 1
    assert PROMISE not in err
    assert "is damaged, and backups/ has no good copy of it; put back a copy of your own" in err
    assert "alongside grade --all --new-gradebook" in err


def test_a_good_copy_is_promised(marked: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (marked / "gradebook.db").write_bytes(b"no gradebook " * 500)
    code, err = said(marked, ["export"], capsys)
    assert code == 1
    assert PROMISE in err


# The folder of the copies ---------------------------------------------------------------


@fault(
    BOOK,
    "A file has the name of the folder `backups`",
    "Nothing is changed. You are told that it is a file, and to rename it.",
)
def test_a_file_in_the_way_of_copies_is_named(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(marked / "backups")
    (marked / "backups").write_bytes(b"x")
    code, err = said(marked, ["grade", "--all", "--force"], capsys)
    why = "(backups is a file, and no folder)"
    assert code == 1
    assert f"{why}; nothing is changed; rename it and run this again" in err
    _, err = said(marked, ["feedback", "--all"], capsys)
    assert f"{why}. Rename it, then run this again." in err
    assert "write there" not in err
    assert book(marked)[WHO].points == 8.5
