"""Tell which answers of a record nobody can read, and whether so many that it is damaged.

A question of the course can change, so an answer that kept its own words is never one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.formats.answers import Answer, Record
from grader.kinds.public import View
from grader.kinds.scoring import is_answered
from grader.kinds.views import strange_ids
from grader.skills.earned import holds_nothing

MAX_NOTES = 3  # said of one trainee; a line in a table holds no more


def can_be_read(answer: Answer, view: View | None) -> bool:
    """Tell whether an answer has the form of its question; any will do where that is unknown."""
    if not is_answered(answer.kind, answer.response):
        return False
    return view is None or (answer.kind == view["kind"] and not strange(answer, view))


def strange(answer: Answer | None, view: View) -> tuple[str, ...]:
    """Return what an answer names that its question never offered."""
    if answer is None or answer.words or answer.kind != view["kind"]:
        return ()
    return strange_ids(view, answer.response)


def readable(record: Record, views: Mapping[str, View]) -> dict[str, bool]:
    """Tell of each question with something in the place of its answer whether it can be read."""
    given = ((name, one) for name, one in record.answers.items() if name in views)
    there = {
        name: can_be_read(one, views[name])
        for name, one in given
        if not holds_nothing(one.response)
    }
    return there | {name: False for name in record.spoilt if name in views}


def damage_of(record: Record, views: Mapping[str, View]) -> str:
    """Say that most answers of a record cannot be read; empty where most can."""
    found = readable(record, views)
    unread = sum(not good for good in found.values())
    return f"{unread} of {len(found)} answers cannot be read." if 2 * unread > len(found) else ""


def notes_on(record: Record, views: Mapping[str, View], odd: Iterable[str]) -> tuple[str, ...]:
    """Return what a trainer is told of answers that cannot be read, or are to no question."""
    notes = (
        *record.problems,
        *(_odd(record, views[name]) for name in odd if name not in record.spoilt),
        *(
            f"the answer to {name[:80]!r} is to no question of this exercise"
            for name in record.answers
            if name not in views
        ),
    )
    more = len(notes) - MAX_NOTES
    return (*notes[:MAX_NOTES], f"and {more} more of this sort") if more > 0 else notes


def _odd(record: Record, view: View) -> str:
    name = view["id"]
    if strange(record.answers.get(name), view):
        return f"the answer to {name!r} names what its question does not offer"
    return f"the answer to {name!r} is not in the form of its question"
