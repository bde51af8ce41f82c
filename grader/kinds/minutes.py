"""How long a lesson and its cards take: by their words, at the pace of a slow reader.

Many read a second language. A card counts with all that is read on it once, before the answer
and after; what is typed takes longer than what is picked.
"""

from __future__ import annotations

from collections.abc import Iterable

from grader.content.items import Item
from grader.content.steps import Cell, count_words, words_of
from grader.kinds.scoring import model_response
from grader.kinds.talk.graph import REPLY, ConversationItem
from grader.kinds.talk.walk import walk

WORDS_A_MINUTE = 130
WRITING = {"reply": 1.5, "reflection": 1.0}  # minutes, by kind
TYPED_TURN = 1.0  # minutes
_PICKED = {"choice", "spot", "sources_differ"}  # one part is picked, and one is answered
_PARTS = ["options", "parts", "piles", "cards", "lefts", "rights", "levels", "lines", "positions"]


def minutes_of(cells: Iterable[Cell], items: Iterable[Item]) -> float:
    """Return how long a slow reader needs for some cells, with each of their cards once.

    Parameters
    ----------
    cells : iterable of dict
        Of a lesson, all or some.
    items : iterable of Item
        The items of their cards.
    """
    return sum(map(words_of, cells)) / WORDS_A_MINUTE + sum(map(item_minutes, items))


def item_minutes(item: Item) -> float:
    """Return how long a card takes: reading it, its answer, and writing where one writes."""
    words: float = _count(item.stem.setting, item.stem.says, item.question, item.content_note)
    if isinstance(item, ConversationItem):
        return words / WORDS_A_MINUTE + _talk_minutes(item)
    parts = [part for name in _PARTS for part in getattr(item, name, ())]
    words += _count(*(part.text for part in parts), *getattr(item, "prompts", ()))
    answers = [_count(part.feedback) for part in parts if getattr(part, "feedback", "")]
    if answers:
        words += sum(answers) / len(answers) if item.kind in _PICKED else sum(answers)
    words += _count(*(getattr(item, name, "") for name in ("better", "because", "together")))
    return words / WORDS_A_MINUTE + WRITING.get(item.kind, 0)


def _talk_minutes(item: ConversationItem) -> float:
    """Follow the best way through a talk, with the other replies that are read on it."""
    seen = walk(item.graph, model_response(item))
    words = sum(_count(line.text) for line in seen.lines)
    for step in seen.taken:
        words += _count(step.outcome.feedback)
        words += sum(_count(option.text) for option in step.turn.options)
    words += _count(seen.ending.feedback) if seen.ending else 0
    typed = sum(step.turn.asks == REPLY for step in seen.taken)
    return words / WORDS_A_MINUTE + typed * TYPED_TURN


def _count(*texts: str) -> int:
    return sum(map(count_words, texts))
