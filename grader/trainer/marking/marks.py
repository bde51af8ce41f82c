"""A mark and the words that it was given for: other words need another look.

What a trainer gave belongs to the trainee's words as they lay there. Where other words come,
it is set aside as earlier, and the answer waits. Where the old words come back, so does it.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from math import fsum
from typing import Any

from grader.kinds.registry import KINDS
from grader.kinds.scores import is_blank
from grader.kinds.talk.walk import MAX_STEPS, MAX_TEXT

BLANK = ""  # names the words of who wrote nothing
UNKNOWN = "unknown"  # names words that nobody noted
_UNREAD = "unread-"  # begins the names of words that nobody could read


# Words ----------------------------------------------------------------------------------


def words_of(kind: str, response: Any) -> str:
    """Return a short name for the words of a response: the same for the same words.

    Parameters
    ----------
    kind : str
        The kind of the item; of a conversation all that was picked and typed counts.
    response : object
        As found in an answer record.

    Returns
    -------
    str
        `BLANK` where there are none. Spaces, line breaks and signs that nobody sees make no
        difference.
    """
    if kind == "conversation":
        response = _talk(response)
    plain = _plain(response)
    if kind in KINDS and KINDS[kind].any_order and isinstance(plain, list):
        plain = sorted(plain, key=repr)  # in whatever order they were ticked
    return BLANK if is_blank(plain) else _digest(json.dumps(plain, sort_keys=True).encode())


def unread_words(content: bytes) -> str:
    """Return a short name for words that nobody could read: the same for the same bytes."""
    return f"{_UNREAD}{_digest(content)}"


def is_unread(words: str) -> bool:
    """Tell whether a name is one of `unread_words`."""
    return words.startswith(_UNREAD)


def stays_noted(noted: str, words: str) -> bool:
    """Tell whether words were read once, and cannot be any more: what was noted then stays."""
    return is_unread(words) and noted != UNKNOWN and not is_unread(noted)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _talk(steps: Any) -> Any:
    """Return what the trainee did in a talk, without what else may stand in its steps."""
    if not isinstance(steps, list):
        return steps
    said = [step for step in steps[:MAX_STEPS] if isinstance(step, dict)]
    return [[step.get("turn"), step.get("pick"), _typed(step)] for step in said]


def _typed(step: dict[str, Any]) -> Any:
    text = step.get("text")
    return text[:MAX_TEXT] if isinstance(text, str) else text


def _plain(part: Any) -> Any:
    if isinstance(part, str):
        return " ".join((part if part.isascii() else _seen(part)).split())
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if isinstance(part, dict):
        return {str(key): _plain(one) for key, one in part.items()}
    return part


def _seen(text: str) -> str:
    signs = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", "".join(signs))


# Marks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a trainer gave for one answer, as the gradebook has it."""

    score: float | None = None
    extra: float | None = None
    comment: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything was given."""
        return self.score is not None or bool(self.extra) or bool(self.comment)

    @property
    def points(self) -> float:
        """The mark with what was given on top."""
        return (self.score or 0.0) + (self.extra or 0.0)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a trainer gave for other words than those that are there now."""

    words: str
    by_hand: ByHand

    def said(self, max_points: float) -> str:
        """Say it to a trainer, such as ``3 of 3``."""
        if self.by_hand.score is not None:
            return f"{round(self.by_hand.points, 4):g} of {max_points:g}"
        return f"{self.by_hand.extra:g} on top" if self.by_hand.extra else "a comment"


@dataclass(frozen=True, slots=True)
class CellMark:
    """One mark as the gradebook has it; ``by_trainer`` tells that a trainer set it.

    ``auto_score`` is what the answers alone earned, None where a trainer decides. ``words``
    names the words that were graded; ``earlier`` is what was given for others, newest last.
    """

    points: float
    max_points: float
    waits: bool
    by_trainer: bool
    comment: str = ""
    auto_score: float | None = None
    by_hand: ByHand = ByHand()
    words: str = UNKNOWN
    earlier: tuple[Earlier, ...] = ()

    @property
    def superseded(self) -> Earlier | None:
        """The newest mark for other words, while these words wait for theirs."""
        return self.earlier[-1] if self.earlier and self.waits else None


@dataclass(frozen=True, slots=True)
class Entry:
    """All marks of one trainee for one module, by grade id."""

    trainee: str
    handed_in: datetime | None
    marks: dict[str, CellMark] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points so far, without what waits; the same in whatever order the rows come."""
        return fsum(mark.points for mark in self.marks.values() if not mark.waits)

    @property
    def waiting(self) -> int:
        """How many answers a trainer still has to look at."""
        return sum(mark.waits for mark in self.marks.values())

    @property
    def had_answers(self) -> bool:
        """Tell whether words of this trainee were graded."""
        words = (mark.words for mark in self.marks.values())
        return any(one not in (BLANK, UNKNOWN) and not is_unread(one) for one in words)

    @property
    def superseded(self) -> Mapping[str, Earlier]:
        """What was given for earlier words, by grade id, where the new ones wait."""
        found = {name: mark.superseded for name, mark in self.marks.items()}
        return {name: earlier for name, earlier in found.items() if earlier}


def cell_mark(  # noqa: PLR0913 - the columns of one row
    max_points: float,
    auto_score: float | None,
    by_hand: ByHand,
    words: str,
    earlier: tuple[Earlier, ...] = (),
    *,
    waits: bool,
) -> CellMark:
    """Return a mark from what its row in the gradebook holds."""
    points = auto_score if by_hand.score is None else by_hand.score
    return CellMark(
        points=(points or 0.0) + (by_hand.extra or 0.0),
        max_points=max_points,
        waits=waits,
        by_trainer=by_hand.score is not None,
        comment=by_hand.comment,
        auto_score=auto_score,
        by_hand=by_hand,
        words=words,
        earlier=earlier,
    )


def regraded(before: CellMark, score: float | None, words: str, *, same_time: bool) -> CellMark:
    """Return what becomes of a mark when an answer is graded.

    Parameters
    ----------
    before : CellMark
        As the gradebook has it. What a trainer gave since the last grading belongs to the
        words of that grading.
    score : float or None
        What the answer earns by itself; None where a trainer decides.
    words : str
        Names its words, as `words_of`.
    same_time : bool
        Whether this hand-in is the one that was graded last. It decides where an older
        course noted no words, and where that very hand-in can no longer be read.
    """
    known = before.words
    if same_time and stays_noted(known, words):
        if known != BLANK:
            return before  # these words were read once, and what they earned stands
        words = known  # nobody knows that nothing was written since
    if known == UNKNOWN and same_time and not (before.by_trainer and before.waits):
        known = words
    if known == words:
        return _as_before(before, score, words)
    return _for_other_words(replace(before, words=known), score, words)


def _as_before(before: CellMark, score: float | None, words: str) -> CellMark:
    unmarked = score is None and not before.by_trainer
    waits = unmarked or before.superseded is not None
    return _like(before, score, before.by_hand, words, before.earlier, waits=waits)


def _for_other_words(before: CellMark, score: float | None, words: str) -> CellMark:
    earlier = before.earlier
    if before.by_hand:
        earlier = (
            *(one for one in earlier if one.words != before.words or one.words == UNKNOWN),
            Earlier(before.words, before.by_hand),
        )
    back = next((one for one in earlier if one.words == words), None)
    if back:
        rest = tuple(one for one in earlier if one is not back)
        waits = score is None and back.by_hand.score is None
        return _like(before, score, back.by_hand, words, rest, waits=waits)
    # Where a person marked by hand, a person looks again, also at a blank.
    waits = score is None or bool(before.by_hand) or before.superseded is not None
    return _like(before, score, ByHand(), words, earlier, waits=waits)


def _like(before: CellMark, *columns: Any, waits: bool) -> CellMark:
    return cell_mark(before.max_points, *columns, waits=waits)
