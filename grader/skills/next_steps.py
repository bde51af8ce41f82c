"""Suggest what to practise next: three steps, each with its reason and a lesson to open.

Apart from the compass, which shows them: this only chooses.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from grader.content.items import Item, Skill
from grader.kinds.registry import is_scored
from grader.skills.profile import Ratings, SkillProfile, gap, standing

SUGGESTED = 3
# Why a skill is suggested; the lesson follows as a sentence of its own.
WEAKEST = "Your answers show the most room to grow in “{name}”."
OVER = "You rated “{name}” higher than your answers show so far."
UNSEEN = "You have not practised “{name}” yet."
TOO_FEW = "There is not enough practice yet to say anything about “{name}”."
CLEARER = "More practice makes the picture of “{name}” clearer."


class Place(Protocol):
    """A lesson: where it is, and what it is called."""

    @property
    def address(self) -> str:
        """Return the address from the course map."""

    @property
    def title(self) -> str:
        """Return the words for it."""


@dataclass(frozen=True, slots=True)
class Practice:
    """A lesson that gives practice for a skill.

    ``items`` are its scored cards for the skill, those not answered yet; all of them
    where ``again`` says that every one was answered before.
    """

    address: str
    title: str
    items: tuple[str, ...]
    again: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do next: for which skill, why, and where."""

    skill: str
    sentence: str
    practice: Practice


def practice_for(
    skill: Skill,
    items: Mapping[str, Item],
    lessons: Mapping[str, Place],
    done: Collection[str] = (),
) -> tuple[Practice, ...]:
    """Return the lessons that give practice for a skill, those with most of it first.

    Parameters
    ----------
    skill : Skill
        Of the framework.
    items : mapping of str to Item
        All practice items by id.
    lessons : mapping of str to Place
        The lesson of each item, as `grader.trainee.course_map.lessons_of_cards` gives it; an item
        that no lesson shows is left out.
    done : collection of str
        Items that are evidence already. Lessons with others come first.
    """
    cards: dict[str, list[str]] = {}
    for name, lesson in lessons.items():
        item = items.get(name)
        if item and is_scored(item.kind) and skill.counts(item.skills):
            cards.setdefault(lesson.address, []).append(name)
    titles = {lesson.address: lesson.title for lesson in lessons.values()}
    found = [_practice(address, titles[address], names, done) for address, names in cards.items()]
    return tuple(sorted(found, key=lambda each: (each.again, -len(each.items))))


def _practice(address: str, title: str, names: list[str], done: Collection[str]) -> Practice:
    fresh = tuple(name for name in names if name not in done)
    return Practice(address, title, fresh or tuple(names), again=not fresh)


def suggestions(  # noqa: PLR0913 - what is known of a person, and what the course offers
    profiles: Iterable[SkillProfile],
    ratings: Ratings,
    *,
    items: Mapping[str, Item],
    lessons: Mapping[str, Place],
    skills: Mapping[str, Skill],
    done: Collection[str] = (),
) -> tuple[Step, ...]:
    """Return three next steps for three skills, the same ones for the same answers.

    In this order: the weakest skills, where some stand out; skills rated higher than the
    answers show; skills without enough answers, the nearest to enough first; then the
    rest, the lowest estimate first.

    Parameters
    ----------
    profiles : iterable of SkillProfile
        Of the framework, in its order.
    ratings : mapping of str to int or None
        The newest self-ratings by skill id.
    items, lessons, done
        As for `practice_for`.
    skills : mapping of str to Skill
        The framework.

    Returns
    -------
    tuple of Step
        Fewer than three only where the course has no more lessons for these skills.
    """
    steps: list[Step] = []
    spare: list[Step] = []
    for of, why in _ranked(tuple(profiles), ratings):
        skill = skills[of.skill]
        mine = [
            Step(skill.id, f"{why.format(name=skill.name)} {_offer(practice)}", practice)
            for practice in practice_for(skill, items, lessons, done)
        ]
        steps += mine[:1]
        spare += mine[1:]
    return tuple((*steps, *spare)[:SUGGESTED])


def _ranked(
    profiles: tuple[SkillProfile, ...], ratings: Ratings
) -> Iterator[tuple[SkillProfile, str]]:
    """Give each skill once, the one to practise first at the head, with the reason for it."""
    weakest = standing(profiles).weakest
    known = sorted((of for of in profiles if of.enough), key=lambda of: of.estimate or 0.0)
    yield from ((of, WEAKEST) for of in known if of.skill in weakest)
    others = [of for of in known if of.skill not in weakest]
    over = [of for of in others if gap(ratings.get(of.skill), of) == "higher"]
    yield from ((of, OVER) for of in over)
    few = sorted((of for of in profiles if not of.enough), key=lambda of: of.missing)
    yield from ((of, TOO_FEW if of.n else UNSEEN) for of in few)
    yield from ((of, CLEARER) for of in others if of not in over)


def _offer(practice: Practice) -> str:
    count = len(practice.items)
    questions = "1 question" if count == 1 else f"{count} questions"
    if practice.again:
        return f"You have answered what “{practice.title}” has on it. Going through it again helps."
    return f"“{practice.title}” has {questions} on it."
