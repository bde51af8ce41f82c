"""The trainee's next steps: one is chosen, kept in the journal, and asked about later."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from grader.errors import RecordError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.places import PLAN, Home

FORMAT = 1
MAX_BYTES = 256 << 10  # a step has about 300 bytes
OUTCOMES = {"done": "Done", "going": "Still at it", "later": "Not now"}
OPEN = ("", "going")  # outcomes after which a step is asked about again


@dataclass(frozen=True, slots=True)
class Step:
    """One next step; ``outcome`` is empty until the trainee has said how it went."""

    skill: str
    text: str
    link: str
    chosen: str  # dates as YYYY-MM-DD
    outcome: str = ""
    answered: str = ""


def _file(home: Home) -> Path:
    return home.folder / "journal" / PLAN


def read_plan(home: Home) -> tuple[Step, ...]:
    """Return all steps, the newest last; none where the file is missing or damaged."""
    try:
        return _read(home)
    except RecordError:
        return ()


def _read(home: Home) -> tuple[Step, ...]:
    raw = safe.read_regular_file(_file(home), MAX_BYTES)
    if raw is None:
        return ()
    try:
        data = parse_json(raw)
        if data["format"] != FORMAT:
            raise ValueError("format")
        return tuple(_step(entry) for entry in data["steps"])
    except (ValueError, KeyError, TypeError):
        raise RecordError(f"{_file(home).name} is not a plan of this course") from None


def _step(entry: Any) -> Step:
    step = Step(**entry)
    if not all(isinstance(value, str) for value in asdict(step).values()):
        raise ValueError("text")
    for day in filter(None, (step.chosen, step.answered)):
        date.fromisoformat(day)
    if ":" in step.link or step.link.startswith(("/", "\\")):
        raise ValueError("link")  # only lessons of the course
    if not step.chosen or step.outcome not in ("", *OUTCOMES):
        raise ValueError("outcome")
    return step


def current(home: Home) -> Step | None:
    """Return the step that the trainee is at, if there is one."""
    steps = read_plan(home)
    return steps[-1] if steps and steps[-1].outcome in OPEN else None


def choose(home: Home, skill: str, text: str, link: str, today: date) -> Step:
    """Keep a new step; one chosen earlier on the same day gives way to it.

    Raises
    ------
    RecordError
        Where it could not be saved.
    """
    step = Step(skill, text, link, today.isoformat())

    def add(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if steps and steps[-1].chosen == step.chosen and not steps[-1].outcome:
            steps = steps[:-1]
        return (*steps, step)

    return _change(home, add)


def answer(home: Home, outcome: str, today: date) -> Step:
    """Keep how the current step went.

    Raises
    ------
    RecordError
        Where there is no step, the word is none of `OUTCOMES`, or it could not be saved.
    """
    if outcome not in OUTCOMES:
        raise RecordError("Please choose how it went")

    def mark(steps: tuple[Step, ...]) -> tuple[Step, ...]:
        if not steps:
            raise RecordError("There is no step to speak of yet; please reload this page")
        told = replace(steps[-1], outcome=outcome, answered=today.isoformat())
        return (*steps[:-1], told)

    return _change(home, mark)


def _change(home: Home, change: Callable[[tuple[Step, ...]], tuple[Step, ...]]) -> Step:
    path = _file(home)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with safe.locked(path):
            steps = change(_readable(home))
            data = {"format": FORMAT, "steps": [asdict(step) for step in steps]}
            safe.write_safely(path, json.dumps(data, indent=1).encode())
    except OSError as error:
        raise RecordError(f"{path.name} could not be saved ({error.strerror})") from error
    return steps[-1]


def _readable(home: Home) -> tuple[Step, ...]:
    """Return the steps; a damaged file is moved aside, so that nothing in it is lost."""
    try:
        return _read(home)
    except RecordError:
        safe.move_aside(_file(home))
        return ()


def day_words(day: str) -> str:
    """Return a date in words, such as '3 November'; with its year where that is another."""
    when = date.fromisoformat(day)
    year = "" if when.year == date.today().year else f" {when.year}"
    return f"{when.day} {when:%B}{year}"
