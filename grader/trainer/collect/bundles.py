"""Read the hand-ins that trainees send: nothing in them is trusted, and nothing is unpacked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from grader.errors import SubmissionError
from grader.formats import shared as sharing
from grader.formats.answers import is_seed
from grader.formats.archives import AS_MADE
from grader.formats.times import names_zone, parse_time
from grader.formats.trainee_code import RULE, is_trainee_code
from grader.places import ANSWERS, HAND_IN
from grader.trainer.collect.downloads import Source

SHARED_PROBLEM = "What the trainee wanted to share could not be read; ask for it again."


class CodeError(SubmissionError):
    """A hand-in whose ``code`` can be nobody's."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand-in whose sender and module are known; ``problem`` where its answers are not.

    ``device`` is the mark of the trainee's own folder, empty where it bears none; None where
    an account says who it is.
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
    stamp: str = ""  # the time as it was written, where that says more than ``when``
    zoned: bool = False  # the time says its zone


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
    facts = _hand_in_facts(parts[HAND_IN], modules)
    kept, problem = check_shared(parts.get(sharing.NAME), facts["module"])
    answers = parts.get(ANSWERS)
    return HandIn(source.name, **facts, answers=answers, shared=kept, shared_problem=problem)


def check_shared(raw: bytes | None, module: str) -> tuple[bytes | None, str]:
    """Return what was shared, written anew, or a sentence where it cannot be used."""
    if raw is None:
        return None, ""
    try:
        return sharing.read_shared(raw, module), ""
    except ValueError:
        return None, SHARED_PROBLEM


def _hand_in_facts(raw: bytes, modules: Iterable[str]) -> dict[str, Any]:
    try:
        data = json.loads(raw)  # an editor may have put a mark (BOM) before it
        when = parse_time(data["handed_in"])
        trainee, module, number = data["trainee"], data["module"], data["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SubmissionError(f"its {HAND_IN} cannot be read; {AS_MADE}") from None
    if number != 1:
        raise SubmissionError("it was made by a newer course; update this one")
    check_sender(trainee, module, modules)
    device = data.get("device")
    mark = device if is_seed(device) else ""
    zoned = names_zone(data["handed_in"])
    return {"trainee": trainee, "module": module, "when": when, "device": mark, "zoned": zoned}


def check_sender(trainee: Any, module: Any, modules: Iterable[str]) -> None:
    """Refuse what could be no folder of a trainee and module.

    Raises
    ------
    SubmissionError
        Naming what cannot be used.
    """
    if not is_trainee_code(trainee):
        code = str(trainee)[:80]
        raise CodeError(f"{code!a} is not a trainee's code; {RULE}", code)
    if not isinstance(module, str) or module not in modules:
        shown = ascii(str(module)[:80])
        raise SubmissionError(f"{shown} is no module of this course with an exercise")
