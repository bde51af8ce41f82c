"""What a trainer is told before grading: what lies in the wrong place, lacks its key, or waits.

Apart from `grading`, which marks: none of this changes a mark.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from grader.errors import GradingError, sentence
from grader.trainer.collect.devices import device_notes
from grader.trainer.collect.leftovers import leftovers
from grader.trainer.collect.whose import reminder
from grader.trainer.gradebook.gradebook import read_names
from grader.trainer.roster.misplaced import misplaced, without_key
from grader.trainer.roster.remarks import roster_notes
from grader.trainer.roster.trainees import notes_on_copies


def notes_on(root: Path, modules: Collection[str], db_url: str) -> Iterator[str]:
    """Yield a line about each; ``modules`` are all that have a key."""
    yield from roster_notes(root)
    yield from notes_on_copies(root)
    yield from filter(None, (sentence(reminder(root)), *device_notes(root)))
    graded: set[str] = set()
    with suppress(GradingError):  # said when it is read to grade
        graded = read_names(db_url)[1]
    yield from without_key(root, modules, graded)


def notes_on_places(root: Path, modules: Collection[str]) -> Iterator[str]:
    """Yield a line about each that lies where nobody looks; grading may move some before."""
    yield from misplaced(root, modules)
    yield from leftovers(root)
