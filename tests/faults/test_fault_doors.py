"""Plain nbgrader and our own command do the same with notebooks and answers that are not right."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fault_page import GRADE, fault
from helpers.aftermath import book, by_trainer, is_whole
from helpers.cohort import FULL, MODULE, submit
from helpers.formgrader import press_autograde

from grader.trainer.feedback import feedback
from grader.trainer.feedback.feedback import NOT_WRITTEN, WRITTEN, make_feedback
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import DAMAGED, WAITING

NOTEBOOK = "exercise.ipynb"


def written(content: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(content) and None


def changed(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    """Change a notebook as JSON."""

    def put(path: Path) -> None:
        notebook = json.loads(path.read_text())
        change(notebook)
        path.write_text(json.dumps(notebook))

    return put


def instead(make: Callable[[Path], Any]) -> Callable[[Path], None]:
    def put(path: Path) -> None:
        path.unlink()
        make(path)

    return put


def large(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(200 << 20)  # a hole: takes no room on the disk


def graded(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["metadata"].get("nbgrader", {}).get("grade")]


def retype(notebook: dict[str, Any]) -> None:
    for cell in graded(notebook):
        cell["cell_type"] = "markdown"
        cell["metadata"]["nbgrader"] |= {"points": 1000, "locked": False, "cell_type": "markdown"}


def full_marks(notebook: dict[str, Any]) -> None:
    for cell in graded(notebook):
        cell["source"] = "float('nan')"
        result = {"output_type": "execute_result", "data": {"text/plain": "NaN"}}
        cell["outputs"] = [result | {"metadata": {}, "execution_count": 1}]


def newer(notebook: dict[str, Any]) -> None:
    for cell in graded(notebook):
        cell["metadata"]["nbgrader"]["schema_version"] = 99


NOTEBOOKS: dict[str, Callable[[Path], None]] = {
    "empty": written(b""),
    "no-json": written(b"my answers are in my other file"),
    "a-list": written(b"[]"),
    "not-utf8": written(b"\xff\xfe{}"),
    "deep": written(b"[" * 200_000),
    "no-cells": written(b'{"nbformat": 4}'),
    "old": written(b'{"nbformat": 2, "worksheets": []}'),
    "far-newer": changed(lambda notebook: notebook.update(nbformat=99)),
    "large": large,
    "cells-deleted": changed(lambda notebook: notebook["cells"].clear()),
    "grade-cells-deleted": changed(
        lambda book: [book["cells"].remove(one) for one in graded(book)]
    ),
    "cells-doubled": changed(lambda notebook: notebook["cells"].extend(list(notebook["cells"]))),
    "cells-retyped": changed(retype),
    "own-results": changed(full_marks),
    "newer-schema": changed(newer),
    "odd-metadata": changed(lambda book: book.update(metadata={"kernelspec": {"name": "bash"}})),
    "a-link": instead(lambda path: path.symlink_to("/etc/passwd")),
}


@fault(
    GRADE,
    "The notebook in a hand-in is empty, cut off, 200 MB, or not a notebook",
    "It is not read. The answers beside it count, with our command and with formgrader’s button.",
)
def test_whatever_the_notebook_is_both_doors_mark_the_answers(
    course: Path, no_kernel: None
) -> None:
    for name, spoil in NOTEBOOKS.items():
        spoil(submit(course, f"trainee-{name}", FULL) / NOTEBOOK)
    submit(course, "trainee-fine", FULL)
    done = press_autograde(course, "*")
    assert done["success"], done
    theirs = book(course)
    assert {name: entry.points for name, entry in theirs.items()} == dict.fromkeys(
        sorted([*(f"trainee-{name}" for name in NOTEBOOKS), "trainee-fine"]), 6.0
    )
    results = grade(course, MODULE)
    assert {one.outcome for one in results} == {WAITING}
    assert book(course) == theirs
    assert is_whole(course)
    for name in NOTEBOOKS:
        kept = course / "autograded" / f"trainee-{name}" / MODULE / NOTEBOOK
        assert kept.stat().st_size < 50_000
        assert "root:" not in kept.read_text()


@fault(
    GRADE,
    "Grade cells deleted, doubled, retyped, or given points by hand in a hand-in’s notebook",
    "The cells are taken from your own notebook, so nothing of it changes a mark.",
)
def test_cells_come_from_the_trainers_own_notebook(course: Path, no_kernel: None) -> None:
    for spoil in (full_marks, retype):
        changed(spoil)(submit(course, "trainee-017", {"first-move": "tell"}) / NOTEBOOK)
        for run in (lambda: press_autograde(course, "trainee-017"), lambda: grade(course, MODULE)):
            run()
            assert book(course)["trainee-017"].points == 1.0
            marks = book(course)["trainee-017"].marks
            assert [marks[name].max_points for name in sorted(marks)] == [3.0, 4.0, 3.0]


@fault(
    GRADE,
    "The notebook is missing from a hand-in",
    "`alongside grade` marks the answers. Formgrader’s button names the trainee and goes on.",
)
def test_a_missing_notebook_costs_nobody_a_mark(course: Path, no_kernel: None) -> None:
    (submit(course, "trainee-001", FULL) / NOTEBOOK).unlink()
    submit(course, "trainee-017", FULL)
    assert press_autograde(course, "*")["success"]
    assert list(book(course)) == ["trainee-017"]
    outcomes = {one.trainee: (one.outcome, one.points) for one in grade(course, MODULE)}
    assert outcomes == {"trainee-001": (WAITING, 6.0), "trainee-017": (WAITING, 6.0)}


ANSWERS: dict[str, Callable[[Path], None]] = {
    "empty": written(b""),
    "cut-off": written(b'{"format": 1, "modu'),
    "a-list": written(b"[]"),
    "not-utf8": written(b"\xff\xfe"),
    "deep": written(b"[" * 200_000),
    "large": large,
    "a-link": instead(lambda path: path.symlink_to("/etc/passwd")),
    "a-pipe": instead(os.mkfifo),
    "a-folder": instead(Path.mkdir),
}


@fault(
    GRADE,
    "Answers that cannot be read, by `alongside grade` or by formgrader’s button",
    "Both call them damaged. The feedback page says that this is not the trainee’s fault.",
)
def test_both_doors_say_the_same_of_answers_that_cannot_be_read(
    course: Path, no_kernel: None
) -> None:
    for name, spoil in ANSWERS.items():
        spoil(submit(course, f"trainee-{name}", FULL) / "answers.json")
    submit(course, "trainee-fine", FULL)
    done = press_autograde(course, "*")
    assert done["success"], done
    theirs = book(course)
    outcomes = {one.trainee: one.outcome for one in grade(course, MODULE)}
    assert outcomes.pop("trainee-fine") == WAITING
    assert set(outcomes.values()) == {DAMAGED}
    assert book(course) == theirs
    pages = make_feedback(course, MODULE)
    assert [one.outcome for one in pages] == [WRITTEN] * (len(ANSWERS) + 1)
    page = course / "feedback" / "trainee-cut-off" / MODULE / "exercise.html"
    assert "This is not your fault." in page.read_text()
    kept = b"".join(path.read_bytes() for path in (course / "autograded").rglob("*.*"))
    assert b"root:" not in kept


@fault(
    GRADE,
    "A hand-in brings a key of its own, code, or settings",
    "Nothing of it is used or run.",
)
def test_no_file_of_a_submission_is_used_or_run(course: Path, no_kernel: None) -> None:
    folder = submit(course, "trainee-017", {"first-move": "tell"})
    shutil.copytree(course / "solutions", folder / "solutions")
    key = folder / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("points: 1", "points: 3"))
    shutil.copy(key, folder)
    trap = f"open({str(course / 'sprung')!r}, 'w')"
    for name in ("nbgrader_config.py", "conftest.py", "grader.py", "yaml.py", "sitecustomize.py"):
        (folder / name).write_text(trap)
    changed(lambda book: book["cells"].append(book["cells"][0] | {"source": trap}))(
        folder / NOTEBOOK
    )
    for run in (lambda: press_autograde(course, "trainee-017"), lambda: grade(course, MODULE)):
        run()
        assert book(course)["trainee-017"].points == 1.0
    assert not (course / "sprung").exists()


def test_a_fault_costs_no_mark_or_comment_of_the_trainer(course: Path, no_kernel: None) -> None:
    folder = submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    by_trainer(course, "trainee-017", 2.5, "Well asked.")
    (folder / "answers.json").write_bytes(b"{")
    (folder / NOTEBOOK).write_bytes(b"{")
    for run in (lambda: press_autograde(course, "trainee-017"), lambda: grade(course, MODULE)):
        run()
        mark = book(course)["trainee-017"].marks["own-words-mark"]
        assert (mark.points, mark.comment) == (2.5, "Well asked.")


@fault(
    GRADE,
    "A fault of the course itself while one feedback page is made",
    "That trainee is named as having no page. The other pages are written.",
)
def test_an_unexpected_failure_costs_one_page(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for trainee in ("trainee-001", "trainee-017"):
        submit(course, trainee, FULL)
    grade(course, MODULE)
    really = feedback.PageMaker.html

    def fails(pages: Any, marks: Any, entry: Any, numbers: str) -> str:
        if entry.trainee == "trainee-001":
            raise RuntimeError("a fault of ours")
        return really(pages, marks, entry, numbers)

    monkeypatch.setattr(feedback.PageMaker, "html", fails)
    failed, fine = make_feedback(course, MODULE)
    assert (failed.outcome, fine.outcome) == (NOT_WRITTEN, WRITTEN)
    assert "trainee-001" in failed.problem
    assert failed.problem.isprintable()
