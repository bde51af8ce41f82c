"""Tell which notebooks are the course's own: only their code may ever run.

Apart from `lesson`, which shows all of them.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from grader.errors import RecordError
from grader.files.safe import read_regular_file
from grader.places import NOTEBOOK, Course, Learner

NOT_RUN = (
    "{} has code in it that is not of the course. The course never runs such code, so it does "
    "not show this page. "
    "For an exercise, close the course and start it again: its own page comes back. "
    "Your answers stay"
)


def courses_own(learner: Learner, path: Path) -> Path | None:
    """Return where the course has a notebook, None for any other that lies in the home.

    An exercise that is, byte for byte, the course's is read where the course has it: nothing
    that lies beside it in the home is then in the way of its code.
    """
    return _released(learner.course, path) or (path if _is_lesson(learner, path) else None)


def _released(course: Course, path: Path) -> Path | None:
    """Return the course's own exercise that a notebook is a copy of, None where it is of none."""
    released = course.exercises / path.parent.name / NOTEBOOK
    with suppress(OSError, RecordError):
        content = released.read_bytes()
        if path.name == NOTEBOOK and read_regular_file(path, len(content)) == content:
            return released
    return None


def _is_lesson(learner: Learner, path: Path) -> bool:
    """Tell whether a notebook is one of the course's lessons, and in no way of the home."""
    place, kept = path.resolve(), learner.home.folder / "exercises"
    is_kept = place.is_relative_to(kept.resolve())
    return place.is_relative_to(learner.course.lessons.resolve()) and not is_kept
