"""Take back what a trainer said with ``whose``: every hand-in goes where it was before.

Also what came since, so that it is asked again whose it is. Apart from deciding, in `whose`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import GradingError
from grader.files.privacy import private_folder
from grader.files.safe import locked
from grader.formats.trainee_code import is_trainee_code
from grader.places import NOTEBOOK
from grader.trainer.collect.devices import in_words
from grader.trainer.collect.history import FOLDER as HISTORY
from grader.trainer.collect.history import History, digest_of
from grader.trainer.collect.joining import is_settled, move, opened, require_movable
from grader.trainer.collect.newest import in_use
from grader.trainer.collect.senders import (
    BOOK,
    FOLDER,
    INSTEAD,
    OTHER,
    SAME,
    SHARED,
    Decision,
    Senders,
    all_senders,
    read_senders,
    short_mark,
    write_senders,
)
from grader.trainer.collect.submitted import place, read_there
from grader.trainer.collect.whose import Aside, bring, put_aside


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision of a trainer, and the command that takes it back."""

    trainee: str
    choice: str
    mark: str
    codes: tuple[str, ...]
    when: str
    undo: str

    @property
    def words(self) -> str:
        """What was decided, in words."""
        said = {SAME: "is the same person", INSTEAD: "counts instead"}
        if self.choice == OTHER:
            return f"is {self.codes[0]}"
        return said.get(self.choice) or f"is shared by {in_words(self.codes)}"

    @property
    def short(self) -> str:
        """The mark as a trainer sees it."""
        return short_mark(self.mark)


def decisions(root: Path) -> list[Decided]:
    """Return all that was decided, by code, the last one first: so they are taken back."""
    return [
        Decided(who, one.choice, one.mark, one.codes, one.when, f"alongside whose {who} --undo")
        for who, known in all_senders(root).items()
        for one in reversed(known.decided)
    ]


def take_back(root: Path, trainee: str, mark: str = "") -> tuple[Decision, tuple[str, ...]]:
    """Take back the last decision about a code.

    Parameters
    ----------
    root : Path
        The course folder.
    trainee : str
        The code.
    mark : str
        How the mark of the computer begins that it has to be about; any by default.

    Returns
    -------
    Decision
        What was taken back.
    tuple of str
        The modules of which hand-ins went back.

    Raises
    ------
    GradingError
        Where nothing is decided, or something else has to be taken back first.
    """
    with locked(root / "submitted"):
        known = read_senders(root, trainee) if is_trainee_code(trainee) else Senders()
        last = _last(known, trainee, mark)
        code = last.codes[0] if last.choice == OTHER else trainee
        require_movable(root, trainee, code)
        changed = () if last.choice == SHARED else _all_back(root, trainee, code, last)
        before = _before(known, last)
        if code != trainee:
            before = _returned_from(before, code, changed)
        write_senders(root, trainee, before)
        if code != trainee:
            _leave_code(root, code, last)
    return last, changed


def _last(known: Senders, trainee: str, mark: str) -> Decision:
    if not known.decided:
        raise GradingError(f"Nothing is decided of {trainee[:80]!a}; see 'alongside whose'")
    last = known.decided[-1]
    if not last.mark.startswith(mark):
        what = f"What was decided last of {trainee} is about the computer {short_mark(last.mark)}"
        raise GradingError(f"{what}; that is to take back first: alongside whose {trainee} --undo")
    return last


def _before(known: Senders, last: Decision) -> Senders:
    """Return the marks of a code as if nothing had been said of this one: it is asked again."""
    if last.choice == SHARED:
        return replace(known, decided=known.decided[:-1])
    counts = tuple(mark for mark in known.counts if last.choice != SAME or mark != last.mark)
    counts = last.counts if last.choice == INSTEAD else counts
    undecided = known.without(last.mark)
    others = tuple(mark for mark in undecided.others if mark not in counts)
    return replace(undecided, counts=counts, others=others, decided=known.decided[:-1])


def _returned_from(known: Senders, code: str, modules: tuple[str, ...]) -> Senders:
    """Note of which modules the marks are another code's, and the hand-ins are not."""
    names = sorted({*known.returned.get(code, ()), *modules})
    return replace(known, returned={**known.returned, code: tuple(names)})


def _leave_code(root: Path, code: str, last: Decision) -> None:
    """Take a mark from the code to which it was given, unless it sends there itself."""
    theirs = read_senders(root, code)
    if not any(one.device == last.mark for each in _histories(root, code) for one in each.row):
        counts = tuple(mark for mark in theirs.counts if mark != last.mark)
        left = [name for name in last.aside.values() if name not in (*counts, *theirs.others)]
        theirs = replace(theirs, counts=counts, others=(*theirs.others, *left))
        write_senders(root, code, theirs)
    if theirs == Senders():
        (root / "submitted" / code / BOOK).unlink(missing_ok=True)
    with suppress(OSError):  # something is in it
        (root / "submitted" / code).rmdir()


# Hand-ins -------------------------------------------------------------------------------


def _all_back(root: Path, trainee: str, code: str, last: Decision) -> tuple[str, ...]:
    modules = [each.module for each in _histories(root, code)]
    changed = {one for one in modules if _back(root, trainee, code, one, last)}
    if last.choice == OTHER and not changed and _moved_on(root, code):
        what = f"What was given to {code} is kept aside there; that is to take back first"
        raise GradingError(f"{what}: alongside whose {code} --undo")
    if last.choice == INSTEAD:
        changed |= set(_returned(root, trainee, last))
    return tuple(sorted(changed))


def _moved_on(root: Path, code: str) -> bool:
    return any(one.choice == INSTEAD for one in read_senders(root, code).decided)


def _histories(root: Path, code: str) -> list[History]:
    """Return all that is kept of a code, and what grading and others did to it since."""
    homes = (root / HISTORY / code, root / "submitted" / code)
    found = {path.name for home in homes for path in home.glob("[!.]*") if path.is_dir()}
    return [opened(root, code, module, datetime.now(UTC)) for module in sorted(found)]


def _back(root: Path, trainee: str, code: str, module: str, last: Decision) -> bool:
    """Move what a computer sent of a module aside again; tell whether there was anything."""
    now, under = datetime.now(UTC), "" if code == trainee else trainee
    source = opened(root, code, module, now)
    row = tuple(one for one in source.row if (one.device, one.under) == (last.mark, under))
    if not row:
        return False
    aside = private_folder(root, FOLDER, last.mark)
    private_folder(aside, "submitted", trainee)
    target, notebook = opened(aside, trainee, module, now), _notebook(root, module)
    move(source, target, row, under="")
    _folders_back(root, aside, source, target, last)
    _settle(aside, target, notebook)
    _settle(root, source, notebook)
    there = _folder(root, source)
    if not source.row and os.path.lexists(there):
        put_aside(root, last.mark, there, trainee)
    return True


def _notebook(root: Path, module: str) -> bytes:
    try:
        return (root / "exercises" / module / NOTEBOOK).read_bytes()
    except OSError:
        what = f"exercises/{module} is not released; run 'alongside release', then try again"
        raise GradingError(what) from None


def _folders_back(
    root: Path, aside: Path, source: History, target: History, last: Decision
) -> None:
    """Put folders where their hand-ins are kept now; they are moved, as when it was decided."""
    there, mine = _folder(root, source), _folder(aside, target)
    if not is_settled(root, source):
        _rename(there, mine)
    if last.choice != INSTEAD and (name := last.aside.get(source.module)):
        _left_back(root / FOLDER / name, source, target, there, mine)


def _left_back(home: Path, source: History, target: History, there: Path, mine: Path) -> None:
    """Put back what was moved aside as it did not count: it is of one or of the other."""
    left = read_there(home, source.trainee, source.module)
    if left is not None:
        is_mine = any(one.content == digest_of(left) for one in target.row)
        _rename(_folder(home, source), mine if is_mine else there)


def _returned(root: Path, trainee: str, last: Decision) -> Iterator[str]:
    """Let what was set aside count again, with all that came there since."""
    for name in dict.fromkeys((*last.counts, *last.aside.values())):
        home = root / FOLDER / name
        kept = sorted(path.name for path in (home / "submitted" / trainee).glob("[!.]*"))
        if modules := tuple(one for one in kept if History(home, trainee, one).row):
            bring(root, Aside(trainee, name, modules, ""), trainee, Senders((last.mark,)))
            yield from modules


def _settle(root: Path, history: History, notebook: bytes) -> None:
    use = in_use(history.row)
    if use and not is_settled(root, history):
        place(root, history.content(use), use.when, notebook)


def _folder(root: Path, history: History) -> Path:
    return root / "submitted" / history.trainee / history.module


def _rename(one: Path, goal: Path) -> None:
    if os.path.lexists(one) and not os.path.lexists(goal):
        goal.parent.mkdir(exist_ok=True)
        one.rename(goal)
