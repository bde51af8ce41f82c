"""Let the trainer say whose hand-ins count, where two computers sent under one code.

Folders are only moved, never removed: whatever is decided can be decided otherwise later.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Unpack

from grader.errors import GradingError, SubmissionError
from grader.files.privacy import private_folder
from grader.files.safe import locked
from grader.formats.trainee_code import RULE, is_trainee_code
from grader.trainer.collect.history import Origin
from grader.trainer.collect.joining import join, opened, require_movable, settle
from grader.trainer.collect.senders import (
    EARLIER,
    FOLDER,
    INSTEAD,
    NO_MARK,
    OTHER,
    SAME,
    Decision,
    Senders,
    own_account,
    read_senders,
    short_mark,
    write_senders,
)
from grader.trainer.collect.submitted import read_timestamp
from grader.trainer.roster.codes import codes_of


@dataclass(frozen=True, slots=True)
class Aside:
    """What one computer sent under a code that another one has."""

    trainee: str
    mark: str
    modules: tuple[str, ...]
    newest: str  # as a day and time in UTC; empty where that is not known

    @property
    def short(self) -> str:
        """The mark as a trainer sees it."""
        return short_mark(self.mark)


def kept_aside(root: Path) -> list[Aside]:
    """Return what waits for the trainer to say whose it is."""
    found = map(_aside, sorted((root / FOLDER).glob("*/submitted/*")))
    waiting = [one for one in found if one.modules and not _is_decided(root, one)]
    return sorted(waiting, key=lambda one: one.trainee)


def _is_decided(root: Path, one: Aside) -> bool:
    with suppress(SubmissionError):  # said when something is collected or decided
        return one.mark in _decided(read_senders(root, one.trainee))
    return False


def reminder(root: Path) -> str:
    """Return a sentence about what waits, empty where nothing does."""
    codes = sorted({one.trainee for one in kept_aside(root)})
    if not codes:
        return ""
    shown = ", ".join(codes[:3]) + (" and others" if len(codes) > 3 else "")
    return f"Kept aside, as two computers used one code: {shown}. See 'alongside whose'"


def _aside(folder: Path) -> Aside:
    modules = list(_modules(folder))
    times = [time for part in modules if (time := read_timestamp(part))]
    newest = f"{max(times):%Y-%m-%d %H:%M} UTC" if times else ""
    return Aside(folder.name, folder.parts[-3], tuple(part.name for part in modules), newest)


def _modules(folder: Path) -> Iterator[Path]:
    parts = sorted(folder.iterdir()) if folder.is_dir() else []
    yield from (part for part in parts if not part.name.startswith("."))


def _decided(known: Senders) -> tuple[str, ...]:
    return known.counts + known.others


def same_person(root: Path, trainee: str, mark: str = "") -> tuple[str, ...]:
    """Let what is kept aside count as well: the trainee moved to another computer.

    Of each module the newest counts, and the other is kept aside in its place.

    Parameters
    ----------
    root : Path
        The course folder.
    trainee : str
        The code.
    mark : str
        How the mark of the computer begins; needed only where there are several.

    Returns
    -------
    tuple of str
        The modules of which another hand-in counts now.

    Raises
    ------
    GradingError
        Where nothing of this code is kept aside, or what is meant is not clear.
    """
    require_movable(root, trainee)
    with locked(root / "submitted"):
        one, known = _asked(root, trainee, mark)
        counts = _with(known.counts, one.mark)
        changed, moved = bring(root, one, trainee, known, device=one.mark)
        others = _with(known.others, *moved.values(), out=counts)
        given = known.without(one.mark).given
        decided = _noted(known, SAME, one.mark, moved)
        now = replace(known, counts=counts, others=others, given=given, decided=decided)
        write_senders(root, trainee, now)
    return changed


def other_counts(root: Path, trainee: str, mark: str = "") -> tuple[str, ...]:
    """Let what is kept aside count instead: what counted was sent by somebody else.

    Parameters, Returns, Raises
    ---------------------------
    As `same_person`.
    """
    require_movable(root, trainee)
    with locked(root / "submitted"):
        one, known = _asked(root, trainee, mark)
        there = list(_modules(root / "submitted" / trainee))
        moved = {path.name: _set_aside(root, known, path) for path in there}
        brought, _ = bring(root, one, trainee, known, device=one.mark)
        others = _with(known.others, *known.counts, *moved.values(), out=(one.mark,))
        given, decided = known.without(one.mark).given, _noted(known, INSTEAD, one.mark, moved)
        now = replace(known, counts=(one.mark,), others=others, given=given, decided=decided)
        write_senders(root, trainee, now)
    return tuple(sorted({path.name for path in there} | set(brought)))


def somebody_else(root: Path, trainee: str, code: str, mark: str = "") -> tuple[str, ...]:
    """Give what is kept aside to another code: two people used this one.

    Parameters
    ----------
    root, trainee, mark
        As `same_person`.
    code : str
        The code of the other person.

    Returns, Raises
    ---------------
    As `same_person`.
    """
    if not is_trainee_code(code):
        raise GradingError(f"{code[:80]!a} is not a trainee's code; {RULE}")
    if note := codes_of(root).slip(code):
        raise GradingError(f"{code} is not taken. {note}")
    require_movable(root, trainee, code)
    with locked(root / "submitted"):
        one, known = _asked(root, trainee, mark)
        theirs = read_senders(root, code)
        if code == trainee or (
            theirs.counts and not {one.mark, own_account(code)} & {*theirs.counts}
        ):
            raise GradingError(f"{code} belongs to another computer already; choose another code")
        private_folder(root, "submitted", code)
        origin: Origin = {"device": one.mark, "under": trainee}
        changed, moved = bring(root, one, code, theirs, **origin)
        # What bears no mark says nothing of a computer: the next one with a mark counts.
        counts = theirs.counts if one.mark == NO_MARK else _with(theirs.counts, one.mark)
        others = _with(theirs.others, *moved.values(), out=counts)
        given = theirs.without(one.mark).given
        write_senders(root, code, replace(theirs, counts=counts, others=others, given=given))
        others, given = _with(known.others, one.mark), {**known.given, one.mark: code}
        decided = _noted(known, OTHER, one.mark, moved, code)
        now = replace(known, others=others, given=given, decided=decided)
        write_senders(root, trainee, now)
    return changed


def _asked(root: Path, trainee: str, mark: str) -> tuple[Aside, Senders]:
    """Return what is kept aside of a code, and its marks; decided ones can be named again."""
    known = read_senders(root, trainee) if is_trainee_code(trainee) else Senders()
    found = [_aside(path) for path in sorted((root / FOLDER).glob("*/submitted/*"))]
    found = [one for one in found if one.trainee == trainee and one.modules]
    there = {one.mark for one in found}
    found += [Aside(trainee, given, (), "") for given in known.given if given not in there]
    waiting = [one for one in found if one.mark not in _decided(known)]
    chosen = _named(found, mark) if mark else waiting
    if len(chosen) == 1:
        return chosen[0], known
    if not (there or (mark and found)):
        raise GradingError(f"Nothing of {trainee[:80]!a} is kept aside; see 'alongside whose'")
    marks = ", ".join(one.short for one in chosen or found)
    if not (waiting or mark):
        what = f"All of {trainee} is decided; to decide otherwise, name the computer with --mark"
        undo = f". To take the last decision back: alongside whose {trainee} --undo"
        raise GradingError(f"{what}: {marks}{undo if known.decided else ''}")
    raise GradingError(f"Which computer of {trainee}? Name it with --mark: {marks}")


def _named(found: list[Aside], mark: str) -> list[Aside]:
    exactly = [one for one in found if mark in (one.mark, one.short)]
    return exactly or [one for one in found if one.mark.startswith(mark)]


def _noted(
    known: Senders, choice: str, mark: str, moved: Mapping[str, str], *codes: str
) -> tuple[Decision, ...]:
    """Return all decisions with a new one, where it changes anything."""
    if choice == SAME and mark in known.counts:
        return known.decided
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return (*known.decided, Decision(choice, mark, codes, when, known.counts, moved))


def bring(
    root: Path, one: Aside, code: str, known: Senders, **origin: Unpack[Origin]
) -> tuple[tuple[str, ...], dict[str, str]]:
    """Move all of a computer to a code.

    Returns
    -------
    tuple of str
        The modules of which something of it counts there now.
    dict
        By module the name under which what counts no longer, or not at all, lies aside.
    """
    source, target = root / FOLDER / one.mark / "submitted" / one.trainee, root / "submitted" / code
    changed, moved = [], {}
    for module in one.modules:
        mine, there = source / module, target / module
        if _join(root / FOLDER / one.mark, one.trainee, root, code, module, **origin):
            if os.path.lexists(there):
                moved[module] = put_aside(root, _first(known), there, code)
            mine.rename(there)
            settle(root, opened(root, code, module, datetime.now(UTC)))
            changed.append(module)
        elif code != one.trainee:
            moved[module] = put_aside(root, one.mark, mine, code)
    return tuple(changed), moved


def _join(
    source: Path, trainee: str, target: Path, code: str, module: str, **origin: Unpack[Origin]
) -> bool:
    """Move all hand-ins of a module, also the earlier ones; tell whether one of them counts."""
    now = datetime.now(UTC)
    return join(opened(source, trainee, module, now), opened(target, code, module, now), **origin)


def _first(known: Senders) -> str:
    return known.counts[0] if len(known.counts) == 1 else EARLIER


def _set_aside(root: Path, known: Senders, folder: Path) -> str:
    """Move what counts aside with all that was before it, and return under which name."""
    trainee, module = folder.parent.name, folder.name
    name = _free_name(root, _first(known), trainee, module)
    _join(root, trainee, private_folder(root, FOLDER, name), trainee, module)
    return put_aside(root, name, folder, trainee)


def put_aside(root: Path, first: str, folder: Path, trainee: str) -> str:
    """Move a hand-in aside, as that of a trainee, and return under which name."""
    name = _free_name(root, first, trainee, folder.name)
    folder.rename(private_folder(root, FOLDER, name, "submitted", trainee) / folder.name)
    return name


def _free_name(root: Path, first: str, trainee: str, module: str) -> str:
    name, number = first, 1
    while os.path.lexists(root / FOLDER / name / "submitted" / trainee / module):
        number += 1
        name = f"{first}-{number}"
    return name


def _with(marks: tuple[str, ...], *more: str, out: tuple[str, ...] = ()) -> tuple[str, ...]:
    return tuple(mark for mark in dict.fromkeys((*marks, *more)) if mark not in out)
