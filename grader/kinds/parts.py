"""Parts that a person picks or places: what several kinds share in naming and showing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

from grader.content.items import neutral_id
from grader.content.strict_yaml import Entry
from grader.kinds.public import PartView


@dataclass(frozen=True, slots=True)
class Label:
    """Something that is only named: a pile, the right half of a pair, a level."""

    id: str
    text: str


class _Part(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def text(self) -> str: ...


def read_label(part: Entry) -> Label:
    """Read a part that is only named."""
    return Label(neutral_id(part), part.text("text"))


def shown(parts: Iterable[_Part]) -> list[PartView]:
    """Show parts by id and text alone."""
    return [{"id": part.id, "text": part.text} for part in parts]


def texts(*lists: Iterable[PartView]) -> list[str]:
    """Return the texts of parts, as they are shown."""
    return [part["text"] for part in chain(*lists)]


def texts_by_id(parts: Iterable[PartView]) -> dict[str, str]:
    """Return the texts of parts by their ids."""
    return {part["id"]: part["text"] for part in parts}


def picked(parts: Iterable[PartView], response: Any) -> list[str]:
    """Return the texts of the picked parts, in the order shown."""
    ids = response if isinstance(response, list) else [response]
    return [part["text"] for part in parts if part["id"] in ids]


def paired(
    lefts: Iterable[PartView], rights: Iterable[PartView], response: Mapping[str, Any]
) -> Iterator[str]:
    """Give ``one → other`` for each placed part, in the order shown."""
    names = texts_by_id(rights)
    for part in lefts:
        placed = response.get(part["id"])
        if isinstance(placed, str) and placed in names:
            yield f"{part['text']} → {names[placed]}"
