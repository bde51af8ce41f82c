"""Cut a reply into pieces, each with what the course saw in those words.

Apart from `reading`, which shows them: this only knows a text and its score.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from grader.coding.coder import SURE
from grader.content.items import ACTS
from grader.kinds.scores import Score


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row; ``saw`` says what the course saw there, empty where nothing."""

    text: str
    saw: str = ""


def pieces(text: str, score: Score) -> tuple[Piece, ...]:
    """Return the whole text in pieces.

    Words for which a reason is given but no act stand as "noticed". Where the writer may be in
    danger, nothing else is marked: it is no reply then.
    """
    at, found = 0, []
    for start, end, saw in sorted(_spans(text, score)):
        if start < at or start >= end:
            continue  # inside what is marked already
        found += [Piece(text[at:start]), Piece(text[start:end], saw)]
        at = end
    return tuple(piece for piece in (*found, Piece(text[at:])) if piece.text)


def _spans(text: str, score: Score) -> Iterator[tuple[int, int, str]]:
    marked = set()
    for act in () if score.read_first else score.acts:
        if act.confidence >= SURE and act.act != "other":
            start = text.find(act.evidence, act.start) if act.evidence else act.start
            start, end = (start, start + len(act.evidence)) if start >= 0 else (act.start, act.end)
            marked.add(act.evidence)
            yield start, end, ACTS[act.act]
    plain = text.lower()
    for reason in score.reasons:
        start = plain.find(reason.quote.lower()) if reason.quote else -1
        if start >= 0 and reason.quote not in marked:
            yield start, start + len(reason.quote), "noticed"
