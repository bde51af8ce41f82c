"""The kinds of items that there are, and what each name stands for.

A new kind needs a module like those imported here, a line in the list, and its template
``grader/author/items/<kind>.yaml``.
"""

from __future__ import annotations

from typing import Any

from grader.kinds import (
    choice,
    choices,
    match,
    order,
    rating,
    reflection,
    reply,
    sort,
    sources_differ,
    spot,
)
from grader.kinds.kind import Kind
from grader.kinds.talk import conversation

_LISTED: tuple[Kind[Any, Any], ...] = (
    choice.KIND,
    choices.KIND,
    order.KIND,
    sort.KIND,
    match.KIND,
    spot.KIND,
    reply.KIND,
    conversation.KIND,
    rating.KIND,
    reflection.KIND,
    sources_differ.KIND,
)
KINDS: dict[str, Kind[Any, Any]] = {kind.name: kind for kind in _LISTED}


# What is asked by name may come from a file that nobody has checked.


def is_scored(kind: str) -> bool:
    """Tell whether items of this kind ever have points."""
    return kind not in KINDS or KINDS[kind].scored


def is_private(kind: str) -> bool:
    """Tell whether its answers go to the trainee's journal, which nothing ever sends."""
    return kind in KINDS and KINDS[kind].private


def is_typed(kind: str) -> bool:
    """Tell whether its answers are texts as the trainee typed them."""
    return kind in KINDS and KINDS[kind].typed


def is_in_own_words(kind: str) -> bool:
    """Tell whether its answers can be told without their question."""
    return kind in KINDS and KINDS[kind].own_words


def is_drawn(kind: str) -> bool:
    """Tell whether its replies are offered in an order drawn for each person."""
    return kind in KINDS and KINDS[kind].drawn is not None
