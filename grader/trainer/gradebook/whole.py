"""Tell a whole gradebook from what else can lie in its place, and see where one has been."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from grader.errors import DISK_FULL

# As nbgrader makes them; no gradebook of this course was ever without one of them.
TABLES = frozenset(
    {
        *("assignment", "base_cell", "comment", "course", "grade", "grade_cells", "notebook"),
        *("solution_cells", "source_cell", "student", "submitted_assignment"),
        *("submitted_notebook", "task_cells"),
    }
)
OTHERS = ("alembic_version", "alongside_")  # begin the names of what may stand beside them
FILLED = frozenset({"assignment", "student", "base_cell", "grade", "comment"})
PATIENCE = 60  # seconds to wait for formgrader to finish writing
# What is only ever written from a gradebook.
TRACES = (
    "autograded/*/*/*.ipynb",
    "feedback/*/*/*.html",
    "feedback-bundles/*.zip",
    "reports/cohort*",
)


def has_tables(path: Path) -> bool:
    """Tell whether a file holds all tables of a gradebook.

    One that is busy, or may not be read, counts as one that does: whoever opens it says why.
    """
    try:
        return _tables(path) >= TABLES
    except sqlite3.OperationalError:
        return path.is_file()
    except sqlite3.DatabaseError:
        return False


def is_unfinished(path: Path) -> bool:
    """Tell whether a file was begun as a gradebook, and nothing was ever noted in it."""
    try:
        there = _tables(path)
        ours = all(name in TABLES or name.startswith(OTHERS) for name in there)
        return ours and not there >= TABLES and not any(_rows(path, there & FILLED))
    except sqlite3.DatabaseError:
        return False


def is_whole(path: Path) -> bool:
    """Tell whether a file holds all tables of a gradebook, and SQLite finds nothing amiss."""
    try:
        with closing(_opened(path)) as opened:
            sound = opened.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return sound and _tables(path) >= TABLES
    except sqlite3.DatabaseError:
        return False


def trace_in(root: Path) -> str:
    """Return the folder that shows that a course had a gradebook; empty where none does."""
    return next((one.split("/")[0] for one in TRACES if any(root.glob(one))), "")


def _tables(path: Path) -> frozenset[str]:
    with closing(_opened(path)) as opened:
        found = opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return frozenset(name for (name,) in found)


def _rows(path: Path, tables: frozenset[str]) -> list[tuple[int]]:
    with closing(_opened(path)) as opened:
        # The names are our own, from the list above.
        return [row for name in tables for row in opened.execute(f"SELECT 1 FROM {name} LIMIT 1")]  # noqa: S608


def _opened(path: Path) -> sqlite3.Connection:
    if not path.is_file():  # SQLite would make it by looking
        raise sqlite3.OperationalError(f"{path.name} is not there")
    return sqlite3.connect(path, timeout=PATIENCE)


def why_no_copy(error: Exception) -> str:
    """Say in short why a copy of a gradebook could not be written."""
    is_full = getattr(error, "errno", None) in DISK_FULL or "disk is full" in str(error)
    return "the disk is full" if is_full else str(getattr(error, "strerror", None) or error)
