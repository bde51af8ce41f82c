"""Keep what lies whole in ``submitted/``, and put it back where it was damaged since."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import AlongsideError, RecordError, SubmissionError
from grader.files.safe import locked
from grader.places import NOTEBOOK
from grader.trainer.collect.bundles import HandIn
from grader.trainer.collect.contents import examine, usable
from grader.trainer.collect.history import History, digest_of
from grader.trainer.collect.joining import opened
from grader.trainer.collect.newest import Kept, in_use
from grader.trainer.collect.submitted import place, read_there


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole hand-in that is kept, while what lies in ``submitted/`` is damaged."""

    kept: Kept
    sent: HandIn

    @property
    def way_back(self) -> str:
        """Say what is damaged, and how to put the whole one in its place."""
        who, module, number = self.sent.trainee, self.sent.module, self.kept.number
        command = f"alongside collect --use {who} {module} {number}"
        return (
            f"submitted/{who}/{module} is damaged, and number {number} is whole. "
            f"Grading puts it back; to do it by hand: {command}"
        )


@dataclass(frozen=True, slots=True)
class Looked:
    """What lies in ``submitted/``: whole and not kept yet, or damaged while another is whole."""

    is_new: bool = False
    whole: Whole | None = None


def look(root: Path, trainee: str, module: str) -> Looked:
    """Look at what lies there once, for all that is asked of it."""
    there, history = read_there(root, trainee, module), History(root, trainee, module)
    content = digest_of(there) if there is not None else ""
    if there is not None and not examine(root, there)[1]:
        return Looked(is_new=all(one.content != content for one in history.row))
    use = in_use(history.row)
    if use is None or content == use.content:
        return Looked()
    return Looked(whole=next(_whole(root, history, use), None))


def looked(root: Path, trainee: str, module: str) -> Looked:
    """Do the same where what cannot be read is said by grading itself."""
    with suppress(AlongsideError, OSError):
        return look(root, trainee, module)
    return Looked()


def kept_whole(root: Path, trainee: str, module: str) -> Whole | None:
    """Return what can take the place of a hand-in that is damaged where it lies.

    None where that is whole, where a trainer chose it, or where nothing better is kept.
    """
    return look(root, trainee, module).whole


def _whole(root: Path, history: History, use: Kept) -> Iterator[Whole]:
    """Yield what is kept whole: first what counts, then the newest."""
    others = [one for one in reversed(history.row) if one.counts and one != use]
    for one in [use, *others]:
        try:
            sent = history.content(one)
        except SubmissionError:
            continue
        if not examine(root, sent)[1]:
            yield Whole(one, sent)


def with_answers(root: Path, history: History, number: int, names: Sequence[str]) -> Kept | None:
    """Return the newest hand-in besides one of a number that has most of some answers."""
    best, most = None, 0
    for one in reversed(history.row):
        if one.dropped or one.number == number:
            continue
        with suppress(SubmissionError):
            good = usable(root, history.content(one))
            if (count := sum(good.get(name, False) for name in names)) > most:
                best, most = one, count
    return best


@dataclass(frozen=True, slots=True)
class Counting:
    """The hand-in that counts: its number, and whether a trainer chose it as it is."""

    number: int
    chosen: bool = False
    better: int = 0  # the number of one that has answers which cannot be read here


def counting(root: Path, trainee: str, module: str, unread: Sequence[str] = ()) -> Counting:
    """Return what counts of a trainee, and which other one has answers that are ``unread``."""
    history, there = History(root, trainee, module), read_there(root, trainee, module)
    mine = tuple(one for one in history.row if there and one.content == digest_of(there))
    use = in_use(mine)
    # What lies there and is not kept yet gets the next number, as soon as it is.
    number = use.number if use else max((one.number for one in history.row), default=0) + 1
    better = with_answers(root, history, number, unread) if unread else None
    return Counting(number, bool(use and use.chosen), better.number if better else 0)


def mend(root: Path, trainee: str, module: str) -> str:
    """Put the whole hand-in in the place of a damaged one, and say so; empty where none is.

    What lay there is kept among the hand-ins, so that nothing is lost.

    Raises
    ------
    OSError, RecordError, SubmissionError
        Where it cannot be read or written; then all is as it was.
    """
    if kept_whole(root, trainee, module) is None:
        return ""
    with locked(root / "submitted"):
        found = kept_whole(root, trainee, module)  # nobody changes it from here on
        if found is None:
            return ""
        notebook = (root / "exercises" / module / NOTEBOOK).read_bytes()
        history = opened(root, trainee, module, datetime.now(UTC))
        if in_use(history.row) != found.kept:
            history.choose(found.kept.number, datetime.now(UTC))
        history.save()
        kept = place(root, found.sent, found.kept.when, notebook)
    was_marked = any(one.marked for one in history.row if one.number == found.kept.number)
    stand = "; its marks stand" if was_marked else ""
    words = (
        f"submitted/{trainee}/{module} was damaged. "
        f"Number {found.kept.number} is whole and was put back{stand}.",
        kept,
        f"To see all: alongside collect --list {trainee} {module}",
    )
    return " ".join(filter(None, words))


def mended(root: Path, trainee: str, module: str) -> str:
    """Do what `mend` does; where that cannot be done, all stays, and grading says it."""
    try:
        return mend(root, trainee, module)
    except (OSError, RecordError, SubmissionError):
        return ""


def keep(root: Path, module: str, *trainees: str) -> None:
    """Keep hand-ins that are new here: somebody put them into ``submitted/`` by hand.

    Where one cannot be kept, grading goes on: it lies where it lay.
    """
    for trainee in trainees:
        with suppress(OSError, AlongsideError), locked(root / "submitted"):
            opened(root, trainee, module, datetime.now(UTC)).save()


def keep_if_new(root: Path, module: str, trainee: str) -> None:
    """Keep a whole hand-in that is new here, as `keep` does; nothing else."""
    if looked(root, trainee, module).is_new:
        keep(root, module, trainee)
