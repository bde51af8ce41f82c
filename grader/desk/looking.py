"""Look through the replies that wait: whose writer may be in danger comes first.

What was found is noted in the gradebook, so that lists need no words. A reply is looked at
once; other words have another number in the gradebook, and are looked at again.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.coding.coder import SURE
from grader.desk.answers import Answer, read_answer
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import AlongsideError
from grader.kinds.talk.graph import REPLY
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import walk
from grader.kinds.typed.scene import words_of
from grader.kinds.typed.stems import stem
from grader.surroundings import LOG
from grader.trainer.gradebook.gradebook import read_from

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

READ_FIRST, ORDINARY, UNREADABLE = 0, 1, 2  # how soon a person should read them
BATCH = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mark that waits and that nobody has looked at: its rows, and whose it is."""

    grade_id: str
    notebook: str
    cell: str
    grade_name: str
    module: str
    trainee: str


def look_through(desk: Desk) -> int:
    """Look at all that waits and was not looked at; return how many replies that were.

    Raises
    ------
    GradingError
        Where the gradebook cannot be used.
    """
    if not desk.get_ready():
        return 0
    count = 0
    while found := read_from(desk.db_url, _unlooked):
        rows = [_row(desk, one) for one in found]
        with desk.writing() as session:
            _note(session, rows)
        count += len(rows)
    return count


def _unlooked(session: Session) -> list[Waiting]:
    from nbgrader import api
    from sqlalchemy import and_, or_, select

    looked = tables().looked.c
    same = and_(looked.cell_id == api.Grade.cell_id, looked.notebook_id == api.Grade.notebook_id)
    found = (
        select(
            api.Grade.id,
            api.Grade.notebook_id,
            api.Grade.cell_id,
            api.BaseCell.name,
            api.Assignment.name,
            api.SubmittedAssignment.student_id,
        )
        .join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .join(
            api.SubmittedAssignment,
            api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id,
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .outerjoin(tables().looked, same)
        .where(api.Grade.needs_manual_grade)
        .where(or_(looked.grade_id.is_(None), looked.grade_id != api.Grade.id))
        .limit(BATCH)
    )
    return [Waiting(*row) for row in session.execute(found)]


def _row(desk: Desk, one: Waiting) -> dict[str, Any]:
    where = {"cell_id": one.cell, "notebook_id": one.notebook, "grade_id": one.grade_id}
    try:
        answer = read_answer(desk, one.module, one.grade_name, one.trainee)
    except AlongsideError:
        return where | {"rank": UNREADABLE, "points": None, "acts": "", "stems": "[]"}
    return where | _seen(answer)


def _seen(answer: Answer) -> dict[str, Any]:
    acts = sorted(_acts(answer))
    text = answer.response if isinstance(answer.response, str) else ""
    stems = sorted({stem(word) for word in words_of(text)})
    return {
        "rank": _rank(answer),
        "points": answer.suggested,
        "acts": " ".join(acts),
        "stems": json.dumps(stems),
    }


def _acts(answer: Answer) -> set[str]:
    """Return the acts that count as seen; of a talk, those of the turns that were typed."""
    if answer.place.item.kind == "conversation":
        taken = walk(graph_of(answer.place.view), answer.response).taken
        return {act for step in taken if step.turn.asks == REPLY for act in step.acts}
    return {act.act for act in answer.score.acts if act.confidence >= SURE}


def _rank(answer: Answer) -> int:
    if answer.problem:
        return UNREADABLE
    return READ_FIRST if answer.score.read_first else ORDINARY


def _note(session: Session, rows: Iterable[dict[str, Any]]) -> None:
    from sqlalchemy import delete, insert

    looked = tables().looked
    for row in rows:
        same = (looked.c.cell_id == row["cell_id"], looked.c.notebook_id == row["notebook_id"])
        session.execute(delete(looked).where(*same))
        session.execute(insert(looked), row)


class Looker:
    """Looks through what waits in the background, whenever somebody opens the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin, unless it is under way; whatever goes wrong is tried again the next time."""
        threading.Thread(target=self.run, daemon=True).start()

    def run(self) -> None:
        """Look through all, one at a time."""
        if self._lock.acquire(blocking=False):
            try:
                look_through(self._desk)
            except Exception:  # the desk shows how many are not looked at
                LOG.exception("replies could not be looked through")
            finally:
                self._lock.release()
