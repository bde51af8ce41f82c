"""Who has signed feedback, and how much of it: one rule for every door that it comes by.

What has to be checked is worked out here, and the check itself is whoever's can do it: the
library on a computer, or the browser that runs this Python, which says beforehand what it found.
Whatever is in doubt counts as not signed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import Any, NamedTuple

from grader.errors import CertificateError
from grader.formats import feedback
from grader.formats.seal import sealed_text
from grader.formats.statement import BEFORE_RULES, FORMAT, PUBLIC_KEY, is_signed, read_public_key
from grader.places import Course
from grader.trainee.released import Feedback

_ARMOUR = re.compile(r"-----[^-]*-----|\s")  # around a key in a PEM file


class Trust(Enum):
    """How much of feedback the key of the course has signed: a rank, and it in words."""

    OTHERS = (0, "not signed with this key")
    CHANGED = (0, "signed, but it was changed since")
    MARKS = (1, "signed: the marks only; nobody has signed the words on its page")
    WHOLE = (2, "signed: all of it")

    def __init__(self, rank: int, words: str) -> None:
        self.rank = rank  # more never gives way to less
        self.words = words


class Proof(NamedTuple):
    """A text with a signature, and what it proves where it holds."""

    text: str
    signature: str
    shows: Trust


Verdicts = Mapping[tuple[str, str], bool]
_by_browser: ContextVar[Verdicts | None] = ContextVar("by_browser", default=None)


def proofs(found: Feedback) -> tuple[Proof, ...]:
    """Return what would show who signed feedback; the first that holds counts.

    A statement says in itself whether a seal belongs to it: so nobody can take the seal off
    and call the rest older. Nothing is signed before all of it is final.
    """
    facts = found.facts
    if facts.signed is None or not _says_the_same(facts):
        return ()
    says = facts.signed.statement
    rest = Trust.MARKS if says.format in (BEFORE_RULES, FORMAT) else Trust.CHANGED
    marks = Proof(says.text, facts.signed.signature, rest)
    try:
        return Proof(sealed_text(found.page, found.numbers), facts.seal, Trust.WHOLE), marks
    except ValueError:  # the page is not the one that the numbers came in
        return (marks,)


def trust(course: Course, found: Feedback) -> Trust | None:
    """Tell how much of feedback the course's key has signed; None where nobody can check here."""
    asked = proofs(found)
    verdicts = _by_browser.get()
    if verdicts is not None:
        return _first(one for one in asked if verdicts.get((one.text, one.signature)))
    try:
        return trust_by(read_public_key(course.lessons / PUBLIC_KEY), found)
    except ImportError:
        return None if asked else Trust.OTHERS
    except CertificateError:
        return Trust.OTHERS


def trust_by(key: Any, found: Feedback) -> Trust:
    """Tell how much of feedback a public key has signed."""
    return _first(
        one for one in proofs(found) if one.signature and is_signed(one.text, one.signature, key)
    )


def _first(held: Iterator[Proof]) -> Trust:
    return next((one.shows for one in held), Trust.OTHERS)


def claimed(found: Feedback) -> Trust:
    """Tell how much of feedback says that it is signed, where nobody can check."""
    return _first(one for one in proofs(found) if one.signature)


def _says_the_same(found: feedback.Released) -> bool:
    """Tell whether numbers, day and state beside a statement are those that it says."""
    if found.signed is None or found.draft:
        return False
    says = found.signed.statement
    # Where one was forged, nobody could take in what a trainer sends later.
    day = found.handed_in[:10] or says.handed_in
    said = (says.points, says.max_points, says.handed_in)
    return said == (f"{found.points:g}", f"{found.max_points:g}", day)


# --- where the browser checks


def bare_key(course: Course) -> str:
    """Return the course's public key in base64, empty where there is none."""
    path = course.lessons / PUBLIC_KEY
    if not path.is_file():
        return ""
    return _ARMOUR.sub("", path.read_text(encoding="utf-8", errors="replace"))


@contextmanager
def checked(verdicts: Verdicts) -> Iterator[None]:
    """Take the browser's word for which signatures hold; what it does not name holds not."""
    token = _by_browser.set(verdicts)
    try:
        yield
    finally:
        _by_browser.reset(token)
