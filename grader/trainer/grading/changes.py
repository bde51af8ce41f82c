"""Tell whose marks change, and by how much, before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from grader.formats.times import timestamp_of
from grader.trainer.gradebook.rows import Submission
from grader.trainer.marking.marking import MarkSummary
from grader.trainer.marking.marks import CellMark, Entry, regraded
from grader.trainer.marking.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Change:
    """One mark before and after, in points; None where it waits for the trainer."""

    item: str
    before: float | None
    after: float | None


def expected_entry(sheet: Sheet, marked: MarkSummary, entry: Entry | None) -> Entry:
    """Return what `grader.trainer.gradebook.rows` would make of one trainee's marks.

    Parameters
    ----------
    sheet : Sheet
        The module.
    marked : MarkSummary
        What the answers earn now.
    entry : Entry or None
        The marks as they stand, None where there are none.
    """
    handed_in = timestamp_of(marked.when)
    same_time = entry is not None and entry.handed_in == handed_in
    marks = dict(entry.marks) if entry else {}
    for place, score, words in zip(sheet.places, marked.scores, marked.words, strict=True):
        before = marks.get(place.grade_id) or CellMark(0.0, place.item.points, True, False)
        marks[place.grade_id] = regraded(before, score, words, same_time=same_time)
    return Entry(marked.trainee, handed_in, marks)


def rows_of(sheet: Sheet, marked: Iterable[MarkSummary]) -> Iterator[Submission]:
    """Yield what goes into the gradebook: nothing of those of whom nothing is marked."""
    names = [place.grade_id for place in sheet.places]
    for one in marked:
        if not one.refused:
            scores = dict(zip(names, one.scores, strict=True))
            words = dict(zip(names, one.words, strict=True))
            yield Submission(one.trainee, timestamp_of(one.when), scores, words)


def changes_of(sheet: Sheet, before: Entry, after: Entry) -> tuple[Change, ...]:
    """Return the marks that count differently, in the order of the questions."""
    changes = (
        Change(place.item.id, _counts(before, place.grade_id), _counts(after, place.grade_id))
        for place in sheet.places
    )
    return tuple(change for change in changes if change.before != change.after)


def _counts(entry: Entry, grade_id: str) -> float | None:
    mark = entry.marks.get(grade_id)
    return None if mark is None or mark.waits else mark.points
