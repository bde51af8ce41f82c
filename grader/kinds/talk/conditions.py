"""The small language in which authors say when a rule of a conversation holds.

``open_question or reflection``, ``directive_advice and not advice_asked``,
``trust >= 5``; ``not`` binds before ``and``, ``and`` before ``or``. Read by the parser
below and never run as code.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.content.items import ACTS, LADDER_FLAGS
from grader.errors import suggestion

STATES = ("trust", "feels_heard", "pressure", "own_ideas")
LOWEST, HIGHEST = 0, 10  # of each state
UNSURE, OTHERWISE = "unsure", "otherwise"  # each stands alone
MAX_LENGTH = 300  # characters; a longer condition is two rules
MAX_BRACKETS = 20
_COMPARE: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}
_JOINING = {"and", "or", "not"}
_WORD = re.compile(r"\s*([a-z_]+|[0-9]+|>=|<=|==|!=|[<>()])", re.IGNORECASE)


class ConditionError(ValueError):
    """A condition cannot be read; the text says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition as written, and as nested tuples to weigh."""

    text: str
    tree: tuple[Any, ...]

    def holds(self, facts: Mapping[str, int]) -> bool:
        """Tell whether it holds.

        Parameters
        ----------
        facts : mapping of str to int
            Each state with its value; acts and flags that are there with a true one.
        """
        return _weigh(self.tree, facts)

    @property
    def acts(self) -> frozenset[str]:
        """The acts that it asks for; those under a ``not`` are left out."""
        return frozenset(_names(self.tree)) & ACTS.keys()


def _names(tree: tuple[Any, ...]) -> Iterator[str]:
    head, *rest = tree
    if head == "name":
        yield rest[0]
    elif head in ("and", "or"):
        for part in rest:
            yield from _names(part)


def _weigh(tree: tuple[Any, ...], facts: Mapping[str, int]) -> bool:
    head, *rest = tree
    if head == "name":
        return rest[0] == OTHERWISE or bool(facts.get(rest[0]))
    if head == "compare":
        state, sign, number = rest
        return _COMPARE[sign](facts[state], number)
    if head == "not":
        return not _weigh(rest[0], facts)
    return (all if head == "and" else any)(_weigh(part, facts) for part in rest)


def parse_condition(text: str) -> Condition:
    """Read a condition.

    Raises
    ------
    ConditionError
        With the word that cannot be read and, where there is one, the nearest that can.
    """
    if len(text) > MAX_LENGTH:
        raise ConditionError(f"is longer than {MAX_LENGTH} letters; make two rules of it")
    words = _split(text)
    if words in ([UNSURE], [OTHERWISE]):
        return Condition(text, ("name", words[0]))
    if words.count("(") > MAX_BRACKETS:
        raise ConditionError(f"has more than {MAX_BRACKETS} '('; make two rules of it")
    reader = _Reader(words)
    tree = reader.either()
    if reader.next:
        raise ConditionError(f"has {reader.next!r} too much; join parts by 'and' or 'or'")
    return Condition(text, tree)


def _split(text: str) -> list[str]:
    words, place = [], 0
    while text[place:].strip():
        found = _WORD.match(text, place)
        if not found:
            raise ConditionError(f"cannot be read from {text[place:].strip()[:20]!r} on; mend it")
        words.append(found.group(1))
        place = found.end()
    return words


class _Reader:
    """Reads words from left to right, each rule of the language by one method."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._at = 0

    @property
    def next(self) -> str:
        """The word to come, or nothing at the end."""
        return self._words[self._at] if self._at < len(self._words) else ""

    def take(self) -> str:
        word = self.next
        self._at += 1
        return word

    def either(self) -> tuple[Any, ...]:
        return self._joined("or", self._both)

    def _both(self) -> tuple[Any, ...]:
        return self._joined("and", self._not)

    def _joined(self, joint: str, part: Any) -> tuple[Any, ...]:
        parts = [part()]
        while self.next == joint:
            self.take()
            parts.append(part())
        return parts[0] if len(parts) == 1 else (joint, *parts)

    def _not(self) -> tuple[Any, ...]:
        if self.next == "not":
            self.take()
            return ("not", self._not())
        return self._one()

    def _one(self) -> tuple[Any, ...]:
        word = self.take()
        if word == "(":
            inside = self.either()
            if self.take() != ")":
                raise ConditionError("has a '(' without its ')'; add it")
            return inside
        if word in STATES:
            return self._compared(word)
        if word in ACTS or word in LADDER_FLAGS:
            return ("name", word)
        raise ConditionError(_misread(word))

    def _compared(self, state: str) -> tuple[Any, ...]:
        sign, number = self.take(), self.take()
        if sign not in _COMPARE or not number.isdigit():
            raise ConditionError(f"needs a comparison for {state!r}, such as '{state} >= 5'")
        if not LOWEST <= int(number) <= HIGHEST:
            raise ConditionError(f"compares {state!r} with {number}; it is {LOWEST} to {HIGHEST}")
        return ("compare", state, sign, int(number))


def _misread(word: str) -> str:
    if not word:
        return "ends too early; add what is meant, such as 'reflection'"
    if word in (UNSURE, OTHERWISE):
        return f"must have {word!r} alone; write a rule of its own for the rest"
    if word in _JOINING or word == ")":
        return f"has {word!r} where an act, a flag or a state belongs"
    known = {*ACTS, *LADDER_FLAGS, *STATES, UNSURE, OTHERWISE}
    return f"has {word!r}, which is not known; {suggestion(word, known)}"
