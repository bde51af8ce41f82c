"""The cue table of the reply coder: words that a person can read, kept as data.

``cues.json`` holds it: the cues of each act, the lists they share (names in
capitals), the wordings that the tie-breaks look for, the places where a reply is cut into
clauses, and plain word lists.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLE = Path(__file__).with_name("cues.json")


@dataclass(frozen=True, slots=True)
class Cue:
    """Words that give an act away; ``start`` asks for them at the start of a clause."""

    act: str
    confidence: float
    words: str
    start: bool


@functools.cache  # read at the first reply, so that importing stays quick
def table() -> dict[str, Any]:
    """Return the whole table."""
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


@functools.cache
def cues() -> tuple[Cue, ...]:
    """Return the cues, each row as one pattern with a group ``cue``."""
    return tuple(_cue(row) for row in table()["cues"])


@functools.cache
def words(name: str) -> frozenset[str]:
    """Return one of the plain word lists."""
    return frozenset(table()["words"][name].split())


def one_of(name: str) -> str:
    """Return the words of one sort at which a reply is cut, as alternatives of a pattern."""
    return "|".join(table()["cuts"][name])


@functools.cache
def wording(name: str) -> re.Pattern[str]:
    """Return one of the wordings that the tie-breaks look for."""
    return pattern(table()["patterns"][name])


@functools.cache
def pattern(text: str) -> re.Pattern[str]:
    """Compile a row: lists filled in, apostrophes optional, spaces of any width."""
    lists = table()["lists"]
    names = re.compile("|".join(lists))
    while names.search(text):
        text = names.sub(lambda name: lists[name.group()], text)
    text = re.sub(r" (?!\?|[^\[]*\][*+{])", " +", text.replace("'", "'?")).replace(" ?", " *")
    return re.compile(text)


def _cue(row: dict[str, Any]) -> Cue:
    inner = f"(?P<cue>{'|'.join(row['words'])})"
    shape = f"LEAD{inner}" if row["start"] else rf"\b{inner}"
    return Cue(row["act"], row["confidence"], shape, row["start"])
