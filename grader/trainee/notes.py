"""Steps that somebody keeps, and private notes beside them: in the journal, never handed in.

Kept in the form of an answer record: saved, set aside where damaged, copied, brought back and
deleted as every other. Nothing that is handed in or shared is made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.errors import RecordError
from grader.formats import answers
from grader.places import NOTES, Course, Home

KIND = "note"
MOST_TITLE = 200
KEPT = "You kept this step."
_STEP = re.compile(r"[0-9]{2}-[a-z0-9-]+/[a-z0-9.-]+\.ipynb#step-[1-9][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody keeps of one step: whether it is marked, and what they wrote."""

    title: str
    link: str
    place: str
    marked: bool
    text: str


def kept(home: Home) -> Iterator[Note]:
    """Yield every note and every step that is marked, in the order of the course."""
    record = answers.read_record_or_empty(home.journal_record(NOTES), NOTES)
    for name, answer in sorted(record.answers.items()):
        said = answer.response
        if _is_note(said) and _STEP.fullmatch(name) and (said["marked"] or said["text"]):
            link, _, place = name.partition("#")
            yield Note(answer.asked, link, place, said["marked"], said["text"])


def of_page(home: Home, page: str) -> dict[str, dict[str, Any]]:
    """Return what is kept of a lesson, by the place of its steps."""
    return {
        note.place: {"marked": note.marked, "text": note.text}
        for note in kept(home)
        if note.link == page
    }


def keep(home: Home, course: Course, name: str, said: Any, title: str) -> None:
    """Keep a note.

    Parameters
    ----------
    home, course
        Whose note, and on which lessons.
    name : str
        The address of a step from the course map.
    said : object
        ``marked`` and ``text``.
    title : str
        What the step is called.

    Raises
    ------
    RecordError
        Where it is no note on a step of a lesson, or could not be kept.
    """
    page = name.partition("#")[0]
    is_step = _STEP.fullmatch(name) and (course.lessons / page).is_file()
    if not is_step or not _is_note(said):
        raise RecordError("This note belongs to no step; please reload this page")
    place, title = home.journal_record(NOTES), title[:MOST_TITLE]
    answers.save_response(place, NOTES, name, KIND, said, asked=title)


def written(home: Home) -> Iterator[tuple[str, str]]:
    """Yield each note with what its step is called, as the journal shows it."""
    for note in kept(home):
        yield note.title or note.link, note.text or KEPT


def _is_note(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and set(said) == {"marked", "text"}
        and isinstance(said["marked"], bool)
        and isinstance(said["text"], str)
    )
