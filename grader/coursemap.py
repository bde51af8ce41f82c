"""The course map: modules and lessons with the trainee's own progress."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from grader import answers, handin, places
from grader.scoring import is_answered

# Ten modules; a module shows once its folder holds a lesson.
MODULES = {
    "01-definitions": "What peer support is",
    "02-values": "Values, and seeing the person",
    "03-eleven-skills": "The eleven skills",
    "04-settings": "Settings and kinds of support",
    "05-boundaries": "Safety, consent and boundaries",
    "06-conversation": "The conversation",
    "07-advice": "Listening, responding and advice",
    "08-groups": "Groups",
    "09-endings": "When it is not enough, and endings",
    "10-capstone": "Bringing it together",
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


def module_title(module: str) -> str:
    """Return the words for a module, such as 'module 7, Groups'."""
    return f"module {int(module[:2])}, {MODULES[module]}" if module in MODULES else module


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
    modules = (module for module in MODULES if (places.course_folder() / module).is_dir())
    return {
        card: lesson for module in modules for lesson in lessons(module) for card in lesson.cards
    }


def card_ids(notebook: dict[str, Any]) -> tuple[str, ...]:
    """Return the ids of the cards in a notebook, in their order."""
    sources = ("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
    return tuple(name for source in sources for name in _CARD.findall(source))


def map_html() -> str:
    """Return the course map as HTML, with relative links that work in any Jupyter page."""
    modules = [module for module in MODULES if (places.course_folder() / module).is_dir()]
    return f'<div class="al-map">{"".join(_module_html(module) for module in modules)}</div>'


def _module_html(module: str) -> str:
    records = (places.practice_record(module), places.journal_record(module))
    done = set().union(*(_answered(record, module) for record in records))
    rows = "".join(_lesson_html(lesson, done) for lesson in lessons(module))
    exercise = _exercise_html(module) if _exercise(module).is_file() else ""
    heading = f"Module {int(module[:2])}: {escape(MODULES[module])}"
    return f'<h2>{heading}</h2><ul class="al-lessons">{rows}{exercise}</ul>'


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
    return places.exercises_folder() / module / "exercise.ipynb"


def _exercise_html(module: str) -> str:
    total = len(card_ids(json.loads(_exercise(module).read_text(encoding="utf-8"))))
    record = places.exercise_folder(module) / answers.NAME
    count = len(_answered(record, module))
    state = _progress_html(count, total, "questions")
    handed_in = handin.last_hand_in(module)
    if handed_in:
        state += f"<span>{escape(handed_in)}</span>"
    if places.feedback_page(module).is_file():
        state += f'<a href="../../feedback/{module}">Read your feedback</a>'
    address = f"exercises/{module}/exercise.ipynb"
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
