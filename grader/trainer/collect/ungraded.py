"""Say which marks are for another hand-in than the one that counts now, wherever marks are told."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import one_line, sentence
from grader.trainer.collect.submitted import read_timestamp
from grader.trainer.collect.whereabouts import GONE, Whereabouts
from grader.trainer.gradebook.gradebook import default_db_url, read_from
from grader.trainer.roster.trainees import is_handed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

SHOWN = 5  # named one by one
AGAIN = "this was handed in again after grading"
EARLIER = "an earlier hand-in counts now than the one that was marked"
OTHER_WORK = {AGAIN: "handed in again after grading", EARLIER: "an earlier hand-in counts now"}
_FIRST = "; grade first"


def why_unmarked(
    root: Path, where: Whereabouts, trainee: str, module: str, handed_in: datetime | None
) -> str:
    """Say that what was marked is not what counts here now; empty where it is.

    `GONE` where nothing is here, and nobody knows why: it may lie on another computer.
    """
    folder = root / "submitted" / trainee / module
    if not is_handed_in(folder):
        return where.went(trainee, module) or GONE
    counts = read_timestamp(folder)
    if counts == handed_in:
        return ""
    if counts and handed_in and counts < handed_in:
        return f"{EARLIER}{_FIRST}"
    return f"{AGAIN}{_FIRST}"


def since_grading(
    root: Path, where: Whereabouts, trainee: str, module: str, handed_in: datetime | None
) -> str:
    """Say what happened since something was marked, for a table; empty where nothing did."""
    why = why_unmarked(root, where, trainee, module, handed_in)
    return "" if why == GONE else why.removesuffix(_FIRST)


def to_grade(count: int) -> str:
    """Say how many hand-ins wait for grading, and the command; empty where none does."""
    if not count:
        return ""
    hand_ins = "1 hand-in is" if count == 1 else f"{count} hand-ins are"
    return f"{hand_ins} to be graded: alongside grade --all"


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
    where = Whereabouts(root)
    for who, module, handed_in in known:
        why = why_unmarked(root, where, who, module, handed_in)
        if why and why != GONE:  # that is said of all together
            yield sentence(one_line(f"{who} {module}: {why}"))


def _marked(session: Session) -> list[tuple[str, str, datetime | None]]:
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    sent = select(SubmittedAssignment.student_id, Assignment.name, SubmittedAssignment.timestamp)
    found = session.execute(sent.join(Assignment).order_by(Assignment.name)).all()
    return [(who, name, when.replace(tzinfo=UTC) if when else None) for who, name, when in found]
