"""All practice items of the course at once, for pages that look at more than one module."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.content.items import Item, load_facts, load_skills
from grader.errors import ContentError
from grader.kinds.reading import load_items
from grader.places import FACTS, SKILLS, Course


@dataclass(frozen=True, slots=True)
class Bank:
    """Practice items by module and id; ``unread`` names modules whose file has mistakes."""

    modules: dict[str, dict[str, Item]]
    unread: tuple[str, ...] = ()


def practice_bank(course: Course) -> Bank:
    """Return the practice items of a course.

    A module that cannot be read is left out and named: the others are still there, and
    ``alongside check`` tells its author why.
    """
    return _bank(course.lessons)


@lru_cache(maxsize=2)
def _bank(lessons: Path) -> Bank:
    skills, facts = load_skills(lessons / SKILLS), load_facts(lessons / FACTS)
    modules, unread = {}, []
    for path in sorted(lessons.glob("[0-9][0-9]-*/items.yaml")):
        try:
            modules[path.parent.name] = load_items(path, skills, facts)
        except ContentError:
            unread.append(path.parent.name)
    return Bank(modules, tuple(unread))
