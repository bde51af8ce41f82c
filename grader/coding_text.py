"""Cut a reply into clauses that keep their place in the text, and tell English from the rest.

Lay writers leave out marks and capitals, so clauses are also cut at joining words and
at phrases that open a new thought.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from grader.coding_cues import wording, words


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
_BREAK = re.compile(
    r"[,;:()–—]+|(?<= )-+(?= )|--+| (?:but|although|though|unless|then)(?= )| (?:and|so|or|plus|"
    r"also)(?= (?:i|i'?m|i'?ve|i'?d|you|u|he|she|it|they|we|that|that'?s|how|what|why|who|when|"
    r"where|do|did|does|are|is|have|would|could|can|just|maybe|don'?t|tell|go|ring|call|then|"
    r"there|if|thank|thanks|shall|try|get|see|talk|take|ask|let|stop|some|my|your|good|make|"
    r"write|leave)\b)"
)
_RESTART = re.compile(  # a new clause that lay writers do not mark with a comma
    r" (?=(?:how (?:are|is|was|were|did|do|does|long|many|often|has|have|would|you feeling)|"
    r"what (?:happened|do|did|does|is|was|are|would|have|has|made|helps|helped|else)|whats|"
    r"what's|(?:do|did|have|are|were|would|could|can|will|is|was) (?:you|u|he|she|they|there|"
    r"anyone|it)|tell me|that'?s|that (?:sounds|must|is)|it sounds|sounds like|(?:you|"
    r"u) (?:should|need to|could|must|might)|thank (?:you|u)|thanks for|(?:don'?t|do not) worry|"
    r"why (?:don'?t|not|did|do)|i (?:lost|had|went|was|felt|know|hear|can|am|used|remember|think|"
    r"would)|i'?(?:m|ve|d)|if i (?:was|were)|who (?:is|are|do|did)|shall i|it'?(?:s|ll)|"
    r"no wonder|maybe|perhaps|at least|well done|just (?:ring|call|go|tell|leave|talk|try|stop|"
    r"get)|when (?:did|do|is|was|are)|where (?:did|do|is|was|are))\b)"
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


def _cuts(text: str) -> set[int]:
    cuts = {found.start() for found in _BREAK.finditer(text)}
    for found in _RESTART.finditer(text):
        begun = text[max((cut for cut in cuts if cut < found.start()), default=0) : found.start()]
        if wording("asking").match(begun):
            continue
        before = text[max(0, found.start() - 20) : found.start()].rsplit(" ", 1)[-1]
        if before and before not in words("links"):
            cuts.add(found.start())
    return cuts
