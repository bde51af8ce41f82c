"""Take a made-up cohort through the whole cycle, in a folder of its own.

Thirty trainees who do not exist hand in, half by bundle and half by nbgrader's
exchange; everything after that is the real thing. Answers follow from the items.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from grader import __version__, places
from grader.answers import FORMAT, NAME
from grader.collect import COURSE_ID, HAND_IN, collect
from grader.content import Item
from grader.errors import GradingError
from grader.exchange import Exchange, submit
from grader.exports import export_csv
from grader.feedback import make_feedback, release_to_exchange
from grader.gradebook import local_db_url
from grader.grading import Graded, grade
from grader.handin import write_bundle
from grader.keys import CONFIG_NAME, load_key
from grader.kinds import ChoiceItem, ChoicesItem
from grader.release import NOTEBOOK, modules_of
from grader.scoring import model_response

MARKER = ".alongside-demo"
MARKS = "marks.csv"
INBOX = "inbox"
EXCHANGE = "exchange"
BUNDLE, SHARED, NOT_AT_ALL = "bundle", "exchange", "not at all"
FIRST_HAND_IN = datetime(2026, 1, 12, 9, 0, tzinfo=UTC)

STRONG, EARLY, MIXED = "strong", "advising too soon", "mixed"
EMPTY, DAMAGED, HOSTILE, ABSENT = "empty", "damaged record", "hostile text", "missing"
PROFILES = (
    *[STRONG] * 9,
    *[EARLY] * 8,
    *[MIXED] * 7,
    *[EMPTY] * 2,
    *[HOSTILE] * 2,
    DAMAGED,
    ABSENT,
)

LISTENING = (
    "That sounds like a lot to carry. What have you thought of so far?",
    "You have already tried several things. Which of them felt right to you?",
    "It matters to you that this goes well. What would help you decide?",
    "thanks for telling me. what is the hardest part of it right now",
    "I hear two wishes in what you say. Would you like to look at both of them?",
)
ADVISING = (
    "You should just tell them how you feel. Everything will be fine.",
    "If I were you I would stop right away. Do it today!",
    "You have to call them. That is the only thing that helps.",
    "just ignore them, it will pass",
)
SHORT = ("ok", "Hm. I am not sure what to say here.", "I know that feeling.")
ATTACK = "<script>alert('x')</script><img src=x onerror=alert(1)> =cmd()|' /C calc'!A0"

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
        # nbgrader's exchange does not run on Windows.
        return SHARED if self.number % 2 == 0 and os.name == "posix" else BUNDLE


def _no_bar(steps: list[Any], _name: str) -> Iterable[Any]:
    return steps


def run_demo(folder: Path, progress: Progress = _no_bar) -> list[DemoRow]:
    """Run the whole cycle with made-up trainees.

    Parameters
    ----------
    folder : Path
        Where; made afresh when it is an earlier demo's.
    progress : callable
        Wraps the steps of each stage, given their list and the stage's name.

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
    _copy_course(folder, cohort)
    modules = modules_of(folder)
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
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise GradingError(f"{folder} is not a folder; choose another one")
    if folder.is_dir() and any(folder.iterdir()):
        if not (folder / MARKER).is_file():
            raise GradingError(f"{folder} holds other files; choose a new folder for the demo")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARKER).write_text("Made by 'alongside demo', which may remove this folder.\n")


def _copy_course(folder: Path, cohort: list[_Trainee]) -> None:
    solutions = places.solutions_folder()
    if solutions is None:
        message = "The demo needs the trainers' files; run it in a clone of the course"
        raise GradingError(message)
    aside = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(solutions, folder / "solutions", ignore=aside)
    shutil.copytree(places.exercises_folder(), folder / "exercises", ignore=aside)
    shutil.copy(solutions.parent / CONFIG_NAME, folder)
    names = "".join(f"{trainee.name}\n" for trainee in cohort)
    (folder / "roster.csv").write_text(f"id\n{names}", encoding="utf-8")


def _make_exchange(folder: Path, modules: Iterable[str]) -> Exchange:
    from traitlets.config import Config

    root = (folder / EXCHANGE).resolve()
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
        write_bundle(folder / INBOX, files)


def _run_cycle(
    folder: Path, shared: Exchange, modules: Iterable[str], progress: Progress
) -> dict[tuple[str, str], Graded]:
    db_url = local_db_url(folder)  # whatever gradebook is set up for real trainees
    exchange = shared.root if os.name == "posix" else None
    collect(folder, [folder / INBOX], exchange, progress=partial(_stage, progress, "Collect"))
    results = {}
    for module in modules:
        for result in grade(folder, module, db_url, partial(_stage, progress, "Grade")):
            results[result.trainee, module] = result
        make_feedback(folder, module, db_url, partial(_stage, progress, "Feedback"))
        if exchange is not None:
            release_to_exchange(folder, module, exchange)
    export_csv(folder, folder / MARKS, db_url)
    return results


def _stage(progress: Progress, name: str, steps: list[Any]) -> Iterable[Any]:
    return progress(steps, name)


# What a made-up trainee answers -----------------------------------------------------------


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
        NAME: _answers(trainee, module, load_key(folder, module)),
        NOTEBOOK: (folder / "exercises" / module / NOTEBOOK).read_bytes(),
        HAND_IN: json.dumps(facts, indent=1).encode(),
    }


def _answers(trainee: _Trainee, module: str, items: dict[str, Item]) -> bytes:
    entries = {}
    for place, item in enumerate(items.values()):
        response = _response(trainee, place, item)
        if response:
            facts = {"kind": item.kind, "response": response}
            entries[item.id] = facts | {"first_response": None, "tries": 0}
    record = json.dumps({"format": FORMAT, "module": module, "items": entries}).encode()
    return record[: len(record) // 2] if trainee.profile == DAMAGED else record


def _response(trainee: _Trainee, place: int, item: Item) -> Any:
    turn = trainee.number + place
    if trainee.profile == EMPTY:
        return None
    if trainee.profile == HOSTILE and not isinstance(item, ChoiceItem | ChoicesItem):
        return ATTACK
    if trainee.profile == EARLY:
        return _early(item, turn)
    if trainee.profile == MIXED and turn % 3:
        return _early(item, turn) if turn % 3 == 1 else _unsure(item, turn)
    return _strong(item, turn)


def _strong(item: Item, turn: int) -> Any:
    if isinstance(item, ChoiceItem | ChoicesItem) or turn % 3 == 0:
        return model_response(item)
    return LISTENING[turn % len(LISTENING)]


def _early(item: Item, turn: int) -> Any:
    if isinstance(item, ChoiceItem):
        telling = [option.id for option in item.options if "directive_advice" in option.acts]
        return telling[0] if telling else min(item.options, key=lambda option: option.points).id
    if isinstance(item, ChoicesItem):
        return [option.id for option in item.options]
    return ADVISING[turn % len(ADVISING)]


def _unsure(item: Item, turn: int) -> Any:
    if isinstance(item, ChoiceItem):
        return item.options[turn % len(item.options)].id
    if isinstance(item, ChoicesItem):
        return [item.options[turn % len(item.options)].id]
    return SHORT[turn % len(SHORT)] if turn % 2 else None
