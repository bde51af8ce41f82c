"""Grade with nbgrader as it comes, without our plug-ins: every notebook is executed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

from grader.trainer.gradebook.gradebook import local_db_url, read_gradebook
from grader.trainer.marking.marks import Entry
from grader.trainer.release import modules_of

CONFIG = """
from pathlib import Path
c = get_config()
c.CourseDirectory.root = str(Path(__file__).parent)
c.CourseDirectory.course_id = "alongside"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", "*.yaml"]
"""


def stock_course(ours: Path, course: Path, trainees: Iterable[str]) -> Path:
    """Make a course folder with part of the cohort of another, but nbgrader's own settings."""
    for name in ("solutions", "exercises"):
        shutil.copytree(ours / name, course / name)
    for trainee in trainees:
        shutil.copytree(ours / "submitted" / trainee, course / "submitted" / trainee)
    (course / "nbgrader_config.py").write_text(CONFIG)
    return course


def start(course: Path, steps: Sequence[Sequence[str]]) -> subprocess.Popen:
    """Start some nbgrader commands, one after the other; what they say is in ``log.txt``."""
    script = f"""
import subprocess, sys
for step in {json.dumps(steps)}:
    subprocess.run([sys.executable, "-m", "nbgrader", *step], check=True)
"""
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])  # for alembic
    with (course / "log.txt").open("a") as log:
        return subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=course,
            stdout=log,
            stderr=log,
            env={**os.environ, "PATH": path},
        )


def start_grading(course: Path) -> subprocess.Popen:
    """Start grading all modules of a course."""
    modules = modules_of(course)
    steps = [["generate_assignment", module, "--force"] for module in modules]
    return start(course, steps + [["autograde", module] for module in modules])


def finish(course: Path, run: subprocess.Popen, seconds: float) -> None:
    """Wait until a run is done, and say why where it failed."""
    assert run.wait(seconds) == 0, (course / "log.txt").read_text()[-3000:]


def marks_of(course: Path) -> dict[str, Entry]:
    """Return all marks of a course, by trainee and number of the module."""
    books = [read_gradebook(local_db_url(course), module) for module in modules_of(course)]
    return {
        f"{entry.trainee} {n}": entry for n, book in enumerate(books) for entry in book.values()
    }


def points(entry: Entry) -> dict[str, tuple[float, float]]:
    """Return points and the most there are, by cell."""
    return {name: (mark.points, mark.max_points) for name, mark in entry.marks.items()}


def waiting(entry: Entry) -> set[str]:
    """Return the cells that wait for a trainer."""
    return {name for name, mark in entry.marks.items() if mark.waits}
