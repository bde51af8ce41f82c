"""Check the organisation's own help lines in a course. Apart from the rest: no item is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from grader.content.strict_yaml import short_name
from grader.errors import ContentError, Problem
from grader.html.help_card import load_region
from grader.places import REGION

_ZONES = timedelta(days=1)  # somewhere on earth it is tomorrow already


def region_problems(course: Path, today: date | None = None) -> Iterator[Problem]:
    """Say what is amiss in a course's ``region.yaml``, where it has one.

    A day to come in ``checked_on`` would let numbers count as fresh for longer than they are.
    """
    path = course / REGION
    if not path.is_file():
        return
    try:
        checked = load_region(path).checked_on
    except ContentError as error:
        yield from error.problems
        return
    if checked and checked > (today or date.today()) + _ZONES:
        what = f"{checked} is a day to come; write the day on which somebody last tried the lines"
        yield Problem(short_name(path), _line(path), "checked_on", what)


def _line(path: Path) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((at for at, line in enumerate(lines, 1) if line.startswith("checked_on")), 1)
