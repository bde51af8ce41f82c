"""Check notebooks against the items: every card is there, every cell has the right marks.

Apart from `check`, which reads the course: this looks at notebooks alone.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.author.check_minutes import minutes_problems
from grader.author.check_pictures import picture_problems
from grader.author.check_twins import neighbour_problems
from grader.author.course import Course, Module, count, items_name
from grader.content.items import Item, unknown_words
from grader.content.strict_yaml import short_name
from grader.errors import Problem, suggestion
from grader.files.parsing import parse_python, read_json
from grader.kinds import scoring


@dataclass(frozen=True, slots=True)
class _Cell:
    """One cell of a notebook; ``number`` counts from 1, as a person would."""

    number: int
    calls: tuple[tuple[str, str], ...]  # (function, first text argument), such as ("card", "a-b")
    marks: dict[str, Any]  # its nbgrader metadata
    clean: bool  # no output, no execution count


def _notebook(found: Course, path: Path) -> dict[str, Any] | None:
    try:
        data = read_json(path)
    except OSError:
        what = "is missing; add the notebook"
    except ValueError:
        what = "is not a notebook; save it again in JupyterLab"
    else:
        if isinstance(data, dict) and isinstance(data.get("cells"), list):
            return data
        what = "is not a notebook; save it again in JupyterLab"
    found.problems.append(Problem(short_name(path), 1, "file", what))
    return None


def cells_of(found: Course, path: Path) -> list[_Cell]:
    """Return the cells of a notebook with what they call."""
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
    for node in ast.walk(parse_python(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield node.func.id, first.value


def check_stripped(found: Course, path: Path, cells: Iterable[_Cell]) -> None:
    """Note every cell that keeps an output or a count of runs."""
    for cell in cells:
        if not cell.clean:
            _note(found, path, cell, "holds output; clear all outputs and save")


def _note(found: Course, path: Path, cell: _Cell, what: str) -> None:
    found.problems.append(Problem(short_name(path), 1, f"cell {cell.number}", what))


def check_lessons(found: Course, module: Module) -> None:
    """Each practice item is shown by exactly one lesson, and each card names an item."""
    used: Counter[str] = Counter()
    for path in module.lessons:
        cells = cells_of(found, path)
        check_stripped(found, path, cells)
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
            line = module.lines["practice"].get(item_id, 1)
            found.problems.append(Problem(items_name(module, "practice"), line, "id", what))


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
    data = _notebook(Course(), path)  # its own problems are noted once, by cells_of
    if data is None or items is None:
        return
    cards = [name for cell in cells for what, name in cell.calls if what == "card"]
    shown = [items[name] for name in cards if name in items]
    found.problems.extend(minutes_problems(path, data, shown))


def _check_lesson_facts(found: Course, path: Path) -> None:
    data = _notebook(Course(), path)  # its own problems are noted once, by cells
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


def check_exercise(found: Course, module: Module) -> None:
    """Each graded item has its card, its record and, where a trainer marks, its task cell."""
    if module.exercise is None:
        return
    path = module.exercise
    cells = cells_of(found, path)
    check_stripped(found, path, cells)
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
            f"{item.id!r} has {count(len(cards), 'card')} and {count(len(records), 'record')}; "
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
