"""Merge marks from another computer into this gradebook: nothing is overwritten unseen.

A mark is taken where nobody decided here, or where its trainer had seen what is here. Where
both sides decided on the same words by themselves, both are kept. All is one transaction.
Apart from `taking_in`, which knows files: this only knows marks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.desk.decisions import take_over
from grader.desk.differing import note_differing
from grader.desk.given import GivenHere, given_in
from grader.desk.place import Desk
from grader.errors import GradingError
from grader.formats.shares import Given
from grader.trainer.gradebook.backups import back_up_changed, is_begun, sqlite_path
from grader.trainer.gradebook.tables import note_earlier
from grader.trainer.marking.marks import UNKNOWN as WORDS_UNKNOWN
from grader.trainer.marking.marks import ByHand, Earlier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

TAKEN, SAME, NEWER = "taken", "here already", "decided here since"
CHANGED, OLD, DIFFERS, UNKNOWN = "changed", "for old words", "decided differently", "not here"
TO_SEE_TO = (OLD, DIFFERS, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Met:
    """What became of one mark that came; ``says`` is a plain sentence where there is need."""

    trainee: str
    module: str
    question: str
    outcome: str
    says: str = ""


def merge(desk: Desk, came: Sequence[Given]) -> list[Met]:
    """Take marks in, with who gave them and when.

    Raises
    ------
    GradingError
        Where there is no gradebook yet, or it cannot be copied or written to: then nothing
        is changed.
    """
    if not came:
        return []
    gradebook = sqlite_path(desk.db_url)
    if gradebook is not None:
        if not is_begun(gradebook):
            what = "There is no gradebook here yet, so nobody knows these replies"
            raise GradingError(f"{what}; run 'alongside grade --all' first")
        desk.get_ready()
        back_up_changed(gradebook)
    with desk.writing() as session:
        return list(_merge(session, came))


def _merge(session: Session, came: Iterable[Given]) -> Iterator[Met]:
    known: dict[str, dict[tuple[str, str], GivenHere]] = {}
    for one in sorted(came, key=_place):
        if one.module not in known:
            rows = given_in(session, one.module, lock=True)
            known[one.module] = {(row.given.trainee, row.given.question): row for row in rows}
        here = known[one.module].get((one.trainee, one.question))
        outcome, says = _meet(session, here, one) if here else (UNKNOWN, _unknown(one))
        yield Met(one.trainee, one.module, one.question, outcome, says)


def _place(one: Given) -> tuple[str, str, str, str]:
    """Order marks by when they were decided, as they would have been in one place."""
    return one.module, one.last.at if one.last else "", one.trainee, one.question


def _unknown(one: Given) -> str:
    way = f"Run 'alongside grade {one.module}', then take this in again."
    return f"This answer is not in the gradebook here. {way}"


def _meet(session: Session, here: GivenHere, came: Given) -> tuple[str, str]:
    """Put one mark that came beside what is here; return what became of it."""
    ours = here.given
    if came.words != ours.words or came.words == WORDS_UNKNOWN:
        return _for_old_words(session, here, came)
    outcome, says = _standing(ours, came), ""
    if outcome == CHANGED:
        says = f"Here was {ours.said}. Now it is {came.said}."
    if outcome in (TAKEN, CHANGED):
        _take(session, here, came)
    elif outcome == DIFFERS and not note_differing(session, here, came):
        outcome = NEWER
    if outcome == DIFFERS:
        both = f"Here: {ours.said}. There: {came.said}."
        says = f"{both} Yours counts until you choose: open it on the desk, and save."
    return outcome, says


def _standing(ours: Given, came: Given) -> str:
    """Say how two marks for the same words stand to each other."""
    if came.value == ours.value:
        return TAKEN if _says_more(ours, came) else SAME
    if _led_here(ours, came):
        return CHANGED
    if came.is_empty or _led_here(came, ours):
        return NEWER
    return TAKEN if ours.is_empty else DIFFERS


def _led_here(before: Given, after: Given) -> bool:
    """Tell whether who decided ``after`` had the decision ``before`` before them."""
    last = before.history[-1].name if before.history else ""
    return last in {one.name for one in after.history}


def _says_more(ours: Given, came: Given) -> bool:
    """Tell whether a mark that agrees brings a decision or a flag that is not known here."""
    if came.flag and not ours.flag:
        return True
    more = {one.name for one in came.history} - {one.name for one in ours.history}
    return bool(more) and (ours.last is None or _led_here(ours, came))


def _take(session: Session, here: GivenHere, came: Given) -> None:
    after = replace(
        here.state,
        score=came.points,
        waits=came.waits,
        comment=came.comment,
        extra=came.extra,
    )
    take_over(session, here.where, after, came.history, came.flag)


def _for_old_words(session: Session, here: GivenHere, came: Given) -> tuple[str, str]:
    """Keep a mark for words that have changed as an earlier one, which the desk shows."""
    if came.is_empty:
        return NEWER, ""
    given = ByHand(came.points, came.extra, came.comment)
    known = here.earlier
    if not any(one.words == came.words for one in known):
        note_earlier(session, {here.where: (Earlier(came.words, given), *known)})
    says = f"{came.said} is for words that have changed since. It is kept, and does not count."
    return OLD, says[:1].upper() + says[1:]
