"""The steps of a lesson: read a little, then do one thing.

Its notebook stays whole, for JupyterLab and for print; a page shows it step by step.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Any

Cell = dict[str, Any]

# A phone shows about 90 words. A step fills up to two screens, and a card needs most of that.
WORDS_OF_A_STEP = 170
WORDS_BESIDE_A_CARD = 70
WORDS_OF_A_REMARK = 30
_HEADING = re.compile(r"^(?=## )", re.MULTILINE)
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\([^)]*\)")
_WORD = re.compile(r"\w[\w’'-]*")
_CARD = re.compile(r'^card\("([a-z0-9-]+)"\)', re.MULTILINE)


def has_steps(notebook: dict[str, Any]) -> bool:
    """Tell whether a notebook is a lesson or an exercise, not one of the course's own pages."""
    facts = notebook.get("metadata", {}).get("alongside", {})
    return "lesson" in facts or "exercise" in facts


def steps_of(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Return the cells of a lesson, step by step; prose is cut at its headings.

    A step ends after a card, and before what would make it longer than two screens of a phone.
    """
    steps: list[list[Cell]] = [[]]
    for cell in chain.from_iterable(map(_cut, cells)):
        prose, now = words_of(cell), steps[-1]
        before = sum(map(words_of, now))
        if cards_of(cell) and before > WORDS_BESIDE_A_CARD:
            steps.append(_lead_in(now))
        elif (prose or cards_of(cell)) and _is_over(now, cell):
            steps.append([])
        steps[-1].append(cell)
    return [step for step in steps if step]


def _is_over(step: list[Cell], cell: Cell) -> bool:
    """Tell whether a step ends before a cell: a remark on its card still belongs to it."""
    before, prose = sum(map(words_of, step)), words_of(cell)
    if any(map(cards_of, step)):
        is_remark = 0 < prose <= WORDS_OF_A_REMARK and not source_of(cell).startswith("#")
        return not is_remark
    return bool(before) and before + prose > WORDS_OF_A_STEP


def _lead_in(step: list[Cell]) -> list[Cell]:
    """Take the last few words off a step, such as a heading: they belong to the card after it."""
    return [step.pop()] if 0 < words_of(step[-1]) <= WORDS_BESIDE_A_CARD else []


def words_of(cell: Cell) -> int:
    """Count the words of a prose cell; addresses of links are not read."""
    if cell.get("cell_type") != "markdown":
        return 0
    return count_words(_LINK.sub("]", source_of(cell)))


def count_words(text: str) -> int:
    """Count the words of a text."""
    return len(_WORD.findall(text))


def cards_of(cell: Cell) -> tuple[str, ...]:
    """Return the ids of the cards that a code cell shows."""
    return tuple(_CARD.findall(source_of(cell))) if cell.get("cell_type") == "code" else ()


def outline(cell: Cell) -> str:
    """Return what stands in a cell, prose as its headings and as many words that say nothing."""
    source = source_of(cell)
    return _WORD.sub("w", _LINK.sub("]", source)) if words_of(cell) else source


def source_of(cell: Cell) -> str:
    """Return what stands in a cell; a file may hold it in lines."""
    source = cell.get("source", "")
    return source if isinstance(source, str) else "".join(source)


def _cut(cell: Cell) -> Iterator[Cell]:
    """Cut a prose cell before each heading of the second level that is no code."""
    source = source_of(cell)
    fences = [found.span() for found in _FENCE.finditer(source)]
    cuts = [found.start() for found in _HEADING.finditer(source) if found.start()]
    cuts = [cut for cut in cuts if not any(begin < cut < end for begin, end in fences)]
    if cell.get("cell_type") != "markdown" or not cuts:
        yield cell
        return
    for begin, end in zip([0, *cuts], [*cuts, len(source)], strict=True):
        yield type(cell)(cell | {"source": source[begin:end]})
