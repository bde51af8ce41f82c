"""Collect, grade and write feedback on a small disk that is full; prints what was told as JSON.

Called by test_fault_disk.py: COURSE INBOX DISK, where DISK is small.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # a script finds the others as tests do
# ruff: noqa: E402

from helpers.aftermath import book, by_trainer, is_whole
from helpers.cohort import FULL, MODULE, answers_json

from grader.errors import GradingError
from grader.formats.answers import read_record
from grader.trainer.collect.collect import collect
from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.grading.grading import grade

TYPED = "own-words-mark"


@contextmanager
def filled(disk: Path, room: int) -> Iterator[None]:
    """Leave ``room`` bytes on a disk for a while."""
    ballast = disk / "ballast"
    free = os.statvfs(disk)
    size = free.f_bavail * free.f_frsize - room
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    try:
        yield
    finally:
        ballast.unlink()


def marks(course: Path) -> dict[str, float]:
    return {name: entry.points for name, entry in book(course).items()}


def kept(course: Path) -> list[Any]:
    mark = book(course)["trainee-000"].marks[TYPED]
    return [mark.points, mark.comment]


def told_while_full(course: Path, room: int, run: Callable[[], Any]) -> dict[str, Any]:
    before = marks(course)
    said: list[str] = []
    refused = False
    with filled(course.parent, room):
        try:
            results = run()
            said = [one.problem for one in results if one.outcome == "not graded"]
            refused = bool(said)
        except GradingError as error:
            said = [str(error)]
    after = marks(course)
    return {
        "before": before,
        "after": after,
        "kept": kept(course),
        "whole": is_whole(course),
        "said": said,
        "refused": refused,
    }


def first_run(course: Path) -> dict[str, Any]:
    """Grade for the very first time on a full disk, and then with room."""
    (course / "gradebook.db").unlink()
    for name in ("autograded", "backups"):
        shutil.rmtree(course / name, ignore_errors=True)
    said, left = [], set()
    for room in (0, 100_000):
        with filled(course.parent, room):
            try:
                grade(course, MODULE)
            except (GradingError, OSError) as error:
                said.append(str(error))
        left |= {path.name for path in course.iterdir() if "gradebook.db" in path.name}
    points = {one.trainee: one.points for one in grade(course, MODULE)}
    return {"said": said, "left": sorted(left), "points": points}


def readable(course: Path) -> list[str]:
    """Return whose answers in ``submitted/`` are whole."""
    found = []
    for folder in sorted((course / "submitted").iterdir()):
        record = read_record(folder / MODULE / "answers.json", MODULE)
        if record.answers:
            found.append(folder.name)
    return found


def main(source: Path, inbox: Path, disk: Path) -> None:
    course = disk / "course"
    shutil.copytree(source, course)
    told: dict[str, Any] = {"first": first_run(course)}
    by_trainer(course, "trainee-000", 2.5, "Well asked.")
    rooms = {"none": 0, "little": 60_000, "some": 400_000}
    for name, room in rooms.items():
        for folder in (course / "submitted").iterdir():
            answers = answers_json({"first-move": "tell"} if name != "some" else FULL)
            (folder / MODULE / "answers.json").write_bytes(answers)
        run = lambda: grade(course, MODULE)  # noqa: E731
        told[f"grade-{name}"] = told_while_full(course, room, run)
    told |= {"graded": {one.trainee: one.points for one in grade(course, MODULE)}}
    told |= {"kept": kept(course), "whole": is_whole(course)}
    with filled(disk, 200_000):
        found = collect(course, [inbox])
    refusals = [one.reason for one in found if one.outcome == "refused"]
    told["collect"] = {
        "outcomes": Counter(one.outcome for one in found),
        "said": ["room" if "No space left" in line else line for line in refusals],
        "whole": readable(course),
    }
    told["collected"] = Counter(one.outcome for one in collect(course, [inbox]))
    grade(course, MODULE)
    with filled(disk, 20_000):
        pages = make_feedback(course, MODULE)
    told["feedback"] = {
        "outcomes": Counter(one.outcome for one in pages),
        "said": [one.problem for one in pages if one.problem],
    }
    told["written"] = Counter(one.outcome for one in make_feedback(course, MODULE))
    print(json.dumps(told))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
