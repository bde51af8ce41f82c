"""Small made-up cohorts for the trainer's tests: a course folder, answers, hand-ins."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from helpers.content import course_facts, course_skills, items_of
from helpers.paths import REPOSITORY
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from grader.content.items import Item
from grader.kinds.scoring import is_automatic
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.release import release

MODULE = "07-advice"
WHEN = "2026-03-01T09:00:00+00:00"
LATER = "2026-03-02T09:00:00+00:00"

BEST = {"first-move": "listen", "what-fits": ["ask", "wait"]}  # 3 + 3 points
REPLY = "That sounds heavy. What have you thought of yourself so far?"
FULL = BEST | {"own-words": REPLY}

ITEMS = """
- id: first-move
  kind: choice
  skills: [SKILL]
  facts: [FACT]
  advice_asked: false
  peer_has_ideas: true
  safety_concern: false
  stem:
    speaker: Mila
    says: I do not know how to go on with my course.
  question: What do you say first?
  options:
    - id: listen
      text: You are stuck with your course. What have you thought of so far?
      points: 3
      acts: [reflection, open_question]
      feedback: KEYWORD-FEEDBACK-BEST
    - id: tell
      text: You should speak to your tutor.
      points: 1
      acts: [directive_advice]
      feedback: KEYWORD-FEEDBACK-EARLY
      better: KEYWORD-BETTER
- id: what-fits
  kind: choices
  skills: [SKILL]
  facts: [FACT]
  stem:
    setting: Before you answer.
  question: Which of these come before advice?
  options:
    - id: ask
      text: Asking what the person has thought of.
      fits: true
      feedback: KEYWORD-ASK
    - id: wait
      text: Waiting until the person has finished.
      fits: true
      feedback: KEYWORD-WAIT
    - id: fix
      text: Naming the best way out.
      fits: false
      feedback: KEYWORD-FIX
- id: own-words
  kind: reply
  skills: [SKILL]
  facts: [FACT]
  advice_asked: false
  peer_has_ideas: true
  safety_concern: false
  stem:
    speaker: Jon
    says: I had an idea for the flat, but nobody asks me.
  question: What do you write to Jon?
  points: 4
  wanted:
    - acts: [open_question]
      because: KEYWORD-WANTED
  avoid:
    - acts: [directive_advice]
      because: KEYWORD-AVOID
  better: KEYWORD-MODEL-REPLY
"""


def make_course(root: Path, items: str = ITEMS) -> Path:
    """Make a course folder with one small module, released."""
    home = root / "solutions" / MODULE
    home.mkdir(parents=True)
    text = items.replace("SKILL", next(iter(course_skills())))
    text = text.replace("FACT", next(iter(course_facts())))
    (home / "items.yaml").write_text(text, encoding="utf-8")
    nbformat.write(
        exercise_notebook(items_of(home / "items.yaml").values()), home / "exercise.ipynb"
    )
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    release(root)
    return root


def exercise_notebook(items: Iterable[Item]) -> nbformat.NotebookNode:
    """Return a notebook with the cells that graded items need."""
    cells = [new_code_cell("from grader.cards import card, record")]
    for item in items:
        cells += (_automatic if is_automatic(item) else _typed)(item.id, item.points)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel})


def _automatic(item_id: str, points: float) -> list[Any]:
    facts = _facts(item_id, grade=True, locked=True, points=points)
    return [
        new_code_cell(f'card("{item_id}")'),
        new_code_cell(f'record("{item_id}")', metadata=facts),
    ]


def _typed(item_id: str, points: float) -> list[Any]:
    shown = _facts(item_id, locked=True)
    task = _facts(f"{item_id}-mark", task=True, locked=True, points=points)
    return [
        new_code_cell(f'card("{item_id}")'),
        new_code_cell(f'record("{item_id}")', metadata=shown),
        new_markdown_cell("A trainer reads this reply.", metadata=task),
    ]


def _facts(grade_id: str, **facts: Any) -> dict[str, Any]:
    basic = {"grade": False, "solution": False, "task": False, "locked": False}
    return {"nbgrader": basic | {"schema_version": 3, "grade_id": grade_id} | facts}


def answers_json(responses: dict[str, Any], module: str = MODULE) -> bytes:
    """Return an answer record as the course writes it."""
    items = {
        item_id: {
            "kind": _kind(response, item_id),
            "response": response,
            "first_response": None,
            "tries": 0,
        }
        for item_id, response in responses.items()
    }
    return json.dumps({"format": 1, "module": module, "items": items}).encode()


def _kind(response: Any, item_id: str) -> str:
    if isinstance(response, list):
        return "choices"
    return "reply" if item_id == "own-words" else "choice"


def write_bundle(
    folder: Path,
    trainee: str,
    answers: bytes,
    when: str = WHEN,
    module: str = MODULE,
    *,
    device: str | None = None,
) -> Path:
    """Write a bundle as a trainee would email it; without a device, as an older course did."""
    facts = {"format": 1, "trainee": trainee, "module": module, "handed_in": when}
    facts |= {} if device is None else {"device": device}
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{module}-{trainee}-{when[:10]}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("handin.json", json.dumps(facts | {"course_version": "0.1.0"}))
        bundle.writestr("answers.json", answers)
        bundle.writestr("exercise.ipynb", "{}")
    return path


def mark_by_hand(root: Path, cell: str, score: float, comment: str = "") -> None:
    """Mark one answer of trainee-017 as formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(local_db_url(root), "alongside") as nbgrader:
        mark = nbgrader.find_grade(cell, "exercise", MODULE, "trainee-017")
        mark.manual_score, mark.needs_manual_grade = score, False
        if comment:
            note = nbgrader.find_comment(cell, "exercise", MODULE, "trainee-017")
            note.manual_comment = comment
        nbgrader.db.commit()


def submit(root: Path, trainee: str, responses: dict[str, Any] | bytes) -> Path:
    """Put a submission straight into ``submitted/``, as collecting would."""
    folder = root / "submitted" / trainee / MODULE
    folder.mkdir(parents=True, exist_ok=True)
    content = responses if isinstance(responses, bytes) else answers_json(responses)
    (folder / "answers.json").write_bytes(content)
    shutil.copy(root / "exercises" / MODULE / "exercise.ipynb", folder)
    (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
    (folder / "submission_secret.txt").write_text("0123456789abcdef" * 2)
    return folder
