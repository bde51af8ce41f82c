"""Run collecting, grading, feedback and export from the desk: one at a time, with progress.

They are the functions that the commands run, in a thread of their own.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.desk.looking import Looker
from grader.desk.place import Desk, titles
from grader.errors import AlongsideError, GradingError, in_words, sentence
from grader.places import MARKS
from grader.surroundings import LOG
from grader.trainer.collect.collect import OLDER, collect
from grader.trainer.collect.ungraded import to_grade
from grader.trainer.collect.whose import reminder
from grader.trainer.feedback.feedback import Feedback, Wanted, make_feedback, mark_released
from grader.trainer.gradebook.gradebook import read_names
from grader.trainer.grading.grading import Listener, grade_modules
from grader.trainer.grading.outcomes import DAMAGED, NOT_GRADED, Graded
from grader.trainer.report.exports import export_csv
from grader.trainer.roster.codes import codes_of

COLLECT, GRADE, FEEDBACK, EXPORT = "collect", "grade", "feedback", "export"
TITLES = {
    COLLECT: "Collecting hand-ins",
    GRADE: "Grading",
    FEEDBACK: "Writing feedback",
    EXPORT: "Writing the table of marks",
}
BUSY = "Something else is running. Wait until it is done, then try again."
LONGEST_NAME = 60  # characters, of which one may take four bytes
MOST_LINES = 500  # of what is said; a page holds no more


@dataclass
class Run:
    """One run: how far it is, and what it said; ``trouble`` says why it ended early.

    It may have ``parts``, such as modules: the one that is under way has a ``part`` name and
    number, and ``done`` and ``total`` count its steps.
    """

    what: str
    done: int = 0
    total: int = 0
    part: str = ""
    number: int = 1
    parts: int = 1
    is_over: bool = False
    trouble: str = ""
    said: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        """What is done."""
        return TITLES[self.what]

    @property
    def far(self) -> str:
        """How far it is, in words."""
        part = f" with {self.part} (module {self.number} of {self.parts})" if self.part else ""
        steps = f": {self.done} of {self.total}" if self.total else ""
        return f"Under way{part}{steps}."

    @property
    def share(self) -> float:
        """How far it is as a part of 1: over all parts, so that it never goes back."""
        here = self.done / self.total if self.total else 0
        return (self.number - 1 + here) / self.parts

    def begin_part(self, name: str, number: int, parts: int) -> None:
        """Go on with the next part, of which no step is done."""
        self.done = self.total = 0
        self.part, self.number, self.parts = name, number, parts

    def progress(self, steps: Sequence[Any]) -> Iterator[Any]:
        """Yield steps, and count them."""
        steps = list(steps)
        self.done, self.total = 0, len(steps)
        for step in steps:
            yield step
            self.done += 1

    def say(self, line: str) -> None:
        """Add a line."""
        if len(self.said) < MOST_LINES:
            self.said.append(line)
        elif len(self.said) == MOST_LINES:
            self.said.append("There is more than a page can hold. The commands print all of it.")


class Runs:
    """The runs of one desk, the last of them kept; ``to_send`` is finished feedback to send."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._lock = threading.Lock()
        self.looker = Looker(desk)
        self.last: Run | None = None
        self.to_send: list[Feedback] = []

    @property
    def is_busy(self) -> bool:
        """Tell whether something runs."""
        return self._lock.locked()

    def start(self, what: str, files: Iterable[tuple[str, bytes]] = ()) -> Run:
        """Begin a run in a thread; ``files`` are what is to be collected, by name.

        Raises
        ------
        GradingError
            Where another one is under way.
        """
        if not self._lock.acquire(blocking=False):
            raise GradingError(BUSY)
        self.last = run = Run(what)
        work: dict[str, Callable[[Run], None]] = {
            COLLECT: lambda run: self._collect(run, list(files)),
            GRADE: self._grade,
            FEEDBACK: self._feedback,
            EXPORT: self._export,
        }
        threading.Thread(target=self._run, args=(run, work[what]), daemon=True).start()
        return run

    def _run(self, run: Run, work: Callable[[Run], None]) -> None:
        try:
            work(run)
        except (AlongsideError, OSError) as error:
            run.trouble = sentence(in_words(error))
        except Exception as error:  # said here, since nobody watches a thread
            LOG.exception("a run from the desk failed")
            run.trouble = f"It could not be finished ({type(error).__name__}). Please try again."
        finally:
            run.is_over = True
            self._lock.release()
            self.looker.start()

    def _collect(self, run: Run, files: list[tuple[str, bytes]]) -> None:
        root = self.desk.root
        folder = Path(tempfile.mkdtemp(prefix="alongside-desk-"))  # for its owner alone
        try:
            for number, (name, content) in enumerate(files):
                (folder / str(number)).mkdir()
                (folder / str(number) / file_name(name)).write_bytes(content)
            done = collect(root, sorted(folder.glob("*/*")), progress=run.progress)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        run.say(counted(one.outcome for one in done))
        for one in done:
            if one.outcome != OLDER:
                who = " ".join(filter(None, (one.trainee, one.module))) or one.source
                run.say(f"{who}: {one.outcome}. {one.reason}".strip())
        codes = {one.trainee or one.typed for one in done}
        for code, note in codes_of(root).strangers(filter(None, codes)).items():
            run.say(f"{code}: {note}")
        if waiting := reminder(root):
            run.say(sentence(waiting))

    def _grade(self, run: Run) -> None:
        desk = self.desk
        told = Listener(run.progress, lambda changed: _say_changes(run, changed), run.say)
        done = grade_modules(desk.root, desk.modules, desk.db_url, told)
        if not done:
            raise GradingError("Nothing is handed in yet; collect hand-ins first")
        run.say(counted(one.outcome for one in done))
        for one in done:
            if one.problem or one.outcome in (DAMAGED, NOT_GRADED):
                run.say(f"{one.trainee} {one.module}: {one.outcome}. {one.problem}")

    def _feedback(self, run: Run) -> None:
        desk = self.desk
        _, graded = read_names(desk.db_url)
        done: list[Feedback] = []
        modules, names = sorted(graded & set(desk.modules)), titles(desk)
        for number, module in enumerate(modules, 1):
            run.begin_part(names[module], number, len(modules))
            wanted = Wanted(finished=True)
            done += make_feedback(desk.root, module, desk.db_url, run.progress, wanted)
        self.to_send = [one for one in done if one.new and one.bundle]
        waiting = sum(one.waiting > 0 for one in done)
        run.say(f"New files to send: {len(self.to_send)}.")
        if waiting:
            run.say(f"{waiting} still wait for a person to read replies.")
        for one in done:
            if one.problem or one.damage:
                run.say(f"{one.trainee} {one.module}: {one.problem or one.damage}")
            if one.earlier:
                run.say(f"{one.trainee} {one.module}: {one.earlier}")

    def _export(self, run: Run) -> None:
        desk = self.desk
        out = desk.root / "exports" / MARKS
        waits: list[int] = []
        count = export_csv(desk.root, out, desk.db_url, to_be_graded=waits.append)
        run.say(f"{count} rows are in exports/{MARKS}.")
        if words := to_grade(sum(waits)):
            run.say(words)

    def sent(self) -> int:
        """Remember that what was to be sent was sent; return how many files that were.

        Raises
        ------
        GradingError
            Where the gradebook cannot be written to.
        """
        if not self._lock.acquire(blocking=False):
            raise GradingError(BUSY)
        try:
            done, self.to_send = mark_released(self.desk.db_url, self.to_send), []
            return len(done)
        finally:
            self._lock.release()


def _say_changes(run: Run, changed: Iterable[Graded]) -> None:
    for one in changed:
        for change in one.changes:
            before, after = _points(change.before), _points(change.after)
            run.say(f"{one.trainee} {one.module} {change.item}: {before} before, {after} now.")


def _points(points: float | None) -> str:
    return "waiting" if points is None else f"{round(points, 4):g} points"


def file_name(name: str) -> str:
    """Return the name of a file that came, as a name that any folder takes."""
    plain = "".join(sign for sign in name if sign.isprintable() and sign not in '/\\:*?"<>|')
    return plain.strip(". ")[-LONGEST_NAME:] or "hand-in"


def counted(outcomes: Iterable[str]) -> str:
    """Return how often each outcome occurs, as one line."""
    counts = Counter(outcomes).most_common()
    return ", ".join(f"{count} {outcome}" for outcome, count in counts) or "nothing"
