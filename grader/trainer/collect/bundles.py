"""Read the hand-ins that trainees send: nothing in them is trusted, and nothing is unpacked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from grader.errors import SubmissionError
from grader.formats import shared as sharing
from grader.formats.archives import AS_MADE
from grader.formats.hand_in import read_facts
from grader.places import ANSWERS, HAND_IN
from grader.trainer.collect.downloads import Source
from grader.trainer.marking.no_answers import LACKS_ANSWERS

SHARED_PROBLEM = "What the trainee wanted to share could not be read; ask for it again."


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand-in whose sender and module are known; ``problem`` where its answers are not.

    ``device`` is the mark of the trainee's own folder, empty where it bears none; None where
    an account says who it is. ``proved`` are the marks that the trainee's own account vouches for.
    """

    source: str
    trainee: str
    module: str
    when: datetime
    answers: bytes | None = None
    secret: str = ""
    problem: str = ""
    shared: bytes | None = None  # what the trainee chose to show besides; never graded
    shared_problem: str = ""
    device: str | None = None
    proved: tuple[str, ...] = ()
    stamp: str = ""  # the time as it was written, where that says more than ``when``
    zoned: bool = False  # the time says its zone
    guess: str = ""  # a sentence, where its zone had to be guessed
    remark: str = ""  # sentences about its time or mark, where they are odd
    under: str = ""  # the code that was typed, where the trainer gave it another
    may_teach: bool = False  # typed words may be used to improve the reading


def read_bundle(source: Source, modules: Iterable[str]) -> HandIn:
    """Read one hand-in.

    Raises
    ------
    SubmissionError
        Where it is not exactly what this course makes, with the reason.
    RecordError
        Where one of its files, unzipped, is a link or cannot be read.
    PermissionError
        Where it may not be read.
    """
    parts = source.parts()
    if HAND_IN not in parts:
        what = f"it holds no {HAND_IN}, so it is not a bundle of this course"
        raise SubmissionError(f"{what}; {AS_MADE}")
    facts = read_facts(parts[HAND_IN], modules)
    kept, odd = check_shared(parts.get(sharing.NAME), facts["module"])
    # What the course makes always has answers, if only an empty record.
    answers, problem = parts.get(ANSWERS), "" if ANSWERS in parts else LACKS_ANSWERS
    sent = HandIn(source.name, **facts, answers=answers, problem=problem)
    return replace(sent, shared=kept, shared_problem=odd)


def check_shared(raw: bytes | None, module: str) -> tuple[bytes | None, str]:
    """Return what was shared, written anew, or a sentence where it cannot be used."""
    if raw is None:
        return None, ""
    try:
        return sharing.read_shared(raw, module), ""
    except ValueError:
        return None, SHARED_PROBLEM
