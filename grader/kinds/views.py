"""Items without their key: what a trainee may see of them, and an answer in words.

`SHOWN` names, for each kind, the lists that make up the question.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from grader.content.items import SOURCES, Item, Stem
from grader.content.strict_yaml import short_name
from grader.errors import ContentError, Problem
from grader.kinds.data import UNSEEN, UNSEEN_TEXT, RatingItem, SourcesDifferItem, SpotItem
from grader.kinds.public import PartList, PartView, PlainList, Shown, StemView, View
from grader.kinds.scoring import is_answered
from grader.kinds.talk.graph import walk
from grader.kinds.talk.view import graph_of, graph_view

Words = Callable[[View, Any], Iterable[str]]  # puts an answer into words


def public_view(item: Item) -> View:
    """Return what a trainee may see of an item: no key, no points of options, no feedback.

    Returns
    -------
    View
        JSON-ready; the form of one entry of ``items.json``. Besides what all items have:
        ``options`` (choice, choices), ``parts`` (order), ``piles`` and ``cards`` (sort),
        ``lefts`` and ``rights`` (match) and ``levels`` (rating), each a list of
        ``{id, text}`` in the order shown; ``lines`` (spot) of ``{id, speaker, text, pick}``;
        ``positions`` (sources_differ) of ``{id, text, source}``; ``prompts`` (reflection),
        texts; the graph of a conversation as in `grader.kinds.talk.view`.
    """
    return {
        "id": item.id,
        "kind": item.kind,
        "stem": _stem_view(item.stem),
        "question": item.question,
        "points": item.points,
        "content_note": item.content_note,
        "gentle": _stem_view(item.gentle) if item.gentle else None,
        **SHOWN[item.kind](item),
    }


def _stem_view(stem: Stem) -> StemView:
    return {"setting": stem.setting, "speaker": stem.speaker, "says": stem.says}


def _lists(*fields: PlainList) -> Callable[[Any], Shown]:
    """Show lists of parts by id and text alone."""

    def shown(item: Any) -> Shown:
        found: Shown = {}
        for field in fields:
            found[field] = [{"id": part.id, "text": part.text} for part in getattr(item, field)]
        return found

    return shown


def _lines(item: SpotItem) -> Shown:
    return {
        "lines": [
            {
                "id": line.id,
                "speaker": line.speaker,
                "text": line.text,
                "pick": line.points is not None,
            }
            for line in item.lines
        ]
    }


def _positions(item: SourcesDifferItem) -> Shown:
    return {
        "positions": [
            {
                "id": position.id,
                "text": position.text,
                "source": "; ".join(SOURCES[source] for source in position.sources),
            }
            for position in item.positions
        ]
    }


def _levels(item: RatingItem) -> Shown:
    view = _lists("levels")(item)
    return {"levels": [*view["levels"], {"id": UNSEEN, "text": UNSEEN_TEXT}]}


SHOWN: dict[str, Callable[[Any], Shown]] = {
    "choice": _lists("options"),
    "choices": _lists("options"),
    "order": _lists("parts"),
    "sort": _lists("piles", "cards"),
    "match": _lists("lefts", "rights"),
    "spot": _lines,
    "reply": _lists(),
    "conversation": lambda item: graph_view(item.graph),
    "rating": _levels,
    "reflection": lambda item: {"prompts": list(item.prompts)},
    "sources_differ": _positions,
}


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
        data = json.loads(path.read_text(encoding="utf-8"))
        return {item["id"]: item for item in data["items"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "cannot be read; open the course again, it makes a fresh copy"
        raise ContentError([Problem(short_name(path), 1, "file", what)]) from error


# --- an answer in words


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
    return tuple(_WORDS[view["kind"]](view, response))


def _texts(parts: Iterable[PartView]) -> dict[str, str]:
    return {part["id"]: part["text"] for part in parts}


def _picked(field: PartList) -> Words:
    """Give the texts of the picked parts, in the order shown."""

    def words(view: View, response: Any) -> Iterable[str]:
        picked = response if isinstance(response, list) else [response]
        return [part["text"] for part in view[field] if part["id"] in picked]

    return words


def _ordered(view: View, response: list[Any]) -> Iterable[str]:
    texts = _texts(view["parts"])
    given = dict.fromkeys(part for part in response if isinstance(part, str) and part in texts)
    return [f"{place}. {texts[name]}" for place, name in enumerate(given, 1)]


def _paired(left: PlainList, right: PlainList) -> Words:
    """Give ``one → other`` for each placed part, in the order shown."""

    def words(view: View, response: dict[str, Any]) -> Iterable[str]:
        texts = _texts(view[right])
        for part in view[left]:
            placed = response.get(part["id"])
            if isinstance(placed, str) and placed in texts:
                yield f"{part['text']} → {texts[placed]}"

    return words


def _spotted(view: View, response: str) -> Iterable[str]:
    lines = [line for line in view["lines"] if line["pick"] and line["id"] == response]
    return [f"{line['speaker']}: {line['text']}" for line in lines]


def _talked(view: View, response: Any) -> Iterable[str]:
    walked = walk(graph_of(view), response)
    if not walked.taken:
        return
    for line in walked.lines:
        yield f"{line.name}: {line.text}" if line.name else line.text
    if walked.stopped:
        yield walked.stopped


_WORDS: dict[str, Words] = {
    "choice": _picked("options"),
    "choices": _picked("options"),
    "order": _ordered,
    "sort": _paired("cards", "piles"),
    "match": _paired("lefts", "rights"),
    "spot": _spotted,
    "reply": lambda _, response: [response],
    "conversation": _talked,
    "rating": _picked("levels"),
    "reflection": lambda _, response: [response],
    "sources_differ": _picked("positions"),
}
