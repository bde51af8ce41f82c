"""How somebody likes to read, and where they paused: kept in their folder, for their pages alone.

A browser keeps things for one address, and each run of the course has another. Apart from
`grader.cards.settings`, which carries it; nothing sends or collects this.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from grader.errors import RecordError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.places import SETTINGS, Home

FORMAT = 1
MAX_BYTES = 4 << 10
# What a page may be told, and "" for how it comes; the styles know these words.
LOOKS = {
    "text": ("", "large", "largest"),
    "lines": ("", "wide", "widest"),
    "theme": ("", "light", "dark"),
}
MOST_LETTERS = 200  # of a voice's name, or of an address among the lessons
_PART = re.compile(r"(step-[0-9]{1,3}|all)?")


@dataclass(frozen=True, slots=True)
class Settings:
    """How pages look, which voice reads them, and the page and step where somebody paused."""

    text: str = ""
    lines: str = ""
    theme: str = ""
    voice: str = ""
    paused: str = ""
    part: str = ""


def read_settings(home: Home) -> Settings:
    """Return what is kept; a damaged file counts as none, and what is not known is left out."""
    with suppress(RecordError, ValueError, AttributeError):
        raw = safe.read_regular_file(_file(home), MAX_BYTES)
        if raw is not None:
            kept = parse_json(raw)
            return Settings(
                **{name: kept[name] for name in _NAMES if _may_be(name, kept.get(name))}
            )
    return Settings()


def keep(home: Home, **changes: Any) -> Settings:
    """Keep what has changed, and return all of it.

    Raises
    ------
    RecordError
        Where a page sent something else, or it could not be saved.
    """
    if not all(name in _NAMES and _may_be(name, value) for name, value in changes.items()):
        raise RecordError("This setting is not one of the course; please reload this page")
    path = _file(home)
    try:
        with safe.locked(path):
            changed = replace(read_settings(home), **changes)
            data = {"format": FORMAT, **asdict(changed)}
            safe.write_safely(path, json.dumps(data, indent=1).encode())
    except OSError as error:
        raise RecordError(f"{path.name} could not be saved ({error.strerror})") from error
    return changed


_NAMES = tuple(field.name for field in fields(Settings))


def _file(home: Home) -> Path:
    return home.folder / SETTINGS


def _may_be(name: str, value: Any) -> bool:
    if not isinstance(value, str):
        return False
    if name == "part":
        return bool(_PART.fullmatch(value))
    return value in LOOKS[name] if name in LOOKS else len(value) <= MOST_LETTERS
