"""How a trainee talks: acts counted in five groups, and a look back at one conversation.

A mirror and not a mark: each group has its moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.content.items import Item
from grader.formats.answers import Record
from grader.kinds.public import View
from grader.kinds.reply import MAX_REPLY, ReplyItem
from grader.kinds.talk.graph import REPLY, ConversationItem, Graph
from grader.kinds.talk.scoring import better_of, lowest, weighed, why
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import Said, Step, Walk, sure_acts, walk

GROUPS = {
    "asking": ("open_question", "closed_question"),
    "reflecting": ("reflection", "affirmation"),
    "sharing": ("own_story",),
    "advising": ("permission", "tentative_suggestion", "information", "safety_step"),
    "fixing": ("directive_advice", "reassurance", "judgement"),
}
MOST_MOMENTS = 2  # shown of what opened the peer up, and of what closed them

Counts = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Moment:
    """What the trainee said at one turn, its acts, and why it worked as it did."""

    text: str
    acts: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class LookBack:
    """A look back at a conversation.

    ``shown`` is what its ending shows; ``said`` and ``better`` are the one thing to try
    another time, empty where every turn was best.
    """

    counts: Counts
    opened: tuple[Moment, ...]
    closed: tuple[Moment, ...]
    shown: str
    said: str
    better: str
    transcript: tuple[Said, ...]


def count_groups(acts: Iterable[str]) -> Counts:
    """Count acts in the five groups; ``boundary`` and ``other`` belong to none."""
    acts = list(acts)
    return tuple((group, sum(act in members for act in acts)) for group, members in GROUPS.items())


def mirror(record: Record, items: Mapping[str, Item]) -> Counts:
    """Count the acts of all that was typed in a module.

    Parameters
    ----------
    record : Record
        The answers.
    items : mapping of str to Item
        The module's items; answers to others are left out.

    Returns
    -------
    tuple of (str, int)
        Each group with its count, in the order of `GROUPS`. Acts that the coder only
        guesses do not count.
    """
    answered = ((item, record.response(item.id, item.kind)) for item in items.values())
    said = (acts for item, response in answered for acts in acts_typed(item, response))
    return count_groups(act for acts in said for act in acts)


def acts_typed(question: Item | View, response: Any) -> tuple[tuple[str, ...], ...]:
    """Return the sure acts of each thing typed in one answer.

    Parameters
    ----------
    question : Item or View
        The item, or its public view where there is no key.
    response : object
        As found in an answer record.

    Returns
    -------
    tuple of tuple of str
        One entry for a typed reply and for each typed turn; none for what was only chosen.
    """
    if isinstance(question, ReplyItem):
        return _acts_of_reply(question.stem.says, response)
    if isinstance(question, ConversationItem):
        return _acts_of_talk(question.graph, response)
    if not isinstance(question, Mapping):
        return ()
    if question["kind"] == "reply":
        return _acts_of_reply(question["stem"]["says"], response)
    is_talk = question["kind"] == "conversation"
    return _acts_of_talk(graph_of(question), response) if is_talk else ()


def _acts_of_reply(says: str, response: Any) -> tuple[tuple[str, ...], ...]:
    if not isinstance(response, str) or not response.strip():
        return ()
    return (sure_acts(response[:MAX_REPLY], says)[0],)


def _acts_of_talk(graph: Graph, response: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(step.acts for step in walk(graph, response).taken if step.turn.asks == REPLY)


def look_back(item: ConversationItem, response: Any) -> LookBack | None:
    """Look back at a conversation; None where nothing was said."""
    walked = walk(item.graph, response)
    if not walked.taken:
        return None
    low = lowest(walked)
    return LookBack(
        counts=count_groups(act for step in walked.taken for act in step.acts),
        opened=_moments(walked, 1),
        closed=_moments(walked, -1),
        shown=walked.ending.feedback if walked.ending else "",
        said=low.said if low else "",
        better=better_of(low) if low else "",
        transcript=walked.lines,
    )


def _moments(walked: Walk, sign: int) -> tuple[Moment, ...]:
    """Return the steps that moved the peer most, the greatest first."""
    moved = [turn for turn in weighed(walked) if sign * _opening(turn.step) > 0]
    moved.sort(key=lambda turn: -sign * _opening(turn.step))
    return tuple(Moment(turn.step.said, turn.step.acts, why(turn)) for turn in moved[:MOST_MOMENTS])


def _opening(step: Step) -> int:
    """Return how far a step opened the peer up: more trust and ideas, less pressure."""
    change = dict(step.changes)
    gained = change["trust"] + change["feels_heard"] + change["own_ideas"]
    return gained - change["pressure"]
