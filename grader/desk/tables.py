"""The desk's own tables in nbgrader's gradebook: who decided what, what was flagged, looked at.

They lie beside nbgrader's, as those of `grader.trainer.gradebook.tables` do. They are made apart
from those, so that a gradebook from before there was a desk is read as it always was.
"""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# Which marks wait is asked all the time, and nbgrader keeps no index for it. With one, a cohort
# of 5,000 is counted in a tenth of a second.
# It holds all that is counted, so that no other part of a large table is read.
INDEX = (
    "CREATE INDEX IF NOT EXISTS alongside_waiting "
    "ON grade (cell_id, notebook_id, id, needs_manual_grade) WHERE {}"
)
WAITS = {"sqlite": "needs_manual_grade = 1"}


@cache
def tables() -> Any:
    """Return the desk's tables by name.

    ``decided`` holds each decision: who, when, what, and the mark before and after, as JSON;
    ``batch`` joins those that were made at once, ``undone`` tells that it was taken back.
    ``flagged`` holds what is left for a colleague. ``looked`` holds what the course made of
    words that wait: ``rank`` says how soon a person should read them, ``points`` are the
    suggested ones where they are sure, ``acts`` and ``stems`` tell like replies. ``heard``
    holds the acts that a trainer ticked with a decision. ``second`` holds second marks, each
    with the ``first`` decision, which its trainer had not seen; ``shown`` tells that they have
    by now.
    ``differing`` holds what a trainer on another computer gave where somebody decided otherwise
    here; ``after`` is the number of the last decision here at that time.
    """
    from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text

    about = MetaData()
    decided = Table(
        "alongside_decided",
        about,
        Column("number", Integer, primary_key=True, autoincrement=True),
        Column("notebook_id", String(32), nullable=False, index=True),
        Column("cell_id", String(32), nullable=False),
        Column("grade_id", String(32), nullable=False, index=True),
        Column("who", String(128), nullable=False),
        Column("at", String(32), nullable=False),
        Column("what", String(16), nullable=False),
        Column("batch", String(32), nullable=False, index=True),
        Column("before", Text, nullable=False),
        Column("after", Text, nullable=False),
        Column("undone", Boolean, nullable=False, default=False),
    )
    flagged = Table(
        "alongside_flagged",
        about,
        *(Column(name, String(32), primary_key=True) for name in ("notebook_id", "cell_id")),
        Column("who", String(128), nullable=False),
        Column("at", String(32), nullable=False),
    )
    looked = Table(
        "alongside_looked",
        about,
        *(Column(name, String(32), primary_key=True) for name in ("cell_id", "notebook_id")),
        Column("grade_id", String(32), nullable=False),
        Column("rank", Integer, nullable=False, index=True),
        Column("points", Float),
        Column("acts", Text, nullable=False),
        Column("stems", Text, nullable=False),
    )
    heard = Table(
        "alongside_heard",
        about,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("acts", Text, nullable=False),
    )
    second = Table(
        "alongside_second",
        about,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("first", Integer, nullable=False),
        Column("points", Float, nullable=False),
        Column("reason", Text, nullable=False),
        Column("shown", Boolean, nullable=False, default=False),
    )
    differing = Table(
        "alongside_differing",
        about,
        Column("number", Integer, primary_key=True, autoincrement=True),
        *(Column(name, String(32), nullable=False) for name in ("notebook_id", "cell_id")),
        Column("grade_id", String(32), nullable=False, index=True),
        Column("who", String(128), nullable=False),
        Column("at", String(32), nullable=False),
        Column("score", Float),
        Column("extra", Float),
        Column("comment", Text, nullable=False),
        Column("after", Integer, nullable=False),
    )
    return SimpleNamespace(
        decided=decided,
        flagged=flagged,
        looked=looked,
        heard=heard,
        second=second,
        differing=differing,
    )


def make_tables(session: Session) -> None:
    """Make those tables, and the index of what waits, that are not there yet."""
    from sqlalchemy import text

    if not have_tables(session) and not _made_meanwhile(session):
        next(iter(vars(tables()).values())).metadata.create_all(session.connection())
        dialect = session.get_bind().dialect.name
        session.execute(text(INDEX.format(WAITS.get(dialect, "needs_manual_grade"))))


def _made_meanwhile(session: Session) -> bool:
    """Wait for another desk that makes the tables now; tell whether it did.

    SQLite lets one write at a time. On a server, two would make the same tables, and one fail.
    """
    from nbgrader.api import Assignment
    from sqlalchemy import select

    session.execute(select(Assignment.id).order_by(Assignment.id).with_for_update())
    return have_tables(session)


def have_tables(session: Session) -> bool:
    """Tell whether the desk's tables are there."""
    from sqlalchemy import inspect

    there = inspect(session.connection())
    return all(there.has_table(table.name) for table in vars(tables()).values())
