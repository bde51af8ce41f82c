"""What one answer of a record earns: the one place that turns answers into marks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item
from grader.errors import RecordError, sentence
from grader.formats.answers import Record
from grader.formats.kept import score_answer
from grader.kinds.public import View
from grader.kinds.scores import Score
from grader.kinds.scoring import is_answered, is_automatic

SHOWN = 500  # characters of what is no answer


@dataclass(frozen=True, slots=True)
class Earned:
    """The response, its score, and the mark; it is None while a trainer has to decide.

    ``odd`` is what stands there, as text, where it is no answer to this kind of item.
    """

    response: Any
    score: Score
    auto_score: float | None
    odd: str = ""

    @property
    def problem(self) -> str:
        """A sentence for the trainer about what is no answer; empty where all is well."""
        return f"This cannot be read as an answer: {self.odd[:SHOWN]}" if self.odd else ""


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
    odd = odd_answer(item, record, score)
    waits = not is_automatic(item) and (score.answered or damaged or bool(odd))
    return Earned(response, score, None if waits else float(score.points), odd)


def odd_answer(item: Item, record: Record, score: Score) -> str:
    """Return what stands there, as text, where it is no answer to this kind of item."""
    if item.id in record.spoilt:
        return record.spoilt[item.id]
    answer = record.answers.get(item.id)
    if answer is None or holds_nothing(answer.response):
        return ""
    of_its_form = answer.kind == item.kind and is_answered(item.kind, answer.response)
    if of_its_form and (score.answered or is_automatic(item)):
        return ""
    return json.dumps(answer.response, ensure_ascii=False)


def holds_nothing(response: Any) -> bool:
    """Tell whether a response is blank through and through."""
    if isinstance(response, list | dict):
        parts = response.values() if isinstance(response, dict) else response
        return all(map(holds_nothing, parts))
    return response is None or (isinstance(response, str) and not response.strip())


def unread(error: RecordError) -> str:
    """Say why a record earns nothing."""
    return sentence(f"The answers could not be read: {error}")
