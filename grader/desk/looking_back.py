"""Look back at one trainee: all that was handed in, its marks, what waits, and what they shared.

Only the folders and the rows of this trainee are read, so it takes as long in any cohort.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.desk.deciding import State
from grader.desk.place import Desk
from grader.desk.tables import tables
from grader.errors import AlongsideError, GradingError, in_words
from grader.files.parsing import parse_json
from grader.formats import shared as sharing
from grader.formats.answers import parse_record
from grader.formats.trainee_code import RULE, is_trainee_code
from grader.kinds.scoring import is_automatic
from grader.places import ANSWERS
from grader.skills.earned import earned
from grader.trainer.collect.history import History
from grader.trainer.collect.listing import HOMES, Listed, listed, what_is_shut
from grader.trainer.collect.submitted import read_there
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.feedback.hold import hold_of
from grader.trainer.feedback.signing import signer_of
from grader.trainer.feedback.states import DRAFT, edition_of, is_draft, state_of
from grader.trainer.gradebook.gradebook import read_from
from grader.trainer.gradebook.marks import cells_of, entries_of_one
from grader.trainer.gradebook.tables import released_to
from grader.trainer.marking.marks import CellMark, Entry
from grader.trainer.roster.codes import codes_of
from grader.trainer.roster.roster import read_roster

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.orm import Session

HELD = "held back"  # no feedback can be written: the marks are for another hand-in
UNREAD_SHARE = "What was shared here cannot be read."


class UnknownTraineeError(GradingError):
    """Nobody has the code that is asked for."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the choices of one hand-in earn, of the most that they can."""

    points: float
    most: float


@dataclass(frozen=True, slots=True)
class Decision:
    """What a trainer decided on one answer, and when; ``undone`` where it was taken back."""

    grade_name: str
    who: str
    at: str
    before: State
    after: State
    undone: bool


@dataclass(frozen=True, slots=True)
class Share:
    """One part of what was shared: its heading, and questions with what was written."""

    heading: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class OneModule:
    """What is known of one trainee and module.

    ``choices`` are by the number of a hand-in. ``notebook`` is the number of the graded one in
    the gradebook, ``feedback`` how far it is, ``why`` what keeps it back, each empty without.
    """

    name: str
    hand_ins: tuple[Listed, ...]
    choices: Mapping[int, Choices]
    notebook: str
    entry: Entry | None
    feedback: str
    why: str
    shared: tuple[Share, ...]
    trouble: str
    decided: tuple[Decision, ...]

    @property
    def by_hand(self) -> dict[str, CellMark]:
        """The marks that a person looked at or has still to look at, by question."""
        marks = self.entry.marks if self.entry else {}
        return {name: mark for name, mark in marks.items() if _is_by_hand(mark)}

    @property
    def used(self) -> Listed | None:
        """The hand-in that counts."""
        return next((one for one in self.hand_ins if one.in_use), None)


@dataclass(frozen=True, slots=True)
class LookBack:
    """All of it; ``shut`` says that another account keeps a folder to itself."""

    trainee: str
    modules: tuple[OneModule, ...]
    shut: str = ""


def look_back(desk: Desk, trainee: str) -> LookBack:
    """Find all that is known of one trainee.

    Raises
    ------
    UnknownTraineeError
        Where nobody has this code.
    GradingError
        Where the gradebook cannot be used.
    """
    if not is_trainee_code(trainee):
        raise UnknownTraineeError(f"“{trainee[:80]}” is not a trainee’s code; {RULE}")
    desk.get_ready()
    rows = read_from(desk.db_url, lambda session: _read(session, trainee)) or _Rows({}, {}, {})
    found = _Found(rows, _kept(desk, trainee), Whereabouts(desk.root))
    there = [name for name in desk.modules if name in found.kept or name in rows.entries]
    if not there and not _is_somebody(desk, trainee):
        near = codes_of(desk.root).note(trainee)
        raise UnknownTraineeError(f"Nobody has the code {trainee} here. {near}".strip())
    modules = tuple(_one(desk, trainee, name, found) for name in there)
    return LookBack(trainee, modules, what_is_shut(desk.root, trainee))


def _is_by_hand(mark: CellMark) -> bool:
    return mark.waits or mark.by_trainer or bool(mark.comment) or mark.auto_score is None


def _is_somebody(desk: Desk, trainee: str) -> bool:
    """Tell whether somebody has a code who handed nothing in."""
    lies = any(os.path.lexists(desk.root / home / trainee) for home in HOMES)
    return lies or trainee in read_roster(desk.root)


def _one(desk: Desk, trainee: str, name: str, found: _Found) -> OneModule:
    hand_ins = found.kept.get(name, ())
    notebook, entry = found.rows.entries.get(name, ("", None))
    feedback, why = _feedback(desk, name, entry, found)
    shared, trouble = _shared(desk, trainee, name)
    return OneModule(
        name=name,
        hand_ins=hand_ins,
        choices=dict(_choices(desk, trainee, name, hand_ins)),
        notebook=notebook,
        entry=entry,
        feedback=feedback,
        why=why,
        shared=shared,
        trouble=trouble,
        decided=found.rows.decided.get(name, ()),
    )


# The gradebook --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rows:
    entries: dict[str, tuple[str, Entry]]
    released: dict[str, str]
    decided: dict[str, tuple[Decision, ...]]


@dataclass(frozen=True, slots=True)
class _Found:
    """What the gradebook and the folders hold of one trainee, by module."""

    rows: _Rows
    kept: dict[str, tuple[Listed, ...]]
    where: Whereabouts


def _read(session: Session, trainee: str) -> _Rows:
    entries = entries_of_one(session, trainee)
    decided = {
        module: tuple(_decided(session, notebook, module))
        for module, (notebook, _) in entries.items()
    }
    return _Rows(entries, released_to(session, trainee, entries), decided)


def _decided(session: Session, notebook: str, module: str) -> Iterator[Decision]:
    """Yield what trainers decided on the answers of one hand-in, the first one first."""
    from sqlalchemy import select

    decided = tables().decided
    rows = select(decided).where(decided.c.notebook_id == notebook).order_by(decided.c.number)
    found = session.execute(rows).all()
    cells = cells_of(session, module) if found else {}
    for row in found:
        before, after = (State(**parse_json(text)) for text in (row.before, row.after))
        name = cells[row.cell_id][0] if row.cell_id in cells else ""
        yield Decision(name, row.who, row.at, before, after, row.undone)


def _feedback(desk: Desk, module: str, entry: Entry | None, found: _Found) -> tuple[str, str]:
    """Return how far feedback is, and what keeps it back; nothing of what was not graded."""
    if entry is None:
        return "", ""
    try:
        hold = hold_of(desk.root, desk.sheet(module), entry, found.where)
        if hold.why:
            return HELD, hold.why
        if is_draft(entry, hold.marks):
            return DRAFT, hold.marks.problem
        sign = signer_of(desk.root)
    except (AlongsideError, OSError) as error:
        return HELD, in_words(error)
    edition = edition_of(hold.marks, entry, sign.name if sign else "")
    return state_of(entry, edition, found.rows.released.get(module)), ""


# The folders ----------------------------------------------------------------------------


def _kept(desk: Desk, trainee: str) -> dict[str, tuple[Listed, ...]]:
    """Return all hand-ins that are kept, by module."""
    found: dict[str, tuple[Listed, ...]] = {}
    with suppress(GradingError):  # nothing is handed in yet
        for one in listed(desk.root, trainee):
            found[one.module] = (*found.get(one.module, ()), one)
    return found


def _choices(
    desk: Desk, trainee: str, module: str, hand_ins: tuple[Listed, ...]
) -> Iterator[tuple[int, Choices]]:
    """Yield what the choices of each hand-in earn, where it can be read."""
    history = History(desk.root, trainee, module)
    kept = {one.number: one for one in history.row if not one.dropped}
    for one in hand_ins:
        with suppress(AlongsideError, OSError):
            known = kept.get(one.number)
            sent = history.content(known) if known else read_there(desk.root, trainee, module)
            if sent is not None and sent.answers is not None and not sent.problem:
                yield one.number, _earned(desk, module, sent.answers)


def _earned(desk: Desk, module: str, answers: bytes) -> Choices:
    record = parse_record(answers, ANSWERS, module)
    places = [place for place in desk.sheet(module).places if is_automatic(place.item)]
    scores = [earned(place.item, place.view, record).auto_score or 0.0 for place in places]
    return Choices(sum(scores), sum(place.item.points for place in places))


def _shared(desk: Desk, trainee: str, module: str) -> tuple[tuple[Share, ...], str]:
    """Return what was shared with the hand-in that counts; a sentence where it is not read."""
    try:
        there = read_there(desk.root, trainee, module)
        if there is None or there.shared is None:
            return (), ""
        parts = parse_json(sharing.read_shared(there.shared, module))["parts"]
    except (OSError, ValueError):
        return (), UNREAD_SHARE
    return tuple(
        Share(heading, tuple((line["question"], line["answer"]) for line in parts[name]))
        for name, heading in sharing.PARTS.items()
        if parts.get(name)
    ), ""
