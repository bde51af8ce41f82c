"""The marks in nbgrader's gradebook: every row of a run in one transaction.

A run that is cut off leaves the marks as they were; what a trainer set or wrote stays.
"""

from __future__ import annotations

import os
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.collect import COURSE_ID
from grader.errors import GradingError
from grader.privacy import close_to_others
from grader.release import NOTEBOOK, SOURCE_STEPS, convert_source
from grader.sheet import Marks, Sheet

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

DATABASE_VARIABLE = "ALONGSIDE_DB"
SQLITE_PATIENCE = 60  # seconds to wait for formgrader or another run to finish writing


@dataclass(frozen=True, slots=True)
class CellMark:
    """One mark as the gradebook has it; ``by_trainer`` tells that a trainer set it."""

    points: float
    max_points: float
    waits: bool
    by_trainer: bool
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """All marks of one trainee for one module, by grade id."""

    trainee: str
    handed_in: datetime | None
    marks: dict[str, CellMark] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points so far, without what waits."""
        return sum(mark.points for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """How many answers a trainer still has to look at."""
        return sum(mark.waits for mark in self.marks.values())


@dataclass(frozen=True, slots=True)
class Submission:
    """One trainee's marks on their way into the gradebook."""

    trainee: str
    handed_in: datetime | None
    marks: Marks


def default_db_url(root: Path) -> str:
    """Return the gradebook's address: ``ALONGSIDE_DB``, else ``gradebook.db`` in the course."""
    return os.environ.get(DATABASE_VARIABLE) or local_db_url(root)


def local_db_url(root: Path) -> str:
    """Return the address of the ``gradebook.db`` in a course folder."""
    return f"sqlite:///{(root / 'gradebook.db').resolve()}"


def prepare_gradebook(root: Path, module: str, db_url: str) -> None:
    """Make sure that a module and its cells stand in the gradebook; marks stay.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened, or the cells changed under existing marks.
    """
    from nbgrader import preprocessors
    from nbgrader.api import Gradebook, InvalidEntry
    from sqlalchemy.exc import SQLAlchemyError

    put_scripts_on_path()
    _make_private(root, db_url)
    steps = [getattr(preprocessors, name) for name in (*SOURCE_STEPS, "SaveCells")]
    try:
        with Gradebook(db_url, COURSE_ID) as gradebook:
            gradebook.update_or_create_assignment(module)
        convert_source(root, module, steps, {"db_url": db_url})
    except (SQLAlchemyError, ImportError, InvalidEntry) as error:
        raise GradingError(_unopened(db_url, error)) from None
    except GradingError as error:
        if "Cannot add or remove cells" not in str(error):
            raise
        message = (
            f"solutions/{module}/{NOTEBOOK} has other cells than when it was first graded; "
            "put them back. Or keep gradebook.db under another name, with all marks set "
            "by hand in it, and grade into a new one"
        )
        raise GradingError(message) from None


def put_scripts_on_path() -> None:
    """Let nbgrader find ``alembic``, which it calls by name, without an activated environment."""
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, path])


def _make_private(root: Path, db_url: str) -> None:
    if db_url == local_db_url(root):
        path = root / "gradebook.db"
        path.touch(mode=0o600)
        close_to_others(path)


def _unopened(db_url: str, error: Exception) -> str:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        shown = make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        shown = "its address"
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    if "not a database" in reason or "malformed" in reason:
        return f"The gradebook at {shown} is damaged; put back your copy of it, or rename it"
    return f"The gradebook cannot be opened at {shown}: {reason}; check the address"


@contextmanager
def gradebook_session(db_url: str, *, write: bool = False) -> Iterator[Session]:
    """Open the gradebook; with ``write``, as one transaction that commits at the end."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.exc import SQLAlchemyError
    from sqlalchemy.orm import Session

    with ExitStack() as after:
        try:
            engine = create_engine(db_url)
            after.callback(engine.dispose)
            if engine.dialect.name == "sqlite":
                event.listen(engine, "connect", _be_patient)
            if engine.dialect.name == "sqlite" and write:
                # Take the right to write at once: two runs queue instead of losing rows.
                event.listen(engine, "begin", _begin_immediate)
            with Session(engine) as session:
                yield session
                if write:
                    session.commit()
        except (SQLAlchemyError, ImportError) as error:
            raise GradingError(_unopened(db_url, error)) from error


def _be_patient(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions begin too late
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_PATIENCE * 1000}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def save_marks(
    session: Session, sheet: Sheet, submissions: list[Submission], roster: Iterable[str]
) -> dict[str, Entry]:
    """Write all rows of a run and return every trainee's marks as they now stand."""
    from nbgrader.api import Assignment, Student
    from sqlalchemy import select

    # On PostgreSQL this row is the lock; SQLite has its own.
    session.execute(select(Assignment.id).filter_by(name=sheet.module).with_for_update())
    known = set(session.scalars(select(Student.id)))
    wanted = {submission.trainee for submission in submissions} | set(roster)
    session.add_all(Student(id=trainee) for trainee in sorted(wanted - known))
    session.flush()
    book = _Book(session, sheet.module)
    for submission in submissions:
        book.put(submission)
    session.flush()
    return _entries(session, sheet.module)


class _Book:
    """The rows of one module, read once, so that each trainee needs no further query."""

    def __init__(self, session: Session, module: str) -> None:
        from nbgrader import api
        from sqlalchemy import select

        self._session = session
        self._assignment = session.scalars(
            select(api.Assignment.id).where(api.Assignment.name == module)
        ).one()
        self._notebook = session.scalars(
            select(api.Notebook.id)
            .where(api.Notebook.assignment_id == self._assignment)
            .where(api.Notebook.name == Path(NOTEBOOK).stem)
        ).one()
        self._cells = {
            name: (cell_id, kind)
            for cell_id, name, kind in session.execute(
                select(api.BaseCell.id, api.BaseCell.name, api.BaseCell.type).where(
                    api.BaseCell.notebook_id == self._notebook
                )
            )
        }
        self._read_rows(api, select)

    def _read_rows(self, api: Any, select: Any) -> None:
        ours = select(api.SubmittedAssignment).filter_by(assignment_id=self._assignment)
        self._submitted = {row.student_id: row for row in self._session.scalars(ours)}
        books = select(api.SubmittedNotebook).filter_by(notebook_id=self._notebook)
        self._books = {row.assignment_id: row for row in self._session.scalars(books)}
        self._grades = self._rows(api.Grade, api, select)
        self._comments = self._rows(api.Comment, api, select)

    def _rows(self, table: Any, api: Any, select: Any) -> dict[tuple[str, str], Any]:
        rows = (
            select(table)
            .join(api.SubmittedNotebook, api.SubmittedNotebook.id == table.notebook_id)
            .where(api.SubmittedNotebook.notebook_id == self._notebook)
        )
        return {(row.notebook_id, row.cell_id): row for row in self._session.scalars(rows)}

    def put(self, submission: Submission) -> None:
        """Write one trainee's marks; what a trainer set or wrote stays."""
        from nbgrader import api

        handed_in = submission.handed_in
        moment = handed_in.astimezone(UTC).replace(tzinfo=None) if handed_in else None
        row = self._submitted.get(submission.trainee)
        is_new = row is None or row.timestamp != moment
        if row is None:
            row = self._add(
                api.SubmittedAssignment,
                assignment_id=self._assignment,
                student_id=submission.trainee,
            )
        row.timestamp = moment
        book = self._books.get(row.id) or self._add(
            api.SubmittedNotebook, assignment_id=row.id, notebook_id=self._notebook
        )
        for mark in submission.marks.marks:
            cell_id, kind = self._cells[mark.place.grade_id]
            self._put_grade(api, (book.id, cell_id), mark.auto_score, is_new=is_new)
            if kind == "TaskCell" and (book.id, cell_id) not in self._comments:
                self._add(api.Comment, notebook_id=book.id, cell_id=cell_id)

    def _put_grade(
        self, api: Any, where: tuple[str, str], auto_score: float | None, *, is_new: bool
    ) -> None:
        grade = self._grades.get(where)
        if grade is None:
            notebook_id, cell_id = where
            grade = self._add(api.Grade, notebook_id=notebook_id, cell_id=cell_id)
        grade.auto_score = auto_score
        if grade.manual_score is None:
            grade.needs_manual_grade = auto_score is None
        elif is_new:
            # A second look after a second hand-in. nbgrader asks for one at every run,
            # which would send a trainer through all changed marks each time.
            grade.needs_manual_grade = True

    def _add(self, table: Any, **values: str) -> Any:
        from nbgrader.api import new_uuid

        row = table(id=new_uuid())
        for name, value in values.items():
            setattr(row, name, value)
        self._session.add(row)
        return row


def read_gradebook(db_url: str, module: str) -> dict[str, Entry]:
    """Return the marks of a module by trainee; none where nothing was graded yet.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(db_url)
    except ArgumentError as error:
        raise GradingError(_unopened(db_url, error)) from None
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        return {}
    with gradebook_session(db_url) as session:
        from sqlalchemy import inspect

        ready = inspect(session.get_bind()).has_table("assignment")
        return _entries(session, module) if ready else {}


def _entries(session: Session, module: str) -> dict[str, Entry]:
    from nbgrader import api
    from sqlalchemy import select

    ours = (
        select(api.SubmittedAssignment.student_id, api.SubmittedAssignment.timestamp)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .where(api.Assignment.name == module)
    )
    entries = {
        trainee: Entry(trainee, moment.replace(tzinfo=UTC) if moment else None)
        for trainee, moment in session.execute(ours)
    }
    for row in session.execute(_marks_query(api, select).where(api.Assignment.name == module)):
        entries[row.student_id].marks[row.name] = _cell_mark(row)
    return entries


def _marks_query(api: Any, select: Any) -> Any:
    grade, comment, book = api.Grade, api.Comment, api.SubmittedNotebook
    same_cell = (comment.notebook_id == grade.notebook_id) & (comment.cell_id == grade.cell_id)
    return (
        select(
            api.SubmittedAssignment.student_id,
            api.BaseCell.name,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit,
            grade.needs_manual_grade,
            api.GradeCell.max_score.label("grade_points"),
            api.TaskCell.max_score.label("task_points"),
            comment.manual_comment,
        )
        .select_from(grade)
        .join(api.BaseCell.__table__, api.BaseCell.__table__.c.id == grade.cell_id)
        .outerjoin(api.GradeCell.__table__, api.GradeCell.__table__.c.id == grade.cell_id)
        .outerjoin(api.TaskCell.__table__, api.TaskCell.__table__.c.id == grade.cell_id)
        .outerjoin(comment, same_cell)
        .join(book, book.id == grade.notebook_id)
        .join(api.SubmittedAssignment, api.SubmittedAssignment.id == book.assignment_id)
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
    )


def _cell_mark(row: Any) -> CellMark:
    points = row.auto_score if row.manual_score is None else row.manual_score
    return CellMark(
        points=(points or 0.0) + (row.extra_credit or 0.0),
        max_points=row.grade_points or row.task_points or 0.0,
        waits=row.needs_manual_grade,
        by_trainer=row.manual_score is not None,
        comment=row.manual_comment or "",
    )
