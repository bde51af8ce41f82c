"""Notice hand-ins that the gradebook knows and this folder lacks: they lie on another computer.

Apart from collecting: it asks the gradebook, which collecting never opens.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import sentence
from grader.files.privacy import kept_back, kept_back_words
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.gradebook.gradebook import default_db_url, read_from

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def what_is_elsewhere(root: Path, db_url: str | None = None, modules: Iterable[str] = ()) -> str:
    """Say how many hand-ins are missing or shut here and what to share; empty where none is.

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
    known = read_from(db_url or default_db_url(root), _hand_ins) or []
    known = [one for one in known if not only or one[1] in only]
    places = {
        place: kept_back(place)
        for place in (root / "submitted" / who / module for who, module in known)
    }
    shut = [part for part in places.values() if part]
    where = Whereabouts(root)
    gone = sum(
        not part and not os.path.lexists(place) and not where.went(place.parent.name, place.name)
        for place, part in places.items()
    )
    return " ".join(filter(None, [_gone(root, gone, len(known)), _shut(shut, len(known))]))


def _gone(root: Path, gone: int, known: int) -> str:
    if not gone:
        return ""
    return (
        f"{gone} of {known} hand-ins in the gradebook are not in {root / 'submitted'}. "
        "Their answers cannot be read here; share the whole course folder with the computer "
        "that collected them, or collect them here as well."
    )


def _shut(shut: list[Path], known: int) -> str:
    if not shut:
        return ""
    what = f"{len(shut)} of {known} hand-ins in the gradebook may not be read by this account"
    return sentence(f"{what}: {kept_back_words(shut[0])}")


def _hand_ins(session: Session) -> list[tuple[str, str]]:
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    sent = select(SubmittedAssignment.student_id, Assignment.name)
    return [(who, module) for who, module in session.execute(sent.join(Assignment))]
