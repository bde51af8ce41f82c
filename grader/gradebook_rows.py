"""Write marks into nbgrader's gradebook: every row of a run in one transaction.

A run that is cut off leaves the marks as they were; what a trainer set or wrote stays.
Rows go in by the thousand with plain statements, past the slower object layer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.release import NOTEBOOK

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """One trainee's marks on their way into the gradebook, by grade id; None waits."""

    trainee: str
    handed_in: datetime | None
    scores: dict[str, float | None]


def save_marks(
    session: Session, module: str, submissions: Iterable[Submission], roster: Iterable[str] = ()
) -> None:
    """Write all rows of a module in the session's transaction.

    Parameters
    ----------
    session : Session
        Of a gradebook that knows the module and its cells.
    module : str
        Such as ``07-advice``.
    submissions : iterable of Submission
        Whose marks.
    roster : iterable of str
        Trainees who shall stand in the gradebook even without marks.
    """
    from nbgrader.api import Assignment
    from sqlalchemy import select

    # On PostgreSQL this row is the lock; SQLite has its own.
    session.execute(select(Assignment.id).filter_by(name=module).with_for_update())
    submissions = list(submissions)
    _add_students(session, {one.trainee for one in submissions} | set(roster))
    book = _Book(session, module)
    for submission in submissions:
        book.put(submission)
    book.write()


def _add_students(session: Session, wanted: set[str]) -> None:
    from nbgrader.api import Student
    from sqlalchemy import insert, select

    new = sorted(wanted - set(session.scalars(select(Student.id))))
    if new:
        session.execute(insert(Student.__table__), [{"id": trainee} for trainee in new])


class _Book:
    """The rows of one module: read once, changed here, written in a few statements."""

    def __init__(self, session: Session, module: str) -> None:
        from nbgrader import api
        from sqlalchemy import select

        self._session = session
        self._api = api
        self._new: dict[Table, list[Row]] = {}
        self._changed: dict[Table, list[Row]] = {}
        notebook = select(api.Notebook.id, api.Notebook.assignment_id).join(
            api.Assignment, api.Assignment.id == api.Notebook.assignment_id
        )
        where = (api.Assignment.name == module, api.Notebook.name == Path(NOTEBOOK).stem)
        self._notebook, self._assignment = session.execute(notebook.where(*where)).one()
        cells = select(api.BaseCell.name, api.BaseCell.id, api.BaseCell.type)
        of_ours = session.execute(cells.where(api.BaseCell.notebook_id == self._notebook))
        self._cells = {name: (cell_id, kind) for name, cell_id, kind in of_ours}
        self._read_rows()

    def _read_rows(self) -> None:
        from sqlalchemy import select

        api, session = self._api, self._session
        sent = api.SubmittedAssignment
        found = select(sent.student_id, sent.id, sent.timestamp).where(
            sent.assignment_id == self._assignment
        )
        self._sent = {who: (row_id, moment) for who, row_id, moment in session.execute(found)}
        book = api.SubmittedNotebook
        books = select(book.assignment_id, book.id).where(book.notebook_id == self._notebook)
        self._books = dict(session.execute(books).all())
        grade, comment = api.Grade, api.Comment
        grades = select(grade.notebook_id, grade.cell_id, grade.id, grade.manual_score)
        ours = book.notebook_id == self._notebook
        self._grades = {
            (book_id, cell_id): (row_id, manual)
            for book_id, cell_id, row_id, manual in session.execute(
                grades.join(book, book.id == grade.notebook_id).where(ours)
            )
        }
        comments = select(comment.notebook_id, comment.cell_id)
        there = session.execute(comments.join(book, book.id == comment.notebook_id).where(ours))
        self._comments = {(book_id, cell_id) for book_id, cell_id in there}

    def put(self, submission: Submission) -> None:
        """Take in one trainee's marks; what a trainer set or wrote stays."""
        handed_in = submission.handed_in
        moment = handed_in.astimezone(UTC).replace(tzinfo=None) if handed_in else None
        row_id, before = self._sent.get(submission.trainee, (None, None))
        is_new = row_id is None or before != moment
        if row_id is None:
            facts = {"assignment_id": self._assignment, "student_id": submission.trainee}
            row_id = self._add(self._api.SubmittedAssignment, facts | {"timestamp": moment})
        elif is_new:
            self._change(self._api.SubmittedAssignment, {"row_id": row_id, "timestamp": moment})
        book_id = self._books.get(row_id) or self._add(
            self._api.SubmittedNotebook, {"assignment_id": row_id, "notebook_id": self._notebook}
        )
        for grade_id, score in submission.scores.items():
            cell_id, kind = self._cells[grade_id]
            self._put_grade((book_id, cell_id), score, is_new=is_new)
            if kind == "TaskCell" and (book_id, cell_id) not in self._comments:
                self._add(self._api.Comment, {"notebook_id": book_id, "cell_id": cell_id})

    def _put_grade(self, where: tuple[str, str], score: float | None, *, is_new: bool) -> None:
        row_id, manual = self._grades.get(where, (None, None))
        mark: Row = {"auto_score": score}
        if manual is None:
            mark["needs_manual_grade"] = score is None
        elif is_new:
            # A second look after a second hand-in. nbgrader asks for one at every run,
            # which would send a trainer through all changed marks each time.
            mark["needs_manual_grade"] = True
        if row_id is None:
            notebook_id, cell_id = where
            self._add(self._api.Grade, mark | {"notebook_id": notebook_id, "cell_id": cell_id})
        else:
            self._change(self._api.Grade, mark | {"row_id": row_id})

    def _add(self, table: Any, row: Row) -> str:
        row_id = secrets.token_hex(16)  # of the form that nbgrader gives, in a third of the time
        self._new.setdefault(table.__table__, []).append(row | {"id": row_id})
        return row_id

    def _change(self, table: Any, row: Row) -> None:
        self._changed.setdefault(table.__table__, []).append(row)

    def write(self) -> None:
        """Send everything to the database; parents come before what hangs on them."""
        from sqlalchemy import bindparam, insert, update

        api = self._api
        for table in (api.SubmittedAssignment, api.SubmittedNotebook, api.Grade, api.Comment):
            if table.__table__ in self._new:
                self._session.execute(insert(table.__table__), self._new[table.__table__])
        for table, rows in self._changed.items():
            found = update(table).where(table.c.id == bindparam("row_id"))
            for alike in _by_columns(rows):
                self._session.execute(found, alike)


def _by_columns(rows: list[Row]) -> Iterable[list[Row]]:
    """Group rows by the columns that they change: one statement for each group."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return groups.values()
