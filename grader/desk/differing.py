"""Where trainers on two computers decided differently on the same words: both are kept.

What came is noted beside the mark that counts, and shown until somebody here decides anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.desk.deciding import COUNTS
from grader.desk.given import GivenHere
from grader.desk.tables import have_tables, tables
from grader.formats.shares import Given

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Differing:
    """What somebody gave on another computer: who, when, how many points, which comment."""

    who: str
    at: str
    points: float | None
    comment: str

    @property
    def said(self) -> str:
        """The points in words."""
        if self.points is None:
            return "no points yet"
        return f"{self.points:g} points" if self.points != 1 else "1 point"


def note_differing(session: Session, here: GivenHere, came: Given) -> bool:
    """Keep what came beside the mark here; tell whether it is still to be settled.

    The same is never noted twice, nor shown again where somebody has settled it.
    """
    from sqlalchemy import select

    differing, last = tables().differing, came.last
    row = {
        "notebook_id": here.where[0],
        "cell_id": here.where[1],
        "grade_id": here.state.grade_id,
        "who": last.who if last else "",
        "at": last.at if last else "",
        "comment": came.comment,
    }
    points = {"score": came.points, "extra": came.extra}
    same = (differing.c[name].is_not_distinct_from(value) for name, value in (row | points).items())
    number = session.scalar(select(differing.c.number).where(*same))
    if number is None:
        session.execute(differing.insert().values(row | points | {"after": here.last}))
        return True
    return number in set(session.scalars(_open().with_only_columns(differing.c.number)))


def differing_on(session: Session, notebook: str, cell: str) -> tuple[Differing, ...]:
    """Return what trainers elsewhere gave for a reply, as far as nobody has settled it."""
    if not have_tables(session):
        return ()
    row = tables().differing.c
    chosen = _open().where(row.notebook_id == notebook, row.cell_id == cell)
    rows = session.execute(chosen.order_by(row.number))
    return tuple(Differing(one.who, one.at, one.score, one.comment) for one in rows)


def differing_replies() -> Any:
    """Choose module, question and hand-in of all that is to be settled, with who and when."""
    from nbgrader import api

    row = tables().differing
    return (
        _open()
        .with_only_columns(
            api.Assignment.name, api.BaseCell.name, *row.c["notebook_id", "who", "at"]
        )
        .join(api.BaseCell, api.BaseCell.id == row.c.cell_id)
        .join(api.Notebook, api.Notebook.id == api.BaseCell.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .order_by(row.c.number)
    )


def _open() -> Any:
    """Choose what is for the words that are there, and nobody has decided on since."""
    from nbgrader.api import Grade
    from sqlalchemy import select

    row, decided = tables().differing, tables().decided.c
    since = (
        select(decided.number)
        .where(decided.grade_id == row.c.grade_id, decided.number > row.c.after)
        .where(decided.what.in_(COUNTS), ~decided.undone)
        .exists()
    )
    return select(row).select_from(row).join(Grade, Grade.id == row.c.grade_id).where(~since)
