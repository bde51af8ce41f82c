"""Check how long a lesson says that it takes: against its words and its cards.

Many read a second language, so the pace is a slow one. A card counts with all that is read on it
once, before the answer and after; what is typed takes longer than what is picked.

Apart from `check_notebooks`: this counts words, that compares cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from statistics import mean
from typing import Any

from grader.content.items import Item
from grader.content.strict_yaml import short_name
from grader.errors import Problem
from grader.kinds.scoring import model_response
from grader.kinds.talk.graph import REPLY, ConversationItem
from grader.kinds.talk.walk import walk

WORDS_A_MINUTE = 130
WRITING = {"reply": 1.5, "reflection": 1.0}  # minutes, by kind
TYPED_TURN = 1.0  # minutes
NEAR = 3  # minutes by which a lesson may be quicker or slower than it says
_PICKED = {"choice", "spot", "sources_differ"}  # one part is picked, and one is answered
_PARTS = ["options", "parts", "piles", "cards", "lefts", "rights", "levels", "lines", "positions"]
_WORD = re.compile(r"\w[\w’'-]*")
_LINK = re.compile(r"\]\([^)]*\)")
_STATED = re.compile(r"\babout (\d+) minutes")


def lesson_minutes(notebook: dict[str, Any], items: Iterable[Item]) -> float:
    """Return how long a slow reader needs for a lesson, with each of its cards once.

    Parameters
    ----------
    notebook : dict
        The lesson as JSON data.
    items : iterable of Item
        The items of its cards.
    """
    words = sum(_count(_LINK.sub("]", text)) for text in _texts(notebook))
    return words / WORDS_A_MINUTE + sum(map(item_minutes, items))


def item_minutes(item: Item) -> float:
    """Return how long a card takes: reading it, its answer, and writing where one writes."""
    words: float = _count(item.stem.setting, item.stem.says, item.question, item.content_note)
    if isinstance(item, ConversationItem):
        return words / WORDS_A_MINUTE + _talk_minutes(item)
    parts = [part for name in _PARTS for part in getattr(item, name, ())]
    words += _count(*(part.text for part in parts), *getattr(item, "prompts", ()))
    answers = [_count(part.feedback) for part in parts if getattr(part, "feedback", "")]
    if answers:
        words += mean(answers) if item.kind in _PICKED else sum(answers)
    words += _count(*(getattr(item, name, "") for name in ("better", "because", "together")))
    return words / WORDS_A_MINUTE + WRITING.get(item.kind, 0)


def minutes_problems(
    path: Path, notebook: dict[str, Any], items: Sequence[Item]
) -> Iterator[Problem]:
    """Yield what is wrong with the minutes that a lesson states.

    Parameters
    ----------
    path : Path
        Where the notebook stands, to name it.
    notebook : dict
        The notebook as JSON data.
    items : sequence of Item
        The items of its cards.
    """
    stated = notebook.get("metadata", {}).get("alongside", {}).get("minutes")
    needed = round(lesson_minutes(notebook, items))
    if isinstance(stated, bool) or not isinstance(stated, int):
        what = f"must say how long the lesson takes, under 'alongside'; {needed} by its words"
        yield Problem(short_name(path), 1, "minutes", what)
        return
    if abs(stated - needed) > NEAR:
        what = f"says {stated}; with its cards the lesson takes about {needed}, so write that"
        yield Problem(short_name(path), 1, "minutes", what)
    told = _STATED.search(next(_texts(notebook), ""))
    if told and int(told[1]) != stated:
        what = f"says {stated}, and the first text says {told[1]}; write the same in both"
        yield Problem(short_name(path), 1, "minutes", what)


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


def _texts(notebook: dict[str, Any]) -> Iterator[str]:
    for cell in notebook["cells"]:
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            source = cell.get("source", "")
            yield source if isinstance(source, str) else "".join(source)


def _count(*texts: str) -> int:
    return sum(len(_WORD.findall(text)) for text in texts)
