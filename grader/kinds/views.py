"""Items without their key: what a trainee may see of them, and an answer in words."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from grader.content.items import Item, Stem
from grader.content.strict_yaml import short_name
from grader.errors import ContentError, Problem
from grader.files.parsing import read_json
from grader.kinds.public import StemView, View
from grader.kinds.registry import KINDS, is_in_own_words
from grader.kinds.scoring import is_answered


def public_view(item: Item) -> View:
    """Return what a trainee may see of an item: no key, no points of options, no feedback.

    Returns
    -------
    View
        JSON-ready; the form of one entry of ``items.json``. What a kind adds to what all
        items have stands in its own module.
    """
    view: View = KINDS[item.kind].view(item, _common(item))
    return view


def _common(item: Item) -> View:
    return {
        "id": item.id,
        "kind": item.kind,
        "stem": _stem_view(item.stem),
        "question": item.question,
        "points": item.points,
        "content_note": item.content_note,
        "gentle": _stem_view(item.gentle) if item.gentle else None,
    }


def _stem_view(stem: Stem) -> StemView:
    return {"setting": stem.setting, "speaker": stem.speaker, "says": stem.says}


def public_json(module: str, items: Iterable[Item]) -> str:
    """Return the text of a module's ``items.json``: the public half of its graded items."""
    data = {"format": 1, "module": module, "items": [public_view(item) for item in items]}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def load_public_items(path: Path) -> dict[str, View]:
    """Load an ``items.json``.

    Returns
    -------
    dict of str to View
        Public views by item id, in their order; nothing in them is checked.

    Raises
    ------
    ContentError
        Where the file is missing or not what `public_json` writes.
    """
    try:
        data = read_json(path)
        return {item["id"]: item for item in data["items"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "cannot be read; open the course again, it makes a fresh copy"
        raise ContentError([Problem(short_name(path), 1, "file", what)]) from error


def answer_lines(view: View, response: Any) -> tuple[str, ...]:
    """Return an answer in words, for pages and files that show it.

    Parameters
    ----------
    view : View
        Public view of the item.
    response : object
        As found in the answer record.

    Returns
    -------
    tuple of str
        Plain text, not escaped; typed text may hold line breaks. Empty where there is no
        answer, or where nothing of it fits the question any more.
    """
    if not is_answered(view["kind"], response):
        return ()
    return tuple(KINDS[view["kind"]].words(view, response))


def strange_ids(view: View, response: Any) -> tuple[str, ...]:
    """Return the ids in an answer that its question does not offer; none for what is typed."""
    if is_in_own_words(view["kind"]):
        return ()
    parts = (part for value in view.values() if isinstance(value, list) for part in value)
    offered = {part.get("id") for part in parts if isinstance(part, dict)}
    return tuple(dict.fromkeys(name for name in _ids(response) if name not in offered))


def _ids(response: Any) -> Iterable[str]:
    if isinstance(response, dict):
        given = [part for pair in response.items() for part in pair]
    else:
        given = response if isinstance(response, list) else [response]
    return [part for part in given if isinstance(part, str) and part.strip()]


def to_read(view: View) -> tuple[str, ...]:
    """Return what an item offers to read, besides its question, before its card is live."""
    kind = KINDS.get(view["kind"])
    return tuple(kind.to_read(view)) if kind else ()
