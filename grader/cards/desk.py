"""Where a notebook stands: which items it may show, and where their answers go.

A folder with ``items.yaml`` is practice, one with ``items.json`` is an exercise.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from grader import places
from grader.content.items import Item
from grader.errors import UnknownItemError
from grader.formats import answers
from grader.kinds.public import View
from grader.kinds.reading import find_item, load_items
from grader.kinds.registry import is_private
from grader.kinds.views import load_public_items, public_view
from grader.trainee.order import drawn, seed_for

SELF_STUDY = "ALONGSIDE_SELF_STUDY"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a notebook's answers go, and whether they are practice."""

    module: str
    record: Path
    practice: bool

    def place_of(self, kind: str) -> Path:
        """Return the record for answers of a kind: private ones go to the journal."""
        return places.journal_record(self.module) if is_private(kind) else self.record

    def seed(self, kind: str) -> str:
        """Return what draws the order of replies: the record's own, else the home's."""
        kept = answers.read_record_or_empty(self.record, self.module)
        return kept.seed or seed_for(kind)

    def bank(self) -> Mapping[str, Item]:
        """Return the items whose key is at hand: of practice always, of an exercise if asked."""
        return practice_items(Path.cwd()) if self.practice else key_of(self.module)


def this_desk() -> Desk:
    """Find out by the folder the notebook runs in.

    Raises
    ------
    UnknownItemError
        Where the folder holds no items.
    """
    folder = Path.cwd()
    if (folder / places.PUBLIC_ITEMS).is_file():
        return Desk(folder.name, folder / places.ANSWERS, practice=False)
    if (folder / places.ITEMS).is_file():
        return Desk(folder.name, places.practice_record(folder.name), practice=True)
    raise UnknownItemError(
        f"The folder {folder.name!r} holds no questions; open a lesson's own page."
    )


def find(desk: Desk, item_id: str) -> tuple[Item | None, View]:
    """Return an item, None where its key is not at hand, and what may be shown of it.

    Raises
    ------
    UnknownItemError
        With the nearest id that exists.
    """
    if desk.practice:
        item = find_item(practice_items(Path.cwd()), item_id, "This module")
        return item, drawn(public_view(item), desk.seed(item.kind))
    view = find_item(load_public_items(Path.cwd() / places.PUBLIC_ITEMS), item_id, "This exercise")
    return key_of(desk.module).get(item_id), drawn(view, desk.seed(view["kind"]))


@lru_cache(maxsize=4)
def practice_items(folder: Path) -> dict[str, Item]:
    """Return the practice items of a module's folder."""
    return load_items(folder / places.ITEMS)


def key_of(module: str) -> dict[str, Item]:
    """Return the key of an exercise for people learning alone, if they asked for it."""
    solutions = places.solutions_folder()
    if os.environ.get(SELF_STUDY) != "1" or solutions is None:
        return {}
    return load_items(solutions / module / places.ITEMS, graded=True)
