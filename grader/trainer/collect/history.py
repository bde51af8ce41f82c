"""Keep every hand-in: numbered, with when and how it came, whatever is in use.

``history/<trainee>/<module>/`` holds a bundle for each, ``1.zip`` and so on, and their list.
The one in use lies in ``submitted/`` as well, where grading and nbgrader look for it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypedDict, Unpack

from grader.errors import RecordError, SubmissionError
from grader.files.parsing import parse_json
from grader.files.privacy import private_folder, write_private
from grader.files.safe import move_aside, read_regular_file
from grader.formats import shared as sharing
from grader.formats.answers import MAX_BYTES
from grader.formats.archives import packed, read_files
from grader.formats.times import time_text
from grader.places import ANSWERS, HAND_IN
from grader.trainer.collect.bundles import HandIn
from grader.trainer.collect.contents import examine
from grader.trainer.collect.newest import (
    BEHIND,
    MINUTES,
    SLACK,
    Kept,
    Row,
    choose,
    doubt_of,
    drop_spare,
    free_time,
    insert,
    own_time,
)

FOLDER = "history"
LIST = "hand-ins.json"
FORMAT = 1
MOST_BYTES = 2 * MAX_BYTES + sharing.MAX_BYTES  # of one bundle
_NAMES = tuple(field.name for field in fields(Kept))
_TIMES = ("claimed", "seen", "when")


class Origin(TypedDict, total=False):
    """What changes of a hand-in that is moved: see `Kept`."""

    device: str
    under: str


def digest_of(hand_in: HandIn) -> str:
    """Return a short name for exactly what was sent."""
    parts = (hand_in.answers, hand_in.shared, hand_in.problem.encode())
    marked = (b"-" if part is None else b"+%d " % len(part) + part for part in parts)
    return hashlib.sha256(b"".join(marked)).hexdigest()[:32]


def stamp_of(hand_in: HandIn) -> str:
    """Return the time of a hand-in as it was written."""
    return hand_in.stamp or time_text(hand_in.when)


class History:
    """All hand-ins of one trainee and module; changes count once they are saved."""

    def __init__(self, root: Path, trainee: str, module: str) -> None:
        self._root, self.trainee, self.module = root, trainee, module
        self._folder = root / FOLDER / trainee / module
        self.is_rebuilt = False
        self.row: Row = self._read()
        self._saved = self.row

    def find(self, hand_in: HandIn, now: datetime) -> Kept | None:
        """Return the same hand-in, where it was seen before."""
        content, stamp = digest_of(hand_in), stamp_of(hand_in)
        for one in self.row:
            if one.content != content:
                continue
            # Of what lay there before all hand-ins were kept, the time may have been changed.
            same = one is self.row[-1] or doubt_of((), hand_in.when, now)
            if one.stamp == stamp or (one.found and same):
                return one
        return None

    def numbered(self, number: int) -> Kept:
        """Return the one of this number.

        Raises
        ------
        SubmissionError
            Where there is none, or it is no longer kept.
        """
        for one in self.row:
            if one.number == number and not one.dropped:
                return one
        what = f"{self.trainee} has no hand-in number {number} of {self.module}"
        raise SubmissionError(f"{what}; see 'alongside collect --list'")

    def draft(self, hand_in: HandIn, now: datetime, *, found: bool = False) -> Kept:
        """Return as what a new one would be kept; nothing is."""
        slack = MINUTES if hand_in.zoned else SLACK
        doubt = doubt_of(self.row, hand_in.when, now, slack)
        if found and not self.row and doubt == BEHIND:
            doubt = ""  # a time that nobody knows
        when = hand_in.when if found else own_time(self.row, hand_in.when, now, doubt)
        answers, damage = examine(self._root, hand_in)
        return Kept(
            number=max((one.number for one in self.row), default=0) + 1,
            stamp=stamp_of(hand_in),
            content=digest_of(hand_in),
            claimed=hand_in.when,
            seen=hand_in.when if found else now,
            when=when,
            source=hand_in.source[:200],
            answers=answers,
            damage=damage,
            doubt=doubt,
            problem=hand_in.problem,
            secret=hand_in.secret,
            found=found,
            device=hand_in.device or "",
            under=hand_in.under,
            may_teach=hand_in.may_teach,
        )

    def add(self, hand_in: HandIn, now: datetime, *, found: bool = False) -> Kept:
        """Take in one that is new, at its place in the row; its content is kept at once."""
        new = self.draft(hand_in, now, found=found)
        self._keep(hand_in, new)
        self.row = drop_spare(insert(self.row, new), new)
        return new

    def take(self, other: History, row: Row, **origin: Unpack[Origin]) -> None:
        """Take in hand-ins of another history, numbered after those that are here.

        What is named of ``origin`` is kept instead of what they say themselves.
        """
        after, is_first = max((one.number for one in self.row), default=0), not self.row
        for one in row if is_first else sorted(row, key=lambda one: one.number):
            when = free_time(self.row, one.when)
            new = replace(one, number=after + one.number, when=when, **origin)
            new = new if is_first else replace(new, chosen=False, chosen_at="")
            self._take(other, one, new)
            self.row = (*self.row, new) if is_first else insert(self.row, new, known=after)

    def _take(self, other: History, one: Kept, new: Kept) -> None:
        try:
            self._keep(replace(other.content(one), trainee=self.trainee), new)
        except SubmissionError:  # not to be read, or no longer kept
            raw = read_regular_file(other._path(one.number), MOST_BYTES)
            if raw is not None:
                write_private(self._path(new.number), raw)

    def remove(self) -> None:
        """Forget all that is kept here: it was moved elsewhere."""
        shutil.rmtree(self._folder, ignore_errors=True)
        self.row = ()

    def leave(self, row: Row) -> None:
        """Forget some that are kept here: they were moved elsewhere."""
        self.row = tuple(one for one in self.row if one not in row)
        if not self.row:
            self.remove()
            return
        self.save()
        for one in row:
            self._path(one.number).unlink(missing_ok=True)

    def mark(self, when: str) -> None:
        """Note that the hand-in which goes by this time was graded."""
        self.row = tuple(
            replace(one, marked=True) if time_text(one.when) == when else one for one in self.row
        )

    def choose(self, number: int, now: datetime) -> None:
        """Put one last, as a trainer wishes."""
        self.row = choose(self.row, number, now)

    @property
    def may_teach(self) -> bool:
        """Tell whether typed words may be used to improve the reading: the latest hand-in says."""
        latest = max(self.row, key=lambda one: one.when, default=None)
        return latest is not None and latest.may_teach

    def content(self, one: Kept) -> HandIn:
        """Return what was sent.

        Raises
        ------
        SubmissionError
            Where it cannot be read any more.
        """
        try:
            answers, shared = self._unpack(one.number)
        except (OSError, RecordError, SubmissionError) as error:
            where = self._path(one.number).relative_to(self._root)
            message = f"{where} cannot be read; ask {self.trainee} to hand in again"
            raise SubmissionError(message) from error
        return HandIn(
            one.source,
            self.trainee,
            self.module,
            one.claimed,
            answers,
            one.secret,
            one.problem,
            shared,
        )

    def save(self) -> None:
        """Write the list, then remove what is no longer kept."""
        with self.unless_it_fails():
            pass

    @contextlib.contextmanager
    def unless_it_fails(self) -> Iterator[None]:
        """Save what a block puts into effect; where it fails, the list is as it was.

        It is written first: a run that is cut off is gone on with the next time.
        """
        before = self._saved
        self._write()
        try:
            yield
        except (OSError, RecordError, SubmissionError):
            with contextlib.suppress(OSError):
                self._go_back(before)
            raise
        for one in self.row:
            if one.dropped:
                self._path(one.number).unlink(missing_ok=True)

    def _go_back(self, before: Row) -> None:
        added = {one.number for one in self.row} - {one.number for one in before}
        self.row = before
        if before:
            self._write()
        else:
            self.remove()
        for number in added:
            self._path(number).unlink(missing_ok=True)

    def _write(self) -> None:
        if self.is_rebuilt and (self._folder / LIST).exists():
            move_aside(self._folder / LIST)
        rows = [_plain(one) for one in self.row]
        data = {"format": FORMAT, "hand_ins": rows}
        write_private(self._made_folder() / LIST, json.dumps(data, indent=1).encode())
        self.is_rebuilt, self._saved = False, self.row
        for left in self._folder.glob(".*"):  # of a run that was cut off
            left.unlink(missing_ok=True)

    def _path(self, number: int) -> Path:
        return self._folder / f"{number}.zip"

    def _made_folder(self) -> Path:
        return private_folder(self._root, FOLDER, self.trainee, self.module)

    def _keep(self, hand_in: HandIn, new: Kept) -> None:
        facts = {
            "format": 1,
            "trainee": self.trainee,
            "module": self.module,
            "handed_in": new.claimed.isoformat(),
            "kept": _plain(new),
        }
        files = {
            HAND_IN: json.dumps(facts, indent=1).encode(),
            ANSWERS: hand_in.answers,
            sharing.NAME: hand_in.shared,
        }
        there = [(name, content) for name, content in files.items() if content is not None]
        self._made_folder()
        write_private(self._path(new.number), packed(there, level=1))

    def _unpack(self, number: int) -> tuple[bytes | None, bytes | None]:
        raw = read_regular_file(self._path(number), MOST_BYTES)
        found = read_files(raw or b"", (ANSWERS, sharing.NAME), MOST_BYTES)
        return found.get(ANSWERS), found.get(sharing.NAME)

    def _read(self) -> Row:
        raw = read_regular_file(self._folder / LIST, 64 * MAX_BYTES)
        try:
            if raw is not None and (rows := parse_json(raw, 64 * MAX_BYTES)["hand_ins"]):
                return tuple(map(_kept, rows))
        except (ValueError, KeyError, TypeError):
            self.is_rebuilt = True
        return tuple(self._from_bundles())

    def _from_bundles(self) -> Iterator[Kept]:
        """Make a lost list anew, from what each bundle says of itself."""
        bundles = [path for path in self._folder.glob("*.zip") if path.stem.isdigit()]
        self.is_rebuilt = self.is_rebuilt or bool(bundles)
        for path in sorted(bundles, key=lambda path: int(path.stem)):
            with contextlib.suppress(Exception):
                facts = read_files(path, (HAND_IN,), MAX_BYTES)[HAND_IN]
                yield _kept(parse_json(facts)["kept"])


def _plain(one: Kept) -> dict[str, Any]:
    # ``asdict`` copies each value: that takes six times as long.
    plain = {name: getattr(one, name) for name in _NAMES}
    if not one.may_teach:  # so that an older course can read all others
        del plain["may_teach"]
    return plain | {name: plain[name].isoformat() for name in _TIMES}


def _kept(row: dict[str, Any]) -> Kept:
    if type(row["number"]) is not int:
        raise ValueError(row["number"])
    times = {name: datetime.fromisoformat(row[name]).astimezone(UTC) for name in _TIMES}
    return Kept(**(row | times))
