"""A gradebook that is locked, read-only or shared keeps all marks, and the trainer hears why."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from fault_page import BOOK, GRADE, fault
from helpers.aftermath import book, by_trainer, is_whole, without_rights
from helpers.cohort import FULL, MODULE, answers_json, submit
from helpers.forks import FORKS
from helpers.formgrader import press_autograde

from grader.cli import main
from grader.errors import GradingError
from grader.files import safe
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook import gradebook
from grader.trainer.gradebook.backups import back_up, backups_of
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading import grading
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import GRADED, WAITING
from grader.trainer.report.exports import export_csv


@pytest.fixture
def marked(course: Path) -> Path:
    """Make a course in which a trainer has set a mark, and somebody new has handed in."""
    submit(course, "trainee-001", FULL)
    grade(course, MODULE)
    by_trainer(course, "trainee-001", 2.5, "Well asked.")
    submit(course, "trainee-017", FULL)
    return course


def is_kept(course: Path) -> bool:
    """Tell whether the gradebook is whole with what the trainer did in it."""
    mark = book(course)["trainee-001"].marks["own-words-mark"]
    return is_whole(course) and (mark.points, mark.comment) == (2.5, "Well asked.")


def finishes(course: Path) -> bool:
    outcomes = {one.trainee: one.outcome for one in grade(course, MODULE)}
    return outcomes == {"trainee-001": GRADED, "trainee-017": WAITING} and is_kept(course)


# Locked ---------------------------------------------------------------------------------


@contextmanager
def held(course: Path, seconds: float) -> Iterator[None]:
    """Hold the gradebook as another program does while it writes."""
    holds = threading.Event()

    def hold() -> None:
        with closing(sqlite3.connect(course / "gradebook.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            holds.set()
            time.sleep(seconds)
            other.execute("ROLLBACK")

    thread = threading.Thread(target=hold)
    thread.start()
    holds.wait()
    yield
    thread.join()


@fault(
    BOOK,
    "Formgrader, or another program, writes to the gradebook for a while",
    "Grading waits its turn, up to a minute.",
)
def test_a_gradebook_that_is_busy_for_a_while_is_waited_for(marked: Path) -> None:
    with held(marked, 1):
        assert finishes(marked)


@fault(
    BOOK,
    "Another program keeps the gradebook longer than that",
    "Nothing is graded. You are told that another program is writing, and to try again.",
)
@pytest.mark.parametrize("first_to_write", ["marks", "cells"])
def test_a_gradebook_that_stays_busy_is_said(
    marked: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    first_to_write: str,
) -> None:
    monkeypatch.setattr(gradebook, "SQLITE_PATIENCE", 0.2)
    if first_to_write == "cells":  # nbgrader writes these, with a patience of its own
        notebook = marked / "solutions" / MODULE / "exercise.ipynb"
        notebook.write_text(notebook.read_text().replace("A trainer reads", "Your trainer reads"))
    with held(marked, 2), pytest.raises(GradingError, match="another program is writ") as caught:
        grade(marked, MODULE)
    assert str(caught.value).isprintable()
    assert caplog.records == []  # nbgrader would print a traceback
    assert is_kept(marked)
    assert finishes(marked)


def test_reading_does_not_wait_for_who_writes(marked: Path) -> None:
    with held(marked, 1):
        assert len(make_feedback(marked, MODULE)) == 1
        export_csv(marked, marked / "marks.csv")


# Read-only ------------------------------------------------------------------------------


@fault(
    BOOK,
    "The gradebook may only be read",
    "Nothing is graded. You are told that the file is read-only. What is in it stays.",
)
def test_a_gradebook_that_may_only_be_read_is_said(marked: Path) -> None:
    path = marked / "gradebook.db"
    path.chmod(0o400)
    done = without_rights("grade", MODULE, "--root", str(marked))
    assert (done.returncode, done.stdout) == (1, "")
    assert "may only be read" in done.stderr
    assert done.stderr.count("\n") == 1
    assert is_kept(marked)
    path.chmod(0o600)
    assert finishes(marked)


@fault(
    BOOK,
    "The course folder may only be read",
    "Nothing is graded, and the line names what cannot be written.",
)
def test_a_course_folder_that_may_only_be_read_is_said(marked: Path) -> None:
    marked.chmod(0o500)
    try:
        done = without_rights("grade", MODULE, "--root", str(marked))
    finally:
        marked.chmod(0o700)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "may only be read" in done.stderr
    assert "Traceback" not in done.stderr
    assert finishes(marked)


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("grader.trainer.grading.grading.prepare_gradebook", "the disk is full ("),
        ("grader.trainer.grading.grading.save_marks", "the disk is full ("),
        (
            "grader.trainer.gradebook.backups._copy",
            "first (the disk is full); nothing is changed; ",
        ),
    ],
)
@fault(
    GRADE,
    "The disk is full when marks that change are to be written",
    "You are told to make room, and that none of these marks is changed.",
)
def test_marks_that_change_are_not_said_as_done_where_the_disk_is_full(
    marked: Path,
    place: str,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    submit(marked, "trainee-001", FULL | {"first-move": "tell"})
    monkeypatch.setattr(place, full)
    before = book(marked)
    assert main(["grade", MODULE, "--root", str(marked)]) == 1
    told = capsys.readouterr()
    assert "Marks that change: 1 hand-in." in told.out
    none, why = told.err.splitlines()
    assert none == "alongside: None of the marks above is changed."
    assert said in why
    assert "make room" in why
    assert why.endswith("run this again")
    assert book(marked) == before
    monkeypatch.undo()
    assert finishes(marked)


def test_marks_of_whom_the_disk_had_no_room_for_are_not_said_to_change(
    marked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(marked, "trainee-001", FULL | {"first-move": "tell"})
    monkeypatch.setattr("grader.trainer.marking.marking.write_private", full)
    assert main(["grade", MODULE, "--root", str(marked), "--json"]) == 1
    told = capsys.readouterr()
    (one,) = (one for one in json.loads(told.out) if one["trainee"] == "trainee-001")
    assert (one["outcome"], one["changes"]) == ("not graded", [])
    assert "1 hand-in is not graded, so its marks do not change." in told.err


def test_what_is_denied_is_named_whatever_it_is(
    marked: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "alembic")

    monkeypatch.setattr(grading, "prepare_gradebook", denied)
    assert main(["grade", MODULE, "--root", str(marked)]) == 1
    said = capsys.readouterr().err
    assert said == "alongside: alembic: Permission denied; see to it and try again\n"
    monkeypatch.undo()
    assert finishes(marked)  # the lock was let go


# Two at once ----------------------------------------------------------------------------


def grade_and_tell(course: Path, pipe: object) -> None:
    try:
        pipe.send(len(grade(course, MODULE)))
    except GradingError as error:
        pipe.send(str(error))


@fault(
    BOOK,
    "Two people grade at once",
    "One waits for the other, or is told to try again. No mark is lost or doubled.",
)
def test_two_graders_at_once_lose_nothing(marked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trainees = [f"trainee-{number:03}" for number in range(2, 40)]
    for trainee in trainees:
        submit(marked, trainee, FULL)
    pipes = [FORKS.Pipe() for _ in range(3)]
    both = [FORKS.Process(target=grade_and_tell, args=(marked, theirs)) for _, theirs in pipes]
    for process in both:
        process.start()
    told = [ours.recv() for ours, _ in pipes if ours.poll(60)]
    for process in both:
        process.join()
    assert 39 in told
    assert {one for one in told if one != 39} <= {
        "Another grading run is under way here; try again when it is done"
    }
    with closing(sqlite3.connect(marked / "gradebook.db")) as database:
        rows = database.execute("SELECT count(*) FROM grade").fetchone()[0]
    assert rows == 3 * 39
    assert finishes_all(marked, trainees)


def finishes_all(course: Path, trainees: list[str]) -> bool:
    results = {one.trainee: one.points for one in grade(course, MODULE)}
    return results == {"trainee-001": 8.5} | dict.fromkeys(trainees, 6.0) and is_kept(course)


def test_a_long_run_keeps_its_lock(marked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long a run waits for others, a second one must not push in."""
    monkeypatch.setattr(safe, "LOCK_STALE", 0.1)
    monkeypatch.setattr(grading, "LOCK_PATIENCE", 0.5)
    with held(marked, 1.5):
        first = threading.Thread(target=grade, args=(marked, MODULE))
        first.start()
        time.sleep(0.2)
        with pytest.raises(GradingError, match="under way"):
            grade(marked, MODULE)
    first.join()
    assert finishes(marked)


@fault(
    BOOK,
    "Somebody presses formgrader’s button while a run is under way",
    "Both finish, and the marks are the same.",
)
def test_formgrader_s_button_during_a_run_changes_nothing(marked: Path) -> None:
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=grade_and_tell, args=(marked, theirs))
    process.start()
    assert press_autograde(marked, "trainee-001")["success"]
    assert ours.poll(60)
    assert ours.recv() == 2
    process.join()
    assert finishes(marked)


# Clocks ---------------------------------------------------------------------------------


@fault(
    GRADE,
    "The clock was set back between two runs",
    "Marks and comments stay, and newer hand-ins are graded.",
)
def test_a_clock_set_back_between_two_runs_changes_no_mark(marked: Path) -> None:
    assert finishes(marked)
    later = time.time() + 365 * 86_400
    for path in [marked / "gradebook.db", *(marked / "autograded").rglob("*")]:
        os.utime(path, (later, later))
    submit(marked, "trainee-018", FULL)
    results = {one.trainee: one.points for one in grade(marked, MODULE)}
    assert results == {"trainee-001": 8.5, "trainee-017": 6.0, "trainee-018": 6.0}
    assert is_kept(marked)


# What lies in the way -------------------------------------------------------------------


@fault(
    GRADE,
    "A link or a file lies where graded work is written",
    "That trainee is named as not graded. The others are graded.",
)
def test_a_link_where_graded_work_goes_is_not_followed(marked: Path, tmp_path: Path) -> None:
    home = marked / "autograded" / "trainee-017"
    for put in (lambda: home.symlink_to(tmp_path), lambda: home.write_text("in the way")):
        put()
        outcomes = {one.trainee: one.outcome for one in grade(marked, MODULE)}
        assert outcomes == {"trainee-001": GRADED, "trainee-017": "not graded"}
        assert not (tmp_path / MODULE).exists()
        home.unlink()
    shutil.rmtree(marked / "autograded")
    assert finishes(marked)


# A gradebook that is gone ---------------------------------------------------------------


def removed(path: Path) -> None:
    path.unlink()


def emptied(path: Path) -> None:
    path.write_bytes(b"")


@fault(
    BOOK,
    "The gradebook was removed or emptied, and there are copies of it",
    "Grading puts back the newest copy, with your marks and comments, and says so. It never "
    "begins an empty one.",
)
@pytest.mark.parametrize("lose", [removed, emptied])
def test_a_gradebook_that_is_gone_is_put_back(
    marked: Path, lose: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["grade", "--all", "--force", f"--root={marked}"]) == 0
    before = book(marked)
    lose(marked / "gradebook.db")
    assert main(["export", f"--root={marked}"]) == 1
    said = capsys.readouterr().err
    assert "run 'alongside grade', which puts back the newest good copy" in said
    assert main(["grade", "--all", f"--root={marked}"]) == 0
    said = capsys.readouterr().err
    assert "gradebook.db was missing" in said or "gradebook.db was damaged" in said
    assert book(marked) == before


def test_nbgrader_itself_begins_no_new_gradebook_either(marked: Path) -> None:
    assert main(["grade", "--all", "--force", f"--root={marked}"]) == 0
    (marked / "gradebook.db").unlink()
    command = [sys.executable, "-m", "nbgrader", "autograde", MODULE]
    done = subprocess.run(command, cwd=marked, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "run 'alongside grade'" in done.stderr
    assert not (marked / "gradebook.db").exists()


@fault(
    BOOK,
    "Five more copies are made of a gradebook that has lost your marks",
    "The newest copy with marks of yours is kept besides.",
)
def test_the_newest_copy_with_marks_of_a_trainer_is_never_dropped(marked: Path) -> None:
    path = marked / "gradebook.db"
    with_marks = [back_up(path), back_up(path)]
    with closing(sqlite3.connect(path)) as opened:
        opened.execute("UPDATE grade SET manual_score = NULL")
        opened.execute("UPDATE comment SET manual_comment = NULL")
        opened.commit()
    copies = [back_up(path) for _ in range(7)]
    assert backups_of(path) == [with_marks[-1], *copies[-5:]]


@fault(
    GRADE,
    "A module is handed in or graded, and its key in `solutions/` is missing",
    "It is named under `alongside grade`, with what to put back. Its marks stay.",
)
def test_a_module_without_its_key_is_named(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = "solutions/08-limits/exercise.ipynb is missing"
    capsys.readouterr()
    main(["grade", "--all", f"--root={marked}"])
    assert told not in capsys.readouterr().err
    there = marked / "submitted" / "trainee-017" / "08-limits"
    there.mkdir(parents=True)
    (there / "answers.json").write_bytes(answers_json(FULL, "08-limits"))
    main(["grade", "--all", f"--root={marked}"])
    said = capsys.readouterr().err
    assert f"{told}, so 08-limits is not graded. 1 trainee handed it in. Put it back" in said
    shutil.rmtree(there)
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(marked), "alongside") as nbgrader:
        nbgrader.add_assignment("09-ends")
    main(["grade", "--all", f"--root={marked}"])
    assert "solutions/09-ends/exercise.ipynb is missing" in capsys.readouterr().err
