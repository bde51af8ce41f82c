"""The graded notebook and its key fit each other, and answers become marks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from helpers.cohort import BEST, FULL, MODULE, answers_json, make_course, submit
from helpers.paths import REPOSITORY

from grader.errors import GradingError
from grader.kinds.scoring import model_response
from grader.trainer.marking.sheet import fill, load_sheet, mark_submission
from grader.trainer.release import modules_of


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


def edit(course: Path, change: Callable[[list[Any]], None]) -> None:
    path = course / "solutions" / MODULE / "exercise.ipynb"
    notebook = nbformat.read(path, 4)
    change(notebook.cells)
    nbformat.write(notebook, path)


@pytest.mark.parametrize("module", modules_of(REPOSITORY))
def test_the_model_answers_of_the_course_earn_full_marks(module: str, tmp_path: Path) -> None:
    sheet = load_sheet(REPOSITORY, module)
    best = {
        place.item.id: {
            "kind": place.item.kind,
            "response": model_response(place.item),
            "first_response": None,
            "tries": 0,
        }
        for place in sheet.places
    }
    record = {"format": 1, "module": module, "items": best}
    (tmp_path / "answers.json").write_text(json.dumps(record), encoding="utf-8")
    marks = mark_submission(sheet, tmp_path).marks
    assert [m.auto_score for m in marks if not m.waits] == [
        m.score.max_points for m in marks if not m.waits
    ]
    assert all(mark.waits == mark.score.suggested for mark in marks)


@pytest.mark.parametrize("module", modules_of(REPOSITORY))
def test_the_untouched_exercise_earns_nothing_and_asks_no_trainer(
    module: str, tmp_path: Path
) -> None:
    marks = mark_submission(load_sheet(REPOSITORY, module), tmp_path)
    assert not marks.problem
    assert {mark.auto_score for mark in marks.marks} == {0.0}


def test_a_typed_reply_has_no_score_until_a_trainer_decides(course: Path) -> None:
    marks = mark_submission(load_sheet(course, MODULE), submit(course, "trainee-001", FULL))
    assert [mark.auto_score for mark in marks.marks] == [3.0, 3.0, None]


def test_with_a_damaged_record_only_typed_replies_wait(course: Path) -> None:
    marks = mark_submission(load_sheet(course, MODULE), submit(course, "trainee-001", b"{"))
    assert [mark.auto_score for mark in marks.marks] == [0.0, 0.0, None]
    assert "cut off" in marks.problem


def test_answers_of_the_wrong_type_earn_nothing_and_typed_ones_wait(course: Path) -> None:
    odd = {"first-move": {"a": 1}, "what-fits": "ask", "own-words": 7}
    marks = mark_submission(load_sheet(course, MODULE), submit(course, "trainee-001", odd))
    assert [mark.auto_score for mark in marks.marks] == [0.0, 0.0, None]
    assert len(marks.notes) == 3


def test_an_answer_to_no_question_is_reported_and_harmless(course: Path) -> None:
    folder = submit(course, "trainee-001", BEST | {"bonus": "listen"})
    marks = mark_submission(load_sheet(course, MODULE), folder)
    assert sum(mark.auto_score for mark in marks.marks) == 6.0
    assert "'bonus'" in marks.notes[0]


def test_a_note_beside_a_submission_says_why_there_are_no_answers(course: Path) -> None:
    folder = submit(course, "trainee-001", FULL)
    (folder / "problem.txt").write_text("The answers could not be taken: too large.")
    assert mark_submission(load_sheet(course, MODULE), folder).problem.endswith("too large.")


def test_what_a_trainee_typed_is_escaped_in_the_graded_notebook(course: Path) -> None:
    hostile = "<script>alert(1)</script> [x](javascript:alert(1))"
    sheet = load_sheet(course, MODULE)
    marks = mark_submission(sheet, submit(course, "trainee-001", {"own-words": hostile}))
    text = json.dumps(fill(sheet, marks))
    assert "<script" not in text
    assert "&lt;script&gt;" in text


def test_the_graded_notebook_is_valid_and_leaves_the_sheet_alone(course: Path) -> None:
    sheet = load_sheet(course, MODULE)
    marks = mark_submission(sheet, submit(course, "trainee-001", FULL))
    nbformat.validate(nbformat.from_dict(fill(sheet, marks)))
    assert not any(cell.get("outputs") for cell in sheet.notebook["cells"])


def drop_last(cells: list[Any]) -> None:
    del cells[-1]


def more_points(cells: list[Any]) -> None:
    cells[2].metadata.nbgrader["points"] = 5


def unlocked(cells: list[Any]) -> None:
    cells[-1].metadata.nbgrader["locked"] = False


def twice(cells: list[Any]) -> None:
    cells[4].source = cells[2].source


def no_record(cells: list[Any]) -> None:
    cells[2].source = "0"


def unknown(cells: list[Any]) -> None:
    cells[2].source = 'record("first-mov")'


def graded_reply(cells: list[Any]) -> None:
    cells[-2].metadata.nbgrader.update(grade=True, points=4)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (drop_last, "no cell that marks own-words"),
        (more_points, "gives 5 points, but its item gives 3"),
        (unlocked, "must be locked"),
        (twice, "more than once|no cell that marks"),
        (no_record, r"has no record"),
        (unknown, "did you mean 'first-move'"),
        (graded_reply, "manually graded task cell"),
    ],
)
def test_a_notebook_that_does_not_fit_its_key_is_refused(
    course: Path, change: Callable[[list[Any]], None], said: str
) -> None:
    edit(course, change)
    with pytest.raises(GradingError, match=said):
        load_sheet(course, MODULE)


def test_the_kind_of_an_answer_has_to_fit_its_question(course: Path) -> None:
    raw = answers_json({"first-move": "listen"}).replace(b'"choice"', b'"reply"')
    marks = mark_submission(load_sheet(course, MODULE), submit(course, "trainee-001", raw))
    assert marks.marks[0].auto_score == 0.0


def test_answers_are_scored_for_a_mark_in_one_module_only():
    package = REPOSITORY / "grader"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in package.rglob("*.py")}
    uses = {name for name, text in texts.items() if re.search(r"\bscore_answer\(", text)}
    assert uses == {"kept", "earned"}
