"""What grading says of each trainee: graded, waiting, missing or damaged, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from grader.errors import AlongsideError, sentence
from grader.files.writable import WHAT_TO_DO
from grader.trainer.grading.changes import Change
from grader.trainer.marking.marking import MarkSummary
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Sheet

GRADED = "graded"


WAITING = "waiting for trainer"


MISSING = "nothing handed in"


DAMAGED = "damaged"


NOT_GRADED = "not graded"


NONE_CHANGED = "None of the marks above is changed."


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one trainee; ``problem`` is a plain sentence, empty where all is well.

    ``unchanged`` tells that the marks of an earlier run stand; ``changes`` names the marks
    that differ from those before, and ``points_before`` their sum then.
    """

    trainee: str
    module: str
    outcome: str
    points: float = 0.0
    max_points: float = 0.0
    waiting: int = 0
    problem: str = ""
    unchanged: bool = False
    points_before: float | None = None
    changes: tuple[Change, ...] = ()


def outcome_of(
    sheet: Sheet,
    trainee: str,
    marked: MarkSummary | None,
    entry: Entry | None,
    absent: str = "",
) -> Graded:
    """Say what became of one trainee's module; ``absent`` notes why nothing of it was marked."""
    note = sentence(f"Note: {absent}") if absent else ""
    if marked is None and entry is None:
        return Graded(trainee, sheet.module, MISSING, problem=note)
    if marked is not None and marked.refused:
        return Graded(trainee, sheet.module, NOT_GRADED, problem=marked.refused)
    entry = entry or Entry(trainee, None)
    notes = marked.notes if marked else filter(None, [absent])
    damage = marked.problem if marked else ""
    state = WAITING if entry.waiting else GRADED
    return Graded(
        trainee,
        sheet.module,
        DAMAGED if damage else state,
        entry.points,
        sheet.max_points,
        entry.waiting,
        damage or " ".join(sentence(f"Note: {note}") for note in notes),
    )


def not_graded(why: str, count: int) -> str:
    """Say of a whole run why nothing is graded, how many hand-ins that concerns, what to do."""
    concerned = f"{_hand_ins(count)} not graded, and " if count else ""
    return f"{why}: {concerned}nothing is changed. {WHAT_TO_DO}"


def not_changed(count: int) -> str:
    """Say of hand-ins whose marks were to change that they are not graded."""
    whose = "its marks do" if count == 1 else "their marks do"
    return f"{_hand_ins(count)} not graded, so {whose} not change."


@contextmanager
def not_said_as_done(changing: int, tell: Callable[[str], None]) -> Iterator[None]:
    """Say that marks do not change, where they were told and are not written."""
    try:
        yield
    except (AlongsideError, OSError):
        if changing:
            tell(NONE_CHANGED)
        raise


def _hand_ins(count: int) -> str:
    return "1 hand-in is" if count == 1 else f"{count} hand-ins are"


def with_changes(one: Graded, expected: Graded | None) -> Graded:
    """Add what a look ahead expected to change; where it was not written, nothing did."""
    if expected is None or not expected.changes or one.outcome == NOT_GRADED:
        return one
    return replace(one, changes=expected.changes, points_before=expected.points_before)
