"""The course map: where to go on, and how far somebody is in each lesson and exercise.

Apart from `course_map`, which says what the course consists of.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from grader.content.syllabus import load_syllabus
from grader.errors import AlongsideError
from grader.files.parsing import read_json
from grader.html.templating import render_template
from grader.kinds.reading import load_course_items
from grader.places import AGAIN_PAGE, ITEMS, Course, Learner
from grader.trainee import going_on, hand_in
from grader.trainee.course_map import (
    Lesson,
    answered,
    answered_in_exercise,
    card_ids,
    exercise,
    exercise_address,
    lessons,
    module_heading,
    modules,
    rule_words,
    title_of_page,
)
from grader.trainee.settings import read_settings

# Where two people set their feet between two places of the map, and how these are turned.
FOOTSTEPS = ((24, 8, 122), (42, 17, 116), (62, 25, 111), (82, 32, 118), (101, 42, 130))
Rows = Sequence[tuple[str, list[dict[str, Any]]]]
OWN_PAGES = {  # only the trainee sees these
    "skills.ipynb": ("Your skills", "Rate yourself"),
    "compass.ipynb": ("Your compass", "Your view and your answers"),
    AGAIN_PAGE: ("Meet again", "A few cards of earlier lessons"),
    "record.ipynb": ("Your record", "Progress, journal, your data"),
}


def map_html(learner: Learner) -> str:
    """Return the course map as HTML, with relative links that work in any Jupyter page."""
    course = learner.course
    found = load_syllabus(course)
    shown = [(module, _rows(learner, module)) for module in modules(course)]
    here = _next(shown)
    return render_template(
        "trainee/map.html.j2",
        own_pages=_own_pages(course),
        steps=FOOTSTEPS,
        # Everybody knows before they begin what it takes to pass.
        rule=" ".join(rule_words(course, found)) if found.rule.modules else "",
        go_on=_go_on(learner, here[1]) if here else None,
        waiting=[*_paused(learner), *_waiting(learner, shown)],
        modules=[
            {
                "heading": module_heading(course, module),
                "colour": found.colour(module),
                "scene": found.scenes.get(module, ""),
                "rows": rows,
                "state": going_on.state_of_all([row["state"] for row in rows]),
                "open": here is not None and module == here[0],
                "feedback": any(row["feedback"] for row in rows),
            }
            for module, rows in shown
        ],
    )


def where_next(learner: Learner) -> dict[str, str] | None:
    """Return where a learner goes on, for the map and for every card that says it."""
    shown = [(module, _rows(learner, module)) for module in modules(learner.course)]
    here = _next(shown)
    return _go_on(learner, here[1]) if here else None


def _next(shown: Rows) -> tuple[str, dict[str, Any]] | None:
    """Return the row to go on with."""
    every = [(module, row) for module, rows in shown for row in rows]
    states = [row["state"] for _, row in every]
    at = going_on.next_row(states, [row["passed"] for _, row in every])
    return None if at is None else every[at]


def _go_on(learner: Learner, row: dict[str, Any]) -> dict[str, str]:
    """Return the words and the address of the row to go on with, with the step that is next."""
    if row["state"] == going_on.NEW:
        words, hint = f"Begin {row['title']}", row["hint"]
        return {"address": row["address"], "title": row["title"], "words": words, "hint": hint}
    words = f"Go on with {row['title']}"
    module, lesson = row["module"], row["lesson"]
    told = {"title": row["title"], "words": words}
    if lesson is None:
        return told | {"address": row["address"], "hint": row["progress"]["words"]}
    cells = read_json(learner.course.lessons / lesson.address)
    done = answered(learner.home, module)
    stop = going_on.stop(cells["cells"], _items(learner.course, module), done)
    left = "1 minute" if stop.minutes == 1 else f"{stop.minutes} minutes"
    address = f"{lesson.address}#step-{stop.step}"
    hint = f"Step {stop.step}. About {left} left. {row['left_out']}".rstrip()
    return told | {"address": address, "hint": hint}


def _left_out(names: Sequence[str]) -> str:
    """Say how many cards were passed by; nothing where none was."""
    if not names:
        return ""
    return "1 card left out." if len(names) == 1 else f"{len(names)} cards left out."


def _paused(learner: Learner) -> list[tuple[str, str]]:
    """Return where the learner paused and has not been since, down to the step."""
    kept = read_settings(learner.home)
    title = title_of_page(learner.course, kept.paused)
    if not title:
        return []
    number = kept.part.removeprefix("step-")
    step = f", step {number}" if number.isdigit() else ""
    words = f"You paused in {title}{step}. Go on there when you like"
    return [(f"{kept.paused}#{kept.part}" if kept.part else kept.paused, words)]


def _waiting(learner: Learner, shown: Rows) -> list[tuple[str, str]]:
    """Return what waits for the learner: exercises to hand in, and the newest feedback."""
    due = [
        (row["address"], f"Hand in the exercise of module {int(module[:2])}")
        for module, rows in shown
        for row in rows
        if row["lesson"] is None
        and not row["handed_in"]
        and (
            row["state"] == going_on.DONE
            or all(each["state"] == going_on.DONE for each in rows if each["lesson"])
        )
    ]
    pages = [(row, learner.home.feedback_page(module)) for module, rows in shown for row in rows]
    back = [(row, page) for row, page in pages if row["feedback"] and page.is_file()]
    newest = max(back, key=lambda each: each[1].stat().st_mtime, default=None)
    if newest is None:
        return due
    title = f"Read your feedback on module {int(newest[0]['module'][:2])}"
    return [(newest[0]["feedback"], title), *due]


def _own_pages(course: Course) -> list[tuple[str, str, str]]:
    """Return address, title and hint of the trainee's own pages that the course has."""
    found = (name for name in OWN_PAGES if (course.lessons / name).is_file())
    return [(name, *OWN_PAGES[name]) for name in found]


def _rows(learner: Learner, module: str) -> list[dict[str, Any]]:
    """Return what the map shows of the lessons and the exercise of a module."""
    course, done = learner.course, answered(learner.home, module)
    items = _items(course, module) if done else {}  # to read them takes a moment
    rows = [_lesson_row(module, lesson, done, items) for lesson in lessons(course, module)]
    return [*rows, _exercise_row(learner, module)] if exercise(course, module).is_file() else rows


def _items(course: Course, module: str) -> going_on.Items:
    """Return a module's practice items; none where its file cannot be read, which cards tell."""
    with suppress(AlongsideError):
        return load_course_items(course, course.lessons / module / ITEMS)
    return {}


def _lesson_row(
    module: str, lesson: Lesson, done: set[str], items: going_on.Items
) -> dict[str, Any]:
    count = sum(name in done for name in lesson.cards)
    state = going_on.state(lesson.cards, items, done)
    out = going_on.left_out(lesson.cards, items, done)
    return {
        "module": module,
        "lesson": lesson,
        "address": lesson.address,
        "title": f"{lesson.number} {lesson.title}",
        "hint": f"About {lesson.minutes} minutes",
        "state": state,
        "passed": state != going_on.NEW and not going_on.ahead(lesson.cards, items, done),
        "left_out": _left_out(out),
        "progress": _progress(state, count, len(lesson.cards), "practice cards"),
        "handed_in": "",
        "feedback": "",
    }


def _exercise_row(learner: Learner, module: str) -> dict[str, Any]:
    course, home = learner.course, learner.home
    cards = card_ids(read_json(exercise(course, module)))
    done = answered_in_exercise(home, module)
    state = going_on.state(cards, {}, done)
    is_back = home.feedback_page(module).is_file()
    handed_in = hand_in.last_hand_in(home, module)
    return {
        "module": module,
        "lesson": None,
        "address": exercise_address(module),
        "title": "Exercise",
        "hint": "You hand this in",
        "state": state,
        "passed": state == going_on.DONE or bool(handed_in),
        "left_out": "",
        "progress": _progress(state, len(done), len(cards), "questions"),
        "handed_in": handed_in,
        "feedback": f"../feedback/{module}" if is_back else "",
    }


def _progress(state: str, count: int, total: int, things: str) -> dict[str, Any]:
    """Return how far somebody is, in words and as a share in percent."""
    words = f"{count} of {total} {things}"
    if count == 0:
        words = f"Not started, {total} {things}"
    elif state == going_on.DONE:
        words = f"Done, all {total} {things}" if count >= total else f"Done, {words}"
    return {"words": words, "share": round(100 * min(count, total) / total) if total else 0}
