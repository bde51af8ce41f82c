"""Check the whole course at once: the body of ``alongside check``.

Loaders tell what is wrong inside one file; here stands what must hold between files:
skills, facts, words, items, lessons and exercises. Nothing is written or run.
"""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from grader.author.check_items import model_problems, why_problems
from grader.author.check_minutes import minutes_problems
from grader.author.check_pictures import picture_problems
from grader.author.check_stories import story_problems
from grader.author.check_twins import Bank, neighbour_problems, twin_problems
from grader.author.guess import GRADED, PRACTICE, Pick, picks_of
from grader.author.guess_report import guess_problems
from grader.author.new import ids_in
from grader.content.glossary import load_glossary
from grader.content.items import Item, load_facts, load_skills, unknown_words
from grader.content.strict_yaml import short_name
from grader.content.syllabus import folder_problems
from grader.errors import UNKNOWN_FACT, UNKNOWN_SKILL, ContentError, Problem, suggestion
from grader.kinds import scoring
from grader.kinds.reading import load_items
from grader.places import FACTS, GLOSSARY, ITEMS, NOTEBOOK, SKILLS

Loaded = TypeVar("Loaded")


@dataclass(slots=True)
class _Module:
    """One module as found on disk; items are None where their file has mistakes."""

    name: str
    practice: dict[str, Item] | None = None
    graded: dict[str, Item] | None = None
    lessons: list[Path] = field(default_factory=list)
    exercise: Path | None = None


@dataclass(slots=True)
class Course:
    """All that could be read of a course, and every problem met on the way."""

    skills: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    modules: list[_Module] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a notebook; ``number`` counts from 1, as a person would."""

    number: int
    calls: tuple[tuple[str, str], ...]  # (function, first text argument), such as ("card", "a-b")
    marks: dict[str, Any]  # its nbgrader metadata
    clean: bool  # no output, no execution count


def check_course(course: Path, solutions: Path | None) -> list[Problem]:
    """Return all problems of a course, as `read_course` and `problems_of` do."""
    return problems_of(read_course(course, solutions))


def problems_of(found: Course) -> list[Problem]:
    """Return all problems, sorted by file and line; empty where there are none."""
    return sorted(set(found.problems))


def read_course(course: Path, solutions: Path | None) -> Course:
    """Read and check everything that authors write.

    Parameters
    ----------
    course : Path
        The folder with ``skills.yaml``, ``facts.yaml``, ``glossary.yaml`` and the module folders.
    solutions : Path or None
        The folder with the graded items; None where it is not at hand.

    Returns
    -------
    Course
        For `problems_of`, `summary` and `picks`.
    """
    found = Course()
    if not course.is_dir():
        what = "is not a folder; give the folder that holds skills.yaml"
        found.problems.append(Problem(short_name(course), 1, "course", what))
        return found
    found.skills = _load(found, lambda: load_skills(course / SKILLS)) or {}
    found.facts = _load(found, lambda: load_facts(course / FACTS)) or {}
    _load(found, lambda: load_glossary(course / GLOSSARY, found.facts))
    found.problems.extend(_load(found, lambda: list(folder_problems(course, solutions))) or ())
    for name in _module_names(course, solutions):
        found.modules.append(_read_module(found, name, course, solutions))
    _check_ids(found)
    for notebook in sorted(course.glob("*.ipynb")):
        _check_stripped(found, notebook, _cells(found, notebook))
    for module in found.modules:
        _check_lessons(found, module)
        _check_exercise(found, module)
    for module in found.modules:
        for part, items in (("practice", module.practice), ("graded", module.graded)):
            found.problems.extend(model_problems(_items_name(module, part), (items or {}).values()))
    banks = list(_banks(found, course, solutions))
    found.problems.extend(twin_problems(banks))
    found.problems.extend(guess_problems(picks(found)))
    for bank in banks:
        found.problems.extend(story_problems(bank.path, bank.lines, bank.items.values()))
        found.problems.extend(why_problems(bank.path, bank.lines, bank.items.values()))
    return found


def summary(found: Course) -> str:
    """Return one line that counts what was checked and says how many problems there are."""
    modules = found.modules
    parts = [
        _count(len(modules), "module"),
        _count(sum(len(module.lessons) for module in modules), "lesson"),
        f"{sum(len(module.practice or ()) for module in modules)} practice and "
        f"{sum(len(module.graded or ()) for module in modules)} graded items",
        _count(len(found.skills), "skill"),
    ]
    problems = len(set(found.problems))
    return f"{', '.join(parts)}: {_count(problems, 'problem') if problems else 'no problems'}"


def picks(found: Course) -> list[Pick]:
    """Return every place of the course where one reply is picked; see `grader.author.guess`."""
    return [
        pick
        for module in found.modules
        for part, items in ((PRACTICE, module.practice), (GRADED, module.graded))
        for pick in picks_of(module.name, part, (items or {}).values())
    ]


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _banks(found: Course, course: Path, solutions: Path | None) -> Iterator[Bank]:
    for module in found.modules:
        parts = ((PRACTICE, course, module.practice), (GRADED, solutions, module.graded))
        for part, folder, items in parts:
            if folder and items:
                lines = ids_in(folder / module.name / ITEMS)
                yield Bank(_items_name(module, part), lines, items)


def _load(found: Course, load: Callable[[], Loaded]) -> Loaded | None:
    try:
        return load()
    except ContentError as error:
        found.problems.extend(p for p in error.problems if not _is_echo(found, p))
        return None


def _module_names(course: Path, solutions: Path | None) -> list[str]:
    folders = [
        *course.glob("[0-9][0-9]-*/"),
        *(solutions.glob("[0-9][0-9]-*/") if solutions else ()),
    ]
    return sorted({folder.name for folder in folders})


def _read_module(found: Course, name: str, course: Path, solutions: Path | None) -> _Module:
    module = _Module(name, lessons=sorted((course / name).glob("*.ipynb")))
    if (course / name).is_dir():
        module.practice = _load_items(found, course / name / ITEMS, graded=False)
    if solutions and (solutions / name).is_dir():
        module.graded = _load_items(found, solutions / name / ITEMS, graded=True)
        module.exercise = solutions / name / NOTEBOOK
    return module


def _load_items(found: Course, path: Path, *, graded: bool) -> dict[str, Item] | None:
    return _load(found, lambda: load_items(path, found.skills, found.facts, graded=graded))


def _is_echo(found: Course, problem: Problem) -> bool:
    """Tell whether the problem only repeats that skills.yaml or facts.yaml could not be loaded."""
    return (problem.code == UNKNOWN_SKILL and not found.skills) or (
        problem.code == UNKNOWN_FACT and not found.facts
    )


def _check_ids(found: Course) -> None:
    """Note ids used twice in the bank: records of two modules could be mixed up."""
    first: dict[str, str] = {}
    for module in found.modules:
        for part, items in (("practice", module.practice), ("graded", module.graded)):
            for item_id in items or ():
                here = f"{part} items of {module.name}"
                if item_id in first:
                    what = f"{item_id!r} is also among the {first[item_id]}; give one a new id"
                    found.problems.append(Problem(_items_name(module, part), 1, "id", what))
                first.setdefault(item_id, here)


def _items_name(module: _Module, part: str) -> str:
    return f"{'course' if part == 'practice' else 'solutions'}/{module.name}/items.yaml"


# --- notebooks


def _notebook(found: Course, path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        what = "is missing; add the notebook"
    except (ValueError, RecursionError):
        what = "is not a notebook; save it again in JupyterLab"
    else:
        if isinstance(data, dict) and isinstance(data.get("cells"), list):
            return data
        what = "is not a notebook; save it again in JupyterLab"
    found.problems.append(Problem(short_name(path), 1, "file", what))
    return None


def _cells(found: Course, path: Path) -> list[_Cell]:
    data = _notebook(found, path)
    found.problems.extend(picture_problems(path, data) if data else ())
    cells = []
    parts = [part for part in data["cells"] if isinstance(part, dict)] if data else []
    for number, cell in enumerate(parts, 1):
        source = cell.get("source", "")
        source = source if isinstance(source, str) else "".join(source)
        try:
            calls = tuple(_calls(source)) if cell.get("cell_type") == "code" else ()
        except SyntaxError:
            calls = ()
            what = 'is not Python; keep only calls such as card("…") in it'
            found.problems.append(Problem(short_name(path), 1, f"cell {number}", what))
        clean = not cell.get("outputs") and cell.get("execution_count") is None
        marks = cell.get("metadata", {}).get("nbgrader", {})
        cells.append(_Cell(number, calls, marks, clean))
    return cells


def _calls(source: str) -> Iterator[tuple[str, str]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.func.id, first.value


def _check_stripped(found: Course, path: Path, cells: Iterable[_Cell]) -> None:
    for cell in cells:
        if not cell.clean:
            _note(found, path, cell, "holds output; clear all outputs and save")


def _note(found: Course, path: Path, cell: _Cell, what: str) -> None:
    found.problems.append(Problem(short_name(path), 1, f"cell {cell.number}", what))


def _check_lessons(found: Course, module: _Module) -> None:
    """Each practice item is shown by exactly one lesson, and each card names an item."""
    used: Counter[str] = Counter()
    for path in module.lessons:
        cells = _cells(found, path)
        _check_stripped(found, path, cells)
        _check_lesson_facts(found, path)
        for cell in cells:
            for function, item_id in cell.calls:
                if function == "card":
                    used[item_id] += 1
                    _check_card(found, path, cell, item_id, module.practice)
        _check_neighbours(found, path, cells, module.practice)
        _check_minutes(found, path, cells, module.practice)
    for item_id in module.practice or ():
        if used[item_id] != 1:
            times = "by no lesson" if not used[item_id] else f"{used[item_id]} times"
            what = f"{item_id!r} is shown {times}; show it by one card in one lesson"
            found.problems.append(Problem(_items_name(module, "practice"), 1, "id", what))


def _check_card(
    found: Course, path: Path, cell: _Cell, item_id: str, items: dict[str, Item] | None
) -> None:
    if items is not None and item_id not in items:
        _note(found, path, cell, f"card {item_id!r} has no item; {suggestion(item_id, items)}")


def _check_neighbours(
    found: Course, path: Path, cells: Iterable[_Cell], items: dict[str, Item] | None
) -> None:
    cards = [(cell.number, name) for cell in cells for what, name in cell.calls if what == "card"]
    found.problems.extend(neighbour_problems(short_name(path), cards, items or {}))


def _check_minutes(
    found: Course, path: Path, cells: Iterable[_Cell], items: dict[str, Item] | None
) -> None:
    data = _notebook(Course(), path)  # its own problems are noted once, by _cells
    if data is None or items is None:
        return
    cards = [name for cell in cells for what, name in cell.calls if what == "card"]
    shown = [items[name] for name in cards if name in items]
    found.problems.extend(minutes_problems(path, data, shown))


def _check_lesson_facts(found: Course, path: Path) -> None:
    data = _notebook(Course(), path)  # its own problems are noted once, by _cells
    if data is None:
        return
    told = data.get("metadata", {}).get("alongside", {})
    facts = told.get("facts")
    if not facts or not isinstance(facts, list):
        what = "must list the facts that the lesson teaches, under 'alongside' in the metadata"
        found.problems.append(Problem(short_name(path), 1, "facts", what))
        return
    for fact in facts:
        if found.facts and str(fact) not in found.facts:
            what = unknown_words(str(fact), found.facts)
            found.problems.append(Problem(short_name(path), 1, "facts", what))


def _check_exercise(found: Course, module: _Module) -> None:
    """Each graded item has its card, its record and, where a trainer marks, its task cell."""
    if module.exercise is None:
        return
    path = module.exercise
    cells = _cells(found, path)
    _check_stripped(found, path, cells)
    if module.graded is None or not cells:
        return
    for cell in cells:
        for function, item_id in cell.calls:
            if function in {"card", "record"}:
                _check_card(found, path, cell, item_id, module.graded)
    _check_neighbours(found, path, cells, module.graded)
    for item in module.graded.values():
        _check_place(found, path, cells, item)


def _check_place(found: Course, path: Path, cells: list[_Cell], item: Item) -> None:
    cards = [at for at, cell in enumerate(cells) if ("card", item.id) in cell.calls]
    records = [at for at, cell in enumerate(cells) if ("record", item.id) in cell.calls]
    if len(cards) != 1 or len(records) != 1:
        what = (
            f"{item.id!r} has {_count(len(cards), 'card')} and {_count(len(records), 'record')}; "
            "give it one of each"
        )
        found.problems.append(Problem(short_name(path), 1, "cells", what))
        return
    if records[0] != cards[0] + 1:
        _note(found, path, cells[cards[0]], f"must be followed by record({item.id!r})")
    _check_marks(found, path, cells[records[0]], _record_marks(item))
    if not scoring.is_automatic(item):
        after = cells[records[0] + 1 : records[0] + 2]
        if not after:
            _note(found, path, cells[records[0]], "must be followed by a task cell for the trainer")
        else:
            _check_marks(found, path, after[0], _task_marks(item))


def _record_marks(item: Item) -> dict[str, Any]:
    marks = {"grade_id": item.id, "locked": True, "solution": False, "task": False}
    if scoring.is_automatic(item):
        return marks | {"grade": True, "points": item.points}
    return marks | {"grade": False, "points": None}


def _task_marks(item: Item) -> dict[str, Any]:
    return {
        "grade_id": f"{item.id}-mark",
        "grade": False,
        "solution": False,
        "task": True,
        "points": item.points,
    }


def _check_marks(found: Course, path: Path, cell: _Cell, wanted: dict[str, Any]) -> None:
    """Compare a cell's nbgrader settings; a wrong one costs or gives marks silently."""
    for name, value in wanted.items():
        is_there = cell.marks.get(name)
        if is_there != value:
            need = "must not be set" if value is None else f"must be {_shown(value)}"
            need += "" if value is None else f", not {_shown(is_there)}"
            what = f"nbgrader's {name!r} of {wanted['grade_id']!r} {need}"
            _note(found, path, cell, what)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    return f"{value:g}" if isinstance(value, float) else repr(value)
