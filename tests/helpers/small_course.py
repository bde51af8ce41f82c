"""A small course of one lesson and one exercise, for tests that break it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from grader.author.check import check_course
from grader.errors import Problem

ITEM = """\
- id: {id}
  kind: choice
  skills: [empathy]
  facts: [F1]
  stem:
    setting: A kitchen.
  question: What do you say?
  why: She is tired.
  options:
"""
BEST = """\
    - id: {id}
      text: {text}
      points: 3
      acts: [reflection]
      feedback: It shows that you heard.
"""
FINE = """\
    - id: {id}
      text: {text}
      points: 2
      acts: [reflection]
      feedback: It is fine.
      better: You sound tired.
"""
REPLY = """\
- id: {id}
  kind: reply
  skills: [empathy]
  facts: [F1]
  advice_asked: false
  peer_has_ideas: false
  safety_concern: false
  stem:
    setting: A kitchen.
  question: What do you say?
  points: 2
  wanted:
    - acts: [reflection]
      because: It shows that you heard.
  better: That sounds exhausting.
"""
RATING = """\
- id: my-calm
  kind: rating
  skills: [calm]
  skill: calm
  facts: [F1]
  question: How calm are you?
  because: It tells you where you stand.
"""
SKILL = "- {{id: {}, name: E, definition: D, source: S, anchors: [x, y, z]}}\n"
TERM = "- {{term: tea, meaning: A drink., module: 01-sample, facts: {facts}}}\n"


def choice(
    name: str, best: int = 0, texts: tuple[str, ...] = ("Same.", "Same.", "Same.", "Same.")
) -> str:
    parts = [
        (BEST if at == best else FINE).format(id="abcd"[at], text=text)
        for at, text in enumerate(texts)
    ]
    return ITEM.format(id=name) + "".join(parts)


def code(source: str, **marks: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"nbgrader": marks} if marks else {},
        "outputs": [],
        "source": [source],
    }


def text(source: str, **marks: Any) -> dict[str, Any]:
    return {
        "cell_type": "markdown",
        "metadata": {"nbgrader": marks} if marks else {},
        "source": source,
    }


def notebook(path: Path, cells: list[dict[str, Any]], **told: Any) -> None:
    data = {"cells": cells, "metadata": {"alongside": told}, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(data), encoding="utf-8")


LOCKED = {"locked": True, "solution": False, "task": False}
GRADED = {"grade_id": "graded-tea", "grade": True, "points": 3} | LOCKED
RECORD = {"grade_id": "graded-reply", "grade": False} | LOCKED
TASK = {
    "grade_id": "graded-reply-mark",
    "grade": False,
    "locked": True,
    "solution": False,
    "task": True,
    "points": 2,
}


def exercise_cells() -> list[dict[str, Any]]:
    return [
        text("# Exercise"),
        code('card("graded-tea")'),
        code('record("graded-tea")', **GRADED),
        code('card("graded-reply")'),
        code('record("graded-reply")', **RECORD),
        text("A trainer reads this.", **TASK),
    ]


class Sample:
    """A small course in a folder of its own, whole until a test breaks it."""

    def __init__(self, root: Path) -> None:
        self.course, self.solutions = root / "course", root / "solutions"
        self.module = self.course / "01-sample"
        self.graded = self.solutions / "01-sample"
        self.module.mkdir(parents=True)
        self.graded.mkdir(parents=True)
        self.write(
            "course/skills.yaml",
            "".join(map(SKILL.format, ("empathy", "hope", "calm"))),
        )
        self.write("course/facts.yaml", "- {id: F1, statement: A, source: S}\n")
        self.write("course/glossary.yaml", TERM.format(facts="[F1]"))
        self.write(
            "course/01-sample/items.yaml", choice("late-tea") + REPLY.format(id="late-reply")
        )
        self.write(
            "solutions/01-sample/items.yaml", choice("graded-tea") + REPLY.format(id="graded-reply")
        )
        notebook(self.course / "index.ipynb", [text("# Map")])
        self.lesson([text("# Tea"), code('card("late-tea")'), code('card("late-reply")')])
        self.exercise(exercise_cells())

    def write(self, name: str, content: str) -> None:
        (self.course.parent / name).write_text(content, encoding="utf-8")

    def lesson(self, cells: list[dict[str, Any]], name: str = "1-tea", **told: Any) -> None:
        told = {"facts": ["F1"], "minutes": 2} | told
        notebook(self.module / f"{name}.ipynb", cells, **told)

    def exercise(self, cells: list[dict[str, Any]]) -> None:
        notebook(self.graded / "exercise.ipynb", cells)

    def problems(self) -> list[Problem]:
        return check_course(self.course, self.solutions)

    def line_of(self, path: str, item_id: str) -> int:
        """Return in which line of a file of items one begins."""
        lines = (self.course.parent / path).read_text(encoding="utf-8").splitlines()
        return lines.index(f"- id: {item_id}") + 1

    def told(self) -> str:
        return "\n".join(str(problem) for problem in self.problems())


def lesson_cells(*cells: dict[str, Any]) -> Callable[[Sample], None]:
    shown = [text("# Tea"), code('card("late-tea")'), code('card("late-reply")')]
    return lambda sample: sample.lesson([*shown, *cells])
