"""Mark many submissions and write their graded notebooks, on all processors at hand.

Nothing here touches the gradebook. What comes back of each trainee is small, so that the
answers of a large cohort are never in memory together.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

from grader.errors import AlongsideError, GradingError, RecordError, in_words, sentence
from grader.files.privacy import copy_if_there, private_folder, write_private
from grader.formats.answers import Record
from grader.formats.trainee_code import is_trainee_code
from grader.places import NOTEBOOK, SECRET, TIMESTAMP
from grader.surroundings import LOG
from grader.trainer.collect.submitted import read_timestamp_text
from grader.trainer.marking.graded_text import GradedText, notebook_text
from grader.trainer.marking.marks import Earlier, unread_words
from grader.trainer.marking.sheet import (
    Marks,
    RawHandIn,
    Sheet,
    fill,
    mark_record,
    mark_sent,
    read_sent,
    show_earlier,
)

ALONE = 100  # submissions up to which one process is quicker than starting more
SHARE = 25  # submissions that a process takes at a time


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What was handed in and when, as read; ``digest`` changes when any of it changes."""

    sent: RawHandIn
    when: str

    @property
    def digest(self) -> str:
        """A short name for exactly this."""
        answers = self.sent.answers
        parts = (b"" if answers is None else b"+" + answers, self.sent.problem.encode())
        sizes = [str(len(part)).encode() for part in parts]
        return hashlib.sha256(b" ".join([*sizes, *parts, self.when.encode()])).hexdigest()


@dataclass(frozen=True, slots=True)
class MarkSummary:
    """What one trainee's answers earned, by place; a score of None waits for a trainer.

    ``words`` names the words of each place; ``refused`` says why nothing was marked;
    ``size`` is that of the graded notebook; ``packed`` holds it until it is written.
    """

    trainee: str
    when: str = ""
    digest: str = ""
    scores: tuple[float | None, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()
    size: int = 0
    refused: str = ""
    words: tuple[str, ...] = ()
    packed: bytes = field(default=b"", compare=False, repr=False)


def refusal(trainee: str, reason: object) -> MarkSummary:
    """Return what comes of a trainee of whom nothing is marked."""
    return MarkSummary(trainee, refused=sentence(f"Not graded: {reason}"))


class Marker:
    """Marks the submissions of one module; graded notebooks are written, packed, or not made.

    ``answered`` are those of whom answers were graded before.
    """

    def __init__(
        self,
        root: Path,
        sheet: Sheet,
        *,
        writes: bool = False,
        packs: bool = False,
        answered: Collection[str] = (),
    ) -> None:
        self._root = root
        self._answered = answered
        self._sheet = sheet
        self._packs = packs
        self._text = GradedText(sheet) if writes or packs else None

    def __call__(self, trainee: str) -> MarkSummary:
        """Mark one trainee; whatever goes wrong is in what comes back."""
        try:
            handed_in = self._read(trainee)
            marks = _marks(self._sheet, handed_in.sent)
            text = self._text.of(marks) if self._text else b""
            size = self._write(trainee, text) if text and not self._packs else 0
        except (AlongsideError, OSError) as error:
            return refusal(trainee, in_words(error))
        scores = tuple(mark.auto_score for mark in marks.marks)
        words = tuple(mark.words for mark in marks.marks)
        notes = (marks.problem, marks.notes, size)
        found = MarkSummary(trainee, handed_in.when, handed_in.digest, scores, *notes, words=words)
        return replace(found, packed=zlib.compress(text, 1)) if self._packs else found

    def unpack(self, marked: MarkSummary) -> MarkSummary:
        """Write the notebook of a trainee who was marked before; what goes wrong comes back."""
        try:
            size = self._write(marked.trainee, zlib.decompress(marked.packed))
        except (AlongsideError, OSError) as error:
            return refusal(marked.trainee, in_words(error))
        return replace(marked, size=size, packed=b"")

    def show_earlier(
        self, done: dict[str, MarkSummary], superseded: Mapping[str, Mapping[str, Earlier]]
    ) -> None:
        """Write some notebooks again: marks that were for earlier words stand there as such."""
        for trainee, earlier in superseded.items():
            try:
                done[trainee] = self._with_earlier(done[trainee], earlier)
            except (AlongsideError, OSError):  # the next run does it
                done[trainee] = replace(done[trainee], size=-1)

    def _with_earlier(self, marked: MarkSummary, earlier: Mapping[str, Earlier]) -> MarkSummary:
        handed_in = self._read(marked.trainee)
        if handed_in.digest != marked.digest:  # replaced meanwhile; the next run grades that
            return marked
        notebook = fill(self._sheet, _marks(self._sheet, handed_in.sent))
        show_earlier(self._sheet, notebook["cells"], earlier)
        size = self._write(marked.trainee, notebook_text(notebook).encode())
        return replace(marked, size=size)

    def _read(self, trainee: str) -> HandedIn:
        had_answers = trainee in self._answered
        return read_handed_in(self._root, self._sheet.module, trainee, had_answers=had_answers)

    def _write(self, trainee: str, content: bytes) -> int:
        module = self._sheet.module
        source = self._root / "submitted" / trainee / module
        target = private_folder(self._root, "autograded", trainee, module)
        for left in target.glob(f".{NOTEBOOK}.*"):  # of a run that was cut off
            left.unlink(missing_ok=True)
        for name in (TIMESTAMP, SECRET):
            copy_if_there(source / name, target / name)
        write_private(target / NOTEBOOK, content)
        return len(content)


def read_handed_in(root: Path, module: str, trainee: str, *, had_answers: bool = False) -> HandedIn:
    """Read what a trainee handed in; ``had_answers`` as in `mark_submission`.

    Raises
    ------
    RecordError
        Where the folder is not one that could be graded at all.
    """
    if reason := why_refused(root, trainee):
        raise RecordError(reason)
    folder = root / "submitted" / trainee / module
    os.lstat(folder)  # raises where it may not be looked at
    return HandedIn(read_sent(folder, had_answers=had_answers), read_timestamp_text(folder))


def why_refused(root: Path, trainee: str) -> str:
    """Say why nothing in a trainee's folder is graded; empty where it is."""
    if not is_trainee_code(trainee):
        return f"{trainee[:80]!a} is not a trainee's code; rename the folder"
    if (root / "submitted" / trainee).is_symlink():
        return f"submitted/{trainee} is a link, not a folder; remove it"
    return ""


def _marks(sheet: Sheet, sent: RawHandIn) -> Marks:
    try:
        return mark_sent(sheet, sent)
    except Exception as error:  # whatever one trainee sent, the others go on
        LOG.exception("answers could not be scored")
        problem = f"The answers could not be scored ({type(error).__name__}): read them yourself."
        unread = unread_words(sent.answers or b"")
        return mark_record(sheet, Record(sheet.module), problem, unread)


def mark_all(marker: Marker, trainees: Sequence[str]) -> Iterator[MarkSummary]:
    """Mark every trainee in turn; many are shared out among processes.

    Parameters
    ----------
    marker : Marker
        Of the module.
    trainees : sequence of str
        Whom.

    Raises
    ------
    GradingError
        Where a process was stopped from outside; running again finishes the work.
    """
    processes = _processors()
    if len(trainees) <= ALONE or processes == 1:
        yield from map(marker, trainees)
        return
    # Fresh processes: one that is copied in the midst of other threads may hang.
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, fresh, _begin, (marker,)) as pool:
        try:
            yield from pool.map(_mark_here, trainees, chunksize=SHARE)
        except BrokenProcessPool as error:
            message = "Grading was cut off: one of its processes was stopped; run it again"
            raise GradingError(message) from error
        finally:
            pool.shutdown(cancel_futures=True)


def _processors() -> int:
    allowed = getattr(os, "sched_getaffinity", None)  # fewer than there are, in a container
    return len(allowed(0)) if allowed else os.cpu_count() or 1


_here: list[Marker] = []  # the marker of this process


def _begin(marker: Marker) -> None:
    _here[:] = [marker]
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the process that was asked
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A process whose parent was killed would wait for work for ever.
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)


def _mark_here(trainee: str) -> MarkSummary:
    return _here[0](trainee)
