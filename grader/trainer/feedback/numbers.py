"""The numbers of one trainee's feedback, as their own pages and certificate read them."""

from __future__ import annotations

from dataclasses import replace

from grader import __version__
from grader.content.syllabus import Syllabus
from grader.formats.feedback import Final, Released, write
from grader.formats.statement import SEALED, Statement, judged
from grader.trainer.feedback.signing import Signer
from grader.trainer.marking.marks import CellMark, Entry
from grader.trainer.marking.sheet import Sheet


def numbers_json(
    sheet: Sheet, entry: Entry, sign: Signer | None, edition: str, *, damaged: bool = False
) -> str:
    """Return the text of ``feedback.json``.

    Parameters
    ----------
    sheet : Sheet
        The module's graded notebook.
    entry : Entry
        The trainee's marks in the gradebook.
    sign : callable or None
        Signs what the trainee earned, once no answer waits for a person any more.
    edition : str
        Names what people gave, as `grader.trainer.feedback.states.edition_of`.
    damaged : bool
        What was handed in cannot be read: no mark is final, and nothing is signed.
    """
    waiting = entry.waiting or int(damaged)  # so that everybody takes it for a draft
    handed_in = entry.handed_in
    signed = None
    if sign is not None and not waiting:
        # Nobody can take the seal off and call the rest an older file: it says that it had one.
        signed = sign(replace(statement_of(sheet, entry, sign.syllabus), format=SEALED))
    return write(
        Released(
            module=sheet.module,
            trainee=entry.trainee,
            points=_points(entry.points),
            max_points=sheet.max_points,
            waiting=waiting,
            items={
                # Skills stand here and not in the public items: there they could be a hint.
                place.item.id: Final(_points(mark.points), place.item.points, place.item.skills)
                for place in sheet.places
                if (mark := entry.marks.get(place.grade_id)) and is_final(mark) and not damaged
            },
            signed=signed,
            # When the answers were handed in: a draft on older ones never takes the place of
            # a final one.
            handed_in=handed_in.isoformat(timespec="microseconds") if handed_in else "",
            edition=edition,
        )
    )


def is_final(mark: CellMark) -> bool:
    """Tell whether a mark stands: no trainer has yet to read the answer, or a new one."""
    return not mark.waits


def _points(value: float) -> float:
    return max(0.0, round(value, 4))  # a trainer could type a mark below zero


def statement_of(sheet: Sheet, entry: Entry, syllabus: Syllabus) -> Statement:
    """Return what is true of a trainee in one module by the marks as they stand."""
    earned = Statement(
        trainee=entry.trainee,
        module=sheet.module,
        points=f"{_points(entry.points):g}",
        max_points=f"{sheet.max_points:g}",
        # The day of the hand-in, not today's: the same feedback gives the same bytes.
        handed_in=entry.handed_in.date().isoformat() if entry.handed_in else "unknown",
        course_version=__version__,
    )
    title = syllabus.titles.get(sheet.module, sheet.module)
    return judged(earned, syllabus.rule, title)
