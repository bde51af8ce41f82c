"""Pass decisions on between computers: as they are read here, and written as they were there.

Apart from `deciding`, which holds what is decided on this desk.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.desk.deciding import FLAG, Hand, State, Where, state_of
from grader.desk.tables import tables
from grader.files.parsing import parse_json
from grader.formats.shares import Decision

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Flag = tuple[str, str] | None  # who, and when


def take_over(
    session: Session, where: Where, after: State, history: Sequence[Decision], flag: Flag
) -> None:
    """Write what was decided on another computer, with who and when it was there.

    Parameters
    ----------
    session : Session
        That writes.
    where : tuple of str
        Hand-in and question.
    after : State
        The mark as it shall be; of its flag nothing is written.
    history : sequence of Decision
        All decisions that led to it there, of which those that are new here are noted.
    flag : tuple of str or None
        Who flagged the reply, and when; a flag that is here already stays.
    """
    now = state_of(session, *where, lock=True)
    Hand(session, "", "", "").put(where, now, replace(after, flagged=now.flagged))
    known, before = _noted(session, where), now
    for one in history:
        state = replace(after, score=one.points, extra=one.extra, waits=one.waits)
        state = replace(state, comment=one.comment, flagged=now.flagged)
        if one.name not in known:
            hand = Hand(session, one.who, one.what, secrets.token_hex(16), one.at)
            hand.note(where, before, state, undone=one.undone)
        elif one.undone:
            number = tables().decided.c.number == known[one.name]
            session.execute(tables().decided.update().where(number).values(undone=True))
        before = state
    if flag and not now.flagged:
        unmarked = replace(after, flagged=False)
        hand = Hand(session, flag[0], FLAG, "", flag[1])
        hand.put(where, unmarked, replace(after, flagged=True))


def _noted(session: Session, where: Where) -> dict[str, int]:
    """Return the numbers of all decisions on a reply, by name."""
    from sqlalchemy import select

    decided = tables().decided
    chosen = select(decided).where(decided.c.notebook_id == where[0], decided.c.cell_id == where[1])
    return {decision_of(row).name: row.number for row in session.execute(chosen)}


def decision_of(row: Any) -> Decision:
    """Return a decision as it is passed on, from its row."""
    after = State(**parse_json(row.after))
    mark = (after.score, after.extra, after.waits, after.comment)
    return Decision(row.who, row.at, row.what, *mark, bool(row.undone))
