"""What trainers gave for the answers of a module, as it is passed on to another computer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.desk.deciding import SECOND, State, Where
from grader.desk.decisions import decision_of
from grader.desk.tables import have_tables, tables
from grader.formats.shares import Decision, Given
from grader.trainer.gradebook.marks import cells_of, rows_of_marks
from grader.trainer.marking.marks import Earlier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class GivenHere:
    """What was given, with its row in this gradebook.

    ``last`` numbers its last decision; ``earlier`` is what was given for other words.
    """

    given: Given
    where: Where
    state: State
    last: int = 0
    earlier: tuple[Earlier, ...] = ()


def given_in(session: Session, module: str, *, lock: bool = False) -> Iterator[GivenHere]:
    """Yield what was given for every answer of a module, also where that is nothing.

    With ``lock``, nobody changes it until the session ends.
    """
    cells = cells_of(session, module)
    people, ready = _people(session, module), have_tables(session)
    decided = _decisions(session, cells) if ready else {}
    flags = _flags(session, cells) if ready else {}
    for book, cell, row, mark in rows_of_marks(session, cells, lock=lock):
        if book not in people:
            continue
        where, by_hand = (book, cell), mark.by_hand
        (last, history), flag = decided.get(where, (0, ())), flags.get(where)
        state = State(row, by_hand.score, mark.waits, by_hand.comment, by_hand.extra, bool(flag))
        given = Given(
            people[book],
            module,
            cells[cell][0],
            mark.words,
            by_hand.score,
            by_hand.extra,
            mark.waits,
            by_hand.comment,
            flag,
            history,
        )
        yield GivenHere(given, where, state, last, mark.earlier)


def to_pass_on(session: Session, modules: Iterable[str], trainees: Iterable[str]) -> list[Given]:
    """Return all that was given to some trainees, in the order of its place."""
    known = set(trainees)
    found = (one.given for module in modules for one in given_in(session, module))
    told = [one for one in found if one.trainee in known and _was_touched(one)]
    return sorted(told, key=lambda one: (one.trainee, one.module, one.question))


def _was_touched(one: Given) -> bool:
    return bool(not one.is_empty or one.history or one.flag)


def _people(session: Session, module: str) -> dict[str, str]:
    """Return whose each hand-in of a module is."""
    from nbgrader.api import Assignment, SubmittedAssignment, SubmittedNotebook
    from sqlalchemy import select

    found = (
        select(SubmittedNotebook.id, SubmittedAssignment.student_id)
        .join(SubmittedAssignment, SubmittedAssignment.id == SubmittedNotebook.assignment_id)
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .where(Assignment.name == module)
    )
    return dict(session.execute(found).all())


def _decisions(
    session: Session, cells: Iterable[str]
) -> dict[Where, tuple[int, tuple[Decision, ...]]]:
    """Return all that was decided on each answer in order, with the number of the last.

    A second mark changes no points, and stays where it was given.
    """
    from sqlalchemy import select

    found: dict[Where, tuple[int, tuple[Decision, ...]]] = {}
    decided = tables().decided.c
    rows = select(tables().decided).where(decided.cell_id.in_(cells), decided.what != SECOND)
    for row in session.execute(rows.order_by(decided.number)):
        where = (row.notebook_id, row.cell_id)
        _, before = found.get(where, (0, ()))
        found[where] = (row.number, (*before, decision_of(row)))
    return found


def _flags(session: Session, cells: Iterable[str]) -> dict[Where, tuple[str, str]]:
    from sqlalchemy import select

    flagged = tables().flagged
    rows = session.execute(select(flagged).where(flagged.c.cell_id.in_(cells)))
    return {(row.notebook_id, row.cell_id): (row.who, row.at) for row in rows}
