"""Cut a reply into clauses that keep their place in the text, and tell English from the rest.

Lay writers leave out marks and capitals, so clauses are also cut at joining words and
at phrases that open a new thought.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from grader.coding.cues import one_of, wording, words


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of the folded reply; ``mark`` is how its sentence ends, '' where unmarked."""

    start: int
    end: int
    text: str
    sentence: int
    mark: str
    first: bool


_QUOTES = {ord(mark): "'" for mark in "‘’‛′`´ʼ"} | {ord(mark): '"' for mark in "“”„«»"}
_SENTENCE = re.compile(
    r"(?:[^.!?…\n]|\.(?=\d|\w+\.|(?:org|com|net|co|uk|gov|ie|nz|au|ca)\b))+[.!?…]*"
)
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_HESITATION = re.compile(  # "um", a word begun again ("I-I", "what do, what do"), a [note]
    r"\b(?:u+m+|u+h+|e+rm+|er)\b(?!-)[,.…–—-]*(?= *\S)|"
    r"\b([^\W\d_][\w']{0,19}(?: [\w']{1,20}){0,3})[-–—, ]+(?=\1\b(?!'))|\[[^\]\n]{0,40}\]"
)


def fold(text: str) -> str:
    """Return small letters, straight quotes, no hesitation; all of one length: places stay true."""
    text = text.translate(_QUOTES)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(small if len(small := mark.lower()) == 1 else mark for mark in text)
    folded = "".join(" " if mark.isspace() and mark != "\n" else mark for mark in lower)
    return _HESITATION.sub(lambda found: " " * len(found.group()), folded)


def is_english(folded: str) -> bool:
    """Tell whether a coder of English can say anything: Latin letters and some common words."""
    found = _WORD.findall(folded)
    if not found:
        return False
    letters = "".join(found)
    if sum(letter.isascii() for letter in letters) < 0.85 * len(letters):
        return False
    english = words("english")
    known = sum(word.partition("'")[0] in english for word in found)
    return len(found) < 4 or known >= 0.2 * len(found)


def clauses(folded: str) -> Iterator[Clause]:
    """Cut into sentences, then at marks, joining words, and unmarked new starts."""
    for number, sentence in enumerate(_SENTENCE.finditer(folded)):
        text = sentence.group()
        mark = "?" if "?" in text[-4:] else text[-1] if text[-1] in ".!…" else ""
        places = [0, *sorted(_cuts(text)), len(text)]
        for start, end in pairwise(places):
            part = text[start:end]
            left = len(part) - len(part.lstrip(" ,;:()–—-\"'*_"))
            part = part.strip(" ,;:()–—-\"'*_.!?…")
            if part:
                begin = sentence.start() + start + left
                yield Clause(begin, begin + len(part), part, number, mark, start == 0)


@functools.cache
def _break() -> re.Pattern[str]:
    """Match marks and joining words that end a clause; some only where a new one starts."""
    joined = rf" (?:{one_of('joining')})(?= (?:{one_of('starts')})\b)"
    return re.compile(rf"[,;:()–—]+|(?<= )-+(?= )|--+| (?:{one_of('breaks')})(?= )|{joined}")


@functools.cache
def _restart() -> re.Pattern[str]:
    """Match the space before a new clause that lay writers do not mark with a comma."""
    return re.compile(rf" (?=(?:{one_of('restarts')})\b)")


def _cuts(text: str) -> set[int]:
    cuts = {found.start() for found in _break().finditer(text)}
    for found in _restart().finditer(text):
        begun = text[max((cut for cut in cuts if cut < found.start()), default=0) : found.start()]
        if wording("asking").match(begun):
            continue
        before = text[max(0, found.start() - 20) : found.start()].rsplit(" ", 1)[-1]
        if before and before not in words("links"):
            cuts.add(found.start())
    return cuts
