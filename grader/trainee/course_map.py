"""What a course consists of: modules, lessons and exercises in order, and what is answered."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.content import passing
from grader.content.steps import cards_of, steps_of
from grader.content.syllabus import Syllabus, load_syllabus
from grader.files.parsing import read_json
from grader.formats import answers
from grader.kinds.scoring import is_answered
from grader.places import NOTEBOOK, Course, Home


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
        notebook = read_json(path)
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


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page stands in the course, in words, and the page that comes after it.

    ``colour`` is the number of its module's colour, ``scene`` the drawing that opens a module.
    """

    words: str = ""
    next_address: str = ""
    next_title: str = ""
    colour: int = 0
    scene: str = ""


def place_of(course: Course, page: str) -> Place:
    """Return the place of a lesson or an exercise; nothing is said where it has none.

    Parameters
    ----------
    course : Course
        The course.
    page : str
        The address of the page from the map, such as ``07-advice/4-four-rules.ipynb``.
    """
    everything = modules(course)
    module = page.removeprefix("exercises/").partition("/")[0]
    with suppress(OSError, ValueError, KeyError):  # another lesson that cannot be read
        stops = _stops(course, module) if module in everything else []
        addresses = [address for address, _ in stops]
        if page in addresses:
            return _place(course, module, stops, addresses.index(page))
    return Place()


def title_of_page(course: Course, page: str) -> str:
    """Return the title of a lesson or an exercise; nothing where there is no such page."""
    module = page.removeprefix("exercises/").partition("/")[0]
    with suppress(OSError, ValueError, KeyError):  # another lesson that cannot be read
        return dict(_stops(course, module)).get(page, "") if module in modules(course) else ""
    return ""


def _place(course: Course, module: str, stops: list[tuple[str, str]], number: int) -> Place:
    everything = modules(course)
    count = sum(address != exercise_address(module) for address, _ in stops)
    words = f"Module {int(module[:2])} · " + (
        f"lesson {number + 1} of {count}" if number < count else "exercise"
    )
    later = stops[number + 1 :]
    if not later and module != everything[-1]:
        later = _stops(course, everything[everything.index(module) + 1])
    found = load_syllabus(course)
    scene = "" if number else found.scenes.get(module, "")
    following = later[0] if later else ("", "")
    return Place(words, *following, colour=found.colour(module), scene=scene)


def _stops(course: Course, module: str) -> list[tuple[str, str]]:
    """Return address and title of what a module consists of, in order."""
    stops = [
        (lesson.address, f"{lesson.number} {lesson.title}") for lesson in lessons(course, module)
    ]
    if exercise(course, module).is_file():
        stops.append((exercise_address(module), f"Exercise of module {int(module[:2])}"))
    return stops


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
    return tuple(name for cell in notebook["cells"] for name in cards_of(cell))


def rule_words(course: Course, found: Syllabus) -> tuple[str, ...]:
    """Return the pass rule of the course in short sentences."""
    exercises = tuple(module for module in found.titles if exercise(course, module).is_file())
    return tuple(passing.words_of(found.rule, exercises))


def module_rule(course: Course, module: str) -> str:
    """Return in one sentence what it takes to pass one module."""
    rule = load_syllabus(course).rule
    if module in rule.modules:
        return f"You pass this exercise with {passing.share_words(rule)}."
    return "You do not need this exercise to pass the course."


def answered(home: Home, module: str) -> set[str]:
    """Return the ids of a module's practice and private cards that have an answer."""
    records = (home.practice_record(module), home.journal_record(module))
    return set().union(*(_answered(record, module) for record in records))


def answered_in_exercise(home: Home, module: str) -> set[str]:
    """Return the ids of a module's exercise questions that have an answer."""
    return _answered(home.exercise_record(module), module)


def open_questions(course: Course, home: Home, module: str) -> list[dict[str, int]]:
    """Return the questions of an exercise without an answer: number and step, from one."""
    done = answered_in_exercise(home, module)
    steps = steps_of(read_json(exercise(course, module))["cells"])
    asked = [
        (name, step)
        for step, cells in enumerate(steps, 1)
        for cell in cells
        for name in cards_of(cell)
    ]
    return [
        {"number": number, "step": step}
        for number, (name, step) in enumerate(asked, 1)
        if name not in done
    ]


def _answered(record: Path, module: str) -> set[str]:
    found = answers.read_record_or_empty(record, module).answers
    return {name for name, answer in found.items() if is_answered(answer.kind, answer.response)}


def exercise_address(module: str) -> str:
    """Return the address of a module's exercise from the map."""
    return f"exercises/{module}/{NOTEBOOK}"


def exercise(course: Course, module: str) -> Path:
    """Return the notebook of a module's exercise, which may not be there."""
    return course.exercises / module / NOTEBOOK
