"""Tell which people handed in from one computer: a fact that a trainer may want to know.

Where people share a computer, that is fine, and the trainer says so once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from grader.errors import GradingError
from grader.files.safe import locked
from grader.formats.answers import is_seed
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.collect.senders import (
    SHARED,
    Decision,
    Senders,
    all_senders,
    write_senders,
)
from grader.trainer.roster.roster import read_roster

SHOWN = 3  # codes named in one line


@dataclass(frozen=True, slots=True)
class Shared:
    """A computer from which several people handed in."""

    mark: str
    codes: tuple[str, ...]

    @property
    def note(self) -> str:
        """The fact, that it may be fine, and how to settle it."""
        what = f"{in_words(self.codes)} handed in from the same device."
        fine = "Where people share a computer, this is fine."
        return f"{what} {fine} To settle it: alongside whose {self.codes[0]} --shared"


def in_words(codes: Collection[str]) -> str:
    """Return some codes as they stand in a sentence."""
    first, more = [*codes][:SHOWN], len(codes) - SHOWN
    parts = [*first, f"{more} more"] if more > 0 else first
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def shared_devices(root: Path) -> list[Shared]:
    """Return the computers that people of the cohort share, where that is not settled."""
    books = all_senders(root)
    settled = {
        (one.mark, pair)
        for known in books.values()
        for one in known.decided
        if one.choice == SHARED
        for pair in combinations(one.codes, 2)
    }
    return [
        one
        for one in _shared(root, books)
        if any((one.mark, pair) not in settled for pair in combinations(one.codes, 2))
    ]


def device_notes(root: Path) -> list[str]:
    """Return a sentence about each such computer."""
    return [one.note for one in shared_devices(root)]


def settle_shared(root: Path, trainee: str) -> tuple[str, ...]:
    """Note that people share a computer with a trainee; return them all, in order.

    Raises
    ------
    GradingError
        Where there is none that is not settled.
    """
    with locked(root / "submitted"):
        mine = [one for one in shared_devices(root) if trainee in one.codes]
        if not mine:
            what = f"{trainee[:80]} shares no computer with anybody, or it is settled"
            raise GradingError(f"{what}; see 'alongside whose'")
        known, when = all_senders(root)[trainee], f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
        new = (Decision(SHARED, one.mark, one.codes, when) for one in mine)
        write_senders(root, trainee, replace(known, decided=(*known.decided, *new)))
    return tuple(sorted({code for one in mine for code in one.codes}))


def _shared(root: Path, books: dict[str, Senders]) -> Iterator[Shared]:
    roster: set[str] = set()
    with suppress(GradingError):  # said where it is needed
        roster = read_roster(root)
    users: dict[str, list[str]] = {}
    for code in sorted(roster & books.keys() if roster else filter(is_trainee_code, books)):
        for mark in filter(is_seed, books[code].counts):
            users.setdefault(mark, []).append(code)
    yield from (Shared(mark, tuple(codes)) for mark, codes in users.items() if len(codes) > 1)
