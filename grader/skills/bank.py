"""All practice items of the course at once, for pages that look at more than one module."""

from __future__ import annotations

from dataclasses import dataclass

from grader.content.items import Item
from grader.errors import ContentError
from grader.kinds.reading import load_course_items
from grader.places import Course


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
    modules, unread = {}, []
    for path in sorted(course.lessons.glob("[0-9][0-9]-*/items.yaml")):
        try:
            modules[path.parent.name] = load_course_items(course, path)
        except ContentError:
            unread.append(path.parent.name)
    return Bank(modules, tuple(unread))
