"""Open nbgrader's gradebook and read the marks in it; `grader.gradebook_rows` writes them."""

from __future__ import annotations

import logging
import os
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import fsum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.backups import damaged, require_not_emptied, sqlite_path
from grader.collect import COURSE_ID
from grader.errors import GradingError
from grader.privacy import close_to_others, require_ours
from grader.release import NOTEBOOK, SOURCE_STEPS, convert_source

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Found = TypeVar("Found")
DATABASE_VARIABLE = "ALONGSIDE_DB"
SQLITE_PATIENCE = 60  # seconds to wait for formgrader or another run to finish writing


@dataclass(frozen=True, slots=True)
class CellMark:
    """One mark as the gradebook has it; ``by_trainer`` tells that a trainer set it.

    ``auto_score`` is what the answers alone earned, None where a trainer decides.
    """

    points: float
    max_points: float
    waits: bool
    by_trainer: bool
    comment: str = ""
    auto_score: float | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """All marks of one trainee for one module, by grade id."""

    trainee: str
    handed_in: datetime | None
    marks: dict[str, CellMark] = field(default_factory=dict)

    @property
    def points(self) -> float:
        """Points so far, without what waits; the same in whatever order the rows come."""
        return fsum(mark.points for mark in self.marks.values())

    @property
    def waiting(self) -> int:
        """How many answers a trainer still has to look at."""
        return sum(mark.waits for mark in self.marks.values())


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
    _make_private(db_url)
    steps = [getattr(preprocessors, name) for name in (*SOURCE_STEPS, "SaveCells")]
    try:
        patient = _patient(db_url)
        with _no_tracebacks():
            with Gradebook(patient, COURSE_ID) as gradebook:
                gradebook.update_or_create_assignment(module)
            convert_source(root, module, steps, {"db_url": patient})
    except (SQLAlchemyError, ImportError, InvalidEntry) as error:
        raise _unopened(db_url, error) from None
    except GradingError as error:
        if cause := _database_error(error):
            raise _unopened(db_url, cause) from None
        if "Cannot add or remove cells" not in str(error):
            raise
        message = (
            f"solutions/{module}/{NOTEBOOK} has other cells than when it was first graded; "
            "put them back. Or keep gradebook.db under another name, with all marks set "
            "by hand in it, and grade into a new one"
        )
        raise GradingError(message) from None


@contextmanager
def _no_tracebacks() -> Iterator[None]:
    """Keep nbgrader from printing the database's errors, which we say in words."""
    log = logging.getLogger("tornado.application")
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _database_error(error: BaseException | None) -> Exception | None:
    """Return the database's error behind another one: nbgrader wraps some of them."""
    from sqlalchemy.exc import SQLAlchemyError

    while error is not None and not isinstance(error, SQLAlchemyError):
        error = error.__cause__ or error.__context__
    return error


def _patient(db_url: str) -> str:
    """Return an address by which nbgrader waits as long as we do, not its own five seconds."""
    from sqlalchemy.engine import make_url

    url = make_url(db_url)
    if url.get_backend_name() != "sqlite":
        return db_url
    url = url.update_query_dict({"timeout": str(SQLITE_PATIENCE)})
    return url.render_as_string(hide_password=False)


def put_scripts_on_path() -> None:
    """Let nbgrader find ``alembic``, which it calls by name, without an activated environment."""
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, path])


def _make_private(db_url: str) -> None:
    path = sqlite_path(db_url)
    if path is not None and path.parent.is_dir():
        if not path.exists():
            path.touch(mode=0o600)
        close_to_others(path)
        require_ours(path)


# What a driver says, and what is to be done about it.
_REMEDIES = {
    "full": "the disk is full; make room and run this again",
    "readonly": "it may only be read; allow yourself to write to it",
    "locked": "another program is writing to it; try again in a minute",
}


def _unopened(db_url: str, error: Exception) -> GradingError:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        shown = make_url(db_url).render_as_string(hide_password=True)
    except ArgumentError:
        shown = "its address"
    reason = str(getattr(error, "orig", None) or error).splitlines()[0]
    if sqlite_path(db_url) and ("not a database" in reason or "malformed" in reason):
        return damaged(f"at {shown}")
    for word, remedy in _REMEDIES.items():
        if word in reason:
            return GradingError(f"The gradebook at {shown} cannot be used: {remedy}")
    return GradingError(f"The gradebook cannot be opened at {shown}: {reason}; check the address")


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
            raise _unopened(db_url, error) from error


def _be_patient(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own transactions begin too late
    connection.execute(f"PRAGMA busy_timeout = {SQLITE_PATIENCE * 1000}")


def _begin_immediate(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def read_gradebook(db_url: str, module: str) -> dict[str, Entry]:
    """Return the marks of a module by trainee; none where nothing was graded yet.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    return read_from(db_url, lambda session: _entries(session, module)) or {}


def read_names(db_url: str) -> tuple[set[str], set[str]]:
    """Return the trainees and the modules that stand in the gradebook.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    from nbgrader.api import Assignment, Student
    from sqlalchemy import select

    found = read_from(
        db_url,
        lambda session: (
            set(session.scalars(select(Student.id))),
            set(session.scalars(select(Assignment.name))),
        ),
    )
    return found or (set(), set())


def read_from(db_url: str, read: Callable[[Session], Found]) -> Found | None:
    """Read from the gradebook; None where there is none yet, which is not made by looking.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    gradebook = sqlite_path(db_url)
    if gradebook is not None:
        if not gradebook.is_file():
            return None
        require_ours(gradebook)
        require_not_emptied(gradebook)
    with gradebook_session(db_url) as session:
        from sqlalchemy import inspect

        ready = inspect(session.get_bind()).has_table("assignment")
        return read(session) if ready else None


def _entries(session: Session, module: str) -> dict[str, Entry]:
    """Return everybody's marks of a module.

    Cells, trainees and comments are few and are looked up here, not joined to each of
    perhaps a hundred thousand marks: that takes a third of the time. Naming the cells lets
    SQLite use its index; it would read the marks of all modules otherwise.
    """
    from nbgrader import api
    from sqlalchemy import select

    cells = _cells(session, module)
    ours, mark, comment = api.SubmittedAssignment, api.Grade, api.Comment
    entries, by_number = {}, {}
    for number, trainee, moment in session.execute(
        select(ours.id, ours.student_id, ours.timestamp)
        .join(api.Assignment, api.Assignment.id == ours.assignment_id)
        .where(api.Assignment.name == module)
    ):
        handed_in = moment.replace(tzinfo=UTC) if moment else None
        by_number[number] = entries[trainee] = Entry(trainee, handed_in)
    of_notebook = {
        notebook: by_number[number].marks
        for notebook, number in session.execute(
            select(api.SubmittedNotebook.id, api.SubmittedNotebook.assignment_id)
            .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == module)
        )
        if number in by_number  # else handed in between the two questions
    }
    words = {
        (notebook, cell): text
        for notebook, cell, text in session.execute(
            select(comment.notebook_id, comment.cell_id, comment.manual_comment)
            .where(comment.cell_id.in_(cells))
            .where(comment.manual_comment.is_not(None))
        )
    }
    for row in session.execute(
        select(
            mark.notebook_id,
            mark.cell_id,
            mark.auto_score,
            mark.manual_score,
            mark.extra_credit,
            mark.needs_manual_grade,
        ).where(mark.cell_id.in_(cells))
    ):
        if row[0] in of_notebook:
            name, most = cells[row[1]]
            of_notebook[row[0]][name] = _cell_mark(row[2:], most, words.get(row[:2], ""))
    return entries


def _cells(session: Session, module: str) -> dict[str, tuple[str, float]]:
    """Return name and points of each cell of a module, by its number in the gradebook."""
    from nbgrader import api
    from sqlalchemy import func, select

    cell, grade, task = (one.__table__ for one in (api.BaseCell, api.GradeCell, api.TaskCell))
    found = session.execute(
        select(cell.c.id, cell.c.name, func.coalesce(grade.c.max_score, task.c.max_score, 0.0))
        .outerjoin(grade, grade.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .join(api.Notebook, api.Notebook.id == cell.c.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .where(api.Assignment.name == module)
    )
    return {number: (name, most) for number, name, most in found}


def _cell_mark(row: Sequence[Any], most: float, comment: str) -> CellMark:
    auto_score, manual_score, extra_credit, waits = row
    points = auto_score if manual_score is None else manual_score
    return CellMark(
        points=(points or 0.0) + (extra_credit or 0.0),
        max_points=most,
        waits=waits,
        by_trainer=manual_score is not None,
        comment=comment,
        auto_score=auto_score,
    )
