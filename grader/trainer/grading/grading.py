"""Grade what is in ``submitted/``: everybody gets an outcome, and nobody stops the others.

No notebook is executed; marks come from the answers alone. A run looks first, says whose
marks change, copies the gradebook, and only then writes: notebooks, then all rows of all
modules in one transaction. Cut off anywhere, it leaves all marks or none, and the next run
does what is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import GradebookDamagedError, GradingError
from grader.files.privacy import close_to_others, require_ours
from grader.files.writable import why_unwritable
from grader.trainer.collect.collect import Progress
from grader.trainer.collect.mending import keep, looked, mended
from grader.trainer.collect.submitted import put_back
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.gradebook.backups import FOLDER, back_up_changed, sqlite_path
from grader.trainer.gradebook.gradebook import (
    default_db_url,
    gradebook_session,
    prepare_gradebook,
    read_gradebook,
    read_names,
)
from grader.trainer.gradebook.rows import save_marks
from grader.trainer.grading.changes import changes_of, expected_entry, rows_of
from grader.trainer.grading.graded_before import GradedBefore
from grader.trainer.grading.notes import notes_on, notes_on_places
from grader.trainer.grading.outcomes import (
    NOT_GRADED,
    Graded,
    not_changed,
    not_graded,
    not_said_as_done,
    outcome_of,
    with_changes,
)
from grader.trainer.grading.plan import Plan
from grader.trainer.grading.recovery import begin_anew, bring_back, copy_marks
from grader.trainer.marking.marking import Marker, MarkSummary, mark_all, refusal, why_refused
from grader.trainer.marking.marks import Earlier, Entry
from grader.trainer.marking.sheet import Sheet
from grader.trainer.marking.sheets import load_sheets
from grader.trainer.release import modules_of, require_module
from grader.trainer.roster.codes import Codes
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import is_handed_in, people, who_handed_in

NOT_OURS = "this gradebook is on a database server; whoever runs it makes the copies"
LOCK = ".gradebook.lock"
MAX_PACKED = 16 << 20  # bytes of one module: about 2,000 notebooks
LOCK_PATIENCE = 5.0  # seconds to wait for another run to end


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of a run: progress, whose marks change, messages, and modules left out."""

    progress: Progress = iter
    changes: Callable[[list[Graded]], None] = lambda _: None
    message: Callable[[str], None] = lambda _: None
    left_out: Callable[[str], None] = lambda _: None


def grade(
    root: Path, module: str, db_url: str | None = None, progress: Progress = iter
) -> list[Graded]:
    """Grade one module for everybody; see `grade_modules`."""
    return grade_modules(root, [module], db_url, Listener(progress))


def grade_modules(  # noqa: PLR0913 - what to grade, into what, how, and who hears of it
    root: Path,
    modules: Iterable[str],
    db_url: str | None = None,
    told: Listener = Listener(),
    *,
    force: bool = False,
    dry_run: bool = False,
    anew: bool = False,
) -> list[Graded]:
    """Grade some modules for everybody, in one run.

    Parameters
    ----------
    root : Path
        The course folder.
    modules : iterable of str
        Such as ``07-advice``.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.
    told : Listener
        Who hears of it. ``progress`` wraps the list of trainees while they are graded, such
        as ``tqdm``; ``changes`` is called before anything is written.
    force : bool
        Grade everybody again, also where nothing changed.
    dry_run : bool
        Write nothing at all, and return what a run would do.
    anew : bool
        Begin a new gradebook, where one and all its copies were lost.

    Returns
    -------
    list of Graded
        By module one for each trainee who handed in, was graded or stands in the roster.

    Raises
    ------
    GradingError
        Where the key, the notebook or the gradebook cannot be used.
    """
    root, db_url = Path(root), db_url or default_db_url(root)
    known = modules_of(root)
    for module in (modules := list(modules)):
        require_module(module, known)
    loaded, left_out = load_sheets(root, modules)
    sheets = list(loaded.values())
    places = notes_on_places(root, known)
    run = _Run(root, db_url, read_roster(root), told, force, places)
    for note in notes_on(root, known, db_url):
        told.message(note)
    for why in left_out.values():
        told.left_out(why)
    if dry_run:
        for note in run.places:
            told.message(note)
        plans = (run.plan(sheet, everybody=True) for sheet in sheets)
        return [one for plan in plans for one in plan.expected.values()]
    with _one_grader(root, lambda: sum(len(run.plan(sheet).due) for sheet in sheets)):
        put_back(root)
        if anew:
            told.message(begin_anew(root, db_url))
        try:
            return run.do(sheets)
        except GradebookDamagedError:
            gradebook = sqlite_path(db_url)
            if gradebook is None:
                raise
            told.message(bring_back(gradebook))
            return run.do(sheets)


@contextmanager
def _one_grader(root: Path, due: Callable[[], int]) -> Iterator[None]:
    from filelock import FileLock, Timeout

    # The system lets go of it when a run ends, in whatever way.
    lock = FileLock(root / LOCK, timeout=LOCK_PATIENCE, mode=0o600)
    require_ours(root / LOCK)
    try:
        lock.acquire()
        close_to_others(root / LOCK)
    except Timeout:
        message = "Another grading run is under way here; try again when it is done"
        raise GradingError(message) from None
    except OSError as error:
        if why := why_unwritable(root):
            raise GradingError(not_graded(why, due())) from error
        raise
    try:
        yield
    finally:
        lock.release()


# One run --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Run:
    root: Path
    db_url: str
    roster: set[str]
    told: Listener
    force: bool
    places: Iterator[str]  # told once, even where a run has to begin again

    def do(self, sheets: list[Sheet]) -> list[Graded]:
        """Look, say what changes, write, and return how all marks stand then."""
        plans = [self.plan(sheet) for sheet in sheets]
        if self._mend(plans):
            plans = [self.plan(sheet) for sheet in sheets]
        for note in self.places:  # now that all lies where it stays
            self.told.message(note)
        changing = [one for plan in plans for one in plan.expected.values() if one.changes]
        if changing:
            self.told.changes(changing)
        if not self._has_work(plans):
            copy_marks(self.db_url, self.told.message)
            return [one for plan in plans for one in plan.expected.values()]
        with not_said_as_done(len(changing), self.told.message):
            marked, superseded = self._write(plans)
        for plan, done, earlier in zip(plans, marked, superseded, strict=True):
            self._marker(plan).show_earlier(done, earlier)
            plan.before.remember([*plan.standing.values(), *done.values()])
        after = [
            with_changes(one, plan.expected.get(one.trainee))
            for plan, done in zip(plans, marked, strict=True)
            for one in self._outcomes(plan, done, read_gradebook(self.db_url, plan.sheet.module))
        ]
        if left := len(changing) - sum(bool(one.changes) for one in after):
            self.told.message(not_changed(left))
        return after

    def plan(self, sheet: Sheet, *, everybody: bool = False) -> Plan:
        """Find out what is to be done, and change nothing.

        What to expect covers those who were graded before, or ``everybody``.
        """
        entries = read_gradebook(self.db_url, sheet.module)
        answered = frozenset(who for who, entry in entries.items() if entry.had_answers)
        plan = Plan(sheet, GradedBefore(self.root, sheet), answered)
        for trainee in who_handed_in(self.root, sheet.module):
            there = is_handed_in(self.root / "submitted" / trainee / sheet.module)
            stands = self._stands(plan, trainee, entries.get(trainee) if there else None)
            if stands:
                plan.standing[trainee] = stands
            else:
                (plan.due if there else plan.nothing).append(trainee)
        seen = plan.due if everybody else [who for who in plan.due if who in entries]
        marked = self._mark([(plan, seen)], writes=False, packs=not everybody)[0]
        plan.packed.update(_that_fit(marked))
        after = entries | {
            one.trainee: expected_entry(sheet, one, entries.get(one.trainee))
            for one in marked.values()
            if not one.refused
        }
        for one in self._outcomes(plan, marked, after):
            old, new = entries.get(one.trainee), after.get(one.trainee)
            plan.expected[one.trainee] = one
            if old and new and (changes := changes_of(sheet, old, new)):
                known = replace(one, changes=changes, points_before=old.points)
                plan.expected[one.trainee] = known
        return plan

    def _stands(self, plan: Plan, trainee: str, entry: Entry | None) -> MarkSummary | None:
        if reason := why_refused(self.root, trainee):
            return refusal(trainee, reason)
        stands = None if self.force else plan.before.stands(trainee, entry)
        if stands is not None and not stands.problem:
            return stands
        there = looked(self.root, trainee, plan.sheet.module)
        if there.whole:
            plan.damaged.append(trainee)
            return refusal(trainee, there.whole.way_back)
        if there.is_new and stands is None:
            plan.new.append(trainee)
        return stands

    def _mend(self, plans: list[Plan]) -> bool:
        """Put back what was damaged where it lay, and say so; tell whether anything was."""
        damaged = ((trainee, plan.sheet.module) for plan in plans for trainee in plan.damaged)
        said = [words for one in damaged if (words := mended(self.root, *one))]
        for words in said:
            self.told.message(words)
        return bool(said)

    def _has_work(self, plans: list[Plan]) -> bool:
        if any(plan.due or not plan.before.same_source for plan in plans):
            return True
        trainees, modules = read_names(self.db_url)
        return not (self.roster <= trainees and {plan.sheet.module for plan in plans} <= modules)

    def _write(
        self, plans: list[Plan]
    ) -> tuple[list[dict[str, MarkSummary]], list[dict[str, dict[str, Earlier]]]]:
        """Write notebooks and all marks; return who was marked, and marks for earlier words."""
        gradebook = sqlite_path(self.db_url)
        self._require_room(gradebook, sum(len(plan.due) for plan in plans))
        if gradebook is None:
            self.told.message(NOT_OURS)
        else:
            back_up_changed(gradebook)
        for plan in plans:
            keep(self.root, plan.sheet.module, *plan.new)
            prepare_gradebook(self.root, plan.sheet.module, self.db_url)
            plan.before.remember(plan.standing.values())
        marked = self._written(plans)
        with gradebook_session(self.db_url, write=True) as session:
            superseded = [
                save_marks(
                    session, plan.sheet.module, rows_of(plan.sheet, done.values()), self.roster
                )
                for plan, done in zip(plans, marked, strict=True)
            ]
        return marked, superseded

    def _require_room(self, gradebook: Path | None, due: int) -> None:
        own = [gradebook.parent, gradebook.parent / FOLDER] if gradebook else []
        if why := why_unwritable(*own, self.root / "autograded"):
            raise GradingError(not_graded(why, due))

    def _written(self, plans: list[Plan]) -> list[dict[str, MarkSummary]]:
        """Write the notebooks of all that are due; who was marked to look first is not again."""
        rest = [(plan, [who for who in plan.due if who not in plan.packed]) for plan in plans]
        marked = self._mark(rest, writes=True)
        for plan, done in zip(plans, marked, strict=True):
            marker = self._marker(plan)
            done.update({who: marker.unpack(one) for who, one in plan.packed.items()})
        return marked

    def _mark(
        self, wanted: list[tuple[Plan, list[str]]], *, writes: bool, packs: bool = False
    ) -> list[dict[str, MarkSummary]]:
        """Mark trainees of several modules, seen as one list by whoever watches."""
        marked: list[dict[str, MarkSummary]] = [{} for _ in wanted]
        work = (
            (done, one)
            for done, (plan, trainees) in zip(marked, wanted, strict=True)
            for one in mark_all(self._marker(plan, writes=writes, packs=packs), trainees)
        )
        steps = [trainee for _, trainees in wanted for trainee in trainees]
        if steps:
            for trainee, (done, one) in zip(self.told.progress(steps), work, strict=True):
                done[trainee] = one
        return marked

    def _marker(self, plan: Plan, **how: bool) -> Marker:
        return Marker(self.root, plan.sheet, answered=plan.answered, **how)

    def _outcomes(
        self, plan: Plan, marked: dict[str, MarkSummary], entries: dict[str, Entry]
    ) -> Iterator[Graded]:
        everybody = people(self.roster, entries, marked, plan.standing, plan.nothing)
        codes, where = Codes(self.roster, everybody), Whereabouts(self.root)
        for trainee in everybody:
            one = marked.get(trainee) or plan.standing.get(trainee)
            entry = entries.get(trainee)
            absent = "" if one else where.why_absent(trainee, plan.sheet.module, marked=bool(entry))
            outcome = outcome_of(plan.sheet, trainee, one, entry, absent)
            stands = trainee in plan.standing and outcome.outcome != NOT_GRADED
            problem = f"{outcome.problem} {codes.note(trainee)}".strip()
            yield replace(outcome, unchanged=stands, problem=problem)


def _that_fit(marked: dict[str, MarkSummary]) -> Iterator[tuple[str, MarkSummary]]:
    """Yield those whose notebooks are kept until they are written; others are marked again."""
    room = MAX_PACKED
    for trainee, one in marked.items():
        room -= len(one.packed)
        if one.packed and room >= 0:
            yield trainee, one
        marked[trainee] = replace(one, packed=b"")
