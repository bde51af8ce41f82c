"""Tell which hand-ins of a gradebook a trainer marked by hand, and which another one lacks.

Apart from `rescue`: whole gradebooks are compared here, by nbgrader's own names of rows,
which no two gradebooks share.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

FEW = 3  # so many marks a trainer may have taken back one by one
BY_HAND = (
    "SELECT notebook_id FROM grade WHERE manual_score IS NOT NULL OR extra_credit IS NOT NULL",
    "SELECT notebook_id FROM comment WHERE manual_comment IS NOT NULL",
    "SELECT notebook_id FROM alongside_earlier",  # an older course had no such table
)
GRADED = ("SELECT DISTINCT notebook_id FROM grade",)


def marked_by_hand(gradebook: Path) -> frozenset[str]:
    """Return the rows of the hand-ins in a gradebook for which a trainer gave anything."""
    return _rows(gradebook, BY_HAND)


def count_lost(gradebook: Path, copy: Path) -> int:
    """Count the hand-ins marked in a copy whose marks a gradebook lacks.

    Whose mark was taken back is still there as a row, and is no loss; but where that seems
    so of most of them at once, an older gradebook was put in place.
    """
    given = marked_by_hand(copy)
    if not given:
        return 0
    gone = given - _rows(gradebook, GRADED)
    without = given - marked_by_hand(gradebook)
    most = len(without) >= FEW and 2 * len(without) > len(given)
    return len(gone | without) if most else len(gone)


def _rows(gradebook: Path, queries: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    with closing(sqlite3.connect(gradebook)) as opened:
        for query in queries:
            with suppress(sqlite3.DatabaseError):  # damage is said by whoever opens it
                found.update(row for (row,) in opened.execute(query))
    return frozenset(found)
