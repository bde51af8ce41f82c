"""What a typed reply answers, and how far its words take up, copy or repeat other words.

A thread is something that the peer said and a listener would take up: its key stands in
what the peer says, its words are other ways to say it. Words are compared without their
endings, so that "hum" is found in "humming".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from grader.coding.text import fold
from grader.kinds.typed.stems import stem

RUN = 2  # words in a row that count as copied
NEAR = 0.75  # share of alike words from which one text is nearly another
SENTENCE = 6  # words from which a sentence is told from others
SAME = 0.9  # share of alike words from which one sentence is another
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_END = re.compile(r"[.!?…;:\n]+(?:\s|$)")
# Turning somebody's words to them changes only these; they count as the same word.
_TURNED = {
    **dict.fromkeys(("i", "me", "you", "myself", "yourself"), "you"),
    **dict.fromkeys(("my", "your", "mine", "yours"), "your"),
    **dict.fromkeys(("am", "are", "is", "was", "were"), "are"),
    **dict.fromkeys(("i'm", "you're", "im", "youre"), "you're"),
    **dict.fromkeys(("i've", "you've", "ive", "youve"), "you've"),
    **dict.fromkeys(("i'll", "you'll"), "you'll"),
    **dict.fromkeys(("i'd", "you'd"), "you'd"),
}


@dataclass(frozen=True, slots=True)
class Thread:
    """One thing that the peer said, by a word of it, with other words for it."""

    key: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """A reply with its points, 0 to 3, from which the points of others are learned."""

    points: float
    text: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What one typed reply answers, whether an item asks for it or a turn of a talk.

    ``wanted`` and ``avoid`` are groups of acts, any one of which counts; ``flags`` are
    those of the advice ladder that are true here. Without its key a scene has only what
    the peer says.
    """

    says: str
    setting: str = ""
    flags: frozenset[str] = frozenset()
    wanted: tuple[frozenset[str], ...] = ()
    avoid: tuple[frozenset[str], ...] = ()
    threads: tuple[Thread, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()
    better: str = ""


@lru_cache(maxsize=4096)  # the exemplars of the course are asked for at each reply
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in small letters."""
    return tuple(_WORD.findall(fold(text)))


@lru_cache(maxsize=4096)
def _word_set(text: str) -> frozenset[str]:
    return frozenset(words_of(text))


@lru_cache(maxsize=1024)
def _stems(thread: Thread) -> frozenset[str]:
    return frozenset(stem(word) for word in (thread.key, *thread.words))


def thread_hits(threads: Iterable[Thread], text: str) -> tuple[str, ...]:
    """Return the keys of the threads that a text takes up."""
    said = {stem(word.partition("'")[0]) for word in words_of(text)}
    return tuple(thread.key for thread in threads if not said.isdisjoint(_stems(thread)))


def strung(threads: Iterable[Thread], text: str) -> tuple[int, float]:
    """Return how many different words of threads a text holds, and their share of its words."""
    said = [stem(word.partition("'")[0]) for word in words_of(text)]
    known: frozenset[str] = frozenset().union(*map(_stems, threads))
    found = [word for word in said if word in known]
    return len(set(found)), len(found) / (len(said) or 1)


def _turned(text: str) -> list[str]:
    return [_TURNED.get(word, word) for word in words_of(text)]


def copied(text: str, source: str) -> float:
    """Return how much of a text is the source's own words: the share of its runs of `RUN`.

    My and your, I and you count as the same.
    """
    ours = _runs(_turned(text))
    return len(ours & _runs(_turned(source))) / (len(ours) or 1)


def borrowed(text: str, source: str) -> float:
    """Return which share of a text's words the source holds, in whatever order."""
    ours, theirs = _turned(text), frozenset(_turned(source))
    return sum(word in theirs for word in ours) / (len(ours) or 1)


def _runs(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)}


def is_same(text: str, other: str) -> bool:
    """Tell whether two texts are the same but for marks and capitals."""
    return _typed(text) == _typed(other)


def _typed(text: str) -> list[str]:
    """Return the words as typed: `words_of` drops what is stammered, such as "not not"."""
    return _WORD.findall(text.lower().replace("’", "'"))


def is_near(text: str, other: str) -> bool:
    """Tell whether a text is nearly another, or holds nearly all of it."""
    ours, theirs = words_of(text), words_of(other)
    if len(theirs) < 4 or not ours:
        return False
    known = _word_set(other)
    if len(known & _word_set(text)) < NEAR * len(known):  # quick: a near text shares its words
        return False
    return _alike(ours, theirs) >= NEAR * len(theirs)


def is_sentence_of(text: str, other: str) -> bool:
    """Tell whether half of a text or more is one sentence of another, but for a word in ten."""
    number = len(words_of(text))
    ours = [one for one in _sentences(text) if 2 * len(one) >= number]
    return any(
        2 * _alike(one, told) >= SAME * (len(one) + len(told))
        for one in ours
        for told in _sentences(other)
        if not set(one).isdisjoint(told)
    )


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    from difflib import SequenceMatcher  # here, so that cards are ready without it

    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[tuple[str, ...], ...]:
    told = (words_of(part) for part in _END.split(text))
    return tuple(words for words in told if len(words) >= SENTENCE)
