"""Read a module's items from YAML, whole or not at all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from grader.content.items import (
    Fact,
    Item,
    Skill,
    by_id,
    check_known,
    check_new,
    known_skills,
    load_facts,
    load_skills,
    read_common,
    unknown_words,
)
from grader.content.strict_yaml import Entry, read_entries
from grader.errors import UNKNOWN_FACT, UNKNOWN_SKILL, Problem, UnknownItemError, suggestion
from grader.kinds.kind import Skills
from grader.kinds.registry import KINDS, is_scored
from grader.places import FACTS, SKILLS, Course

One = TypeVar("One")


def load_items(
    path: Path,
    skills: Mapping[str, Skill],
    facts: Collection[str],
    *,
    graded: bool = False,
) -> dict[str, Item]:
    """Load one file of items, in their order.

    Parameters
    ----------
    path : Path
        An ``items.yaml``.
    skills : mapping of str to Skill
        Known skills.
    facts : collection of str
        Known ids.
    graded : bool
        The items are handed in and marked: kinds that are never scored are refused.

    Returns
    -------
    dict of str to Item

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    items = []
    ids: set[str] = set()
    for entry in read_entries(path, problems):
        item = _read_item(entry, skills)
        _check_skills(entry, item.skills, skills)
        check_known(entry, "facts", item.facts, facts, UNKNOWN_FACT)
        is_known = item.kind in KINDS  # else nobody knows which fields belong to it
        if graded and is_known and not is_scored(item.kind):
            entry.note("kind", f"{item.kind!r} is for practice only; move it to course/")
        if not 1 <= len(item.skills) <= 3:
            entry.note("skills", "must name one to three skills")
        items.append(item)
        check_new(entry, item.id, ids)
        if is_known:
            entry.close()
    return by_id(items, problems)


def load_course_items(course: Course, path: Path, *, graded: bool = False) -> dict[str, Item]:
    """Load one file of items by the skills and facts of a course, as `load_items` does.

    What was read stays until one of the files changes.
    """
    known = course.lessons / SKILLS, course.lessons / FACTS
    return _course_items(path, known, tuple(map(_version, (path, *known))), graded)


Version = tuple[int, int] | None


def _version(path: Path) -> Version:
    """Tell one state of a file from the next: when it was saved, and how long it is."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=64)  # a server shows every module, and its compass all of them at once
def _course_items(
    path: Path, known: tuple[Path, Path], versions: tuple[Version, ...], graded: bool
) -> dict[str, Item]:
    return load_items(path, *_known(*known, versions[1:]), graded=graded)


@lru_cache(maxsize=4)
def _known(
    skills: Path, facts: Path, _versions: tuple[Version, ...]
) -> tuple[dict[str, Skill], dict[str, Fact]]:
    return load_skills(skills), load_facts(facts)


def _check_skills(entry: Entry, used: Iterable[str], framework: Skills) -> None:
    """Note skills that the framework does not place; one of a trainer's own can cover them."""
    known = known_skills(framework)
    for name in used:
        if name and name not in known:
            what = unknown_words(name, known)
            if not what.endswith("?"):
                what += ", or place it under 'covers' or 'leaves_out' in skills.yaml"
            entry.note("skills", what, UNKNOWN_SKILL)


def _read_item(entry: Entry, skills: Mapping[str, Skill]) -> Item:
    kind = entry.text("kind")
    common = read_common(entry, kind, scored=kind not in KINDS or is_scored(kind))
    if kind in KINDS:
        item: Item = KINDS[kind].read(entry, common, skills)
        return item
    if kind:
        entry.note("kind", f"{kind!r} is not a kind of item; {suggestion(kind, KINDS)}")
    return Item(**common)


def find_item(items: Mapping[str, One], item_id: str, where: str) -> One:
    """Return one item by id.

    Raises
    ------
    UnknownItemError
        With the nearest id that exists.
    """
    try:
        return items[item_id]
    except KeyError:
        message = f"{where} has no item {item_id!r}; {suggestion(item_id, items)}"
        raise UnknownItemError(message) from None
