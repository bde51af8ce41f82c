"""Take back what a trainer decided last, all that was decided at once.

Apart from `deciding`: nothing is taken back that somebody else decided since.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.desk.deciding import (
    COUNTS,
    FLAG,
    SECOND,
    UNDO,
    Decided,
    Hand,
    Refused,
    State,
    Wish,
    last_decision,
    state_of,
)
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.files.parsing import parse_json

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def undo(desk: Desk, who: str) -> Decided:
    """Take back what a trainer decided last, all that was decided at once.

    Returns
    -------
    Decided
        What somebody changed since is refused; nothing is done where nothing is left to undo.

    Raises
    ------
    GradingError
        Where the gradebook cannot be written to.
    """
    decided, refused, done = tables().decided, [], []
    with desk.writing() as session:
        hand, rows = Hand(session, who, UNDO, ""), _last_batch(session, who)
        for row in rows:
            before, after = (State(**parse_json(text)) for text in (row.before, row.after))
            where = row.notebook_id, row.cell_id
            now = state_of(session, *where, lock=True)
            changed = (now.seen, now.flagged) != (after.seen, after.flagged)
            if row.what == SECOND:  # it changed no mark, so there is none to put back
                hand.write(where, now, now)
                done.append(where)
            elif changed or _is_decided_since(session, row):
                by = last_decision(session, *where)
                refused.append(Refused(Wish(*where, after.seen), now, *by))
            else:
                hand.write(where, now, before)
                done.append(where)
        taken_back = decided.c.number.in_([row.number for row in rows])
        session.execute(decided.update().where(taken_back).values(undone=True))
    return Decided(len(done), tuple(refused), tuple(done))


def _last_batch(session: Session, who: str) -> Sequence[Any]:
    from sqlalchemy import select

    decided = tables().decided.c
    mine = select(decided.batch).where(decided.who == who, decided.what != UNDO, ~decided.undone)
    batch = session.scalar(mine.order_by(decided.number.desc()).limit(1))
    rows = select(tables().decided).where(decided.batch == (batch or "-"))
    found = session.execute(rows).all()
    return sorted(found, key=lambda row: (row.notebook_id, row.cell_id))  # as in `decide`


def _is_decided_since(session: Session, row: Any) -> bool:
    """Tell whether somebody else decided on it since, be it the same; a flag is no mark."""
    from sqlalchemy import select

    decided = tables().decided.c
    alike = (FLAG,) if row.what == FLAG else COUNTS
    since = (
        select(decided.number)
        .where(decided.notebook_id == row.notebook_id, decided.cell_id == row.cell_id)
        .where(decided.number > row.number, decided.who != row.who)
        .where(decided.what.in_(alike), ~decided.undone)
    )
    return session.scalar(since.limit(1)) is not None
