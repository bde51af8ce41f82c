"""A sound gradebook that lacks the marks of before is never taken for this cohort's in silence."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import FULL, MODULE, submit
from helpers.hand_ins import WHO

from grader.cli import main
from grader.trainer.gradebook.backups import KEPT, back_up, backups_of
from grader.trainer.grading.grading import grade

OTHERS = ("trainee-018", "trainee-019", "trainee-020")


def run(course: Path, *words: str) -> int:
    return main([*words, f"--root={course}"])


@pytest.fixture(name="marked")
def released_course(course: Path) -> Path:
    """Make a course whose only hand-in is marked, copied and released."""
    shutil.copy(course / "gradebook.db", course / "another.db")
    submit(course, WHO, FULL)
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    assert run(course, "feedback", "--all", "--release") == 0
    return course


def swapped(course: Path) -> None:
    """Put another course's gradebook, in which nobody of this one stands, in its place."""
    shutil.copy(course / "another.db", course / "gradebook.db")


def emptied(course: Path) -> None:
    with closing(sqlite3.connect(course / "gradebook.db")) as opened:
        opened.execute("DELETE FROM grade")
        opened.commit()


@fault(
    BOOK,
    "A sound gradebook is put in place of yours, or rows of it were deleted, and marks are gone",
    "Nothing is changed. You are told which copy has the marks, and both ways on.",
)
@pytest.mark.parametrize("lose", [swapped, emptied])
def test_a_gradebook_without_the_marks_of_before_is_refused(
    marked: Path, lose: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    copies = backups_of(marked / "gradebook.db")
    bundles = sorted((marked / "feedback-bundles").iterdir())
    lose(marked)
    for words in (("grade", "--all"), ("feedback", "--all"), ("export",), ("report",)):
        capsys.readouterr()
        assert run(marked, *words) == 1
        said = capsys.readouterr().err
        assert f"gradebook.db lacks the marks of 1 hand-in that backups/{copies[-1].name} has" in (
            said
        )
        assert "alongside grade --all --new-gradebook" in said
    assert backups_of(marked / "gradebook.db") == copies
    assert sorted((marked / "feedback-bundles").iterdir()) == bundles


def test_the_copy_is_put_back_as_it_is_said(marked: Path) -> None:
    swapped(marked)
    assert run(marked, "grade", "--all") == 1
    (marked / "gradebook.db").rename(marked / "not-ours.db")
    assert run(marked, "grade", "--all") == 0
    assert book(marked)[WHO].points == 8.5


def test_who_wants_the_other_gradebook_can_go_on_with_it(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (copy,) = backups_of(marked / "gradebook.db")[-1:]
    (bundle,) = (marked / "feedback-bundles").iterdir()
    swapped(marked)
    assert run(marked, "grade", "--all", "--new-gradebook") == 0
    said = capsys.readouterr().err
    assert "gradebook.db counts as it is" in said
    assert "kept in backups/before-1/" in said
    assert (marked / "backups" / "before-1" / copy.name).is_file()
    assert [path.stem[: len(bundle.stem)] for path in (marked / "backups/feedback").iterdir()] == [
        bundle.stem
    ]
    assert book(marked)[WHO].points == 6.0
    assert run(marked, "grade", "--all") == 0


def test_marks_that_a_trainer_takes_back_are_no_loss(marked: Path) -> None:
    with closing(sqlite3.connect(marked / "gradebook.db")) as opened:
        opened.execute("UPDATE grade SET manual_score = NULL")
        opened.execute("UPDATE comment SET manual_comment = NULL")
        opened.commit()
    assert run(marked, "grade", "--all") == 0


def test_most_marks_gone_at_once_are_a_loss(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for trainee in OTHERS:
        submit(marked, trainee, FULL)
    grade(marked, MODULE)
    older = (marked / "gradebook.db").read_bytes()
    for trainee in OTHERS:
        by_trainer(marked, trainee, 2.0, "Good.")
    grade(marked, MODULE)
    (marked / "gradebook.db").write_bytes(older)
    assert run(marked, "grade", "--all") == 1
    assert "lacks the marks of 3 hand-ins" in capsys.readouterr().err


def take_back_one(course: Path) -> None:
    with closing(sqlite3.connect(course / "gradebook.db")) as opened:
        (first,) = opened.execute("SELECT id FROM grade WHERE manual_score IS NOT NULL").fetchone()
        opened.execute("UPDATE grade SET manual_score = NULL WHERE id = ?", (first,))
        opened.execute("UPDATE comment SET manual_comment = NULL")
        opened.commit()


@fault(
    BOOK,
    "More than five copies of the gradebook are made after most marks were lost",
    "The copy with the most marks of yours is never removed.",
)
def test_the_copy_with_most_marks_is_never_dropped(marked: Path) -> None:
    for trainee in OTHERS:
        submit(marked, trainee, FULL)
    grade(marked, MODULE)
    for trainee in OTHERS:
        by_trainer(marked, trainee, 2.0, "Good.")
    best = back_up(marked / "gradebook.db")
    for _ in (WHO, *OTHERS):
        take_back_one(marked)
        assert back_up(marked / "gradebook.db")
    for _ in range(KEPT):
        back_up(marked / "gradebook.db")
    assert best in backups_of(marked / "gradebook.db")


@fault(
    BOOK,
    "Finished feedback becomes a draft, and nothing says whether you sent it",
    "The finished file is kept in `backups/feedback/` all the same.",
)
def test_finished_feedback_is_kept_whether_or_not_it_counts_as_sent(course: Path) -> None:
    submit(course, WHO, FULL)
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    assert run(course, "feedback", "--all") == 0
    (bundle,) = (course / "feedback-bundles").iterdir()
    content = bundle.read_bytes()
    submit(course, WHO, FULL | {"own-words": "Call them."})
    assert run(course, "grade", "--all", "--force") == 0
    assert run(course, "feedback", "--all") == 0
    (kept,) = (course / "backups" / "feedback").iterdir()
    assert kept.read_bytes() == content


@fault(
    BOOK,
    "`--new-gradebook` is asked for where the environment of Python is not activated",
    "The new gradebook is made, as the first one was.",
)
def test_a_new_gradebook_needs_no_activated_environment(
    marked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(marked / "backups")
    (marked / "gradebook.db").unlink()
    monkeypatch.setenv("PATH", os.defpath)
    assert run(marked, "grade", "--all", "--new-gradebook") == 0
    assert book(marked)[WHO].points == 6.0
