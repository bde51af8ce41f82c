"""How far a trainee's feedback is: a draft, read by a person, or released to the trainee.

What was released is remembered in the gradebook by its edition, so that a later change of
marks, comments, answers or signature shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from grader.trainer.gradebook.gradebook import gradebook_session, read_from
from grader.trainer.gradebook.tables import make_tables, note_released, released_in
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Marks

DRAFT = "draft"  # a person has still to read some of it
READ = "read"
RELEASED = "released"
CHANGED = "changed since released"
_BY = "-"
FINISHED = (READ, RELEASED, CHANGED)


def edition_of(marks: Marks, entry: Entry, signer: str = "") -> str:
    """Return a short name for what people gave: another where answers, marks or comments differ.

    The course's own words are no part of it: a mended one is no news to a trainee. What is
    signed also carries the name of its ``signer``, the key and the rule.
    """
    given = [
        (name, mark.points, mark.max_points, mark.waits, mark.by_trainer, mark.comment)
        for name, mark in sorted(entry.marks.items())
    ]
    answers = [(mark.place.item.id, mark.words) for mark in marks.marks]
    signed = "" if is_draft(entry, marks) else signer
    facts = (given, answers, marks.problem, bool(signed))
    name = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]
    return f"{name}{_BY}{signed}" if signed else name


def is_draft(entry: Entry, marks: Marks) -> bool:
    """Tell whether feedback is no more than a draft: some of it waits, or nobody can read it."""
    return bool(entry.waiting or marks.problem)


def state_of(entry: Entry, edition: str, released: str | None) -> str:
    """Return how far feedback is, given the edition that was released, if any."""
    if entry.waiting:
        return DRAFT
    if released is None:
        return READ
    # What was released by an older course does not say who signed it.
    same = released in (edition, edition.partition(_BY)[0])
    return RELEASED if same else CHANGED


def read_released(db_url: str, module: str) -> dict[str, str]:
    """Return which edition was released of a module's feedback, by trainee.

    Raises
    ------
    GradingError
        Where the gradebook cannot be opened.
    """
    return read_from(db_url, lambda session: released_in(session, module)) or {}


def remember_released(db_url: str, module: str, editions: Mapping[str, str]) -> None:
    """Remember which edition was released, by trainee.

    Raises
    ------
    GradingError
        Where the gradebook cannot be written to.
    """
    if editions:
        with gradebook_session(db_url, write=True) as session:
            make_tables(session)
            note_released(session, module, editions)
