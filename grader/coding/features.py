"""Name what a model can weigh in each clause of a reply: words, shapes, letters, cues, place.

Every feature is a text that a person can read, such as ``w:have you tried`` or ``k:permission``;
the letter before the colon says of what kind it is (see `KINDS`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from grader.coding.cues import table, words
from grader.coding.rules import Hit, clause_hits, is_tag, settle_clause, settle_reply
from grader.coding.text import Clause, clauses

# How much a kind counts for beside the others. Chosen by leaving one file of replies out.
KINDS = {
    "w": 1.0,  # one to three words of a clause, as written
    "d": 0.7,  # two to five words, rare ones only by their ending
    "c": 0.5,  # three to five letters of a word
    "k": 2.0,  # a cue of this act stands in the clause
    "r": 2.0,  # and the tie-breaks kept it
    "q": 1.5,  # first words, asked or not asked
    "S": 1.0,  # the whole sentence: asked or not, its cues and, if asked, its words
    "s": 1.0,  # first word, as written
    "p": 1.0,  # the persons named
    "f": 0.7,  # place in the sentence
    "o": 0.5,  # place in the reply
    "n": 0.5,  # number of words
    "L": 0.5,  # what stands before: its words
    "R": 0.5,  # what comes after
    "Lk": 0.7,  # what stands before: its cues
    "Rk": 0.7,  # what comes after
}
_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[^\W\d_]+")
_ENDINGS = (("ing", 4), ("ed", 3), ("ly", 3))
_PERSONS = frozenset(["i", "me", "my", "you", "your", "he", "she", "it", "they", "we"])


@dataclass(slots=True)
class Part:
    """One clause with its words, their shapes, its cues and, at last, its features."""

    clause: Clause
    words: list[str]
    shapes: list[str]
    hits: dict[str, Hit]
    opens: bool = False  # its sentence
    closes: bool = False
    features: frozenset[str] = frozenset()


@functools.lru_cache(maxsize=64)  # coder and guard read the same reply
def parts(folded: str) -> tuple[Part, ...]:
    """Cut a folded reply into clauses and name the features of each."""
    found = [part for clause in clauses(folded) if (part := _part(clause)).words]
    kept = _settled(found)
    grouped = groupby(found, key=lambda part: part.clause.sentence)
    whole = {number: frozenset(_sentence(list(own))) for number, own in grouped}
    for at, part in enumerate(found):
        before = found[at - 1] if at else None
        after = found[at + 1] if at + 1 < len(found) else None
        part.opens = before is None or before.clause.sentence != part.clause.sentence
        part.closes = after is None or after.clause.sentence != part.clause.sentence
        named = {*_wording(part), *_place(part, len(found)), *_cues(part, kept)}
        named.add(f"o:{int(at == 0)}")
        named.update(_beside(part, before, "L"))
        named.update(_beside(part, after, "R"))
        named.update(whole[part.clause.sentence])
        part.features = frozenset(named)
    return tuple(found)


def by_sentence(read: Sequence[Part]) -> list[list[frozenset[str]]]:
    """Return the features of the clauses of each sentence.

    A question that only leans on what was said ("How does that sound?") belongs to the
    sentence before.
    """
    groups: list[list[Part]] = []
    for part in read:
        same = groups and part.clause.sentence == groups[-1][-1].clause.sentence
        if same or (groups and is_tag(part.clause)):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [[part.features for part in own] for own in groups]


def _part(clause: Clause) -> Part:
    spoken = [_plain(word) for word in _WORD.findall(clause.text)]
    return Part(clause, spoken, [_shape(word) for word in spoken], clause_hits(clause))


def _plain(word: str) -> str:
    """Spell a word as the others do; a number keeps only its length."""
    if word.isdigit():
        return "0" * min(len(word), 4)
    spellings: dict[str, str] = table()["spellings"]
    return spellings.get(word, word)


@functools.lru_cache(maxsize=4096)
def _shape(word: str) -> str:
    """Keep a common word; of a rare one keep only the ending."""
    if word in words("plain"):
        return word
    if word[0] == "0" or word in words("numbers"):
        return "#"
    if word.isupper():
        return word
    return next(
        ("*" + end for end, least in _ENDINGS if word.endswith(end) and len(word) > least), "*"
    )


def _settled(found: Sequence[Part]) -> list[Hit]:
    read = [part.clause for part in found]
    return settle_reply([hit for part in found for hit in settle_clause(dict(part.hits))], read)


def _wording(part: Part) -> Iterator[str]:
    spoken = ["<", *part.words, ">"]
    yield from (f"w:{word}" for word in part.words)
    yield from ("w:" + gram for gram in _grams(spoken, 2, 3))
    yield from ("d:" + gram for gram in _grams(["<", *part.shapes, ">"], 2, 5))
    for word in part.words:
        yield from _letters(word)


def _grams(row: Sequence[str], least: int, most: int) -> Iterator[str]:
    for size in range(least, most + 1):
        for at in range(len(row) - size + 1):
            yield " ".join(row[at : at + size])


@functools.lru_cache(maxsize=4096)
def _letters(word: str) -> tuple[str, ...]:
    word = f" {word[:30]} "
    sizes = (3, 4, 5)
    return tuple(
        "c:" + word[at : at + size] for size in sizes for at in range(len(word) - size + 1)
    )


def _place(part: Part, count: int) -> Iterator[str]:
    asked = "?" if part.clause.mark == "?" else "."
    yield f"s:{part.words[0]}"
    yield f"q:{asked}"
    yield from (f"q:{asked}{' '.join(part.shapes[:size])}" for size in (1, 2, 3))
    yield f"f:{int(part.opens)}{int(part.closes)}"
    yield f"f:{asked}{int(part.closes)}"
    yield f"o:alone {int(count == 1)}"
    yield f"n:{min(len(part.words), 12)}"
    persons = {word.partition("'")[0] for word in part.words} & _PERSONS
    yield f"p:{' '.join(sorted(persons))}"


def _sentence(own: Sequence[Part]) -> Iterator[str]:
    """Name what holds for all clauses of one sentence."""
    acts = sorted({act for part in own for act in part.hits})
    if own[0].clause.mark != "?":
        yield f"S:.{','.join(acts)}"
        yield from (f"S:.{act}" for act in acts)
        return
    yield f"S:?{','.join(acts)}"
    yield from (f"S:?{act}" for act in acts)
    yield from (f"S:?{act} {min(len(own), 2)}" for act in acts)
    yield f"S:?first {' '.join(own[0].shapes[:2])}"
    yield from (f"S:?last {' '.join(own[-1].shapes[:size])}" for size in (1, 2))
    yield from (f"S:?word {word}" for part in own for word in part.words)


def _cues(part: Part, kept: Sequence[Hit]) -> Iterator[str]:
    for act, hit in part.hits.items():
        yield f"k:{act}"
        yield f"k:{act} {hit.confidence}"
    yield from (f"r:{hit.act}" for hit in kept if hit.clause is part.clause)


def _beside(part: Part, other: Part | None, side: str) -> Iterator[str]:
    """Name what stands next to a clause, and whether in the same sentence (+) or not (|)."""
    if other is None:
        return
    near = "+" if other.clause.sentence == part.clause.sentence else "|"
    end = other.shapes[-1] if side == "L" else other.shapes[0]
    yield f"{side}:{near}{end}"
    yield f"{side}:{near}{' '.join(other.shapes[:2])}"
    yield from (f"{side}k:{near}{act}" for act in other.hits)
