"""Open nbgrader's gradebook and read from it; `grader.trainer.gradebook.rows` writes marks."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.errors import GradingError
from grader.files.folder_names import require_usable
from grader.files.privacy import close_to_others, require_ours
from grader.files.safe import locked
from grader.formats.nbgrader_paths import put_scripts_on_path, take_as_names
from grader.places import GRADEBOOK, NOTEBOOK
from grader.trainer.collect.collect import COURSE_ID
from grader.trainer.gradebook.backups import (
    SIDE_FILES,
    damaged,
    is_begun,
    is_cut_link,
    sqlite_path,
)
from grader.trainer.gradebook.marks import entries_of
from grader.trainer.gradebook.restoring import make_way
from grader.trainer.gradebook.whole import has_tables
from grader.trainer.marking.marks import Entry
from grader.trainer.release import SOURCE_STEPS, convert_source

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Found = TypeVar("Found")
DATABASE_VARIABLE = "ALONGSIDE_DB"
SQLITE_PATIENCE = 60  # seconds to wait for formgrader or another run to finish writing


def default_db_url(root: Path) -> str:
    """Return the gradebook's address: ``ALONGSIDE_DB``, else ``gradebook.db`` in the course."""
    return os.environ.get(DATABASE_VARIABLE) or local_db_url(root)


def local_db_url(root: Path) -> str:
    """Return the address of the ``gradebook.db`` in a course folder.

    Raises
    ------
    GradingError
        Where no address can name the folder.
    """
    from sqlalchemy.engine import URL

    require_usable(root)
    path = root.resolve() / GRADEBOOK
    if not is_cut_link(path):  # one that leads nowhere is refused by its own name
        path = path.resolve()
    # In an address some signs stand for others, so a path is never just put into one.
    address = URL.create("sqlite", database=str(path)).render_as_string(hide_password=False)
    if sqlite_path(address) != path:  # SQLAlchemy before 2.1 reads some signs otherwise
        raise GradingError(f"No gradebook can be kept in {str(root)!a}; rename the folder")
    return address


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
    take_as_names(root)
    steps = [getattr(preprocessors, name) for name in (*SOURCE_STEPS, "SaveCells")]
    try:
        _make_private(db_url)
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
            "put them back. Or keep gradebook.db and backups/ under other names, with all marks "
            "set by hand in them, and grade into a new one"
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


def new_gradebook(db_url: str) -> Path | None:
    """Begin a gradebook anew where one was lost, and return where what lay there is kept.

    Raises
    ------
    GradingError
        Where nothing is lost, or none can be made.
    """
    from sqlalchemy.exc import SQLAlchemyError

    path = sqlite_path(db_url)
    if path is None:
        what = "This gradebook is on a database server"
        raise GradingError(f"{what}; run this without --new-gradebook")
    aside = make_way(path)
    try:
        _begin(path)
    except SQLAlchemyError as error:
        raise _unopened(db_url, error) from None
    return aside


def _make_private(db_url: str) -> None:
    path = sqlite_path(db_url)
    if path is not None and path.parent.is_dir():
        if not is_begun(path):
            _begin(path)
        close_to_others(path)
        require_ours(path)


def _begin(path: Path) -> None:
    """Make an empty gradebook, whole or not at all."""
    from nbgrader.api import Gradebook
    from sqlalchemy.engine import URL

    put_scripts_on_path()  # whoever asks: nbgrader calls alembic to make it
    take_as_names(path.parent)
    with locked(path):  # formgrader's button may make it as well
        if has_tables(path):
            return
        draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        try:
            draft.touch(mode=0o600)
            address = URL.create("sqlite", database=str(draft.resolve()))
            with Gradebook(address.render_as_string(hide_password=False), COURSE_ID):
                pass
            for ending in SIDE_FILES:  # of one that was half made
                Path(f"{path}{ending}").unlink(missing_ok=True)
            draft.replace(path)
        finally:
            for ending in ("", *SIDE_FILES):
                Path(f"{draft}{ending}").unlink(missing_ok=True)


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
    path = sqlite_path(db_url)
    if path and ("not a database" in reason or "malformed" in reason):
        return damaged(path, f"at {shown}")
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
    return read_from(db_url, lambda session: entries_of(session, module)) or {}


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
        if not is_begun(gradebook):
            return None
        require_ours(gradebook)
    with gradebook_session(db_url) as session:
        from sqlalchemy import inspect

        ready = inspect(session.get_bind()).has_table("assignment")
        return read(session) if ready else None
