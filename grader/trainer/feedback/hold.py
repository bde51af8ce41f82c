"""What keeps feedback from being written or final: one rule for feedback and certificates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from grader.places import ANSWERS
from grader.trainer.collect.arrivals import less_than_before
from grader.trainer.collect.mending import counting, kept_whole
from grader.trainer.collect.ungraded import why_unmarked
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Marks, Sheet, mark_submission

NO_MARKS = Marks(())


@dataclass(frozen=True, slots=True)
class Hold:
    """What keeps one trainee's feedback back; nothing where the marks are for what counts.

    ``why`` says that the marks are not for what lies here, so nothing can be written.
    Otherwise ``marks`` are there, and their ``problem`` says why they are not final;
    ``accept`` is the command by which a trainer takes them as they are.
    """

    why: str = ""
    marks: Marks = NO_MARKS
    accept: str = ""

    @property
    def words(self) -> str:
        """The reason as a sentence; empty where only replies may wait for a person."""
        return self.why or self.marks.problem


def hold_of(root: Path, sheet: Sheet, entry: Entry, where: Whereabouts) -> Hold:
    """Tell what keeps the feedback of one trainee on one module back.

    Raises
    ------
    AlongsideError, OSError
        Where what was handed in cannot be read.
    """
    if why := why_unmarked(root, where, entry.trainee, sheet.module, entry.handed_in):
        return Hold(why)
    source = root / "submitted" / entry.trainee / sheet.module
    marks = mark_submission(sheet, source, had_answers=entry.had_answers)
    if marks.problem or marks.notes or not (source / ANSWERS).exists():
        whole = kept_whole(root, entry.trainee, sheet.module)
        if whole is not None:
            return Hold(whole.way_back)
    return _not_final(root, sheet, entry, marks)


def _not_final(root: Path, sheet: Sheet, entry: Entry, marks: Marks) -> Hold:
    """Tell whether a hand-in cannot be read, or lacks what an earlier one has.

    Such a one is final only where a trainer chose it as it is.
    """
    unread = [mark.place.item.id for mark in marks.marks if mark.problem]
    if not (marks.problem or unread):
        return Hold(marks=marks)
    where = (entry.trainee, sheet.module)
    one = counting(root, *where, unread)
    if one.chosen or not (marks.problem or one.better):
        return Hold(marks=replace(marks, problem=""))
    problem = marks.problem or less_than_before(unread, one.better)
    command = f"alongside collect --use {' '.join(where)} {one.number}"
    return Hold(marks=replace(marks, problem=problem), accept=command)
