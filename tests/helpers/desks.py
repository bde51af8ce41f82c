"""A small cohort on the desk: typed replies that wait, and one whose writer may be in danger."""

from __future__ import annotations

from pathlib import Path

from helpers.cohort import FULL, MODULE, submit

from grader.desk.looking import look_through
from grader.desk.place import Desk
from grader.desk.queue import queue_of
from grader.desk.reading import Reading, read
from grader.trainer.gradebook.gradebook import local_db_url, read_gradebook
from grader.trainer.grading.grading import grade
from grader.trainer.marking.marks import CellMark

TYPED = "own-words-mark"
DANGER = "I want to kill myself tonight, I cannot go on any more."
REPLIES = {
    "trainee-001": "You had an idea, and nobody asks you. What is the idea?",
    "trainee-002": "You should just call the landlord.",
    "trainee-003": "ok",
    "trainee-004": "You had an idea and nobody asks you! What is the idea?",
}


def desk_with(course: Path, replies: dict[str, str] | None = None) -> Desk:
    """Hand in one typed reply for each trainee, grade them, and look them through."""
    for trainee, reply in (REPLIES if replies is None else replies).items():
        submit(course, trainee, FULL | {"own-words": reply})
    grade(course, MODULE)
    desk = Desk(course, local_db_url(course))
    look_through(desk)
    return desk


def reading_of(desk: Desk, trainee: str) -> Reading:
    """Return what the desk shows of one trainee's typed reply."""
    for notebook in queue_of(desk, MODULE, TYPED).everybody:
        reading = read(desk, MODULE, TYPED, notebook)
        if reading.trainee == trainee:
            return reading
    raise AssertionError(f"nothing of {trainee} is on the desk")


def mark_of(desk: Desk, trainee: str) -> CellMark:
    """Return the mark of a trainee's typed reply as the gradebook has it."""
    return read_gradebook(desk.db_url, MODULE)[trainee].marks[TYPED]


def let_two_mark_all(desk: Desk) -> None:
    """Say in the course that each marked reply goes to a second trainer."""
    (desk.root / "course").mkdir(exist_ok=True)
    (desk.root / "course" / "modules.yaml").write_text(
        f"modules:\n  - slug: {MODULE}\n    title: Advice\n"
        "pass:\n  share: 50\n  must_hand_in: all\nsecond_marks: 100\n"
    )
