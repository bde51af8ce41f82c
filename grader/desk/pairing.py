"""Two marks of one reply side by side: where two see it differently, either of them settles it.

That is a decision like any other, with who and when, and it can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.desk.deciding import SETTLE, Decided, Where, Wish, decide
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import GradingError
from grader.files.parsing import parse_json
from grader.trainer.gradebook.gradebook import read_from

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

APART = 0.5  # points; two marks that are further apart are seen differently
NOT_OPEN = "This is settled by now, or it is for the two who marked it; go back to the desk"


@dataclass(frozen=True, slots=True)
class OneMark:
    """What one trainer gave a reply, with the reason they wrote and the acts they ticked."""

    who: str
    at: str
    points: float
    reason: str = ""
    acts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two marks for the same words, given apart from each other."""

    module: str
    grade_name: str
    notebook: str
    cell: str
    grade_id: str
    first: OneMark
    second: OneMark
    number: int = 0

    @property
    def differs(self) -> bool:
        """Tell whether the two see it differently: in points, or in an act that both looked for."""
        one, other = self.first, self.second
        acts = bool(one.acts and other.acts) and one.acts != other.acts
        return acts or are_apart(one.points, other.points)


def are_apart(one: float, other: float) -> bool:
    """Tell whether two marks are more than half a point apart."""
    return abs(one - other) > APART + 1e-9


def pairs_in(session: Session, *, only_open: bool = False) -> list[Pair]:
    """Return all pairs of marks, or those of replies that nobody has settled yet.

    The first mark is the one that stood when the second was given: what somebody changed after
    they saw the other's is no mark of its own.
    """
    return [_pair(row) for row in session.execute(_paired(only_open=only_open))]


def _paired(*, only_open: bool) -> Any:
    from nbgrader import api
    from sqlalchemy import select

    second = tables().second
    one, other = tables().decided.alias("one"), tables().decided.alias("other")
    heard_one, heard_other = tables().heard.alias(), tables().heard.alias()
    found = (
        select(
            api.Assignment.name.label("module"),
            api.BaseCell.name.label("grade_name"),
            *other.c["number", "notebook_id", "cell_id", "grade_id", "who", "at"],
            *second.c["points", "reason"],
            one.c.who.label("first_who"),
            one.c.at.label("first_at"),
            one.c.after,
            heard_one.c.acts.label("first_acts"),
            heard_other.c.acts,
        )
        .select_from(second)
        .join(other, other.c.number == second.c.number)
        .join(one, one.c.number == second.c.first)
        .join(api.BaseCell, api.BaseCell.id == other.c.cell_id)
        .join(api.Notebook, api.Notebook.id == api.BaseCell.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .outerjoin(heard_one, heard_one.c.number == one.c.number)
        .outerjoin(heard_other, heard_other.c.number == other.c.number)
        .where(~one.c.undone, ~other.c.undone)
        .order_by(other.c.number)
    )
    return _unsettled(found, other) if only_open else found


def _unsettled(found: Any, other: Any) -> Any:
    """Leave out what was settled since, and replies whose mark is gone or waits again."""
    from nbgrader.api import Grade
    from sqlalchemy import select

    decided = tables().decided.c
    settled = (
        select(decided.number)
        .where(decided.grade_id == other.c.grade_id, decided.what == SETTLE, ~decided.undone)
        .where(decided.number > other.c.number)
        .exists()
    )
    there = found.join(Grade, Grade.id == other.c.grade_id)
    return there.where(~Grade.needs_manual_grade, ~settled)


def _pair(row: Any) -> Pair:
    state = parse_json(row.after)
    acts = frozenset((row.first_acts or "").split())
    first = OneMark(row.first_who, row.first_at, state["score"], state["comment"], acts)
    acts = frozenset((row.acts or "").split())
    second = OneMark(row.who, row.at, row.points, row.reason, acts)
    where = (row.module, row.grade_name, row.notebook_id, row.cell_id, row.grade_id)
    return Pair(*where, first, second, row.number)


def differences_of(desk: Desk, who: str) -> list[Pair]:
    """Return what a trainer and a colleague see differently and nobody has settled yet.

    Raises
    ------
    GradingError
        Where the gradebook cannot be read.
    """
    if not desk.get_ready():
        return []
    found = read_from(desk.db_url, lambda session: pairs_in(session, only_open=True)) or []
    return [one for one in found if one.differs and who in (one.first.who, one.second.who)]


def difference_at(desk: Desk, who: str, where: Where) -> Pair:
    """Return the two marks of one reply.

    Raises
    ------
    GradingError
        Where it is settled, or this trainer is none of the two.
    """
    found = (one for one in differences_of(desk, who) if (one.notebook, one.cell) == where)
    pair = next(found, None)
    if pair is None:
        raise GradingError(NOT_OPEN)
    return pair


def settle(desk: Desk, who: str, wish: Wish) -> Decided:
    """Give the points that two agreed on; refused where the mark was changed meanwhile.

    Raises
    ------
    GradingError
        Where it is settled, or this trainer is none of the two.
    """
    difference_at(desk, who, wish.where)
    return decide(desk, who, SETTLE, [wish])
