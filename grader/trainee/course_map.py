"""The course map: modules and lessons with the trainee's own progress."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.content import passing
from grader.content.syllabus import Syllabus, load_syllabus
from grader.formats import answers
from grader.html.templating import render_template
from grader.kinds.scoring import is_answered
from grader.places import NOTEBOOK, Course, Home, Learner
from grader.trainee import hand_in

OWN_PAGES = {  # only the trainee sees these
    "skills.ipynb": ("Your skills", "Rate yourself"),
    "compass.ipynb": ("Your compass", "Your view and your answers"),
    "record.ipynb": ("Your record", "Progress, journal, your data"),
}
_CARD = re.compile(r'^card\("([a-z0-9-]+)"\)', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson notebook: its address from the map, title, length and cards."""

    address: str
    number: str
    title: str
    minutes: int
    cards: tuple[str, ...]


def modules(course: Course) -> tuple[str, ...]:
    """Return the modules of the course that are there, in their order."""
    titles = load_syllabus(course).titles
    return tuple(module for module in titles if (course.lessons / module).is_dir())


def module_title(course: Course, module: str) -> str:
    """Return the words for a module, such as 'module 8, Groups'."""
    titles = load_syllabus(course).titles
    return f"module {int(module[:2])}, {titles[module]}" if module in titles else module


def module_heading(course: Course, module: str) -> str:
    """Return a module as a heading, such as 'Module 8: Groups'."""
    titles = load_syllabus(course).titles
    return f"Module {int(module[:2])}: {titles[module]}" if module in titles else module


def title_of(course: Course, module: str) -> str:
    """Return the title of a module alone, such as 'Groups'."""
    return load_syllabus(course).titles.get(module, module)


def lessons(course: Course, module: str) -> tuple[Lesson, ...]:
    """Return the lessons of a module in their order; a notebook without a title is left out."""
    found = []
    folder = course.lessons / module
    for path in sorted(folder.glob("*.ipynb"), key=lambda path: int(path.name.split("-")[0])):
        notebook = json.loads(path.read_text(encoding="utf-8"))
        facts = notebook["metadata"]["alongside"]
        found.append(
            Lesson(
                address=f"{module}/{path.name}",
                number=facts["lesson"],
                title=notebook["metadata"]["title"],
                minutes=facts["minutes"],
                cards=card_ids(notebook),
            )
        )
    return tuple(found)


def lessons_of_cards(course: Course) -> dict[str, Lesson]:
    """Return the lesson of each practice card of the course, in the order of the course."""
    return {
        card: lesson
        for module in modules(course)
        for lesson in lessons(course, module)
        for card in lesson.cards
    }


def card_ids(notebook: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of the cards in a notebook, in their order."""
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return tuple(name for source in sources for name in _CARD.findall(source))


def map_html(learner: Learner) -> str:
    """Return the course map as HTML, with relative links that work in any Jupyter page."""
    course = learner.course
    found = load_syllabus(course)
    return render_template(
        "trainee/map.html.j2",
        own_pages=_own_pages(course),
        # Everybody knows before they begin what it takes to pass.
        rule=" ".join(rule_words(course, found)) if found.rule.modules else "",
        modules=[
            (module_heading(course, module), _rows(learner, module)) for module in modules(course)
        ],
    )


def rule_words(course: Course, found: Syllabus) -> tuple[str, ...]:
    """Return the pass rule of the course in short sentences."""
    exercises = tuple(module for module in found.titles if _exercise(course, module).is_file())
    return tuple(passing.words_of(found.rule, exercises))


def module_rule(course: Course, module: str) -> str:
    """Return in one sentence what it takes to pass one module."""
    rule = load_syllabus(course).rule
    if module in rule.modules:
        return f"You pass this exercise with {passing.share_words(rule)}."
    return "You do not need this exercise to pass the course."


def _own_pages(course: Course) -> list[tuple[str, str, str]]:
    """Return address, title and hint of the trainee's own pages that the course has."""
    found = (name for name in OWN_PAGES if (course.lessons / name).is_file())
    return [(name, *OWN_PAGES[name]) for name in found]


def _rows(learner: Learner, module: str) -> list[dict[str, Any]]:
    """Return what the map shows of the lessons and the exercise of a module."""
    course, done = learner.course, answered(learner.home, module)
    rows = [_lesson_row(lesson, done) for lesson in lessons(course, module)]
    return [*rows, _exercise_row(learner, module)] if _exercise(course, module).is_file() else rows


def answered(home: Home, module: str) -> set[str]:
    """Return the ids of a module's practice and private cards that have an answer."""
    records = (home.practice_record(module), home.journal_record(module))
    return set().union(*(_answered(record, module) for record in records))


def answered_in_exercise(home: Home, module: str) -> set[str]:
    """Return the ids of a module's exercise questions that have an answer."""
    return _answered(home.exercise_record(module), module)


def _answered(record: Path, module: str) -> set[str]:
    found = answers.read_record_or_empty(record, module).answers
    return {name for name, answer in found.items() if is_answered(answer.kind, answer.response)}


def _lesson_row(lesson: Lesson, done: set[str]) -> dict[str, Any]:
    count = sum(name in done for name in lesson.cards)
    return {
        "address": lesson.address,
        "title": f"{lesson.number} {lesson.title}",
        "hint": f"About {lesson.minutes} minutes",
        "progress": _progress(count, len(lesson.cards), "practice cards"),
        "handed_in": "",
        "feedback": "",
    }


def _exercise(course: Course, module: str) -> Path:
    return course.exercises / module / NOTEBOOK


def _exercise_row(learner: Learner, module: str) -> dict[str, Any]:
    course, home = learner.course, learner.home
    total = len(card_ids(json.loads(_exercise(course, module).read_text(encoding="utf-8"))))
    is_back = home.feedback_page(module).is_file()
    return {
        "address": f"exercises/{module}/{NOTEBOOK}",
        "title": "Exercise",
        "hint": "You hand this in",
        "progress": _progress(len(answered_in_exercise(home, module)), total, "questions"),
        "handed_in": hand_in.last_hand_in(home, module),
        "feedback": f"../feedback/{module}" if is_back else "",
    }


def _progress(count: int, total: int, things: str) -> dict[str, Any]:
    """Return how far somebody is, in words and as a share in percent."""
    words = f"{count} of {total} {things}"
    if count == 0:
        words = f"Not started, {total} {things}"
    elif count >= total:
        words = f"Done, all {total} {things}"
    return {"words": words, "share": round(100 * count / total) if total else 0}
