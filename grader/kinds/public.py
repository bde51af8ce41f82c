"""The form of an item without its key, as files and pages have it.

These are plain dictionaries, ready for JSON: ``items.json`` keeps them, and cards send them
to the page. Each kind adds its own part in its own module.
"""

from __future__ import annotations

from typing import TypedDict


class StemView(TypedDict):
    """Who says what, and where."""

    setting: str
    speaker: str
    says: str


class PartView(TypedDict):
    """One of the parts that a person picks, orders or places."""

    id: str
    text: str


class View(TypedDict):
    """What a trainee may see of any item: no key, no points of options, no feedback."""

    id: str
    kind: str
    stem: StemView
    question: str
    points: float
    content_note: str
    gentle: StemView | None
