"""Write marks into nbgrader's gradebook: every row of a run in one transaction.

A run that is cut off leaves the marks as they were; what a trainer set or wrote is kept.
Rows go in by the thousand with plain statements, past the slower object layer.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.places import NOTEBOOK
from grader.trainer.gradebook.marks import Cell, cells_of, rows_of_marks
from grader.trainer.gradebook.tables import make_tables, note_earlier, note_words, tables
from grader.trainer.marking.marks import UNKNOWN, ByHand, CellMark, Earlier, cell_mark, regraded

if TYPE_CHECKING:
    from sqlalchemy import Table
    from sqlalchemy.orm import Session

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Submission:
    """One trainee's marks on their way into the gradebook, by grade id; a score of None waits.

    ``words`` names the words of each answer, as `grader.trainer.marking.marks.words_of`.
    """

    trainee: str
    handed_in: datetime | None
    scores: Mapping[str, float | None]
    words: Mapping[str, str]


def save_marks(
    session: Session, module: str, submissions: Iterable[Submission], roster: Iterable[str] = ()
) -> dict[str, dict[str, Earlier]]:
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

    Returns
    -------
    dict of str to dict
        By trainee and grade id what a trainer gave for earlier words, where new ones wait.
    """
    from nbgrader.api import Assignment
    from sqlalchemy import select

    make_tables(session)
    # On PostgreSQL this row is the lock; SQLite has its own.
    session.execute(select(Assignment.id).filter_by(name=module).with_for_update())
    submissions = list(submissions)
    _add_students(session, {one.trainee for one in submissions} | set(roster))
    book = _Book(session, module)
    for submission in submissions:
        book.put(submission)
    book.write()
    return book.superseded


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
        self._words: dict[str, tuple[Mapping[str, str], str]] = {}
        self._earlier: dict[Cell, tuple[Earlier, ...]] = {}
        self.superseded: dict[str, dict[str, Earlier]] = {}
        notebook = select(api.Notebook.id, api.Notebook.assignment_id).join(
            api.Assignment, api.Assignment.id == api.Notebook.assignment_id
        )
        where = (api.Assignment.name == module, api.Notebook.name == Path(NOTEBOOK).stem)
        self._notebook, self._assignment = session.execute(notebook.where(*where)).one()
        kinds = select(api.BaseCell.id, api.BaseCell.type)
        of_ours = kinds.where(api.BaseCell.notebook_id == self._notebook)
        self._kinds: dict[str, str] = dict(session.execute(of_ours).all())
        self._cells = cells_of(session, module)
        self._numbers = {name: number for number, (name, _) in self._cells.items()}
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
        self._books: dict[str, str] = dict(session.execute(books).all())
        rows = rows_of_marks(session, self._cells, lock=True)
        self._marks = {
            (book_id, cell_id): (row_id, mark) for book_id, cell_id, row_id, mark in rows
        }
        comment = api.Comment
        there = select(comment.notebook_id, comment.cell_id, comment.id).where(
            comment.cell_id.in_(self._cells)
        )
        self._comments = {(row[0], row[1]): row[2] for row in session.execute(there)}
        graded = tables().graded.c
        noted = session.execute(select(graded.notebook_id, graded.handed_in)).all()
        self._noted: dict[str, str] = dict(noted)

    def put(self, submission: Submission) -> None:
        """Take in one trainee's marks; what a trainer gave stays with the words it was for."""
        handed_in = submission.handed_in
        moment = handed_in.astimezone(UTC).replace(tzinfo=None) if handed_in else None
        row_id, before = self._put_sent(submission.trainee, moment)
        book_id = self._books.get(row_id) or self._add(
            self._api.SubmittedNotebook, {"assignment_id": row_id, "notebook_id": self._notebook}
        )
        # nbgrader notes a time before it grades; ours is noted with the marks.
        same_time = self._noted.get(book_id, _time(before)) == _time(moment)
        words = {}
        for grade_id, score in submission.scores.items():
            where, now = (book_id, self._numbers[grade_id]), submission.words[grade_id]
            mark = self._put_mark(where, score, now, same_time=same_time)
            words[grade_id] = mark.words
            if mark.superseded:
                self.superseded.setdefault(submission.trainee, {})[grade_id] = mark.superseded
        self._words[book_id] = (words, _time(moment))

    def _put_sent(self, trainee: str, moment: datetime | None) -> tuple[str, datetime | None]:
        """Put when somebody handed in; return the row's number and the time before."""
        row_id, before = self._sent.get(trainee, (None, None))
        table = self._api.SubmittedAssignment
        if row_id is None:
            facts = {"assignment_id": self._assignment, "student_id": trainee}
            row_id = self._add(table, facts | {"timestamp": moment})
        elif before != moment:
            self._change(table, {"row_id": row_id, "timestamp": moment})
        return row_id, before

    def _put_mark(
        self, where: Cell, score: float | None, words: str, *, same_time: bool
    ) -> CellMark:
        notebook_id, cell_id = where
        if where not in self._marks:
            self._add_comment(where, "")
            fresh: Row = {"auto_score": score, "needs_manual_grade": score is None}
            self._add(self._api.Grade, fresh | {"notebook_id": notebook_id, "cell_id": cell_id})
            return cell_mark(0.0, score, ByHand(), words, waits=score is None)
        row_id, before = self._marks[where]
        mark = regraded(before, score, words, same_time=same_time)
        row: Row = {
            "row_id": row_id,
            "auto_score": mark.auto_score,
            "needs_manual_grade": mark.waits,
        }
        if before.words not in (words, UNKNOWN) or before.by_hand != mark.by_hand:
            self._bind(where, before, mark)
            given: Row = {"manual_score": mark.by_hand.score, "extra_credit": mark.by_hand.extra}
            # A page that shows the old words must not mark the new ones: it knows the old number.
            row |= given | {"id": _number()}
        self._change(self._api.Grade, row)
        self._add_comment(where, "")
        return mark

    def _bind(self, where: Cell, before: CellMark, mark: CellMark) -> None:
        """Set aside what was given for other words, and put back what was for these."""
        if where in self._comments:
            row = {"row_id": self._comments[where], "id": _number()}
            self._change(self._api.Comment, row | {"manual_comment": mark.comment or None})
        else:
            self._add_comment(where, mark.comment)
        if before.earlier != mark.earlier:
            self._earlier[where] = mark.earlier

    def _add_comment(self, where: Cell, text: str) -> None:
        notebook_id, cell_id = where
        if where not in self._comments and (text or self._kinds[cell_id] == "TaskCell"):
            row = {"notebook_id": notebook_id, "cell_id": cell_id, "manual_comment": text or None}
            self._comments[where] = self._add(self._api.Comment, row)

    def _add(self, table: Any, row: Row) -> str:
        row_id = _number()
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
        note_words(self._session, self._words)
        note_earlier(self._session, self._earlier)


def _time(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _number() -> str:
    return secrets.token_hex(16)  # of the form that nbgrader gives, in a third of the time


def _by_columns(rows: list[Row]) -> Iterable[list[Row]]:
    """Group rows by the columns that they change: one statement for each group."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row), []).append(row)
    return groups.values()
