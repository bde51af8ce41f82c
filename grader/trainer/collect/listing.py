"""List every hand-in that is kept, for trainers who look for an earlier one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import GradingError, phrase, sentence
from grader.files.privacy import kept_back, kept_back_words
from grader.formats.trainee_code import RULE, is_trainee_code
from grader.trainer.collect.arrivals import clock_words
from grader.trainer.collect.history import FOLDER, History, digest_of
from grader.trainer.collect.newest import Kept, Row, in_use, insert
from grader.trainer.collect.submitted import read_there

HOMES = ("submitted", FOLDER)


@dataclass(frozen=True, slots=True)
class Listed:
    """One hand-in: when it was first collected, from which file, and what its sender says.

    Times are ISO texts in UTC; ``collected`` is empty of what was there before all was kept.
    """

    trainee: str
    module: str
    number: int
    in_use: bool
    collected: str
    source: str
    handed_in: str
    answers: int
    marked: bool
    notes: tuple[str, ...] = ()


def listed(root: Path, trainee: str = "", module: str = "") -> list[Listed]:
    """Return all that is kept, of everybody or of one trainee and module; change nothing.

    Raises
    ------
    GradingError
        Where nothing is kept of them.
    """
    if trainee and not is_trainee_code(trainee):
        raise GradingError(f"{trainee[:80]!a} is not a trainee's code; {RULE}")
    shut = _shut(root, trainee)
    whose = trainee or "*"  # of one among thousands, nobody else's folder is opened
    folders = (path for home in HOMES for path in (root / home).glob(f"{whose}/*"))
    wanted = {
        (path.parent.name, path.name)
        for path in folders
        if trainee in ("", path.parent.name) and module in ("", path.name)
        if not kept_back(path) and path.is_dir()
    }
    found = [one for who in sorted(wanted) for one in _of_one(root, *who)]
    if not found and shut:
        raise GradingError(kept_back_words(shut[0]))
    if not found:
        whom = f" of {trainee} {module}".rstrip() if trainee else ""
        raise GradingError(f"no hand-in{whom} is here yet; run 'alongside collect FOLDER' first")
    return found


def what_is_shut(root: Path, trainee: str = "") -> str:
    """Say that a list may lack hand-ins, of all or of one trainee; empty where it does not."""
    shut = _shut(root, trainee)
    return sentence(f"The list is not whole: {kept_back_words(shut[0])}") if shut else ""


def _shut(root: Path, trainee: str) -> list[Path]:
    homes = [root / home for home in HOMES]
    folders = [path for home in homes for path in home.glob(trainee or "*")]
    modules = [path for folder in folders for path in folder.glob("*")]
    shut = {part for path in (*homes, *folders, *modules) if (part := kept_back(path))}
    return sorted(part for part in shut if part.is_dir())


def _of_one(root: Path, trainee: str, module: str) -> Iterator[Listed]:
    row = _with_what_lies_there(root, History(root, trainee, module))
    use = in_use(row)
    for one in sorted(row, key=lambda one: one.number):
        yield Listed(
            trainee,
            module,
            one.number,
            one is use,
            "" if one.found else one.seen.isoformat(timespec="seconds"),
            one.source,
            one.claimed.isoformat(timespec="seconds"),
            one.answers,
            one.marked,
            tuple(_notes(one)),
        )


def _with_what_lies_there(root: Path, history: History) -> Row:
    if kept_back(root / "submitted" / history.trainee / history.module):
        return history.row  # that it is shut stands below the list
    there = read_there(root, history.trainee, history.module)
    if there is None or not (there.answers is not None or there.problem):
        return history.row  # an emptied folder is no hand-in
    if any(one.content == digest_of(there) for one in history.row):
        return history.row
    return insert(history.row, history.draft(there, datetime.now(UTC), found=True))


def _notes(one: Kept) -> Iterator[str]:
    if one.marked:
        yield "marked"
    if one.chosen:
        yield "chosen by a trainer"
    if one.dropped:
        yield "no longer kept"
    yield from filter(None, [phrase(clock_words(one)), one.damage])
