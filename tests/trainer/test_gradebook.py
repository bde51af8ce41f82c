"""Marks reach nbgrader's gradebook in one transaction, and a trainer's work stays."""

from __future__ import annotations

import json
import shutil
import stat
import time
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fault_page import BOOK, GRADE, fault
from filelock import FileLock
from helpers.cohort import BEST, FULL, MODULE, answers_json, mark_by_hand, submit

from grader.errors import GradingError
from grader.trainer.gradebook import gradebook, rows
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading import grading
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, NOT_GRADED, WAITING
from grader.trainer.marking import marking
from grader.trainer.marking.marks import CellMark, Entry

TYPED = "own-words-mark"


def book(course: Path) -> dict[str, Entry]:
    return read_gradebook(default_db_url(course), MODULE)


def points(course: Path, trainee: str = "trainee-017") -> dict[str, float]:
    return {name: mark.points for name, mark in book(course)[trainee].marks.items()}


def test_choices_are_marked_and_typed_replies_wait(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    (result,) = grade(course, MODULE)
    assert (result.outcome, result.points, result.max_points, result.waiting) == (WAITING, 6, 10, 1)
    assert points(course) == {"first-move": 3.0, "what-fits": 3.0, TYPED: 0.0}


def test_nbgrader_reads_the_same_marks(course: Path) -> None:
    from nbgrader.api import Gradebook

    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        found = nbgrader.find_submission(MODULE, "trainee-017")
        typed = nbgrader.find_grade(TYPED, "exercise", MODULE, "trainee-017")
        assert (found.score, found.max_score, found.needs_manual_grade) == (6.0, 10.0, True)
        assert (typed.auto_score, typed.needs_manual_grade) == (None, True)
        assert str(found.timestamp) == "2026-03-01 09:00:00"


def test_a_suggestion_never_becomes_a_comment_of_the_trainer(course: Path) -> None:
    from nbgrader.api import Comment, Gradebook

    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        assert [row.comment for row in nbgrader.db.query(Comment)] == [None]


def test_a_blank_reply_earns_nothing_and_needs_no_trainer(course: Path) -> None:
    submit(course, "trainee-017", BEST | {"own-words": "  \n"})
    (result,) = grade(course, MODULE)
    assert (result.outcome, result.points, result.waiting) == (GRADED, 6.0, 0)


def test_a_damaged_record_is_said_and_stops_nobody(course: Path) -> None:
    submit(course, "trainee-001", b'{"format": 1, "modu')
    submit(course, "trainee-017", FULL)
    damaged, fine = grade(course, MODULE)
    assert (damaged.outcome, damaged.points, damaged.waiting) == (DAMAGED, 0.0, 1)
    assert damaged.problem.startswith("The answers could not be read")
    assert fine.points == 6.0


DAMAGE: dict[str, bytes] = {
    "empty": b"",
    "cut off": b'{"format": 1, "modu',
    "not utf-8": b"\xff\xfe\x00",
    "a list": b"[]",
    "large": b" " * (50 << 20),
    "deep": b"[" * 200_000,
}


@pytest.mark.parametrize("case", DAMAGE)
def test_every_kind_of_damage_is_one_sentence(course: Path, case: str) -> None:
    folder = submit(course, "trainee-017", DAMAGE[case])
    (result,) = grade(course, MODULE)
    assert result.outcome == DAMAGED
    assert "\n" not in result.problem
    assert (folder / "answers.json").read_bytes() == DAMAGE[case]


def test_a_linked_record_is_not_followed(course: Path, tmp_path: Path) -> None:
    other = submit(course, "trainee-001", FULL)
    folder = submit(course, "trainee-017", {})
    (folder / "answers.json").unlink()
    (folder / "answers.json").symlink_to(other / "answers.json")
    results = {result.trainee: result for result in grade(course, MODULE)}
    assert results["trainee-017"].outcome == DAMAGED
    assert results["trainee-017"].points == 0


def test_a_linked_trainee_folder_is_refused(course: Path) -> None:
    submit(course, "trainee-001", FULL)
    (course / "submitted" / "trainee-017").symlink_to(course / "submitted" / "trainee-001")
    results = {result.trainee: result for result in grade(course, MODULE)}
    assert results["trainee-017"].outcome == NOT_GRADED
    assert "trainee-017" not in book(course)


def test_a_linked_module_folder_is_damaged(course: Path) -> None:
    other = submit(course, "trainee-001", FULL)
    (course / "submitted" / "trainee-017").mkdir()
    (course / "submitted" / "trainee-017" / MODULE).symlink_to(other)
    results = {result.trainee: result for result in grade(course, MODULE)}
    assert (results["trainee-017"].outcome, results["trainee-017"].points) == (DAMAGED, 0)


def test_a_folder_that_is_no_trainee_is_refused(course: Path) -> None:
    submit(course, "not a trainee", FULL)
    submit(course, "trainee-017", FULL)
    refused, fine = grade(course, MODULE)
    assert (refused.outcome, fine.outcome) == (NOT_GRADED, WAITING)
    assert "is not a trainee's code" in refused.problem


def test_a_key_in_a_submission_is_not_used(course: Path) -> None:
    folder = submit(course, "trainee-017", {"first-move": "tell"})
    shutil.copytree(course / "solutions", folder / "solutions")
    key = folder / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("points: 1", "points: 3"))
    (result,) = grade(course, MODULE)
    assert result.points == 1.0


@fault(
    GRADE,
    "A fault of the course itself in one hand-in",
    "That one is called damaged and waits for you. The others are graded.",
)
def test_an_unexpected_failure_stops_nobody(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = marking.mark_sent

    def fails(sheet: Any, sent: Any) -> Any:
        if b"of ours" in sent.answers:
            raise RuntimeError("a fault of ours")
        return real(sheet, sent)

    monkeypatch.setattr(marking, "mark_sent", fails)
    submit(course, "trainee-001", FULL | {"own-words": "a fault of ours"})
    submit(course, "trainee-017", FULL)
    failed, fine = grade(course, MODULE)
    assert (failed.outcome, failed.waiting, fine.outcome) == (DAMAGED, 1, WAITING)
    assert "read them yourself" in failed.problem


def test_grading_again_keeps_marks_and_comments_of_the_trainer(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    mark_by_hand(course, TYPED, 2.5, "Well asked.")
    (result,) = grade(course, MODULE)
    mark = book(course)["trainee-017"].marks[TYPED]
    assert (result.outcome, result.points) == (GRADED, 8.5)
    assert (mark.points, mark.by_trainer, mark.comment) == (2.5, True, "Well asked.")


def test_the_same_reply_handed_in_again_keeps_its_mark(course: Path) -> None:
    folder = submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    mark_by_hand(course, TYPED, 2.5)
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00 UTC")
    (result,) = grade(course, MODULE)
    assert (result.outcome, result.points, result.waiting) == (GRADED, 8.5, 0)


def test_a_mark_that_a_trainer_changed_stays_and_does_not_wait_again(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    mark_by_hand(course, "first-move", 1.0)
    grade(course, MODULE)
    mark = book(course)["trainee-017"].marks["first-move"]
    assert (mark.points, mark.waits) == (1.0, False)


def test_grading_twice_gives_the_same_rows(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    before = book(course)
    grade(course, MODULE)
    assert book(course) == before


def test_the_roster_tells_who_handed_in_nothing(course: Path) -> None:
    (course / "roster.csv").write_text("id,email\ntrainee-017,\ntrainee-099,\n", "utf-8-sig")
    submit(course, "trainee-017", FULL)
    outcomes = {result.trainee: result.outcome for result in grade(course, MODULE)}
    assert outcomes == {"trainee-017": WAITING, "trainee-099": MISSING}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"name\nx\n", "no column 'id'"),
        (b"id\n../x\n", "is not a trainee's code"),
        (b"id\n\x81\xff\n", "save it as CSV UTF-8"),
    ],
)
def test_a_roster_that_cannot_be_used_is_said(course: Path, content: bytes, said: str) -> None:
    (course / "roster.csv").write_bytes(content)
    with pytest.raises(GradingError, match=said):
        grade(course, MODULE)


def test_a_run_that_breaks_off_changes_no_mark(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    before = book(course)
    submit(course, "trainee-018", FULL)
    (folder / "answers.json").write_bytes(answers_json({"what-fits": ["ask", "wait"]}))

    def breaks(*_: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(rows._Book, "write", breaks)
    with pytest.raises(KeyboardInterrupt):
        grade(course, MODULE)
    monkeypatch.undo()
    assert book(course) == before
    grade(course, MODULE)
    assert points(course)["first-move"] == 0.0


def test_a_second_run_waits_its_turn_and_says_so(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "LOCK_PATIENCE", 0.05)
    with FileLock(course / grading.LOCK), pytest.raises(GradingError, match="under way"):
        grade(course, MODULE)
    grade(course, MODULE)


def test_a_lock_that_a_crash_left_behind_stops_nobody(course: Path) -> None:
    (course / grading.LOCK).touch()
    submit(course, "trainee-017", FULL)
    assert grade(course, MODULE)[0].outcome == WAITING


def test_writing_marks_takes_the_gradebook_for_itself(course: Path) -> None:
    import sqlite3

    with gradebook.gradebook_session(default_db_url(course), write=True) as session:
        session.connection()
        other = sqlite3.connect(course / "gradebook.db", timeout=0)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_the_graded_notebook_holds_our_cells_and_none_of_the_trainees(course: Path) -> None:
    folder = submit(course, "trainee-017", FULL)
    own = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print('mine')")])
    nbformat.write(own, folder / "exercise.ipynb")
    grade(course, MODULE)
    graded = nbformat.read(course / "autograded" / "trainee-017" / MODULE / "exercise.ipynb", 4)
    released = nbformat.read(course / "exercises" / MODULE / "exercise.ipynb", 4)
    nbformat.validate(graded)
    assert [cell.source for cell in graded.cells] == [cell.source for cell in released.cells]


def test_nbgrader_would_read_the_same_marks_from_the_graded_notebook(course: Path) -> None:
    from nbgrader.utils import determine_grade, is_grade

    submit(course, "trainee-017", {"first-move": "tell", "what-fits": ["ask"]})
    grade(course, MODULE)
    graded = nbformat.read(course / "autograded" / "trainee-017" / MODULE / "exercise.ipynb", 4)
    marks = [determine_grade(cell) for cell in graded.cells if is_grade(cell)]
    assert marks == [(1.0, 3.0), (1.5, 3.0)]


def test_only_the_trainer_can_open_graded_work(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    for path in [course / "autograded", *(course / "autograded").rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path
    assert stat.S_IMODE((course / "gradebook.db").stat().st_mode) == 0o600


def test_grading_changes_nothing_that_was_handed_in(course: Path) -> None:
    folder = submit(course, "trainee-017", b"{")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    grade(course, MODULE)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@fault(
    BOOK,
    "The exercise gets other questions after it was graded",
    "Nothing is graded into the wrong place. One line says how to go on.",
)
def test_changed_cells_under_marks_are_refused(course: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    path = course / "solutions" / MODULE / "exercise.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][2]["metadata"]["nbgrader"]["grade_id"] = "renamed"
    path.write_text(json.dumps(notebook))
    with pytest.raises(GradingError, match="other cells than when it was first graded"):
        grade(course, MODULE)


@pytest.mark.parametrize(
    "address",
    ["nonsense", "postgresql+psycopg://me:pass-word@127.0.0.1:1/x", "sqlite:////nowhere/at/all.db"],
)
def test_a_gradebook_that_cannot_be_opened_is_said_without_its_password(
    course: Path, address: str
) -> None:
    with pytest.raises(GradingError, match="check the address") as caught:
        grade(course, MODULE, address)
    assert "pass-word" not in str(caught.value)


def test_the_address_of_the_gradebook_can_be_set(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_DB", f"sqlite:///{tmp_path}/other.db")
    submit(course, "trainee-017", FULL)
    shutil.copy(course / "gradebook.db", tmp_path / "other.db")
    grade(course, MODULE)
    assert "trainee-017" in read_gradebook(f"sqlite:///{tmp_path}/other.db", MODULE)
    assert read_gradebook(f"sqlite:///{course}/gradebook.db", MODULE) == {}


def test_reading_makes_no_gradebook(tmp_path: Path) -> None:
    assert read_gradebook(f"sqlite:///{tmp_path}/none.db", MODULE) == {}
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_module_gets_the_nearest_name(course: Path) -> None:
    with pytest.raises(GradingError, match="did you mean '07-advice'"):
        grade(course, "07-advise")


def test_progress_sees_every_trainee(course: Path) -> None:
    seen: list[str] = []

    def progress(steps: list[str]) -> list[str]:
        seen.extend(steps)
        return steps

    for number in range(3):
        submit(course, f"trainee-{number}", FULL)
    grade(course, MODULE, progress=progress)
    assert seen == ["trainee-0", "trainee-1", "trainee-2"]


def test_five_hundred_trainees_take_seconds(course: Path) -> None:
    for number in range(500):
        submit(course, f"trainee-{number:03}", FULL)
    start = time.monotonic()
    results = grade(course, MODULE)
    assert len(results) == 500
    assert time.monotonic() - start < 20  # measured: about 2 s; stock nbgrader: 40 minutes


def test_points_are_the_same_in_whatever_order_the_rows_come():
    marks = {f"q{at}": CellMark(at / 7, 1.0, waits=False, by_trainer=False) for at in range(1, 7)}
    turned = dict(reversed(marks.items()))
    assert Entry("trainee-017", None, marks).points == Entry("trainee-017", None, turned).points
