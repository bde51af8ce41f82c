"""Score responses: pure functions, the same for card, batch grader and nbgrader.

A score always carries its reasons and a better wording. The marks of what was typed
are a suggestion that a trainer confirms, never a mark by themselves.
"""

from __future__ import annotations

from typing import Any

from grader.content.items import Item
from grader.kinds.registry import KINDS
from grader.kinds.scores import Score


def score_response(item: Item, response: Any) -> Score:
    """Score any response to an item.

    Parameters
    ----------
    item : Item
        With its key.
    response : object
        As found in an answer record: an option id for ``choice`` and ``spot``, a list of
        ids for ``choices`` and ``order``, a mapping of ids for ``sort`` and ``match``,
        a list of steps for ``conversation``, text for ``reply``. Of anything else, what
        fits the item counts.

    Returns
    -------
    Score
        Unanswered items earn 0 and say so. Kinds that are never scored earn 0 of 0.
    """
    return KINDS[item.kind].score(item, response)


def is_answered(kind: str, response: Any) -> bool:
    """Tell whether a response is an answer of the right type for its kind, not a blank."""
    return kind in KINDS and KINDS[kind].answered(response)


def is_automatic(item: Item) -> bool:
    """Tell whether the item is marked without a trainer."""
    return KINDS[item.kind].automatic(item)


def model_response(item: Item) -> Any:
    """Return a response that earns full marks."""
    return KINDS[item.kind].model(item)
