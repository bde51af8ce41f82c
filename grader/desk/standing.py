"""How a cohort stands: who handed in, what waits, is damaged, unknown, finished and sent.

All that the gradebook holds is counted by the database; the folders are only listed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.desk.deciding import READ
from grader.desk.differing import differing_replies
from grader.desk.looking import READ_FIRST, UNREADABLE
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.files.litter import is_nobody
from grader.trainer.collect.submitted import read_timestamp
from grader.trainer.gradebook.gradebook import read_from
from grader.trainer.gradebook.tables import have_tables as were_released
from grader.trainer.gradebook.tables import tables as marks_tables
from grader.trainer.grading.graded_before import last_graded, problems_noted
from grader.trainer.roster.codes import Codes
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import is_handed_in

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Pair = tuple[str, str]  # trainee and module


@dataclass(frozen=True, slots=True)
class Module:
    """How one module stands, in hand-ins; ``replies`` are the answers that wait."""

    name: str
    handed_in: int = 0
    missing: int | None = None  # nobody knows without a roster
    ungraded: int = 0
    damaged: int = 0
    waiting: int = 0
    replies: int = 0
    read: int = 0
    released: int = 0


@dataclass(frozen=True, slots=True)
class Question:
    """One question of which replies wait."""

    module: str
    grade_name: str
    cell: str
    waiting: int
    first: int  # to be read first


@dataclass(frozen=True, slots=True)
class Marker:
    """One reply on a list: where it is, who put it there, and when."""

    module: str
    grade_name: str
    notebook: str
    who: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it; ``unlooked`` are the replies that nobody has looked through for danger yet."""

    modules: tuple[Module, ...]
    questions: tuple[Question, ...] = ()
    read_first: tuple[Marker, ...] = ()
    flagged: tuple[Marker, ...] = ()
    differing: tuple[Marker, ...] = ()
    strangers: dict[str, str] = field(default_factory=dict)
    damaged: tuple[tuple[str, str, str], ...] = ()
    unlooked: int = 0
    trainees: int = 0
    roster: int = 0

    def total(self, what: str) -> int:
        """Return a number of `Module` over all modules."""
        return sum(getattr(module, what) or 0 for module in self.modules)


def standing(desk: Desk) -> Standing:
    """Find out how a cohort stands.

    Raises
    ------
    GradingError
        Where the roster or the gradebook cannot be used.
    """
    roster = read_roster(desk.root)
    desk.get_ready()
    there = read_from(desk.db_url, _read) or _Rows()
    lying = dict(_lying(desk))
    everything = there.graded.union(lying)
    people = {who for who, _ in everything}
    ungraded = Counter(module for _, module in _to_grade(desk, lying, there))
    handed_in = Counter(module for _, module in everything)
    graded = Counter(module for _, module in there.graded)
    damaged = tuple(_damaged(desk, there))
    by_module = Counter(module for _, module, _ in damaged)
    modules = tuple(
        replace(
            _module(name, graded[name], there),
            handed_in=handed_in[name],
            ungraded=ungraded[name],
            damaged=by_module[name],
            missing=max(0, len(roster | people) - handed_in[name]) if roster else None,
        )
        for name in desk.modules
    )
    return Standing(
        modules,
        there.questions,
        there.read_first,
        there.flagged,
        there.differing,
        _strangers(frozenset(roster), frozenset(people)),
        damaged,
        there.unlooked,
        len(people),
        len(roster),
    )


@lru_cache(maxsize=4)  # a whole wrong roster takes seconds to be compared
def _strangers(roster: frozenset[str], people: frozenset[str]) -> dict[str, str]:
    return Codes(roster, people).strangers(people)


# The gradebook --------------------------------------------------------------------------


@dataclass
class _Rows:
    graded: set[Pair] = field(default_factory=set)
    waiting: dict[str, int] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()
    read_first: tuple[Marker, ...] = ()
    flagged: tuple[Marker, ...] = ()
    differing: tuple[Marker, ...] = ()
    unlooked: int = 0


def _module(name: str, graded: int, there: _Rows) -> Module:
    waiting, sent = there.waiting.get(name, 0), there.sent.get(name, 0)
    replies = sum(one.waiting for one in there.questions if one.module == name)
    read = max(0, graded - waiting - sent)
    return Module(name, waiting=waiting, replies=replies, read=read, released=sent)


def _read(session: Session) -> _Rows:
    from nbgrader.api import Assignment, SubmittedAssignment
    from sqlalchemy import select

    # Titles are looked up here: joined to each of 50,000 rows they would take twice the time.
    modules: dict[str, str] = dict(session.execute(select(Assignment.id, Assignment.name)).all())
    graded = select(SubmittedAssignment.student_id, SubmittedAssignment.assignment_id)
    return _Rows(
        {(who, modules[module]) for who, module in session.execute(graded)},
        dict(session.execute(_waiting_hand_ins()).all()),
        dict(session.execute(_sent()).all()) if were_released(session) else {},
        tuple(Question(*row) for row in session.execute(_questions())),
        tuple(Marker(*row) for row in session.execute(_read_first())),
        tuple(Marker(*row) for row in session.execute(_flagged())),
        tuple(Marker(*row) for row in session.execute(differing_replies())),
        session.scalar(_unlooked()) or 0,
    )


def _of_question(chosen: Any) -> Any:
    """Join marks with their question and module."""
    from nbgrader import api

    return (
        chosen.join(api.BaseCell, api.BaseCell.id == api.Grade.cell_id)
        .join(api.Notebook, api.Notebook.id == api.BaseCell.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
    )


def _looked(chosen: Any) -> Any:
    """Join marks with what was found when they were looked at, where that was."""
    from nbgrader.api import Grade
    from sqlalchemy import and_

    looked = tables().looked
    same = and_(
        looked.c.cell_id == Grade.cell_id,
        looked.c.notebook_id == Grade.notebook_id,
        looked.c.grade_id == Grade.id,
    )
    return chosen.outerjoin(looked, same)


def _waiting_hand_ins() -> Any:
    from nbgrader.api import Assignment, Grade
    from sqlalchemy import func, select

    counted = _of_question(select(Assignment.name, func.count(Grade.notebook_id.distinct())))
    return counted.where(Grade.needs_manual_grade).group_by(Assignment.name)


def _questions() -> Any:
    from nbgrader.api import Assignment, BaseCell, Grade
    from sqlalchemy import case, func, select

    rank = func.coalesce(tables().looked.c.rank, READ_FIRST + 1)
    first = func.sum(case((rank == READ_FIRST, 1), else_=0))
    chosen = select(Assignment.name, BaseCell.name, BaseCell.id, func.count(), first)
    counted = _of_question(_looked(chosen.select_from(Grade)))
    names = (Assignment.name, BaseCell.name, BaseCell.id)
    readable = counted.where(Grade.needs_manual_grade, rank != UNREADABLE)
    return readable.group_by(*names).order_by(*names)


def _read_first() -> Any:
    """Choose what to read first, until a person has marked it or said that they have read it."""
    from nbgrader.api import Assignment, BaseCell, Grade
    from sqlalchemy import select

    looked, decided = tables().looked.c, tables().decided.c
    read = (
        select(decided.number)
        .where(decided.grade_id == Grade.id, decided.what == READ, ~decided.undone)
        .exists()
    )
    chosen = select(Assignment.name, BaseCell.name, Grade.notebook_id).select_from(tables().looked)
    found = _of_question(chosen.join(Grade, Grade.id == looked.grade_id))
    waiting = found.where(looked.rank == READ_FIRST, Grade.needs_manual_grade, ~read)
    return waiting.order_by(Assignment.name, Grade.notebook_id)


def _flagged() -> Any:
    from nbgrader import api
    from sqlalchemy import select

    flagged = tables().flagged
    return (
        select(api.Assignment.name, api.BaseCell.name, *flagged.c["notebook_id", "who", "at"])
        .select_from(flagged)
        .join(api.BaseCell, api.BaseCell.id == flagged.c.cell_id)
        .join(api.Notebook, api.Notebook.id == api.BaseCell.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .order_by(flagged.c.at)
    )


def _unlooked() -> Any:
    from nbgrader.api import Grade
    from sqlalchemy import func, select

    waiting = _looked(select(func.count()).select_from(Grade)).where(Grade.needs_manual_grade)
    return waiting.where(tables().looked.c.grade_id.is_(None))


def _sent() -> Any:
    """Count hand-ins whose feedback was sent, and of which nothing waits."""
    from nbgrader import api
    from sqlalchemy import func, select

    released = marks_tables().released
    waits = (
        select(api.Grade.id)
        .join(api.SubmittedNotebook, api.SubmittedNotebook.id == api.Grade.notebook_id)
        .where(api.SubmittedNotebook.assignment_id == api.SubmittedAssignment.id)
        .where(api.Grade.needs_manual_grade)
        .exists()
    )
    return (
        select(released.c.module, func.count())
        .join(api.Assignment, api.Assignment.name == released.c.module)
        .join(
            api.SubmittedAssignment,
            (api.SubmittedAssignment.assignment_id == api.Assignment.id)
            & (api.SubmittedAssignment.student_id == released.c.trainee),
        )
        .where(~waits)
        .group_by(released.c.module)
    )


# The folders ----------------------------------------------------------------------------


def _lying(desk: Desk) -> Iterator[tuple[Pair, float]]:
    """Yield who handed in what, and when its folder was changed last."""
    modules = set(desk.modules)
    submitted = desk.root / "submitted"
    for trainee in os.scandir(submitted) if submitted.is_dir() else ():
        if is_nobody(trainee.name) or not trainee.is_dir(follow_symlinks=False):
            continue
        for module in os.scandir(trainee.path):
            if module.name in modules and module.is_dir(follow_symlinks=False):
                yield (trainee.name, module.name), module.stat(follow_symlinks=False).st_mtime


def _to_grade(desk: Desk, lying: dict[Pair, float], there: _Rows) -> Iterator[Pair]:
    """Yield what was handed in since the last grading; only what changed is opened."""
    last = {module: last_graded(desk.root, module) for module in desk.modules}
    changed = [pair for pair, when in lying.items() if when > last[pair[1]]]
    times = _times(desk, {module for _, module in changed}) if changed else {}
    for pair in {*changed, *(lying.keys() - there.graded)}:
        folder = desk.root / "submitted" / pair[0] / pair[1]
        if pair in there.graded:
            if read_timestamp(folder) != times.get(pair):
                yield pair
        elif is_handed_in(folder):
            yield pair


def _times(desk: Desk, modules: set[str]) -> dict[Pair, datetime | None]:
    """Return when each hand-in of some modules that was graded had been handed in."""

    def read(session: Session) -> dict[Pair, datetime | None]:
        from nbgrader.api import Assignment, SubmittedAssignment
        from sqlalchemy import select

        sent = SubmittedAssignment
        found = (
            select(sent.student_id, Assignment.name, sent.timestamp)
            .join(Assignment, Assignment.id == sent.assignment_id)
            .where(Assignment.name.in_(modules))
        )
        return {(who, module): _utc(when) for who, module, when in session.execute(found)}

    return read_from(desk.db_url, read) or {}


def _damaged(desk: Desk, there: _Rows) -> Iterator[tuple[str, str, str]]:
    for module in desk.modules:
        for trainee, problem in sorted(problems_noted(desk.root, module).items()):
            if (trainee, module) in there.graded:
                yield trainee, module, problem


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
