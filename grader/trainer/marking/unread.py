"""Tell which answers of a record nobody can read, and whether so many that it is damaged.

A question of the course can change, so an answer that kept its own words is never one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.formats.answers import Answer, Record
from grader.formats.kept import alike, asked_in_words
from grader.kinds.public import View
from grader.kinds.scoring import is_answered
from grader.kinds.views import strange_parts, texts_offered
from grader.skills.earned import holds_nothing

MAX_NOTES = 3  # said of one trainee; a line in a table holds no more


def can_be_read(answer: Answer, view: View | None) -> bool:
    """Tell whether an answer has the form of its question; any will do where that is unknown."""
    if not is_answered(answer.kind, answer.response):
        return False
    return view is None or (answer.kind == view["kind"] and not strange(answer, view))


def strange(answer: Answer | None, view: View) -> tuple[str, ...]:
    """Name what of an answer its question never offered."""
    if answer is None or answer.kind != view["kind"] or _has_changed(view, answer):
        return ()
    return strange_parts(view, answer.response)


def _has_changed(view: View, answer: Answer) -> bool:
    """Tell by the words of an answer whether its question, or what that offers, was another."""
    if not answer.words:
        return False
    is_offered = any(text in answer.words for text in texts_offered(view))
    return not (answer.asked and alike(answer.asked, asked_in_words(view)) and is_offered)


def moved(record: Record, views: Mapping[str, View]) -> tuple[str, ...]:
    """Return the questions whose answer seems to stand under an id that nothing has."""
    others = [
        one
        for name, one in record.answers.items()
        if name not in views and not holds_nothing(one.response)
    ]
    return tuple(
        name
        for name, view in (views.items() if others else ())
        if _lacks(record, name) and any(_may_answer(view, one) for one in others)
    )


def _lacks(record: Record, name: str) -> bool:
    answer = record.answers.get(name)
    return name not in record.spoilt and (answer is None or holds_nothing(answer.response))


def _may_answer(view: View, answer: Answer) -> bool:
    """Tell whether an answer under another id may be to this question."""
    if answer.kind != view["kind"] or strange_parts(view, answer.response):
        return False
    return not answer.asked or alike(answer.asked, asked_in_words(view))


def readable(record: Record, views: Mapping[str, View]) -> dict[str, bool]:
    """Tell of each question with something in the place of its answer whether it can be read.

    One whose answer stands under an id that nothing has is one that cannot.
    """
    given = ((name, one) for name, one in record.answers.items() if name in views)
    there = {
        name: can_be_read(one, views[name])
        for name, one in given
        if not holds_nothing(one.response)
    }
    lost = [name for name in record.spoilt if name in views]
    return there | dict.fromkeys([*lost, *moved(record, views)], False)


def damage_of(record: Record, views: Mapping[str, View]) -> str:
    """Say that most answers of a record cannot be read; empty where most can."""
    found = readable(record, views)
    unread = sum(not good for good in found.values())
    return f"{unread} of {len(found)} answers cannot be read." if 2 * unread > len(found) else ""


def notes_on(record: Record, views: Mapping[str, View], odd: Iterable[str]) -> tuple[str, ...]:
    """Return what a trainer is told of answers that cannot be read, or are to no question."""
    notes = (
        *record.problems,
        *(_odd(record, views[name]) for name in odd if name in record.answers),
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
