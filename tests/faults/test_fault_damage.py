"""What is damaged in `submitted/` costs no mark, and never goes out as final."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import BEST, FULL, MODULE, WHEN, answers_json, submit
from helpers.formgrader import press_autograde
from helpers.hand_ins import GOOD, WHO, bundle, in_use, listed, placed, sent

from grader.cli import main
from grader.formats import feedback
from grader.trainer.collect.collect import collect
from grader.trainer.feedback.feedback import Wanted, make_feedback
from grader.trainer.feedback.passes import passes
from grader.trainer.feedback.signing import new_key
from grader.trainer.feedback.states import DRAFT, READ
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.grading import Listener, grade, grade_modules
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, NOT_GRADED
from grader.trainer.report.exports import rows_of

CONFLICT = b"<<<<<<< HEAD\n" + GOOD + b"\n=======\n" + GOOD + b"\n>>>>>>> theirs\n"


def written(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def linked(path: Path) -> None:
    path.unlink()
    path.symlink_to("/etc/passwd")


def evicted(path: Path) -> None:
    """Leave what a program that keeps folders in step leaves of a file."""
    path.rename(path.with_name(".answers.json.icloud"))


DAMAGE: dict[str, Callable[[Path], None]] = {
    "emptied": written(b""),
    "git": written(CONFLICT),
    "cut off": written(GOOD[:40]),
    "a link": linked,
    "evicted": evicted,
    "gone": Path.unlink,
}
THERE = [name for name in DAMAGE if name not in ("evicted", "gone")]


def by_grade(course: Path) -> None:
    grade(course, MODULE)


def by_button(course: Path) -> None:
    done = press_autograde(course, WHO)
    assert done["success"], done


@pytest.fixture(name="marked")
def collected_and_marked(course: Path) -> Path:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    assert book(course)[WHO].points == 8.5
    return course


@fault(
    GRADE,
    "A hand-in is damaged in `submitted/` after it was collected, or its answers are gone",
    "The whole one that is kept is put back, and all marks stand. You are told.",
)
@pytest.mark.parametrize("door", [by_grade, by_button])
@pytest.mark.parametrize("case", DAMAGE)
def test_what_is_damaged_where_it_lies_costs_no_mark(
    marked: Path, case: str, door: Callable[[Path], Any]
) -> None:
    before = book(marked)
    DAMAGE[case](placed(marked) / "answers.json")
    door(marked)
    assert book(marked) == before
    assert in_use(marked) == GOOD


def test_what_was_put_back_is_told_and_what_lay_there_is_kept(
    marked: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (placed(marked) / "answers.json").write_bytes(CONFLICT)
    said: list[str] = []
    (done,) = grade_modules(marked, [MODULE], told=Listener(message=said.append))
    assert (done.points, done.unchanged, done.changes) == (8.5, True, ())
    assert said == [
        f"submitted/{WHO}/{MODULE} was damaged. Number 1 is whole and was put back; its marks "
        f"stand. To see all: alongside collect --list {WHO} {MODULE}"
    ]
    assert [(one["number"], one["in_use"]) for one in listed(marked, capsys)] == [
        (1, True),
        (2, False),
    ]
    assert grade(marked, MODULE)[0].unchanged


def test_nothing_is_said_of_marks_before_there_are_any(course: Path) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    (placed(course) / "answers.json").write_bytes(CONFLICT)
    said: list[str] = []
    grade_modules(course, [MODULE], told=Listener(message=said.append))
    assert "Number 1 is whole and was put back." in said[0]
    assert "marks" not in said[0]


def test_what_was_graded_as_damaged_is_put_back_as_soon_as_a_whole_one_is_kept(
    marked: Path,
) -> None:
    (marked / "history").rename(marked / "away")
    (placed(marked) / "answers.json").write_bytes(b"")
    assert grade(marked, MODULE)[0].outcome == DAMAGED
    (marked / "away").rename(marked / "history")
    assert grade(marked, MODULE)[0].points == 8.5


def test_a_look_ahead_says_how_to_put_it_back_and_writes_nothing(marked: Path) -> None:
    (placed(marked) / "answers.json").write_bytes(b"")
    (done,) = grade_modules(marked, [MODULE], dry_run=True)
    assert (done.outcome, done.changes) == (NOT_GRADED, ())
    assert f"alongside collect --use {WHO} {MODULE} 1" in done.problem
    assert in_use(marked) == b""


def test_a_damaged_one_that_a_trainer_chose_stays(marked: Path) -> None:
    (placed(marked) / "answers.json").write_bytes(b"{")
    grade(marked, MODULE)  # keeps it as number 2
    assert main(["collect", "--use", WHO, MODULE, "2", "--root", str(marked)]) == 0
    assert grade(marked, MODULE)[0].outcome == DAMAGED
    assert in_use(marked) == b"{"


# Feedback -------------------------------------------------------------------------------


def final_file(course: Path, trainee: str = WHO) -> Path:
    return course / "feedback-bundles" / f"{MODULE}-{trainee}-feedback.zip"


@pytest.mark.parametrize("case", DAMAGE)
def test_feedback_waits_for_the_whole_one(marked: Path, case: str) -> None:
    make_feedback(marked, MODULE)
    before = final_file(marked).read_bytes()
    DAMAGE[case](placed(marked) / "answers.json")
    (done,) = make_feedback(marked, MODULE, wanted=Wanted(finished=True))
    assert (done.state, done.new, done.bundle) == ("", False, None)
    assert f"alongside collect --use {WHO} {MODULE} 1" in done.problem
    assert final_file(marked).read_bytes() == before
    grade(marked, MODULE)
    (done,) = make_feedback(marked, MODULE)
    assert done.unchanged


@fault(
    GRADE,
    "A hand-in is damaged and no whole one is kept, but all marks are set",
    "Its feedback stays a draft. It is not signed, does not count as sent, and is named.",
)
@pytest.mark.parametrize("case", THERE)
def test_what_is_damaged_is_never_final(
    course: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    new_key(course)
    DAMAGE[case](submit(course, WHO, FULL) / "answers.json")
    submit(course, "trainee-001", BEST)
    assert {one.outcome for one in grade(course, MODULE) if one.trainee == WHO} == {DAMAGED}
    by_trainer(course, WHO, 2.5, "Told me in person.")
    assert book(course)[WHO].waiting == 0
    command = ["feedback", MODULE, "--root", str(course)]
    assert main([*command, "--only-finished", "--release"]) == 0
    out = capsys.readouterr().out
    assert f"{WHO} {MODULE}: The answers could not be" in out
    assert "The feedback stays a draft. Ask for it to be handed in again." in out
    assert "1 finished file counts as sent now." in out
    assert not final_file(course).exists()
    assert final_file(course, "trainee-001").exists()
    done = {one.trainee: one for one in make_feedback(course, MODULE)}[WHO]
    assert (done.state, done.new) == (DRAFT, False)
    assert done.bundle.name.endswith("-DRAFT.zip")
    page = course / "feedback" / WHO / MODULE / "exercise.html"
    numbers = feedback.parse(feedback.numbers_in(page.read_bytes()))
    assert (numbers.draft, numbers.signed, numbers.items) == (True, None, {})


# No answers -----------------------------------------------------------------------------

NOTHING: dict[str, tuple[str, ...]] = {
    "empty": (),
    "Finder": (".DS_Store", "__MACOSX"),
    "Explorer": ("Thumbs.db", "desktop.ini"),
    "a foreign drive": ("._answers.json",),
    "Jupyter": (".ipynb_checkpoints",),
}
PARTS: dict[str, tuple[str, ...]] = {
    "the time alone": ("timestamp.txt",),
    "the note alone": ("handin.json",),
    "the questions alone": ("items.json",),
    "on its way": (".DS_Store", "answers.json.part"),
    "evicted": ("exercise.ipynb", ".answers.json.icloud"),
    "something else": ("exercise.ipynb", "holiday.jpg"),
}
AS_GIVEN = ("exercise.ipynb", "items.json")
UNTOUCHED: dict[str, tuple[str, ...]] = {
    "the notebook": ("exercise.ipynb",),
    "as it was fetched": ("exercise.ipynb", "items.json", ".ipynb_checkpoints", ".DS_Store"),
    "as nbgrader takes it": ("exercise.ipynb", "timestamp.txt", "submission_secret.txt"),
}


def left_with(course: Path, names: tuple[str, ...]) -> None:
    shutil.rmtree(placed(course), ignore_errors=True)
    placed(course).mkdir(parents=True)
    given = course / "exercises" / MODULE
    for name in names:
        released = given / name
        content = released.read_bytes() if name in AS_GIVEN else b"{}"
        (placed(course) / name).write_bytes(content)


def outcomes(course: Path) -> dict[str, str]:
    return {one.trainee: one.outcome for one in grade(course, MODULE)}


def status(course: Path) -> str:
    (row,) = (row for row in rows_of(course, default_db_url(course)) if row["trainee"] == WHO)
    return row["status"]


@fault(
    GRADE,
    "A folder in `submitted/` is empty, or holds only what a computer put there",
    "It is named as nothing handed in. Nobody gets marks or feedback for it.",
)
@pytest.mark.parametrize("roster", [f"id\n{WHO}\ntrainee-001\n", None])
@pytest.mark.parametrize("case", NOTHING)
def test_an_empty_folder_is_nothing_handed_in(
    course: Path, case: str, roster: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if roster:
        (course / "roster.csv").write_text(roster)
    submit(course, "trainee-001", FULL)
    left_with(course, NOTHING[case])
    assert main(["grade", MODULE, "--root", str(course)]) == 0
    (line,) = (one for one in capsys.readouterr().out.splitlines() if one.startswith(WHO))
    assert MISSING in line
    assert "there is a folder in submitted/, and no hand-in in it" in line
    assert (outcomes(course)[WHO], status(course)) == (MISSING, MISSING)
    assert WHO not in book(course)
    assert [one.trainee for one in make_feedback(course, MODULE)] == ["trainee-001"]
    (standing,) = passes(course, [WHO], default_db_url(course))
    assert not any("handed in, and not graded" in line for line in standing.missing)


@pytest.mark.parametrize("case", NOTHING)
def test_marks_stay_where_only_that_is_left(course: Path, case: str) -> None:
    submit(course, WHO, FULL)
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    before = book(course)
    shutil.rmtree(course / "history")  # a kept one would be put back
    left_with(course, NOTHING[case])
    (done,) = grade(course, MODULE)
    assert "no longer in submitted/" in done.problem
    assert book(course) == before
    (told,) = make_feedback(course, MODULE)
    assert "no longer in submitted/" in told.problem


@pytest.mark.parametrize("roster", ["id\ntrainee-001\n", None])
def test_nobody_else_is_needed_to_name_an_empty_folder(course: Path, roster: str | None) -> None:
    if roster:
        (course / "roster.csv").write_text(roster)
    left_with(course, ())
    assert outcomes(course)[WHO] == MISSING
    assert outcomes(course)[WHO] == MISSING


@fault(
    GRADE,
    "A hand-in in `submitted/` has lost its answers, and a part of it is left",
    "It is called damaged, and its feedback stays a draft. Is a whole one kept, it is put back.",
)
@pytest.mark.parametrize("case", PARTS)
def test_a_hand_in_without_answers_is_damaged(
    course: Path, case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    left_with(course, PARTS[case])
    assert main(["grade", MODULE, "--root", str(course)]) == 1
    assert f"{WHO}  {MODULE}  {DAMAGED}" in capsys.readouterr().out
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.points) == (DAMAGED, 0.0)
    assert done.problem == "The answers could not be read: there is no answers.json."
    assert status(course) == DAMAGED
    by_trainer(course, WHO, 2.5, "Told me in person.")
    (told,) = make_feedback(course, MODULE, wanted=Wanted(finished=True))
    assert (told.state, told.bundle, told.damage) == (DRAFT, None, done.problem)


@pytest.mark.parametrize("names", [*NOTHING.values(), *PARTS.values(), *UNTOUCHED.values()])
def test_the_whole_one_takes_its_place(marked: Path, names: tuple[str, ...]) -> None:
    before = book(marked)
    left_with(marked, names)
    assert outcomes(marked) == {WHO: GRADED}
    assert book(marked) == before
    assert in_use(marked) == GOOD


@pytest.mark.parametrize("case", UNTOUCHED)
def test_the_exercise_as_it_was_given_earns_nothing_and_asks_nobody(
    course: Path, case: str
) -> None:
    left_with(course, UNTOUCHED[case])
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.points, done.problem) == (GRADED, 0.0, "")
    (told,) = make_feedback(course, MODULE, wanted=Wanted(finished=True))
    assert told.state == READ


def test_so_does_the_notebook_alone_from_the_exchange(course: Path, inbound: Path) -> None:
    given = (course / "exercises" / MODULE / "exercise.ipynb").read_bytes()
    notebook_alone(inbound, given)
    (came,) = collect(course, exchange=inbound.parent.parent)
    assert came.reason.startswith("It holds no answers.json.")
    assert outcomes(course) == {WHO: GRADED}


def notebook_alone(inbound: Path, content: bytes) -> None:
    folder = sent(inbound, "2026-03-01 09:00:00.000000 UTC", content)
    (folder / "answers.json").rename(folder / "exercise.ipynb")


def written_into(course: Path) -> bytes:
    """Return the exercise with words typed into one of its cells."""
    notebook = json.loads((course / "exercises" / MODULE / "exercise.ipynb").read_bytes())
    notebook["cells"][-1]["source"] = "My answer: I would ask first."
    return json.dumps(notebook).encode()


def run_once(course: Path) -> bytes:
    """Return the exercise as Jupyter keeps it after its cells were run."""
    notebook = json.loads((course / "exercises" / MODULE / "exercise.ipynb").read_bytes())
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell |= {"execution_count": 1, "outputs": []}
    return json.dumps(notebook, indent=3).encode()


WRITTEN: dict[str, Callable[[Path], bytes]] = {
    "changed": written_into,
    "emptied": lambda _: b"",
    "no notebook": lambda _: b"\x00\xff",
    "a list": lambda _: b"[]",
    "no cells": lambda _: b"{}",
}


@fault(
    GRADE,
    "A notebook that somebody wrote in, or that cannot be read, is handed in without answers",
    "It is called damaged, and is never final. Each answer waits, and no points are claimed.",
)
@pytest.mark.parametrize("by_exchange", [True, False])
@pytest.mark.parametrize("case", WRITTEN)
def test_a_notebook_that_was_written_in_is_no_untouched_exercise(
    course: Path, inbound: Path, case: str, *, by_exchange: bool
) -> None:
    content = WRITTEN[case](course)
    if by_exchange:
        notebook_alone(inbound, content)
        collect(course, exchange=inbound.parent.parent)
    else:
        left_with(course, UNTOUCHED["as nbgrader takes it"])
        (placed(course) / "exercise.ipynb").write_bytes(content)
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.points, done.waiting) == (DAMAGED, 0.0, 3)
    assert "no answers.json" in done.problem
    (told,) = make_feedback(course, MODULE, wanted=Wanted(finished=True))
    assert (told.state, told.bundle) == (DRAFT, None)


def test_the_button_claims_no_points_either(course: Path) -> None:
    left_with(course, UNTOUCHED["the notebook"])
    (placed(course) / "exercise.ipynb").write_bytes(written_into(course))
    by_button(course)
    assert (book(course)[WHO].points, book(course)[WHO].waiting) == (0.0, 3)


def test_cells_that_were_run_are_still_the_exercise_as_it_was_given(course: Path) -> None:
    left_with(course, UNTOUCHED["the notebook"])
    (placed(course) / "exercise.ipynb").write_bytes(run_once(course))
    assert outcomes(course) == {WHO: GRADED}


@fault(
    GRADE,
    "The answers of a hand-in are lost after it was marked, and no copy is kept",
    "It is called damaged. All marks and comments stay as they are.",
)
@pytest.mark.parametrize("door", [by_grade, by_button])
def test_marks_stay_where_the_answers_are_lost(course: Path, door: Callable[[Path], Any]) -> None:
    submit(course, WHO, FULL)
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    before = book(course)
    shutil.rmtree(course / "history", ignore_errors=True)
    (placed(course) / "answers.json").unlink()
    door(course)
    assert book(course) == before
    (done,) = grade(course, MODULE)
    assert (done.outcome, done.points) == (DAMAGED, 8.5)
    (told,) = make_feedback(course, MODULE, wanted=Wanted(finished=True))
    assert (told.state, told.bundle) == (DRAFT, None)


@fault(
    GRADE,
    "A hand-in is put into `submitted/` by hand, and later lost or overwritten",
    "Grading kept a copy of it, as collecting does. It is put back, and all marks stand.",
)
@pytest.mark.parametrize("door", [by_grade, by_button])
def test_what_was_put_there_by_hand_is_kept(course: Path, door: Callable[[Path], Any]) -> None:
    submit(course, WHO, FULL)
    door(course)
    before = book(course)
    (placed(course) / "answers.json").unlink()
    door(course)
    assert book(course) == before
    assert in_use(course) == GOOD


def test_an_empty_record_is_a_finished_hand_in(course: Path) -> None:
    collect(course, [bundle(course, "first", answers_json({}), WHEN)])
    assert outcomes(course) == {WHO: GRADED}
    (told,) = make_feedback(course, MODULE, wanted=Wanted(finished=True))
    assert told.state == READ


def test_a_sent_file_without_answers_is_damaged(course: Path) -> None:
    (came,) = collect(course, [bundle(course, "first", None, WHEN)])
    assert came.reason == "It holds no answers.json. Ask for it to be sent again."
    assert outcomes(course) == {WHO: DAMAGED}


def test_a_file_in_the_place_of_the_folder_is_damaged(course: Path) -> None:
    placed(course).parent.mkdir(parents=True)
    placed(course).write_bytes(b"")
    assert outcomes(course) == {WHO: DAMAGED}
