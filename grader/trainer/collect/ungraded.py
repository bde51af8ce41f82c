"""Say which marks are for another hand-in than the one that counts now, wherever marks are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import one_line, sentence
from grader.trainer.collect.senders import FOLDER as ASIDE
from grader.trainer.collect.submitted import read_timestamp
from grader.trainer.gradebook.gradebook import default_db_url, read_from
from grader.trainer.roster.trainees import is_handed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 5  # named one by one


def why_stale(folder: Path, handed_in: datetime | None) -> str:
    """Say that what was marked is not what counts in a folder now; empty where it is."""
    counts = read_timestamp(folder)
    if counts == handed_in:
        return ""
    if counts and handed_in and counts < handed_in:
        return "an earlier hand-in counts now than the one that was marked; grade first"
    return "this was handed in again after grading; grade first"


def stale_marks(root: Path, db_url: str | None = None, modules: Iterable[str] = ()) -> list[str]:
    """Return a line for each trainee and module whose marks are for another hand-in.

    Parameters
    ----------
    root : Path
        The course folder.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.
    modules : iterable of str
        Which ones; all by default.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    only = set(modules)
    known = read_from(db_url or default_db_url(root), _marked) or []
    lines = list(_lines(root, [one for one in known if not only or one[1] in only]))
    more = len(lines) - SHOWN
    rest = [f"And {more} more of this sort. To mark them: alongside grade --all"]
    return [*lines[:SHOWN], *(rest if more > 0 else [])]


def _lines(root: Path, known: Iterable[tuple[str, str, datetime | None]]) -> Iterator[str]:
    for who, module, handed_in in known:
        folder = root / "submitted" / who / module
        if is_handed_in(folder):
            why = why_stale(folder, handed_in)
        elif any((one / "submitted" / who / module).is_dir() for one in (root / ASIDE).glob("*")):
            why = "what was marked is kept aside, and its marks still stand; see 'alongside whose'"
        else:
            continue  # said of all together, as they may lie on another computer
        if why:
            yield sentence(one_line(f"{who} {module}: {why}"))


def _marked(session: Session) -> list[tuple[str, str, datetime | None]]:
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    sent = select(SubmittedAssignment.student_id, Assignment.name, SubmittedAssignment.timestamp)
    found = session.execute(sent.join(Assignment).order_by(Assignment.name)).all()
    return [(who, name, when.replace(tzinfo=UTC) if when else None) for who, name, when in found]
