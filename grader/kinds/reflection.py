"""Write for oneself: private, and never scored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from grader.content.items import Item
from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Skills
from grader.kinds.public import View
from grader.kinds.responses import is_text
from grader.kinds.scores import Reason, Score, no_answer, without_points

KEPT = "Kept on this computer. Nobody else reads it."


@dataclass(frozen=True, slots=True)
class ReflectionItem(Item):
    """Write for oneself; never scored, never sent."""

    prompts: tuple[str, ...]


class ReflectionView(View):
    """Beginnings that help to write."""

    prompts: list[str]


def _read(entry: Entry, common: Common, _: Skills) -> ReflectionItem:
    prompts = entry.words("prompts", ())
    if entry.has("prompts") and not 1 <= len(prompts) <= 4:
        entry.note("prompts", f"must be 1 to 4, not {len(prompts)}")
    return ReflectionItem(**common, prompts=prompts)


def score(item: ReflectionItem, response: Any) -> Score:
    """Say where a reflection is kept, and nothing about it."""
    if not is_text(response):
        return no_answer(item, response)
    return without_points("Kept", (Reason(KEPT),))


def _view(item: ReflectionItem, common: View) -> ReflectionView:
    return {**common, "prompts": list(item.prompts)}


KIND = Kind(
    name="reflection",
    read=_read,
    score=score,
    model=lambda item: item.prompts[0] if item.prompts else "…",  # what it is does not matter
    answered=is_text,
    view=_view,
    words=lambda _, response: [response],
    scored=False,
    private=True,
    typed=True,
    own_words=True,
)
