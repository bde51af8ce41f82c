"""Begin a new item: the body of ``alongside new``.

A template of the item's kind, with notes for the author, goes to the end of the module's
``items.yaml``; it is a whole small item that loads as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.content.items import ITEM_ID
from grader.content.syllabus import load_syllabus
from grader.errors import AuthoringError, AuthoringUseError, suggestion
from grader.files.privacy import share
from grader.files.safe import FOR_ALL, write_safely
from grader.kinds.registry import KINDS, is_scored
from grader.places import ITEMS, PACKAGE, Course

PLACEHOLDER = "NEW-ID"
_ID_LINE = re.compile(r"^- id: *[\"']?([^\s\"']+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class NewItem:
    """Where a new item stands, and what to do next, in plain lines."""

    path: Path
    line: int
    next_steps: tuple[str, ...]


def item_files(*folders: Path | None) -> tuple[Path, ...]:
    """Return every ``items.yaml`` of the given course and solutions folders."""
    found = (folder.glob("[0-9][0-9]-*/items.yaml") for folder in folders if folder)
    return tuple(path for paths in found for path in sorted(paths))


def ids_in(path: Path) -> dict[str, int]:
    """Return the line of each item in a file, also where the file has mistakes."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return {
        found.group(1): text.count("\n", 0, found.start()) + 1 for found in _ID_LINE.finditer(text)
    }


def find_file(item_id: str, course: Path, solutions: Path | None) -> Path:
    """Return the file that holds an item.

    Raises
    ------
    AuthoringError
        With the nearest id that exists.
    """
    where = {name: path for path in item_files(course, solutions) for name in ids_in(path)}
    if item_id not in where:
        raise AuthoringError(f"there is no item {item_id!r}; {suggestion(item_id, where)}")
    return where[item_id]


def template(kind: str) -> str:
    """Return the commented template of a kind, with ``NEW-ID`` for the id."""
    return (PACKAGE / "author" / "items" / f"{kind}.yaml").read_text(encoding="utf-8")


def new_item(
    kind: str, place: str, course: Path, solutions: Path | None, *, graded: bool
) -> NewItem:
    """Write a commented template at the end of a module's items.

    Parameters
    ----------
    kind : str
        Such as ``choice``.
    place : str
        ``MODULE/ID``, such as ``07-advice/advice-late-bus``.
    course, solutions : Path
        The two folders; ``solutions`` is None where only the package is installed.
    graded : bool
        Put it among the graded items instead of the practice items.

    Raises
    ------
    AuthoringError
        Where anything about it cannot be; nothing is written then.
    """
    if solutions is None:
        raise AuthoringError("an installed course is not changed; do this in a clone of it")
    module, item_id = _checked(kind, place, graded, _modules(course, solutions))
    taken = {name: path for path in item_files(course, solutions) for name in ids_in(path)}
    if item_id in taken:
        where = "/".join(taken[item_id].parts[-3:])
        raise AuthoringError(f"{where} has an item {item_id!r} already; choose another id")
    path = (solutions if graded else course) / module / ITEMS
    before = path.read_text(encoding="utf-8") if path.is_file() else _heading(module, graded)
    text = before.rstrip("\n") + "\n\n" + template(kind).replace(PLACEHOLDER, item_id)
    path.parent.mkdir(exist_ok=True)
    write_safely(path, text.encode(), mode=FOR_ALL)
    share(path.parent)
    share(path)
    return NewItem(path, ids_in(path)[item_id], _next_steps(item_id, graded))


def _modules(course: Path, solutions: Path) -> Iterable[str]:
    return load_syllabus(Course(course, solutions.parent / "exercises", solutions)).titles


def _checked(kind: str, place: str, graded: bool, modules: Iterable[str]) -> tuple[str, str]:
    if kind not in KINDS:
        raise AuthoringUseError(f"{kind!r} is not a kind of item; {suggestion(kind, KINDS)}")
    module, slash, item_id = place.partition("/")
    if not slash:
        raise AuthoringUseError(f"{place!r} names no module; write it as 07-advice/late-bus")
    if module not in modules:
        raise AuthoringError(f"{module!r} is not a module; {suggestion(module, modules)}")
    if not ITEM_ID.fullmatch(item_id):
        what = "must be small letters and digits, joined by '-'"
        raise AuthoringUseError(f"the id {item_id!r} {what}: for example {module}/late-bus")
    if graded and not is_scored(kind):
        raise AuthoringUseError(f"{kind!r} is never graded; leave out --graded")
    return module, item_id


def _heading(module: str, graded: bool) -> str:
    words = "graded questions, with their keys" if graded else "practice items"
    return f"# The {words} of module {module}.\n"


def _next_steps(item_id: str, graded: bool) -> tuple[str, ...]:
    look = f"See it:  alongside show {item_id}   (it follows each time you save)"
    card = f'Show it: add a code cell card("{item_id}") to a lesson of the module'
    if graded:
        card = "Show it: copy the cells of an item like it in exercise.ipynb; see FOR-AUTHORS.md"
    return (look, card, "Check:   alongside check")
