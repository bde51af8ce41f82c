"""A mark belongs to the words it was given for, through whichever door they are graded."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fault_page import BOOK, GRADE, fault
from helpers.cohort import BEST, FULL, MODULE, REPLY, mark_by_hand, submit
from helpers.formgrader import press_autograde

from grader.errors import GradingError
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading import grading
from grader.trainer.grading.grading import grade
from grader.trainer.report.exports import export_csv
from grader.trainer.report.report import make_report

WHO = "trainee-017"
TYPED = "own-words-mark"
OTHER = "You should just call them."
Door = Callable[[Path], Any]


def by_grade(course: Path) -> None:
    grade(course, MODULE)


def by_button(course: Path) -> None:
    done = press_autograde(course, WHO)
    assert done["success"], done


DOORS = pytest.mark.parametrize("door", [by_grade, by_button])


def hand_in(course: Path, day: int, door: Door = by_grade, **responses: Any) -> None:
    """Hand in on a day of March, and have it graded."""
    folder = submit(
        course, WHO, FULL | {name.replace("_", "-"): r for name, r in responses.items()}
    )
    (folder / "timestamp.txt").write_text(f"2026-03-{day:02} 09:00:00.000000 UTC")
    door(course)


def mark(course: Path, cell: str = TYPED) -> tuple[float, bool, str]:
    """Return points, whether it waits, and the comment."""
    found = read_gradebook(default_db_url(course), MODULE)[WHO].marks[cell]
    return found.points, found.waits, found.comment


def total(course: Path) -> float:
    return read_gradebook(default_db_url(course), MODULE)[WHO].points


def nbgraders_total(course: Path) -> float:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        return nbgrader.find_submission(MODULE, WHO).score


def row(course: Path) -> dict[str, str]:
    export_csv(course, course / "marks.csv")
    with (course / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        return next(one for one in csv.DictReader(file) if one["trainee"] == WHO)


def notebook(course: Path) -> str:
    return (course / "autograded" / WHO / MODULE / "exercise.ipynb").read_text()


def feedback_page(course: Path) -> str:
    make_feedback(course, MODULE)
    return (course / "feedback" / WHO / MODULE / "exercise.html").read_text()


@pytest.fixture
def marked(course: Path) -> Path:
    """Hand in on the first of March, and have a trainer mark the reply 3 of 4."""
    hand_in(course, 1)
    mark_by_hand(course, TYPED, 3, "Good open question.")
    return course


# Other words ----------------------------------------------------------------------------


@fault(
    GRADE,
    "Somebody hands in again with other words than those you marked",
    "Your mark and comment are kept for the old words, and shown to you as that. The new words "
    "wait for you, and count nowhere until then.",
)
@DOORS
def test_a_mark_does_not_pass_to_other_words(marked: Path, door: Door) -> None:
    hand_in(marked, 2, door, own_words=OTHER)
    assert mark(marked) == (0.0, True, "")
    assert total(marked) == nbgraders_total(marked) == 6.0
    assert (row(marked)["own-words"], row(marked)["waiting_for_trainer"]) == ("", "1")
    assert row(marked)["status"] == "waiting for trainer"
    assert row(marked)["marked_for_earlier_words"] == "own-words: 3 of 4"
    assert "Marked 3 of 4 for earlier words." in notebook(marked)
    assert "You wrote: Good open question." in notebook(marked)


@DOORS
def test_the_trainee_s_page_does_not_pass_the_old_mark_off_as_that_of_the_new_words(
    marked: Path, door: Door
) -> None:
    hand_in(marked, 2, door, own_words=OTHER)
    page = feedback_page(marked)
    assert "3 of 4 points" not in page
    assert "2 of 3 answers are read so far." in page
    assert "They have 6 of 6 points." in page
    assert "Your trainer has not read this yet." in page
    assert "Your trainer wrote about your earlier answer" in page
    assert page.index("about your earlier answer") < page.index("Good open question.")


def test_the_report_names_marks_for_earlier_words(marked: Path) -> None:
    hand_in(marked, 2, own_words=OTHER)
    page = make_report(marked).page.read_text()
    assert "own-words: 3 of 4" in page
    assert "for earlier words" in page


def test_the_change_is_told_before_it_is_made(marked: Path) -> None:
    folder = submit(marked, WHO, FULL | {"own-words": OTHER})
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    (ahead,) = grading.grade_modules(marked, [MODULE], dry_run=True)
    assert [(one.item, one.before, one.after) for one in ahead.changes] == [
        ("own-words", 3.0, None)
    ]
    assert mark(marked) == (3.0, False, "Good open question.")


# The same words -------------------------------------------------------------------------

SAME = {
    "the very same": REPLY,
    "spaces and lines": f"  {REPLY}\r\n".replace(". ", ".\n\n   "),
    "other kinds of spaces": REPLY.replace(" ", "\u00a0"),
    "signs that nobody sees": f"\ufeff{REPLY}\u200b",
}


@fault(
    GRADE,
    "Somebody hands in again, and a reply that you marked is the same",
    "Your mark and comment stand, and you are not asked again.",
)
@DOORS
@pytest.mark.parametrize("case", SAME)
def test_the_same_words_keep_mark_and_comment(marked: Path, door: Door, case: str) -> None:
    hand_in(marked, 2, door, first_move="tell", own_words=SAME[case])
    assert mark(marked) == (3.0, False, "Good open question.")
    assert total(marked) == nbgraders_total(marked) == 7.0
    assert "earlier words" not in notebook(marked)


@DOORS
@pytest.mark.parametrize("words", [REPLY.upper(), REPLY[:-1], f"{REPLY} Really?", "  "])
def test_any_other_words_wait(marked: Path, door: Door, words: str) -> None:
    hand_in(marked, 2, door, own_words=words)
    assert mark(marked) == (0.0, True, "")
    assert total(marked) == 6.0


# Back and forth -------------------------------------------------------------------------


@fault(
    GRADE,
    "Somebody changes a reply, and later goes back to the words that you marked",
    "The mark and comment for these words stand again. Those for the others are kept.",
)
@DOORS
def test_words_that_come_back_have_their_mark_again(marked: Path, door: Door) -> None:
    hand_in(marked, 2, door, own_words=OTHER)
    hand_in(marked, 3, door)
    assert mark(marked) == (3.0, False, "Good open question.")
    hand_in(marked, 4, door, own_words=OTHER)
    mark_by_hand(marked, TYPED, 1, "A little early.")
    hand_in(marked, 5, door)
    assert mark(marked) == (3.0, False, "Good open question.")
    hand_in(marked, 6, door, own_words=OTHER)
    assert mark(marked) == (1.0, False, "A little early.")
    hand_in(marked, 7, door, own_words="Something else again.")
    assert mark(marked) == (0.0, True, "")
    assert "Marked 1 of 4 for earlier words." in notebook(marked)


@DOORS
def test_words_that_wait_go_on_waiting(marked: Path, door: Door) -> None:
    hand_in(marked, 2, door, own_words=OTHER)
    hand_in(marked, 3, door, own_words=OTHER)
    assert mark(marked) == (0.0, True, "")
    assert "Marked 3 of 4 for earlier words." in notebook(marked)


# When a mark is given -------------------------------------------------------------------


@DOORS
def test_the_same_mark_given_for_the_new_words_is_theirs(marked: Path, door: Door) -> None:
    hand_in(marked, 2, door, own_words=OTHER)
    mark_by_hand(marked, TYPED, 3, "Good open question.")
    door(marked)
    hand_in(marked, 3, door, own_words=OTHER)
    assert mark(marked) == (3.0, False, "Good open question.")
    hand_in(marked, 4, door, own_words="Hm.")
    assert mark(marked) == (0.0, True, "")


@DOORS
def test_a_mark_given_between_two_runs_belongs_to_the_words_that_lay_there(
    course: Path, door: Door
) -> None:
    hand_in(course, 1, door)
    hand_in(course, 2, door, own_words=OTHER)
    mark_by_hand(course, TYPED, 2, "Early.")
    hand_in(course, 3, door)
    assert mark(course) == (0.0, True, "")
    hand_in(course, 4, door, own_words=OTHER)
    assert mark(course) == (2.0, False, "Early.")


@fault(
    GRADE,
    "You mark in formgrader while a new hand-in of the same trainee is being graded",
    "Your mark belongs to the words that you saw. The new words wait.",
)
def test_a_mark_given_while_new_words_are_graded_is_for_the_old_ones(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, 1)
    real = grading.prepare_gradebook

    def mark_meanwhile(*about: Any) -> None:
        real(*about)
        mark_by_hand(course, TYPED, 3, "Good open question.")

    monkeypatch.setattr(grading, "prepare_gradebook", mark_meanwhile)
    hand_in(course, 2, own_words=OTHER)
    assert mark(course) == (0.0, True, "")
    assert "Marked 3 of 4 for earlier words." in notebook(course)


@fault(
    GRADE,
    "A page of formgrader is still open with the old words when new ones are graded",
    "It can no longer mark the new words. Formgrader does not save there until you load it again.",
)
@DOORS
def test_a_page_that_shows_old_words_cannot_mark_new_ones(course: Path, door: Door) -> None:
    from nbgrader.api import Gradebook, MissingEntry

    hand_in(course, 1, door)
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        shown = nbgrader.find_grade(TYPED, "exercise", MODULE, WHO).id
        comment = nbgrader.find_comment(TYPED, "exercise", MODULE, WHO).id
        same = nbgrader.find_grade("first-move", "exercise", MODULE, WHO).id
    hand_in(course, 2, door, own_words=OTHER)
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        assert nbgrader.find_grade_by_id(same).name == "first-move"
        with pytest.raises(MissingEntry):
            nbgrader.find_grade_by_id(shown)
        with pytest.raises(MissingEntry):
            nbgrader.find_comment_by_id(comment)


# Automatic marks ------------------------------------------------------------------------


def give(course: Path, cell: str, score: float | None, extra: float | None) -> None:
    """Set a mark and points on top as formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        found = nbgrader.find_grade(cell, "exercise", MODULE, WHO)
        found.manual_score, found.extra_credit = score, extra
        found.needs_manual_grade = score is None and found.auto_score is None
        nbgrader.db.commit()


@DOORS
@pytest.mark.parametrize(("score", "extra"), [(2.0, None), (None, 1.0), (2.0, 0.5)])
def test_an_automatic_mark_changed_by_hand_belongs_to_its_answer(
    course: Path, door: Door, score: float | None, extra: float | None
) -> None:
    hand_in(course, 1, door)
    give(course, "first-move", score, extra)
    before = mark(course, "first-move")
    hand_in(course, 2, door, own_words=OTHER)
    assert mark(course, "first-move") == before
    hand_in(course, 3, door, first_move="tell")
    assert mark(course, "first-move") == (1.0, True, "")
    assert total(course) == 3.0  # of the other question
    assert row(course)["first-move"] == ""
    hand_in(course, 4, door, first_move="listen")
    assert mark(course, "first-move") == before


def test_an_automatic_mark_that_a_trainer_agrees_with_waits_no_longer(course: Path) -> None:
    hand_in(course, 1)
    give(course, "first-move", 2.0, None)
    hand_in(course, 2, first_move="tell")
    give(course, "first-move", None, None)
    grading.grade_modules(course, [MODULE], force=True)
    assert mark(course, "first-move") == (1.0, False, "")


def test_extra_points_on_a_reply_belong_to_its_words(course: Path) -> None:
    hand_in(course, 1)
    give(course, TYPED, 2.0, 1.0)
    hand_in(course, 2, own_words=OTHER)
    assert (mark(course), nbgraders_total(course)) == ((0.0, True, ""), 6.0)
    hand_in(course, 3)
    assert (mark(course), nbgraders_total(course)) == ((3.0, False, ""), 9.0)


# Blank and damaged ----------------------------------------------------------------------


@DOORS
def test_a_mark_for_a_blank_stays_with_the_blank(course: Path, door: Door) -> None:
    hand_in(course, 1, door, own_words="")
    assert mark(course) == (0.0, False, "")
    mark_by_hand(course, TYPED, 2, "You told me in person.")
    hand_in(course, 2, door, own_words=" \n")
    assert mark(course) == (2.0, False, "You told me in person.")
    hand_in(course, 3, door, own_words=OTHER)
    assert mark(course) == (0.0, True, "")


@DOORS
def test_a_damaged_hand_in_takes_no_mark_and_a_good_one_brings_it_back(
    marked: Path, door: Door
) -> None:
    shutil.rmtree(marked / "history")  # from which the good one would be put back
    folder = submit(marked, WHO, b"{")
    (folder / "timestamp.txt").write_text("2026-03-02 09:00:00.000000 UTC")
    door(marked)
    assert mark(marked) == (0.0, True, "")
    hand_in(marked, 3, door)
    assert mark(marked) == (3.0, False, "Good open question.")


@DOORS
def test_a_marked_hand_in_that_is_damaged_where_it_lies_keeps_its_mark(
    marked: Path, door: Door
) -> None:
    submit(marked, WHO, b"{")
    door(marked)
    assert mark(marked) == (3.0, False, "Good open question.")
    grade(marked, MODULE)
    assert grade(marked, MODULE)[0].unchanged
    hand_in(marked, 1, door, own_words=OTHER)  # mended, but not as it was
    assert mark(marked) == (0.0, True, "")


def test_a_mark_on_a_damaged_hand_in_does_not_pass_to_another(course: Path) -> None:
    submit(course, WHO, b"{")
    grade(course, MODULE)
    mark_by_hand(course, TYPED, 2)
    submit(course, WHO, b"{ ")
    grade(course, MODULE)
    assert mark(course) == (0.0, True, "")


# Runs -----------------------------------------------------------------------------------


@pytest.mark.parametrize("force", [False, True])
def test_grading_again_changes_nothing(marked: Path, force: bool) -> None:
    hand_in(marked, 2, own_words=OTHER)
    before, graded = read_gradebook(default_db_url(marked), MODULE), notebook(marked)
    (done,) = grading.grade_modules(marked, [MODULE], force=force)
    assert done.unchanged is not force
    assert read_gradebook(default_db_url(marked), MODULE) == before
    assert notebook(marked) == graded


def test_both_doors_leave_the_same_gradebook(marked: Path) -> None:
    hand_in(marked, 2, by_grade, own_words=OTHER, first_move="tell")
    ours, graded = (
        read_gradebook(default_db_url(marked), MODULE),
        nbformat.reads(notebook(marked), 4),
    )
    hand_in(marked, 3, by_button)
    hand_in(marked, 2, by_button, own_words=OTHER, first_move="tell")
    assert read_gradebook(default_db_url(marked), MODULE) == ours
    assert nbformat.reads(notebook(marked), 4) == graded


def test_nbgrader_on_the_command_line_does_the_same(marked: Path) -> None:
    def by_nbgrader(course: Path) -> None:
        command = [sys.executable, "-m", "nbgrader", "autograde", MODULE]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    hand_in(marked, 2, by_nbgrader, own_words=OTHER)
    assert mark(marked) == (0.0, True, "")
    assert "Marked 3 of 4 for earlier words." in notebook(marked)
    hand_in(marked, 3, by_nbgrader)
    assert mark(marked) == (3.0, False, "Good open question.")


def test_a_run_that_is_cut_off_loses_no_mark(marked: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: Any) -> None:
        raise KeyboardInterrupt

    for moment in ("Marker.show_earlier", "GradedBefore.remember"):
        with monkeypatch.context() as patch:
            patch.setattr(f"grader.trainer.grading.grading.{moment}", breaks)
            with pytest.raises(KeyboardInterrupt):
                hand_in(marked, 2, own_words=OTHER)
        grade(marked, MODULE)
        assert "Marked 3 of 4 for earlier words." in notebook(marked)
        hand_in(marked, 3)
        assert mark(marked) == (3.0, False, "Good open question.")


# Gradebooks -----------------------------------------------------------------------------


def as_before_words_were_noted(course: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        for name in ("graded", "earlier", "released"):
            database.execute(f"DROP TABLE alongside_{name}")


@fault(
    BOOK,
    "A gradebook was begun with an older course, which noted no words",
    "Marks stay with the hand-in that was graded last. What comes later waits for you.",
)
def test_marks_of_an_older_course_stay_with_what_was_graded_last(marked: Path) -> None:
    as_before_words_were_noted(marked)
    grade(marked, MODULE)
    assert mark(marked) == (3.0, False, "Good open question.")
    hand_in(marked, 2, own_words=OTHER)
    assert mark(marked) == (0.0, True, "")


def test_a_later_hand_in_to_an_older_course_waits(marked: Path) -> None:
    as_before_words_were_noted(marked)
    hand_in(marked, 2, own_words=OTHER)
    assert mark(marked) == (0.0, True, "")
    assert "Marked 3 of 4 for earlier words." in notebook(marked)


def test_an_older_copy_of_the_gradebook_does_not_bind_its_marks_to_new_words(
    marked: Path,
) -> None:
    grade(marked, MODULE)
    copy = (marked / "gradebook.db").read_bytes()
    submit(marked, WHO, FULL | {"own-words": OTHER})  # at the same time, as its clock says
    grade(marked, MODULE)
    (marked / "gradebook.db").write_bytes(copy)
    grade(marked, MODULE)
    assert mark(marked) == (0.0, True, "")


def test_marks_for_earlier_words_in_a_damaged_gradebook_are_listed(
    marked: Path, tmp_path: Path
) -> None:
    from grader.trainer.gradebook.rescue import list_lost

    fresh = tmp_path / "fresh.db"
    fresh.write_bytes((marked / "gradebook.db").read_bytes())
    give(marked, TYPED, 2.5, None)
    hand_in(marked, 2, own_words=OTHER)
    listed = list_lost(marked / "gradebook.db", fresh).read_text()
    assert f"{WHO}, {MODULE}, {TYPED}, 2.5, -, Good open question." in listed


def test_a_gradebook_that_cannot_be_written_keeps_the_mark(
    marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise GradingError("full")

    monkeypatch.setattr("grader.trainer.gradebook.rows.note_earlier", full)
    with pytest.raises(GradingError, match="full"):
        hand_in(marked, 2, own_words=OTHER)
    assert mark(marked) == (3.0, False, "Good open question.")


def test_who_never_had_a_mark_is_told_of_none(course: Path) -> None:
    hand_in(course, 1)
    hand_in(course, 2, own_words=OTHER)
    assert (mark(course), "earlier words" in notebook(course)) == ((0.0, True, ""), False)
    assert BEST["first-move"] == "listen"
    assert row(course)["marked_for_earlier_words"] == ""
