"""Read from a damaged gradebook what a trainer set by hand, as far as it can be read.

Nothing of it is put back unseen: what a damaged file says may be untrue. It is listed, so
that the trainer can set it again.

Apart from `backups`: it reads bytes where no database opens any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from grader.files.privacy import write_private

# Trainee, module, cell, mark set by hand, points on top, comment.
Row = tuple[object, ...]
BY_HAND = """
SELECT sent.student_id, module.name, cell.name,
       grade.manual_score, grade.extra_credit, comment.manual_comment
FROM grade
JOIN submitted_notebook AS book ON book.id = grade.notebook_id
JOIN submitted_assignment AS sent ON sent.id = book.assignment_id
JOIN assignment AS module ON module.id = sent.assignment_id
JOIN base_cell AS cell ON cell.id = grade.cell_id
LEFT JOIN comment ON comment.notebook_id = grade.notebook_id AND comment.cell_id = grade.cell_id
WHERE grade.manual_score IS NOT NULL OR grade.extra_credit IS NOT NULL
   OR comment.manual_comment IS NOT NULL
"""
# The same of what was set aside because other words came.
EARLIER = """
SELECT sent.student_id, module.name, cell.name,
       given.manual_score, given.extra_credit, given.manual_comment
FROM alongside_earlier AS given
JOIN submitted_notebook AS book ON book.id = given.notebook_id
JOIN submitted_assignment AS sent ON sent.id = book.assignment_id
JOIN assignment AS module ON module.id = sent.assignment_id
JOIN base_cell AS cell ON cell.id = given.cell_id
"""


def list_lost(damaged: Path, restored: Path) -> Path | None:
    """List what the damaged gradebook has by hand and the restored one has not.

    Returns
    -------
    Path or None
        A text file beside the damaged one; None where nothing more could be read.
    """
    if not damaged.exists():
        return None
    lost = sorted(set(_by_hand(damaged)) - set(_by_hand(restored)), key=repr)
    if not lost:
        return None
    path = damaged.with_name(f"{damaged.name}.txt")
    lines = ["trainee, module, cell, mark, points on top, comment", *map(_line, lost), ""]
    write_private(path, "\n".join(lines).encode())
    return path


def holds_marks(gradebook: Path) -> bool:
    """Tell whether a gradebook holds anything that a trainer gave."""
    return any(True for _ in _by_hand(gradebook))


def _by_hand(gradebook: Path) -> Iterator[Row]:
    with closing(sqlite3.connect(gradebook)) as opened:
        opened.text_factory = lambda raw: raw.decode("utf-8", "replace")
        for rows in (BY_HAND, EARLIER):
            # Row by row, so that those before the damage count; an older course lacked a table.
            with suppress(sqlite3.DatabaseError):
                yield from opened.execute(rows)


def _line(row: Row) -> str:
    return ", ".join(map(_shown, row))


def _shown(value: object) -> str:
    text = "-" if value is None else str(value)
    return text if text.isprintable() else ascii(text)
