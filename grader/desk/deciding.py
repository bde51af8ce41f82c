"""Decide on replies: points, a comment, a flag; each with who and when, and each can be undone.

A decision carries what its trainer saw. Where the mark is another by now, it is refused and
both are shown: nobody overwrites what they did not see. Marks are written as formgrader writes
them, so that it shows them and the next grading keeps them.
"""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import GradingError

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

MARK, ALIKE, ACCEPT = "mark", "alike", "accept"  # one; a group of like ones; all sure ones
FLAG, READ, UNDO = "flag", "read", "undo"
SECOND, SETTLE = "second", "settle"  # a second mark beside the first; what two agreed on
FIRST = (MARK, ALIKE, ACCEPT)  # how a first mark is given
COUNTS = (*FIRST, SETTLE)  # what changes the mark that counts
MOST_COMMENT = 5_000  # characters
Where = tuple[str, str]  # numbers of a hand-in and of a question


@dataclass(frozen=True, slots=True)
class State:
    """A mark as the gradebook has it, with its number there: other words have another."""

    grade_id: str
    score: float | None
    waits: bool
    comment: str
    extra: float | None = None
    flagged: bool = False

    @property
    def seen(self) -> str:
        """A short name for exactly this mark; a flag is no part of it."""
        facts = (self.grade_id, self.score, self.waits, self.comment, self.extra)
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]

    @property
    def said(self) -> str:
        """The points in words."""
        if self.score is None:
            return "no points yet"
        return f"{self.score:g} points" if self.score != 1 else "1 point"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a trainer wants of one reply, and the mark they saw (as `State.seen`)."""

    notebook: str
    cell: str
    seen: str
    points: float | None = None
    comment: str | None = None  # None leaves it as it is
    acts: tuple[str, ...] = ()  # that the trainer heard, where they ticked any
    flagged: bool = False  # whether they saw a flag there; no mark asks for it

    @property
    def where(self) -> Where:
        """Hand-in and question."""
        return self.notebook, self.cell


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish that came too late: what stands there now, who decided it, and when."""

    wish: Wish
    now: State
    who: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many wishes were carried out, and which were not."""

    done: int = 0
    refused: tuple[Refused, ...] = ()
    where: tuple[Where, ...] = ()


def points_of(text: str, most: float) -> float:
    """Read points as a trainer types them.

    Raises
    ------
    GradingError
        Where they are no number, or none of this question.
    """
    try:
        points = float(text.strip().replace(",", "."))
    except ValueError:
        points = math.nan
    if not 0 <= points <= most:
        what = text.strip()[:20]
        raise GradingError(f"Points here go from 0 to {most:g}. “{what}” is not one of them.")
    return points


def decide(desk: Desk, who: str, what: str, wishes: Sequence[Wish]) -> Decided:
    """Carry out what a trainer decided, all of it in one transaction.

    Parameters
    ----------
    desk : Desk
        Whose gradebook.
    who : str
        The trainer.
    what : str
        `MARK`, `ALIKE`, `ACCEPT`, `SETTLE`, `FLAG` or `READ`.
    wishes : sequence of Wish
        For which replies. A flag that was seen there is taken away.

    Returns
    -------
    Decided
        A wish of which the mark was changed meanwhile is refused, and one for a flag where that
        was; the others are done.

    Raises
    ------
    GradingError
        Where a reply is not in the gradebook, or that cannot be written to.
    """
    refused, done = [], []
    with desk.writing() as session:
        hand = Hand(session, who, what, secrets.token_hex(16))
        # All take replies in the same order: else a server finds two who wait for each other.
        for wish in sorted(wishes, key=lambda one: one.where):
            now = state_of(session, *wish.where, lock=True)
            if now.seen != wish.seen or (what == FLAG and now.flagged != wish.flagged):
                refused.append(Refused(wish, now, *last_decision(session, *wish.where)))
            else:
                number = hand.write(wish.where, now, _wanted(what, wish, now))
                hand.hear(number, wish.acts)
                done.append(wish.where)
    return Decided(len(done), tuple(refused), tuple(done))


def _wanted(what: str, wish: Wish, now: State) -> State:
    if what == FLAG:
        return replace(now, flagged=not now.flagged)
    if what == READ:
        return now
    comment = now.comment if wish.comment is None else wish.comment[:MOST_COMMENT].strip()
    return replace(now, score=wish.points, waits=wish.points is None, comment=comment)


# The gradebook --------------------------------------------------------------------------


def state_of(session: Session, notebook: str, cell: str, *, lock: bool = False) -> State:
    """Return the mark of one reply; with ``lock``, nobody changes it until the session ends.

    Raises
    ------
    GradingError
        Where there is none.
    """
    from nbgrader.api import Comment, Grade
    from sqlalchemy import select

    grade = Grade.__table__.c
    chosen = select(grade.id, grade.manual_score, grade.needs_manual_grade, grade.extra_credit)
    of_it = chosen.where(grade.cell_id == cell, grade.notebook_id == notebook)
    row = session.execute(of_it.with_for_update() if lock else of_it).one_or_none()
    if row is None:
        raise GradingError("This reply is no longer in the gradebook; go back to the desk")
    text = select(Comment.manual_comment).where(
        Comment.cell_id == cell, Comment.notebook_id == notebook
    )
    flag = _flag(notebook, cell)
    flagged = session.scalar(select(tables().flagged.c.who).where(*flag)) is not None
    comment = session.scalar(text) or ""
    return State(row[0], row[1], bool(row[2]), comment, row[3], flagged)


def _flag(notebook: str, cell: str) -> tuple[Any, Any]:
    flagged = tables().flagged.c
    return flagged.notebook_id == notebook, flagged.cell_id == cell


@dataclass(frozen=True, slots=True)
class Hand:
    """Writes what one trainer decides at once, with who, when and what."""

    session: Session
    who: str
    what: str
    batch: str
    at: str = ""  # when, where that was not now

    def write(self, where: Where, now: State, after: State) -> int:
        """Write a mark, and note how it was and how it is; return the number of the note."""
        self.put(where, now, after)
        return self.note(where, now, after)

    def note(self, where: Where, now: State, after: State, *, undone: bool = False) -> int:
        """Note how a mark was and how it is, with who, when and what; return the number."""
        notebook, cell = where
        row = {"notebook_id": notebook, "cell_id": cell, "grade_id": now.grade_id}
        row |= {"who": self.who, "at": self.at or _now(), "what": self.what, "batch": self.batch}
        row |= {"before": json.dumps(asdict(now)), "after": json.dumps(asdict(after))}
        noted = self.session.execute(tables().decided.insert().values(row | {"undone": undone}))
        return int(noted.inserted_primary_key[0])  # type: ignore[attr-defined]

    def hear(self, number: int, acts: Sequence[str]) -> None:
        """Note the acts that were ticked with a decision; none means that nobody was asked."""
        if acts:
            row = {"number": number, "acts": " ".join(sorted(acts))}
            self.session.execute(tables().heard.insert().values(row))

    def put(self, where: Where, now: State, after: State) -> None:
        """Write a mark, and note nothing."""
        if (after.score, after.waits, after.extra) != (now.score, now.waits, now.extra):
            _put_mark(self.session, now.grade_id, after)
        if after.comment != now.comment:
            _put_comment(self.session, *where, after.comment)
        flagged = tables().flagged
        if after.flagged and not now.flagged:
            row = {"notebook_id": where[0], "cell_id": where[1], "who": self.who}
            self.session.execute(flagged.insert().values(row | {"at": self.at or _now()}))
        if now.flagged and not after.flagged:
            self.session.execute(flagged.delete().where(*_flag(*where)))


def _put_mark(session: Session, grade_id: str, after: State) -> None:
    from nbgrader.api import Grade
    from sqlalchemy import update

    grade = Grade.__table__
    mark = {"manual_score": after.score, "needs_manual_grade": after.waits}
    mark |= {"extra_credit": after.extra}
    session.execute(update(grade).where(grade.c.id == grade_id).values(mark))


def _put_comment(session: Session, notebook: str, cell: str, text: str) -> None:
    from nbgrader.api import Comment
    from sqlalchemy import insert, update

    comment = Comment.__table__
    same = (comment.c.cell_id == cell, comment.c.notebook_id == notebook)
    changed = session.execute(update(comment).where(*same).values(manual_comment=text or None))
    if not changed.rowcount:  # type: ignore[attr-defined]
        row = {"id": secrets.token_hex(16), "notebook_id": notebook, "cell_id": cell}
        session.execute(insert(comment).values(row | {"manual_comment": text or None}))


# Who and when ---------------------------------------------------------------------------


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def last_decision(session: Session, notebook: str, cell: str) -> tuple[str, str]:
    """Return who decided on a reply last, and when; empty where nobody did here."""
    from sqlalchemy import select

    decided = tables().decided.c
    found = (
        select(decided.who, decided.at)
        .where(decided.notebook_id == notebook, decided.cell_id == cell)
        .where(~decided.undone)
        .order_by(decided.number.desc())
        .limit(1)
    )
    who, at = session.execute(found).one_or_none() or ("", "")
    return who, at


def times_of(session: Session, who: str, most: int) -> list[datetime]:
    """Return when a trainer decided on replies, the newest first, at most so many times."""
    from sqlalchemy import select

    decided = tables().decided.c
    found = select(decided.at).where(decided.who == who, decided.what != UNDO)
    newest = session.scalars(found.order_by(decided.number.desc()).limit(most))
    return [datetime.fromisoformat(at) for at in newest]
