"""The replies to one question in the order in which they are read, and lists of some of them.

They stand by their number in the gradebook, which is drawn by lot: the order tells nothing of
whose they are, and what should be read first comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.desk.groups import Said, groups_of, read_said
from grader.desk.looking import ORDINARY, READ_FIRST, UNREADABLE
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import GradingError
from grader.trainer.gradebook.gradebook import read_from

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Queue:
    """All replies to one question, by the number of the hand-in; ``waiting`` are in order.

    ``first`` are those to read first, ``sure`` those with a sure suggestion, with its points.
    """

    cell: str
    everybody: tuple[str, ...]
    waiting: tuple[str, ...]
    first: frozenset[str]
    sure: dict[str, float]

    def number(self, notebook: str) -> int:
        """Return the number by which a trainer knows a reply; 0 where it is not here."""
        return self.everybody.index(notebook) + 1 if notebook in self.everybody else 0

    def next_after(self, notebook: str = "") -> str:
        """Return the next reply that waits; empty where none is left.

        What is to be read first comes before all others, and after the last comes the first.
        """
        urgent = [one for one in self.waiting if one in self.first and one != notebook]
        if urgent and notebook not in urgent:
            later = [one for one in urgent if one > notebook and notebook in self.first]
            return (later or urgent)[0]
        others = [one for one in self.waiting if one != notebook]
        later = [one for one in others if one > notebook]
        return next(iter(later or others), "")

    def beside(self, notebook: str, step: int) -> str:
        """Return the reply before or after one, waiting or not; itself at either end."""
        at = self.everybody.index(notebook) + step
        return self.everybody[at] if 0 <= at < len(self.everybody) else notebook


def queue_of(desk: Desk, module: str, grade_name: str) -> Queue:
    """Return the replies to one question.

    Raises
    ------
    GradingError
        Where the gradebook does not know the question.
    """
    found = read_from(desk.db_url, lambda session: read_queue(session, module, grade_name))
    if found is None:
        raise GradingError("Nothing of this question is graded yet; go back to the desk")
    return found


def read_queue(session: Session, module: str, grade_name: str) -> Queue | None:
    """Return the replies to one question, None where the gradebook does not know it."""
    from nbgrader.api import Grade
    from sqlalchemy import select

    cell = cell_of(session, module, grade_name)
    if cell is None:
        return None
    grade = Grade.__table__.c
    all_of_it = select(grade.notebook_id).where(grade.cell_id == cell)
    everybody = tuple(session.scalars(all_of_it.order_by(grade.notebook_id)))
    rows = session.execute(_waiting(cell, "rank", "points")).all()
    order = [(rank if rank is not None else ORDINARY, book) for book, rank, _ in rows]
    return Queue(
        cell,
        everybody,
        tuple(book for rank, book in sorted(order) if rank != UNREADABLE),
        frozenset(book for rank, book in order if rank == READ_FIRST),
        {book: points for book, _, points in rows if points is not None},
    )


def cell_of(session: Session, module: str, grade_name: str) -> str | None:
    """Return the number of a question's cell in the gradebook."""
    from nbgrader.api import Assignment, BaseCell, Notebook
    from sqlalchemy import select

    return session.scalar(
        select(BaseCell.id)
        .join(Notebook, Notebook.id == BaseCell.notebook_id)
        .join(Assignment, Assignment.id == Notebook.assignment_id)
        .where(Assignment.name == module, BaseCell.name == grade_name)
    )


def _waiting(cell: str, *looked_columns: str) -> Any:
    """Choose the replies of a question that wait, with what was noted of each."""
    from nbgrader.api import Grade
    from sqlalchemy import and_, select

    looked, grade = tables().looked, Grade.__table__
    same = and_(
        looked.c.cell_id == grade.c.cell_id,
        looked.c.notebook_id == grade.c.notebook_id,
        looked.c.grade_id == grade.c.id,
    )
    columns = (looked.c[name] for name in looked_columns)
    chosen = select(grade.c.notebook_id, *columns).select_from(grade.outerjoin(looked, same))
    return chosen.where(grade.c.cell_id == cell, Grade.needs_manual_grade)


def like_ones(desk: Desk, cell: str) -> list[list[str]]:
    """Return groups of like replies that wait; what is to be read first is in none."""

    def read(session: Session) -> list[Said]:
        rows = session.execute(_waiting(cell, "rank", "acts", "stems").order_by("notebook_id"))
        return [
            read_said(book, acts, stems) for book, rank, acts, stems in rows if rank == ORDINARY
        ]

    return groups_of(read_from(desk.db_url, read) or [])


def trainee_of(session: Session, notebook: str) -> str:
    """Return whose hand-in it is.

    Raises
    ------
    GradingError
        Where there is none of this number.
    """
    from nbgrader.api import SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    found: str | None = session.scalar(
        select(SubmittedAssignment.student_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .where(SubmittedNotebook.id == notebook)
    )
    if found is None:
        raise GradingError("This reply is no longer in the gradebook; go back to the desk")
    return found
