"""What a trainer holds a reply against: the levels of the module's guide, and the item's own.

The guide is the Markdown page in ``solutions/``. A section ``**Name …**`` followed by a list of
points belongs to the question whose speaker is named there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader.content.items import Item
from grader.desk.place import Desk
from grader.files.parsing import read_text
from grader.kinds.reply import ReplyItem

_SLIPS = re.compile(r"^## Common slips.*?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_LEVELS = re.compile(
    r"^\*\*(.+?)\*\*(.*)\n\n((?:- \*\*[0-9].*\n?)+)(?:\n([^*#<|-].*))?", re.MULTILINE
)
_LEVEL = re.compile(r"^- \*\*([0-9.]+)\*\* *(.*)$", re.MULTILINE)
_CELLS = re.compile(r"(?<!\\)\|")
_QUOTES = '"“”„»« '
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Level:
    """What a reply with so many points shows."""

    points: str
    shows: str


@dataclass(frozen=True, slots=True)
class Rubric:
    """The levels of one question, a note below them, and what the item itself asks for."""

    heading: str = ""
    levels: tuple[Level, ...] = ()
    note: str = ""
    wanted: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    better: str = ""


def rubric_of(desk: Desk, module: str, item: Item) -> Rubric:
    """Return what the guide and the item say of one question."""
    found = next((one for one in _guide(desk, module) if _is_about(one, item)), Rubric())
    if not isinstance(item, ReplyItem):
        return found
    return Rubric(
        found.heading,
        found.levels,
        found.note,
        tuple(each.because for each in item.wanted),
        tuple(each.because for each in item.avoid),
        item.better,
    )


def _is_about(rubric: Rubric, item: Item) -> bool:
    speaker = item.stem.speaker
    return bool(speaker) and re.search(rf"\b{re.escape(speaker)}\b", rubric.heading) is not None


def slips_of(desk: Desk, module: str) -> tuple[str, ...]:
    """Return what to say about the common slips of a module, as its guide words it."""
    text = _guide_text(desk, module)
    found = _SLIPS.search(text)
    rows = [
        _CELLS.split(line.strip().strip("|")) for line in _lines(found.group(1) if found else "")
    ]
    return tuple(row[-1].strip().strip(_QUOTES) for row in rows[2:] if len(row) == 3)


def _lines(table: str) -> list[str]:
    return [line for line in table.splitlines() if line.startswith("|")]


def _guide(desk: Desk, module: str) -> tuple[Rubric, ...]:
    return _levels(_guide_text(desk, module))


@lru_cache(maxsize=64)
def _levels(text: str) -> tuple[Rubric, ...]:
    return tuple(
        Rubric(
            _plain(heading + more),
            tuple(Level(points, _plain(shows)) for points, shows in _LEVEL.findall(levels)),
            _plain(note),
        )
        for heading, more, levels, note in _LEVELS.findall(text)
    )


def _plain(markdown: str) -> str:
    return _LINK.sub(r"\1", markdown).replace("**", "").replace("*", "").strip()


def _guide_text(desk: Desk, module: str) -> str:
    path = desk.root / "solutions" / f"{module}.md"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else ""


@lru_cache(maxsize=64)
def _read(path: Path, _changed: int) -> str:
    return read_text(path)
