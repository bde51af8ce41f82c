"""Check how long a lesson says that it takes: against its words and its cards.

Apart from `check_notebooks`: this compares minutes, that compares cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.content.steps import Cell, source_of
from grader.content.strict_yaml import short_name
from grader.errors import Problem
from grader.kinds.minutes import minutes_of

NEAR = 3  # minutes by which a lesson may be quicker or slower than it says
_STATED = re.compile(r"\babout (\d+) minutes")


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
    cells = [cell for cell in notebook["cells"] if isinstance(cell, dict)]
    needed = round(minutes_of(cells, items))
    if isinstance(stated, bool) or not isinstance(stated, int):
        what = f"must say how long the lesson takes, under 'alongside'; {needed} by its words"
        yield Problem(short_name(path), 1, "minutes", what)
        return
    if abs(stated - needed) > NEAR:
        what = f"says {stated}; with its cards the lesson takes about {needed}, so write that"
        yield Problem(short_name(path), 1, "minutes", what)
    told = _STATED.search(_first_text(cells))
    if told and int(told[1]) != stated:
        what = f"says {stated}, and the first text says {told[1]}; write the same in both"
        yield Problem(short_name(path), 1, "minutes", what)


def _first_text(cells: list[Cell]) -> str:
    """Return the first prose of a lesson, which says how long it takes."""
    prose = (cell for cell in cells if cell.get("cell_type") == "markdown")
    return next(map(source_of, prose), "")
