"""Only what changed is graded again, and whose marks change is said before they do."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from fault_page import BOOK, GRADE, fault
from helpers.cohort import FULL, MODULE, make_course, mark_by_hand, submit

from grader.errors import GradebookDamagedError, GradingError
from grader.trainer.gradebook.backups import backups_of, is_whole
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading import grading
from grader.trainer.grading.changes import Change
from grader.trainer.grading.grading import Listener, grade, grade_modules
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, NOT_GRADED, WAITING, Graded
from grader.trainer.marking import marking
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Marks, RawHandIn, Sheet, mark_sent

TYPED = "own-words-mark"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One course with three trainees graded."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    submit(root, "trainee-001", {"first-move": "tell"})
    submit(root, "trainee-002", b"{")
    submit(root, "trainee-017", FULL)
    grade(root, MODULE)
    return root


def book(course: Path) -> dict[str, Entry]:
    return read_gradebook(default_db_url(course), MODULE)


def again(course: Path, **how: Any) -> dict[str, Graded]:
    return {one.trainee: one for one in grade_modules(course, [MODULE], **how)}


def files(course: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file below a folder with its content and time."""
    return {
        str(path.relative_to(course)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in course.rglob("*")
        if path.is_file()
    }


def change_key(course: Path) -> None:
    """Let the poorer first move of the key give 2 points instead of 1."""
    key = course / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("points: 1", "points: 2"))


def notebook(course: Path, trainee: str = "trainee-017") -> Path:
    return course / "autograded" / trainee / MODULE / "exercise.ipynb"


# Only what changed ----------------------------------------------------------------------


def test_a_second_run_writes_nothing_and_tells_the_same(course: Path) -> None:
    before = files(course)
    first = again(course)
    assert files(course) == before
    assert all(one.unchanged for one in first.values())
    assert [(one.outcome, one.points, one.waiting) for one in first.values()] == [
        (GRADED, 1.0, 0),
        (DAMAGED, 0.0, 1),
        (WAITING, 6.0, 1),
    ]
    assert first["trainee-002"].problem.startswith("The answers could not be read")


def test_only_who_handed_in_again_is_graded_again(course: Path) -> None:
    (course / "submitted" / "trainee-001" / MODULE / "timestamp.txt").write_text(
        "2026-03-05 09:00:00.000000 UTC"
    )
    submit(course, "trainee-030", FULL)
    done = again(course)
    assert {who for who, one in done.items() if not one.unchanged} == {"trainee-001", "trainee-030"}
    assert str(book(course)["trainee-001"].handed_in) == "2026-03-05 09:00:00+00:00"


def test_changed_answers_are_graded_again(course: Path) -> None:
    submit(course, "trainee-001", {"first-move": "listen"})
    done = again(course)
    assert done["trainee-001"].points == 3.0
    assert done["trainee-001"].changes == (Change("first-move", 1.0, 3.0),)
    assert done["trainee-017"].unchanged


def test_a_record_that_was_replaced_by_a_note_is_graded_again(course: Path) -> None:
    (course / "submitted" / "trainee-017" / MODULE / "problem.txt").write_text("It is a link.")
    shutil.rmtree(course / "history")  # a kept one would be put back
    assert again(course)["trainee-017"].outcome == DAMAGED


def lose_notebook(course: Path) -> None:
    notebook(course).unlink()


def empty_notebook(course: Path) -> None:
    notebook(course).write_bytes(b"")


def lose_memory(course: Path) -> None:
    (course / "autograded" / f".graded-{MODULE}.json").unlink()


def damage_memory(course: Path) -> None:
    (course / "autograded" / f".graded-{MODULE}.json").write_text('{"format": 1, "trainees": [[1')


def lose_rows(course: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        nbgrader.remove_submission(MODULE, "trainee-017")


def old_rows(course: Path) -> None:
    """Have other marks in the gradebook than those that were written, as from an old copy."""
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        nbgrader.find_grade("first-move", "exercise", MODULE, "trainee-017").auto_score = 0.0
        nbgrader.db.commit()


@pytest.mark.parametrize(
    "lose", [lose_notebook, empty_notebook, lose_memory, damage_memory, lose_rows, old_rows]
)
def test_what_is_lost_is_made_again(course: Path, lose: Any) -> None:
    before, graded = book(course), notebook(course).read_bytes()
    lose(course)
    assert not again(course)["trainee-017"].unchanged
    assert book(course) == before
    assert notebook(course).read_bytes() == graded
    assert again(course)["trainee-017"].unchanged


def test_a_changed_key_grades_everybody_again(course: Path) -> None:
    change_key(course)
    done = again(course)
    assert not any(one.unchanged for one in done.values())
    assert done["trainee-001"].points == 2.0


def test_a_changed_grader_grades_everybody_again(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("grader.trainer.grading.graded_before._grader_digest", lambda: b"newer")
    assert not any(one.unchanged for one in again(course).values())


def test_force_grades_everybody_again(course: Path) -> None:
    mark_by_hand(course, TYPED, 2.5, "Well asked.")
    before = book(course)
    assert not any(one.unchanged for one in again(course, force=True).values())
    assert book(course) == before


@fault(
    GRADE,
    "A run ends halfway for any other reason",
    "All marks of the run are there, or none. The next run does what is left.",
)
@pytest.mark.parametrize("moment", ["save_marks", "prepare_gradebook", "mark_all"])
def test_a_run_that_was_cut_off_is_finished_by_the_next(
    course: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    submit(course, "trainee-030", FULL)
    mark_by_hand(course, TYPED, 2.5, "Well asked.")
    before = book(course)

    def breaks(*_: Any, **__: Any) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(grading, moment, breaks)
    with pytest.raises(KeyboardInterrupt):
        again(course)
    monkeypatch.undo()
    assert book(course) == before
    done = again(course)
    assert done["trainee-030"].outcome == WAITING
    assert done["trainee-017"].points == 8.5
    assert not list((course / "autograded").rglob(".exercise*"))


def test_a_draft_that_a_crash_left_is_swept_up(course: Path) -> None:
    draft = notebook(course).with_name(".exercise.ipynb.0a1b2c3d")
    draft.write_text("half")
    again(course, force=True)
    assert not draft.exists()


# Whose marks change ---------------------------------------------------------------------


def test_a_look_ahead_writes_nothing_at_all(course: Path) -> None:
    change_key(course)
    submit(course, "trainee-030", FULL)
    before, rows = files(course), book(course)
    done = again(course, dry_run=True)
    assert files(course) == before
    assert book(course) == rows
    assert done["trainee-001"].changes == (Change("first-move", 1.0, 2.0),)
    assert (done["trainee-001"].points_before, done["trainee-001"].points) == (1.0, 2.0)
    assert (done["trainee-030"].outcome, done["trainee-030"].changes) == (WAITING, ())


def test_a_look_ahead_makes_no_gradebook(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    submit(root, "trainee-017", FULL)
    before = files(root)
    assert again(root, dry_run=True)["trainee-017"].points == 6.0
    assert files(root) == before


def test_a_look_ahead_expects_what_then_happens(course: Path) -> None:
    change_key(course)
    mark_by_hand(course, "first-move", 1.5)
    submit(course, "trainee-030", {"what-fits": ["ask"]})
    submit(course, "trainee-002", {"first-move": "listen", "own-words": "What helps?"})
    (course / "submitted" / "trainee-017" / MODULE / "timestamp.txt").write_text(
        "2026-03-05 09:00:00.000000 UTC"
    )
    expected = again(course, dry_run=True)
    done = again(course)
    compared = [(e.outcome, e.points, e.waiting, e.changes) for e in expected.values()]
    assert compared == [(d.outcome, d.points, d.waiting, d.changes) for d in done.values()]
    assert done["trainee-017"].changes == ()  # what the trainer set counts, before and after
    assert done["trainee-017"].waiting == 1


def test_changes_are_told_before_anything_is_written(course: Path) -> None:
    change_key(course)
    before = files(course)
    told = []

    def hear(changed: list[Graded]) -> None:
        assert files(course) == before
        told.extend((one.trainee, one.points_before, one.points) for one in changed)

    again(course, told=Listener(changes=hear))
    assert told == [("trainee-001", 1.0, 2.0)]


@pytest.mark.parametrize(("room", "times"), [(grading.MAX_PACKED, 1), (0, 2)])
def test_who_is_looked_at_first_is_marked_once_and_written_as_ever(
    course: Path, monkeypatch: pytest.MonkeyPatch, room: int, times: int
) -> None:
    change_key(course)
    submit(course, "trainee-030", FULL)
    marked: Counter[bytes | None] = Counter()

    def mark(sheet: Sheet, sent: RawHandIn) -> Marks:
        marked[sent.answers] += 1
        return mark_sent(sheet, sent)

    monkeypatch.setattr(marking, "mark_sent", mark)
    monkeypatch.setattr(grading, "MAX_PACKED", room)
    again(course)
    first = course / "submitted" / "trainee-001" / MODULE / "answers.json"
    assert marked[first.read_bytes()] == times
    written = {path: path.read_bytes() for path in course.glob("autograded/*/*/exercise.ipynb")}
    assert written
    for path in written:
        path.unlink()
    again(course)  # nobody is as before now
    assert {path: path.read_bytes() for path in written} == written
    assert all(one.unchanged for one in again(course).values() if one.outcome != MISSING)


def test_new_hand_ins_are_no_changes(course: Path) -> None:
    submit(course, "trainee-030", FULL)

    def hear(_: list[Graded]) -> None:
        raise AssertionError

    again(course, told=Listener(changes=hear))


def test_a_reply_that_is_blank_now_is_a_change_from_waiting(course: Path) -> None:
    submit(course, "trainee-017", FULL | {"own-words": ""})
    assert again(course)["trainee-017"].changes == (Change("own-words", None, 0.0),)


# Everybody has an outcome ---------------------------------------------------------------


def test_nobody_is_left_out(course: Path) -> None:
    (course / "roster.csv").write_text("id\ntrainee-017\ntrainee-099\n")
    submit(course, "=bad name", FULL)
    shutil.rmtree(course / "submitted" / "trainee-001")
    done = again(course)
    assert {who: one.outcome for who, one in done.items()} == {
        "=bad name": NOT_GRADED,
        "trainee-001": GRADED,
        "trainee-002": DAMAGED,
        "trainee-017": WAITING,
        "trainee-099": MISSING,
    }
    assert "no longer in submitted/" in done["trainee-001"].problem


def test_one_run_grades_several_modules_in_one_transaction(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = "08-groups"
    for name in ("solutions", "exercises"):
        shutil.copytree(course / name / MODULE, course / name / other)
    shutil.copytree(
        course / "submitted" / "trainee-017" / MODULE, course / "submitted" / "trainee-030" / other
    )
    submit(course, "trainee-030", FULL)
    real, seen = grading.save_marks, []

    def breaks_at_the_second(session: Any, module: str, *rest: Any) -> None:
        seen.append(module)
        if len(seen) == 2:
            raise KeyboardInterrupt
        real(session, module, *rest)

    monkeypatch.setattr(grading, "save_marks", breaks_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        grade_modules(course, [MODULE, other])
    monkeypatch.undo()
    assert seen == [MODULE, other]
    assert "trainee-030" not in book(course)
    assert len(backups_of(course / "gradebook.db")) == 1
    done = grade_modules(course, [MODULE, other])
    assert [one.module for one in done if one.trainee == "trainee-030"] == [MODULE, other]


# The gradebook is safe ------------------------------------------------------------------


def test_the_gradebook_is_copied_before_it_changes(course: Path) -> None:
    before = book(course)
    submit(course, "trainee-030", FULL)
    again(course)
    (copy,) = backups_of(course / "gradebook.db")
    assert read_gradebook(f"sqlite:///{copy}", MODULE) == before


def test_no_copy_is_made_where_nothing_changes(course: Path) -> None:
    submit(course, "not a trainee", FULL)  # is refused, at every run
    assert again(course)["not a trainee"].outcome == NOT_GRADED
    assert backups_of(course / "gradebook.db") == []


def overwritten(path: Path) -> None:
    path.write_bytes(b"not a gradebook")


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def scrambled(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(path.stat().st_size - 4096))


@fault(
    BOOK,
    "The gradebook is damaged, emptied or overwritten",
    "The newest good copy is put back, and you are told. The damaged file is kept, and what you "
    "set since is listed.",
)
@pytest.mark.parametrize("damage", [overwritten, emptied, scrambled])
def test_a_damaged_gradebook_is_put_back_and_said(course: Path, damage: Any) -> None:
    mark_by_hand(course, TYPED, 2.5, "Well asked.")
    submit(course, "trainee-030", FULL)
    again(course)
    damage(course / "gradebook.db")
    with pytest.raises(GradebookDamagedError, match="run 'alongside grade'"):
        read_gradebook(default_db_url(course), MODULE)
    said: list[str] = []
    done = again(course, told=Listener(message=said.append))
    assert len(said) == 1
    assert "was damaged" in said[0]
    assert is_whole(course / "gradebook.db")
    assert done["trainee-017"].points == 8.5
    assert done["trainee-030"].outcome == WAITING  # graded after the copy was made
    assert (course / "gradebook.db.damaged-1").exists()


def test_a_look_ahead_puts_nothing_back(course: Path) -> None:
    again(course, force=True)
    overwritten(course / "gradebook.db")
    with pytest.raises(GradebookDamagedError):
        again(course, dry_run=True)
    assert (course / "gradebook.db").read_bytes() == b"not a gradebook"


@fault(
    BOOK,
    "The gradebook is damaged, and there is no good copy",
    "Nothing is changed. One line says what you can do.",
)
def test_a_damaged_gradebook_without_a_copy_is_left_as_it_is(course: Path) -> None:
    overwritten(course / "gradebook.db")
    with pytest.raises(GradingError, match="has no good copy"):
        again(course)
    assert (course / "gradebook.db").read_bytes() == b"not a gradebook"


def test_what_was_set_by_hand_since_the_copy_is_listed(course: Path) -> None:
    mark_by_hand(course, "first-move", 1.5)
    again(course, force=True)  # makes the copy
    mark_by_hand(course, TYPED, 2.5, "Well\nasked.")
    emptied_in_part = course / "gradebook.db"
    rows = emptied_in_part.read_bytes()
    pages = len(rows) // 4096
    with emptied_in_part.open("r+b") as file:  # a page that those marks do not stand on
        file.seek(4096 * (pages - 1))
        file.write(b"\xff" * 4096)
    assert not is_whole(course / "gradebook.db")
    said: list[str] = []
    again(course, told=Listener(message=said.append), force=True)
    listed = (course / "gradebook.db.damaged-1.txt").read_text()
    assert "trainee-017, 07-advice, own-words-mark, 2.5, -, 'Well\\nasked.'" in listed
    assert "first-move" not in listed  # that one is in the copy
    assert "gradebook.db.damaged-1.txt" in said[0]
    assert not book(course)["trainee-017"].marks[TYPED].by_trainer


def test_of_a_gradebook_on_a_server_it_is_said_who_makes_the_copies(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grading, "sqlite_path", lambda _: None)
    said: list[str] = []
    again(course, told=Listener(message=said.append), force=True)
    assert said == [grading.NOT_OURS]
    assert backups_of(course / "gradebook.db") == []
