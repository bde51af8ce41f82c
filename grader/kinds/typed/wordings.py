"""What the guard looks for in words: patterns of its table, and a text made flat for them."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from grader.coding.coder import MAX_QUOTE
from grader.coding.cues import words
from grader.coding.text import fold

TABLE = Path(__file__).with_name("guard.json")


class Flat:
    """A text as the patterns see it: small letters, no apostrophes; places stay true."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places: list[int] = []
        letters: list[str] = []
        for at, mark in enumerate(fold(text).replace("\n", " ")):
            doubled = mark == " " and letters[-1:] == [" "]
            if mark not in "'*_" and not doubled:
                letters.append(mark)
                self._places.append(at)
        self.flat = "".join(letters)
        self._places.append(len(text))

    def quote(self, start: int, end: int) -> str:
        """Return the words of the text between two places, cut where they are many."""
        return self.text[self._places[start] : self._places[end]].strip()[:MAX_QUOTE]

    def clause(self, start: int) -> str:
        """Return what stands before a place in its sentence."""
        return re.split(r"[.!?;…]", self.flat[:start])[-1]

    def sentence(self, start: int) -> str:
        """Return the sentence that holds a place."""
        begin = len(self.flat[:start]) - len(self.clause(start))
        return self.flat[begin:start] + re.split(r"(?<=[.!?…])", self.flat[start:])[0]


@functools.cache
def table() -> dict[str, Any]:
    """Return what is looked for."""
    found: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return found


@functools.cache
def patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a list of the table."""
    return tuple(_compiled(pattern) for pattern in table()[name])


@functools.cache
def ideas(name: str) -> tuple[tuple[str, str, tuple[re.Pattern[str], ...]], ...]:
    """Return the ideas of a list: id, reason, and patterns."""
    return tuple(
        (row["id"], row.get("reason", ""), tuple(_compiled(pattern) for pattern in row["patterns"]))
        for row in table()[name]
    )


def _compiled(pattern: str) -> re.Pattern[str]:
    for name, words_ in table()["lists"].items():
        pattern = pattern.replace(name, words_)
    return re.compile(rf"\b(?:{pattern})(?!\w)")


def hits(wanted: Iterable[re.Pattern[str]], text: str) -> Iterator[re.Match[str]]:
    """Yield every place in a text where one of the patterns fits."""
    for pattern in wanted:
        yield from pattern.finditer(text)


@functools.cache
def _danger_words() -> frozenset[str]:
    return frozenset(table()["danger_words"].split())


def mended(text: str) -> str:
    """Mend slips in the words that tell of danger: "sucide", "tablits", "mysef"."""
    known = words("english") | _danger_words()
    return re.sub(
        r"[a-z]{5,}",
        lambda found: found.group() if found.group() in known else _nearest(found.group()),
        text,
    )


def _nearest(word: str) -> str:
    return next((known for known in _danger_words() if _one_slip(word, known)), word)


def _one_slip(word: str, known: str) -> bool:
    """Tell whether one letter is lost, added or changed, or two have changed places."""
    if word == known or abs(len(word) - len(known)) > 1:
        return word == known
    start = next(
        (at for at, pair in enumerate(zip(word, known, strict=False)) if len(set(pair)) > 1), -1
    )
    if start < 0:
        return True
    rest, wanted = word[start:], known[start:]
    swapped = rest[1:2] + rest[:1] + rest[2:] == wanted
    return swapped or rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:]
