"""What one answer of a record earns: the one place that turns answers into marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.answers import Record
from grader.content import Item
from grader.errors import RecordError, sentence
from grader.kept import score_answer
from grader.public import View
from grader.scores import Score
from grader.scoring import is_automatic


@dataclass(frozen=True, slots=True)
class Earned:
    """The response, its score, and the mark; it is None while a trainer has to decide."""

    response: Any
    score: Score
    auto_score: float | None


def earned(item: Item, view: View, record: Record, *, damaged: bool = False) -> Earned:
    """Mark the answer to one item.

    Parameters
    ----------
    item : Item
        With its key.
    view : View
        Its public view, by which an answer to an earlier question is known.
    record : Record
        Of the trainee; empty where it could not be read.
    damaged : bool
        It could not be read: whatever may have been typed waits for the trainer.

    Returns
    -------
    Earned
        The mark lies in [0, the item's points].
    """
    response = record.response(item.id, item.kind)
    score = score_answer(item, view, record.answers.get(item.id))
    waits = not is_automatic(item) and (score.answered or damaged)
    return Earned(response, score, None if waits else float(score.points))


def unread(error: RecordError) -> str:
    """Say why a record earns nothing."""
    return sentence(f"The answers could not be read: {error}")
