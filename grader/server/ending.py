"""The end of a lesson as a page: what was learned and what to try, and its sources folded away.

Apart from `lesson`, which makes the page: a notebook has all of it in its own order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

LEARNED, TO_TRY, SOURCES = "## Key points", "## Try this week", "## Sources"
FOLDED = "Where this comes from"


def body_of(steps: Iterable[Sequence[Any]], heading: str) -> str:
    """Return the Markdown that stands below a heading; empty where a lesson has none of it."""
    return next((body for _, body in _below(steps, heading)), "")


def fold_sources(steps: Iterable[Sequence[Any]]) -> None:
    """Mark the cells of the sources as folded: whoever wants them finds them."""
    for cell, body in _below(steps, SOURCES):
        cell.source, cell.metadata["alongside_fold"] = body, FOLDED


def _below(steps: Iterable[Sequence[Any]], heading: str) -> Iterator[tuple[Any, str]]:
    for cell in (cell for step in steps for cell in step if cell.cell_type == "markdown"):
        first, _, body = cell.source.lstrip().partition("\n")
        if first.strip() == heading:
            yield cell, body.strip()
