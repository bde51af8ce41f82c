"""Score responses: pure functions, the same for card, batch grader and nbgrader.

A score always carries its reasons and a better wording. The marks of what was typed
are a suggestion that a trainer confirms, never a mark by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item
from grader.kinds import scoring_closed as closed
from grader.kinds import scoring_open as typed
from grader.kinds.data import UNSCORED, ConversationItem, ReplyItem
from grader.kinds.scores import Score
from grader.kinds.talk import scoring as talk


@dataclass(frozen=True, slots=True)
class Rule:
    """How a kind is scored, what earns full marks, and what counts as an answer."""

    score: Callable[[Any, Any], Score]
    model: Callable[[Any], Any]
    answered: Callable[[Any], bool]


def _is_text(response: Any) -> bool:
    return isinstance(response, str) and bool(response.strip())


def _is_list(response: Any) -> bool:
    return isinstance(response, list) and any(isinstance(part, str) for part in response)


def _is_mapping(response: Any) -> bool:
    return isinstance(response, dict) and any(_is_text(value) for value in response.values())


def _is_steps(response: Any) -> bool:
    return isinstance(response, list) and any(isinstance(step, dict) for step in response)


RULES = {
    "choice": Rule(closed.score_choice, closed.best_choice, _is_text),
    "choices": Rule(closed.score_choices, closed.best_choices, _is_list),
    "order": Rule(closed.score_order, closed.best_order, _is_list),
    "sort": Rule(closed.score_sort, closed.best_sort, _is_mapping),
    "match": Rule(closed.score_match, closed.best_match, _is_mapping),
    "spot": Rule(closed.score_spot, closed.best_spot, _is_text),
    "reply": Rule(typed.score_reply, typed.best_reply, _is_text),
    "conversation": Rule(talk.score_conversation, talk.best_talk, _is_steps),
    "rating": Rule(typed.answer_rating, typed.any_level, _is_text),
    "reflection": Rule(typed.answer_reflection, typed.any_words, _is_text),
    "sources_differ": Rule(typed.answer_sources_differ, typed.any_position, _is_text),
}


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
    return RULES[item.kind].score(item, response)


def is_answered(kind: str, response: Any) -> bool:
    """Tell whether a response is an answer of the right type for its kind, not a blank."""
    return kind in RULES and RULES[kind].answered(response)


def is_scored(kind: str) -> bool:
    """Tell whether items of this kind ever have points."""
    return kind not in UNSCORED


def is_automatic(item: Item) -> bool:
    """Tell whether the item is marked without a trainer."""
    if isinstance(item, ConversationItem):
        return not item.graph.has_typed_turns
    return not isinstance(item, ReplyItem)


def model_response(item: Item) -> Any:
    """Return a response that earns full marks."""
    return RULES[item.kind].model(item)
