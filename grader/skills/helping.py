"""Which lesson helps with a question: the one that teaches most of the facts it rests on.

Apart from `next_steps`, which looks at skills over the whole course, and needs no notebook.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from grader.content.items import Item
from grader.files.parsing import read_json


@dataclass(frozen=True, slots=True)
class Teaching:
    """A lesson with the facts that it teaches; ``address`` as the course map has it."""

    address: str
    number: str
    title: str
    facts: frozenset[str]

    @property
    def module(self) -> str:
        """The module, such as ``07-advice``."""
        return self.address.partition("/")[0]


def teachings(lessons: Path) -> tuple[Teaching, ...]:
    """Return the lessons of a course in order; one that cannot be read is left out.

    Parameters
    ----------
    lessons : Path
        The folder of the course, with a folder for each module.
    """
    found = []
    for path in sorted(lessons.glob("[0-9][0-9]-*/[0-9]*.ipynb")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            about = read_json(path)["metadata"]
            found.append(
                Teaching(
                    address=f"{path.parent.name}/{path.name}",
                    number=str(about["alongside"]["lesson"]),
                    title=str(about["title"]),
                    facts=frozenset(about["alongside"]["facts"]),
                )
            )
    return tuple(found)


def that_helps(item: Item, module: str, lessons: Iterable[Teaching]) -> Teaching | None:
    """Return the lesson that shares most facts with a question, its own module's first.

    None where no lesson shares any.
    """

    def nearness(lesson: Teaching) -> tuple[int, bool]:
        return len(lesson.facts.intersection(item.facts)), lesson.module == module

    best = max(lessons, key=nearness, default=None)
    return best if best and nearness(best)[0] else None
