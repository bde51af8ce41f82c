"""The course map: modules and lessons with the trainee's own progress."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from grader import places
from grader.content import passing
from grader.content.syllabus import Syllabus, load_syllabus
from grader.formats import answers
from grader.kinds.scoring import is_answered
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


def modules() -> tuple[str, ...]:
    """Return the modules of the course that are there, in their order."""
    folder = places.course_folder()
    return tuple(module for module in load_syllabus().titles if (folder / module).is_dir())


def module_title(module: str) -> str:
    """Return the words for a module, such as 'module 8, Groups'."""
    titles = load_syllabus().titles
    return f"module {int(module[:2])}, {titles[module]}" if module in titles else module


def module_heading(module: str) -> str:
    """Return a module as a heading, such as 'Module 8: Groups'."""
    titles = load_syllabus().titles
    return f"Module {int(module[:2])}: {titles[module]}" if module in titles else module


def title_of(module: str) -> str:
    """Return the title of a module alone, such as 'Groups'."""
    return load_syllabus().titles.get(module, module)


def lessons(module: str) -> tuple[Lesson, ...]:
    """Return the lessons of a module in their order; a notebook without a title is left out."""
    found = []
    folder = places.course_folder() / module
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


def lessons_of_cards() -> dict[str, Lesson]:
    """Return the lesson of each practice card of the course, in the order of the course."""
    return {
        card: lesson for module in modules() for lesson in lessons(module) for card in lesson.cards
    }


def card_ids(notebook: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of the cards in a notebook, in their order."""
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return tuple(name for source in sources for name in _CARD.findall(source))


def map_html() -> str:
    """Return the course map as HTML, with relative links that work in any Jupyter page."""
    rows = "".join(_module_html(module) for module in modules())
    return f'<div class="al-map">{_extras_html()}{_rule_html()}{rows}</div>'


def _rule_html() -> str:
    """Return what it takes to pass, so that everybody knows it before they begin."""
    found = load_syllabus()
    if not found.rule.modules:
        return ""
    words = " ".join(rule_words(found))
    return f'<p class="al-hint">{escape(words)}</p>'


def rule_words(found: Syllabus) -> tuple[str, ...]:
    """Return the pass rule of the course in short sentences."""
    exercises = tuple(module for module in found.titles if _exercise(module).is_file())
    return tuple(passing.words_of(found.rule, exercises))


def module_rule(module: str) -> str:
    """Return in one sentence what it takes to pass one module."""
    rule = load_syllabus().rule
    if module in rule.modules:
        return f"You pass this exercise with {passing.share_words(rule)}."
    return "You do not need this exercise to pass the course."


def _extras_html() -> str:
    """Return links to the trainee's own pages, where the course has them."""
    rows = "".join(
        f'<li><a class="al-lesson" href="{name}">{title}</a>'
        f'<span class="al-hint">{hint}</span></li>'
        for name, (title, hint) in OWN_PAGES.items()
        if (places.course_folder() / name).is_file()
    )
    return f'<h2>For yourself</h2><ul class="al-extras">{rows}</ul>' if rows else ""


def _module_html(module: str) -> str:
    done = answered(module)
    rows = "".join(_lesson_html(lesson, done) for lesson in lessons(module))
    exercise = _exercise_html(module) if _exercise(module).is_file() else ""
    return f'<h2>{escape(module_heading(module))}</h2><ul class="al-lessons">{rows}{exercise}</ul>'


def answered(module: str) -> set[str]:
    """Return the ids of a module's practice and private cards that have an answer."""
    records = (places.practice_record(module), places.journal_record(module))
    return set().union(*(_answered(record, module) for record in records))


def answered_in_exercise(module: str) -> set[str]:
    """Return the ids of a module's exercise questions that have an answer."""
    return _answered(places.exercise_record(module), module)


def _answered(record: Path, module: str) -> set[str]:
    found = answers.read_record_or_empty(record, module).answers
    return {name for name, answer in found.items() if is_answered(answer.kind, answer.response)}


def _lesson_html(lesson: Lesson, done: set[str]) -> str:
    count = sum(name in done for name in lesson.cards)
    return _row_html(
        lesson.address,
        f"{lesson.number} {lesson.title}",
        f"About {lesson.minutes} minutes",
        _progress_html(count, len(lesson.cards), "practice cards"),
    )


def _exercise(module: str) -> Path:
    return places.exercises_folder() / module / places.NOTEBOOK


def _exercise_html(module: str) -> str:
    total = len(card_ids(json.loads(_exercise(module).read_text(encoding="utf-8"))))
    count = len(answered_in_exercise(module))
    state = _progress_html(count, total, "questions")
    handed_in = hand_in.last_hand_in(module)
    if handed_in:
        state += f"<span>{escape(handed_in)}</span>"
    if places.feedback_page(module).is_file():
        state += f'<a href="../../feedback/{module}">Read your feedback</a>'
    address = f"exercises/{module}/{places.NOTEBOOK}"
    return _row_html(address, "Exercise", "You hand this in", state)


def _row_html(address: str, title: str, hint: str, state: str) -> str:
    return (
        f'<li><div><a class="al-lesson" href="{escape(address)}">{escape(title)}</a>'
        f'<span class="al-hint">{escape(hint)}</span></div><div class="al-state">{state}</div></li>'
    )


def _progress_html(count: int, total: int, things: str) -> str:
    words = f"{count} of {total} {things}"
    if count == 0:
        words = f"Not started, {total} {things}"
    elif count >= total:
        words = f"Done, all {total} {things}"
    share = round(100 * count / total) if total else 0
    bar = f'<span class="al-bar" aria-hidden="true"><span style="width:{share}%"></span></span>'
    return f"<span>{words}</span>{bar}"
