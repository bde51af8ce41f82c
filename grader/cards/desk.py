"""Where a notebook stands: which items it may show, and where their answers go.

A folder with ``items.yaml`` is practice, one with ``items.json`` is an exercise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.content.items import Item
from grader.errors import UnknownItemError
from grader.formats import answers
from grader.kinds.public import View
from grader.kinds.reading import find_item, load_course_items
from grader.kinds.registry import is_private
from grader.kinds.views import load_public_items, public_view
from grader.places import ANSWERS, ITEMS, PUBLIC_ITEMS, Course, Learner
from grader.trainee.order import drawn, seed_for


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a notebook's answers go, and whether they are practice."""

    learner: Learner
    module: str
    record: Path
    practice: bool
    folder: Path = Path()

    def place_of(self, kind: str) -> Path:
        """Return the record for answers of a kind: private ones go to the journal."""
        return self.learner.home.journal_record(self.module) if is_private(kind) else self.record

    def seed(self, kind: str) -> str:
        """Return what draws the order of replies: the record's own, else the home's."""
        kept = answers.read_record_or_empty(self.record, self.module)
        return kept.seed or seed_for(self.learner.home, kind)

    def bank(self) -> Mapping[str, Item]:
        """Return the items whose key is at hand: of practice always, of an exercise if asked."""
        return practice_items(self.learner.course, self.folder) if self.practice else self.key()

    def key(self) -> Mapping[str, Item]:
        """Return the key of the exercise for people learning alone, if they asked for it."""
        course = self.learner.course
        if not self.learner.self_study or course.solutions is None:
            return {}
        return load_course_items(course, course.solutions / self.module / ITEMS, graded=True)


def this_desk(learner: Learner, folder: Path) -> Desk:
    """Find out by the folder that a notebook lies in.

    Raises
    ------
    UnknownItemError
        Where the folder holds no items.
    """
    module = folder.name
    if (folder / PUBLIC_ITEMS).is_file():
        return Desk(learner, module, folder / ANSWERS, practice=False, folder=folder)
    if (folder / ITEMS).is_file():
        record = learner.home.practice_record(module)
        return Desk(learner, module, record, practice=True, folder=folder)
    raise UnknownItemError(f"The folder {module!r} holds no questions; open a lesson's own page.")


def private_desk(learner: Learner, module: str) -> Desk:
    """Return the desk of questions that belong to no lesson: their answers stay private."""
    return Desk(learner, module, learner.home.journal_record(module), practice=True)


def find(desk: Desk, item_id: str) -> tuple[Item | None, View]:
    """Return an item, None where its key is not at hand, and what may be shown of it.

    Raises
    ------
    UnknownItemError
        With the nearest id that exists.
    """
    if desk.practice:
        item = find_item(practice_items(desk.learner.course, desk.folder), item_id, "This module")
        return item, drawn(public_view(item), desk.seed(item.kind))
    view = find_item(load_public_items(desk.folder / PUBLIC_ITEMS), item_id, "This exercise")
    return desk.key().get(item_id), drawn(view, desk.seed(view["kind"]))


def number_of(desk: Desk, item_id: str) -> int:
    """Return the place of an item among those of its module, from 1 on."""
    if desk.practice:
        names = list(practice_items(desk.learner.course, desk.folder))
    else:
        names = list(load_public_items(desk.folder / PUBLIC_ITEMS))
    return names.index(item_id) + 1


def practice_items(course: Course, folder: Path) -> dict[str, Item]:
    """Return the practice items of a module's folder."""
    return load_course_items(course, folder / ITEMS)
