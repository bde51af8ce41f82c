"""A gradebook that is half made, lost or not one is never taken for a new one in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.aftermath import book, by_trainer, is_whole
from helpers.cohort import FULL, MODULE, submit
from helpers.hand_ins import WHO

from grader.cli import main
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook import gradebook as opening
from grader.trainer.gradebook.backups import backups_of
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.gradebook.whole import TABLES
from grader.trainer.grading.grading import grade

GONE = ("autograded", "feedback", "feedback-bundles", "reports", "backups")


def run(course: Path, *words: str) -> int:
    return main([*words, f"--root={course}"])


@pytest.fixture(name="first")
def before_the_first_run(course: Path) -> Path:
    """Make a course in which somebody handed in, and nothing was ever graded."""
    for name in GONE:
        shutil.rmtree(course / name, ignore_errors=True)
    (course / "gradebook.db").unlink()
    submit(course, WHO, FULL)
    return course


@pytest.fixture(name="marked")
def first_round_marked(course: Path) -> Path:
    """Make a course in which a trainer marked the first round; its empty gradebook was there."""
    submit(course, WHO, FULL)
    grade(course, MODULE)
    shutil.rmtree(course / "backups", ignore_errors=True)
    by_trainer(course, WHO, 2.5, "Well asked.")
    return course


def marks(course: Path) -> float:
    return book(course)[WHO].points


# Half made ------------------------------------------------------------------------------


def half_made(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        for table in sorted(TABLES)[:5]:
            opened.execute(f"CREATE TABLE {table} (id TEXT)")


def without_tables(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("PRAGMA user_version = 7")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def another(path: Path) -> None:
    path.unlink(missing_ok=True)
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("CREATE TABLE songs (name TEXT)")


UNFINISHED = [half_made, without_tables, emptied]


@fault(
    BOOK,
    "The first grading was cut off, or the disk was full, while the gradebook was made",
    "The next run makes it anew, as nothing was in it.",
)
@pytest.mark.parametrize("left", UNFINISHED)
def test_what_was_half_made_at_the_very_first_run_is_made_anew(
    first: Path, left: Callable[[Path], None]
) -> None:
    left(first / "gradebook.db")
    assert run(first, "export") == 0
    assert run(first, "grade", "--all") == 0
    assert is_whole(first)
    assert marks(first) == 6.0


def test_the_first_gradebook_is_there_whole_or_not_at_all(
    first: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:

    from nbgrader.api import Gradebook
    from sqlalchemy.exc import OperationalError

    def half(self: object, address: str, *_: object) -> None:
        half_made(Path(address.removeprefix("sqlite:///")))
        raise OperationalError("", {}, sqlite3.OperationalError("database or disk is full"))

    monkeypatch.setattr(Gradebook, "__init__", half)
    assert run(first, "grade", "--all") == 1
    assert "the disk is full; make room" in capsys.readouterr().err
    left = [path.name for path in first.iterdir() if "gradebook.db" in path.name]
    assert left == []
    monkeypatch.undo()
    assert run(first, "grade", "--all") == 0
    assert marks(first) == 6.0


def test_what_somebody_else_began_meanwhile_stays(marked: Path) -> None:
    opening._begin(marked / "gradebook.db")
    assert marks(marked) == 8.5


@fault(
    BOOK,
    "Another file, or a gradebook without its tables, lies in the place of the gradebook",
    "It is never taken for a new one. The newest good copy is put back, or you are told.",
)
@pytest.mark.parametrize("left", [*UNFINISHED, another])
def test_a_file_that_is_no_gradebook_gives_way_to_the_copy(
    marked: Path, left: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(marked, "grade", "--all") == 0  # copies what the trainer set
    left(marked / "gradebook.db")
    assert run(marked, "export") == 1
    assert "run 'alongside grade'" in capsys.readouterr().err
    assert run(marked, "grade", "--all") == 0
    assert "gradebook.db was damaged" in capsys.readouterr().err
    assert marks(marked) == 8.5


def test_another_database_is_kept_where_there_is_no_copy(
    first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    another(first / "gradebook.db")
    before = (first / "gradebook.db").read_bytes()
    assert run(first, "grade", "--all") == 1
    said = capsys.readouterr().err
    assert "gradebook.db is damaged, and backups/ has no good copy of it" in said
    assert "--new-gradebook" in said
    assert (first / "gradebook.db").read_bytes() == before
    assert run(first, "grade", "--all", "--new-gradebook") == 0
    assert "kept as gradebook.db.damaged-1" in capsys.readouterr().err
    assert (first / "gradebook.db.damaged-1").read_bytes() == before
    assert marks(first) == 6.0


# Copies ---------------------------------------------------------------------------------


@fault(
    BOOK,
    "The gradebook is removed after you marked the first round",
    "There is a copy: one is made when you grade again, or write or release feedback.",
)
@pytest.mark.parametrize(
    "step", [("grade", "--all"), ("feedback", "--all", "--release"), ("feedback", "--all")]
)
def test_marks_of_the_first_round_have_a_copy(marked: Path, step: tuple[str, ...]) -> None:
    assert backups_of(marked / "gradebook.db") == []
    assert run(marked, *step) == 0
    (marked / "gradebook.db").unlink()
    assert run(marked, "grade", "--all") == 0
    assert marks(marked) == 8.5


def test_a_copy_is_made_only_where_something_changed(marked: Path) -> None:
    for _ in range(3):
        assert run(marked, "grade", "--all") == 0
    assert len(backups_of(marked / "gradebook.db")) == 1
    by_trainer(marked, WHO, 3.0, "Better still.")
    for _ in range(3):
        assert run(marked, "grade", "--all") == 0
    assert len(backups_of(marked / "gradebook.db")) == 2


def test_what_grading_alone_made_needs_no_copy(course: Path) -> None:
    submit(course, WHO, FULL)
    assert run(course, "grade", "--all") == 0
    before = backups_of(course / "gradebook.db")
    assert run(course, "grade", "--all") == 0
    assert backups_of(course / "gradebook.db") == before


def test_a_look_ahead_copies_nothing(marked: Path) -> None:
    assert run(marked, "grade", "--all", "--dry-run") == 0
    assert backups_of(marked / "gradebook.db") == []


def broken(copy: Path) -> None:
    copy.write_bytes(b"SQLite format 3\0" + b"x" * 5000)


@fault(
    BOOK,
    "A copy of the gradebook is damaged as well, or empty",
    "It is named and passed over. The newest good copy is put back.",
)
@pytest.mark.parametrize("spoil", [emptied, broken, half_made])
def test_a_copy_that_is_no_gradebook_is_named_and_passed_over(
    marked: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    run(marked, "grade", "--all")
    bad = marked / "backups" / "gradebook-29990101T000000Z.db"
    bad.touch()
    spoil(bad)
    (marked / "gradebook.db").unlink()
    assert run(marked, "grade", "--all") == 0
    assert f"Damaged as well, and passed over: backups/{bad.name}." in capsys.readouterr().err
    assert marks(marked) == 8.5
    assert bad.exists()


@pytest.mark.parametrize("spoil", [emptied])
def test_with_damaged_copies_alone_the_way_on_is_said(
    marked: Path, spoil: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    run(marked, "grade", "--all")
    (copy,) = backups_of(marked / "gradebook.db")
    spoil(copy)
    (marked / "gradebook.db").unlink()
    for _ in range(2):
        assert run(marked, "grade", "--all") == 1
        assert "--new-gradebook" in capsys.readouterr().err
    assert not (marked / "gradebook.db").exists()
    assert run(marked, "grade", "--all", "--new-gradebook") == 0
    assert marks(marked) == 6.0


def test_damaged_copies_push_out_no_good_one(marked: Path) -> None:
    run(marked, "grade", "--all")
    (good,) = backups_of(marked / "gradebook.db")
    for day in range(6):
        (marked / "backups" / f"gradebook-2999010{day + 1}T000000Z.db").touch()
    by_trainer(marked, WHO, 1.0, "Less.")
    run(marked, "grade", "--all")
    assert good.exists()


# Lost with all copies -------------------------------------------------------------------


@fault(
    BOOK,
    "The gradebook and all its copies are gone, but what was written from them is there",
    "Nothing is begun in silence. You are told what to put back, and how to begin anew.",
)
@pytest.mark.parametrize(
    ("trace", "lose"),
    [
        ("autograded", Path.unlink),
        ("feedback", emptied),
        ("feedback-bundles", Path.unlink),
        ("reports", half_made),
    ],
)
def test_a_lost_gradebook_is_not_begun_anew_in_silence(
    marked: Path, trace: str, lose: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(marked, "feedback", "--all", "--release") == 0
    assert run(marked, "report") == 0
    for name in {*GONE} - {trace}:
        shutil.rmtree(marked / name, ignore_errors=True)
    lose(marked / "gradebook.db")
    capsys.readouterr()
    for words in (("grade", "--all"), ("export",)):
        assert run(marked, *words) == 1
        said = capsys.readouterr().err
        assert f"{trace}/ shows that there was one; put back a copy of your own" in said
        assert "alongside grade --all --new-gradebook" in said
    assert run(marked, "grade", "--all", "--new-gradebook") == 0
    assert "A new gradebook is begun, without marks of yours." in capsys.readouterr().err
    assert marks(marked) == 6.0


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_in_place_of_the_gradebook_is_said_and_stays(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(marked, "grade", "--all")
    (marked / "gradebook.db").unlink()
    os.mkfifo(marked / "gradebook.db")
    capsys.readouterr()
    assert run(marked, "grade", "--all") == 1
    assert "gradebook.db is no file" in (said := capsys.readouterr().err)
    assert "give it another name, and run this again" in said
    (marked / "gradebook.db").rename(marked / "pipe")
    assert run(marked, "grade", "--all") == 0


def test_a_new_gradebook_takes_no_one_s_place(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(marked, "grade", "--all", "--new-gradebook") == 1
    assert "gradebook.db is whole; run this without --new-gradebook" in capsys.readouterr().err
    run(marked, "grade", "--all")
    (marked / "gradebook.db").unlink()
    assert run(marked, "grade", "--all", "--new-gradebook") == 1
    assert "backups/ has a good copy of gradebook.db" in capsys.readouterr().err


@fault(
    BOOK,
    "A draft is written where a finished feedback file lies that you sent",
    "The finished file is kept in `backups/feedback/`.",
)
@pytest.mark.parametrize("how", ["anew", "reopened", "only finished"])
def test_no_draft_replaces_a_feedback_file_that_was_sent(
    marked: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(marked, "feedback", "--all", "--release") == 0
    (bundle,) = (marked / "feedback-bundles").iterdir()
    sent = bundle.read_bytes()
    if how == "anew":
        shutil.rmtree(marked / "backups")
        (marked / "gradebook.db").unlink()
        assert run(marked, "grade", "--all", "--new-gradebook") == 0
        assert "1 finished feedback file is kept in backups/feedback/" in capsys.readouterr().err
    else:
        folder = submit(marked, WHO, FULL | {"own-words": "Call them."})
        (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
        assert run(marked, "grade", "--all") == 0
    run(marked, "feedback", "--all", *(["--only-finished"] if how == "only finished" else []))
    (kept,) = (marked / "backups" / "feedback").iterdir()
    assert kept.read_bytes() == sent
    assert not bundle.exists()


def test_a_gradebook_elsewhere_is_not_taken_for_a_lost_one(first: Path, tmp_path: Path) -> None:
    elsewhere = f"--db=sqlite:///{tmp_path}/elsewhere.db"
    assert run(first, "grade", "--all", elsewhere) == 0
    assert run(first, "feedback", "--all", elsewhere) == 0
    assert os.path.lexists(tmp_path / "elsewhere.db")
    assert default_db_url(first)
    assert make_feedback(first, MODULE, elsewhere.removeprefix("--db="))
