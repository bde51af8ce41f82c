"""The whole course as it was read, with every problem on the way: what the checks look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.errors import Problem


@dataclass(slots=True)
class Module:
    """One module as found on disk; items are None where their file has mistakes.

    ``lines`` says for each part, practice or graded, in which line of its file an item begins.
    """

    name: str
    practice: dict[str, Item] | None = None
    graded: dict[str, Item] | None = None
    lessons: list[Path] = field(default_factory=list)
    exercise: Path | None = None
    lines: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(slots=True)
class Course:
    """All that could be read of a course, and every problem met on the way."""

    skills: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    modules: list[Module] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def count(number: int, word: str) -> str:
    """Return a number with its word, such as '1 lesson' or '2 lessons'."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def items_name(module: Module, part: str) -> str:
    """Return how messages name the items of a module."""
    return f"{'course' if part == 'practice' else 'solutions'}/{module.name}/items.yaml"
