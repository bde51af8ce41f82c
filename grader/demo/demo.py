"""Take a made-up cohort through the whole cycle, in a folder of its own.

Thirty trainees who do not exist hand in, half by bundle and half by nbgrader's
exchange; everything after that is the real thing. Answers follow from the items.

It is the body of ``alongside demo``.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from grader import __version__, places
from grader.content.items import Item
from grader.demo.answers import EARLY, EMPTY, HOSTILE, MIXED, STRONG, answer
from grader.errors import GradingError
from grader.files.folder_names import require_usable
from grader.files.privacy import protect
from grader.formats.answers import Answer, Record, record_bytes
from grader.formats.exchange import Exchange, submit, works_here
from grader.formats.hand_in import write_bundle
from grader.formats.kept import kept_words
from grader.kinds.keys import load_key
from grader.kinds.views import public_view
from grader.trainer.collect.collect import COURSE_ID, collect
from grader.trainer.feedback.exchange import release_to_exchange
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import Graded
from grader.trainer.release import modules_of, require_module
from grader.trainer.report.exports import export_csv

BUNDLE, SHARED, NOT_AT_ALL = "bundle", "exchange", "not at all"
FIRST_HAND_IN = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)

DAMAGED, ABSENT = "damaged record", "missing"
PROFILES = (
    *[STRONG] * 9,
    *[EARLY] * 8,
    *[MIXED] * 7,
    *[EMPTY] * 2,
    *[HOSTILE] * 2,
    DAMAGED,
    ABSENT,
)

Progress = Callable[[list[Any], str], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class DemoRow:
    """What happened to one made-up trainee in one module."""

    trainee: str
    profile: str
    handed_in: str
    result: Graded


@dataclass(frozen=True, slots=True)
class _Trainee:
    number: int
    profile: str

    @property
    def name(self) -> str:
        return f"trainee-{self.number:03}"

    @property
    def door(self) -> str:
        if self.profile == ABSENT:
            return NOT_AT_ALL
        return SHARED if self.number % 2 == 0 and works_here() else BUNDLE


def _no_bar(steps: list[Any], _name: str) -> Iterable[Any]:
    return steps


def run_demo(
    folder: Path, progress: Progress = _no_bar, modules: Iterable[str] = ()
) -> list[DemoRow]:
    """Run the whole cycle with made-up trainees.

    Parameters
    ----------
    folder : Path
        Where; made afresh when it is an earlier demo's.
    progress : callable
        Wraps the steps of each stage, given their list and the stage's name.
    modules : iterable of str
        Which ones; all by default.

    Returns
    -------
    list of DemoRow
        One for each trainee and module. Results lie in ``folder``: ``marks.csv``,
        ``gradebook.db``, ``feedback/`` and ``feedback-bundles/``.

    Raises
    ------
    GradingError
        Where the folder holds something else, or the trainers' files are not at hand.
    """
    folder = Path(folder)
    cohort = [_Trainee(number, profile) for number, profile in enumerate(PROFILES, 1)]
    _start_afresh(folder)
    modules = _copy_course(places.own_course(), folder, cohort, modules)
    shared = _make_exchange(folder, modules)
    for trainee in progress(cohort, "Hand in"):
        for module in modules:
            _hand_in(folder, shared, trainee, module)
    results = _run_cycle(folder, shared, modules, progress)
    return [
        DemoRow(trainee.name, trainee.profile, trainee.door, results[trainee.name, module])
        for module in modules
        for trainee in cohort
    ]


def _start_afresh(folder: Path) -> None:
    require_usable(folder.resolve())
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise GradingError(f"{folder} is not a folder; choose another one")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / places.DEMO).is_file():
            raise GradingError(f"{folder} holds other files; choose a new folder for the demo")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    protect(folder)
    (folder / places.DEMO).write_text("Made by 'alongside demo', which may remove this folder.\n")


def _copy_course(
    course: places.Course, folder: Path, cohort: list[_Trainee], modules: Iterable[str]
) -> tuple[str, ...]:
    solutions = course.solutions
    if solutions is None:
        message = "The demo needs the trainers' files; run it in a clone of the course"
        raise GradingError(message)
    known = modules_of(solutions.parent)
    for module in modules:
        require_module(module, known)
    chosen = tuple(modules) or known
    for source in (solutions, course.exercises):
        for module in chosen:
            shutil.copytree(source / module, folder / source.name / module)
    shutil.copy(solutions.parent / places.CONFIG, folder)
    names = "".join(f"{trainee.name}\n" for trainee in cohort)
    (folder / places.ROSTER).write_text(f"id\n{names}", encoding="utf-8")
    return chosen


def _make_exchange(folder: Path, modules: Iterable[str]) -> Exchange:
    from traitlets.config import Config

    root = (folder / places.DEMO_EXCHANGE).resolve()
    for module in modules:
        (root / COURSE_ID / "outbound" / module).mkdir(parents=True)
    for name in ("inbound", "feedback"):
        (root / COURSE_ID / name).mkdir(parents=True)
    config = Config()
    config.Exchange.root = str(root)
    config.Exchange.cache = str(root / ".cache")
    config.CourseDirectory.course_id = COURSE_ID
    return Exchange(root, COURSE_ID, config)


def _hand_in(folder: Path, shared: Exchange, trainee: _Trainee, module: str) -> None:
    files = _files(folder, trainee, module)
    if trainee.door == SHARED:
        submit(shared, module, files, trainee.name)
    elif trainee.door == BUNDLE:
        write_bundle(folder / places.DEMO_INBOX, files)


def _run_cycle(
    folder: Path, shared: Exchange, modules: Iterable[str], progress: Progress
) -> dict[tuple[str, str], Graded]:
    db_url = local_db_url(folder)  # whatever gradebook is set up for real trainees
    exchange = shared.root if works_here() else None
    collect(
        folder,
        [folder / places.DEMO_INBOX],
        exchange,
        progress=partial(_stage, progress, "Collect"),
    )
    results = {}
    for module in modules:
        for result in grade(folder, module, db_url, partial(_stage, progress, "Grade")):
            results[result.trainee, module] = result
        make_feedback(folder, module, db_url, partial(_stage, progress, "Feedback"))
        if exchange is not None:
            release_to_exchange(folder, module, exchange, db_url=db_url)
    export_csv(folder, folder / places.MARKS, db_url)
    return results


def _stage(progress: Progress, name: str, steps: list[Any]) -> Iterable[Any]:
    return progress(steps, name)


def _files(folder: Path, trainee: _Trainee, module: str) -> dict[str, bytes]:
    when = FIRST_HAND_IN + timedelta(minutes=7 * trainee.number)
    facts = {
        "format": 1,
        "trainee": trainee.name,
        "module": module,
        "handed_in": when.isoformat(timespec="seconds"),
        "course_version": __version__,
    }
    return {
        places.ANSWERS: _answers(trainee, module, load_key(folder, module)),
        places.NOTEBOOK: (folder / "exercises" / module / places.NOTEBOOK).read_bytes(),
        places.HAND_IN: json.dumps(facts, indent=1).encode(),
    }


def _answers(trainee: _Trainee, module: str, items: dict[str, Item]) -> bytes:
    given = {}
    for place, item in enumerate(items.values()):
        response = answer(trainee.profile, trainee.number + place, item)
        if response:
            words = kept_words(public_view(item), response)
            given[item.id] = Answer(item.kind, response, **words)
    record = record_bytes(Record(module, given, seed=f"{trainee.number:016x}"))
    return record[: len(record) // 2] if trainee.profile == DAMAGED else record
