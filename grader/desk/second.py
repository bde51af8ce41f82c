"""Second marks: a part of what one person marked is marked by another, who does not see the first.

Which replies these are follows from code and question alone, so that every computer picks the
same ones. A second mark stands beside the first and changes no points.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from grader.content.syllabus import syllabus_of
from grader.desk.deciding import (
    FIRST,
    MOST_COMMENT,
    SECOND,
    SETTLE,
    Hand,
    Where,
    Wish,
    state_of,
)
from grader.desk.looking import READ_FIRST
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import GradingError
from grader.files.parsing import parse_json
from grader.trainer.gradebook.gradebook import read_from

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NOT_OFFERED = "This reply does not need a second mark from you any more; go back to the desk"


@dataclass(frozen=True, slots=True)
class Offer:
    """A reply that is offered to a second trainer; ``first`` is the number of its first mark."""

    module: str
    grade_name: str
    notebook: str
    cell: str
    grade_id: str
    first: int


def is_chosen(trainee: str, module: str, grade_name: str, percent: int) -> bool:
    """Tell whether a reply is one of the part that two trainers mark: anywhere and always alike."""
    name = "\n".join((trainee, module, grade_name)).encode()
    drawn = int.from_bytes(hashlib.sha256(name).digest()[:8], "big")
    return drawn * 100 < percent << 64


# Who is asked ---------------------------------------------------------------------------


def offers_to(desk: Desk, who: str) -> list[Offer]:
    """Return the replies that a trainer may give a second mark, in the order of their numbers.

    Raises
    ------
    GradingError
        Where the gradebook cannot be read.
    """
    if not desk.get_ready():
        return []
    percent = syllabus_of(desk.root).second_marks
    found = read_from(desk.db_url, lambda session: list(_offers(session, who, percent))) or []
    return sorted(found, key=lambda one: (one.module, one.grade_name, one.notebook))


def is_offered(desk: Desk, who: str, notebook: str, cell: str) -> bool:
    """Tell whether a trainer should mark this reply without seeing the mark that it has."""
    percent = syllabus_of(desk.root).second_marks
    return bool(
        read_from(desk.db_url, lambda session: _offered(session, who, percent, (notebook, cell)))
    )


def counted(offers: Iterable[Offer]) -> dict[tuple[str, str], int]:
    """Count offers by module and question."""
    return dict(Counter((one.module, one.grade_name) for one in offers))


def _offered(session: Session, who: str, percent: int, where: Where) -> Offer | None:
    return next(_offers(session, who, percent, where), None)


def _offers(
    session: Session, who: str, percent: int, where: Where | None = None
) -> Iterator[Offer]:
    """Yield what is offered; whoever gave the first mark, or saw it, is not asked.

    A second mark that is taken back unseen may be given anew. Whose first mark it is has to be
    known, so marks that were set elsewhere are left out. So is what should be read first: its
    writer may be in danger, and it is no reply to compare.
    """
    rows = session.execute(_decisions(where)).all()
    if all(row.who == who for row in rows):
        return  # of nobody else
    for _, of_one in groupby(rows, key=lambda row: row.grade_id):
        decisions = list(of_one)
        last = decisions[-1]
        if not is_chosen(last.student_id, last.module, last.grade_name, percent):
            continue
        if any(_is_taken(row) or _knows(row, who) for row in decisions):
            continue
        first = next((row for row in reversed(decisions) if _is_first(row)), None)
        if first:
            yield Offer(
                *(last.module, last.grade_name, last.notebook_id, last.cell_id, last.grade_id),
                first=first.number,
            )


def _is_taken(row: Any) -> bool:
    return row.what == SECOND and not row.undone


def _knows(row: Any, who: str) -> bool:
    """Tell whether a trainer gave the first mark at any time, or has seen it since."""
    return row.who == who and (row.what != SECOND or bool(row.shown))


def _is_first(row: Any) -> bool:
    """Tell whether a decision gave the mark that stands."""
    stands = row.what in FIRST and not row.undone
    return stands and parse_json(row.after)["score"] == row.manual_score


def _decisions(where: Where | None) -> Any:
    """Choose what was decided on replies that are marked, those of one reply side by side."""
    from nbgrader import api
    from sqlalchemy import func, select

    decided, looked = tables().decided.c, tables().looked.c
    grade = api.Grade.__table__.c
    columns = (decided.number, decided.who, decided.what, decided.after, decided.undone)
    chosen = (
        select(
            *columns,
            *(decided.grade_id, grade.notebook_id, grade.cell_id, grade.manual_score),
            tables().second.c.shown,
            api.BaseCell.name.label("grade_name"),
            api.Assignment.name.label("module"),
            api.SubmittedAssignment.student_id,
        )
        .join(api.Grade, grade.id == decided.grade_id)
        .join(api.BaseCell, api.BaseCell.id == grade.cell_id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == grade.notebook_id)
        .join(
            api.SubmittedAssignment,
            api.SubmittedAssignment.id == api.SubmittedNotebook.assignment_id,
        )
        .join(api.Assignment, api.Assignment.id == api.SubmittedAssignment.assignment_id)
        .outerjoin(
            tables().looked,
            (looked.cell_id == grade.cell_id)
            & (looked.notebook_id == grade.notebook_id)
            & (looked.grade_id == grade.id),
        )
        .outerjoin(tables().second, tables().second.c.number == decided.number)
        .where(decided.what.in_((*FIRST, SECOND, SETTLE)))
        .where(~api.Grade.needs_manual_grade, grade.manual_score.is_not(None))
        .where(func.coalesce(looked.rank, READ_FIRST + 1) != READ_FIRST)
        .order_by(decided.grade_id, decided.number)
    )
    if where:
        return chosen.where(grade.notebook_id == where[0], grade.cell_id == where[1])
    return chosen


def give_second(desk: Desk, who: str, wish: Wish, grade_id: str) -> None:
    """Keep a second mark beside the first, with who and when; no points change.

    Parameters
    ----------
    desk : Desk
        Whose gradebook.
    who : str
        The second trainer.
    wish : Wish
        Points, acts, and as ``comment`` the reason, which only colleagues see.
    grade_id : str
        The number of the mark that was on the page; other words have another.

    Raises
    ------
    GradingError
        Where the reply is not offered to this trainer, or the gradebook cannot be written to.
    """
    percent = syllabus_of(desk.root).second_marks
    with desk.writing() as session:
        now = state_of(session, *wish.where, lock=True)
        offer = _offered(session, who, percent, wish.where)
        if offer is None or wish.points is None or now.grade_id != grade_id:
            raise GradingError(NOT_OFFERED)
        hand = Hand(session, who, SECOND, secrets.token_hex(16))
        number = hand.write(wish.where, now, now)
        hand.hear(number, wish.acts)
        reason = (wish.comment or "")[:MOST_COMMENT].strip()
        row = {"number": number, "first": offer.first, "points": wish.points, "reason": reason}
        session.execute(tables().second.insert().values(row))


def unveil(desk: Desk, who: str, where: Where) -> None:
    """Note that a trainer who gave a second mark sees the first one from now on.

    Raises
    ------
    GradingError
        Where the gradebook cannot be written to.
    """
    from sqlalchemy import select

    second, decided = tables().second, tables().decided.c
    hidden = (
        select(second.c.number)
        .join(tables().decided, decided.number == second.c.number)
        .where(decided.notebook_id == where[0], decided.cell_id == where[1])
        .where(decided.who == who, ~second.c.shown)
    )
    numbers = read_from(desk.db_url, lambda session: list(session.scalars(hidden)))
    if numbers:
        with desk.writing() as session:
            seen = second.update().where(second.c.number.in_(numbers))
            session.execute(seen.values(shown=True))
