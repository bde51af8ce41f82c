"""Show what covers each fact and each skill: the body of ``alongside check --coverage``.

A fact is taught where a lesson lists it, and tested where an item names it. What no lesson
on disk teaches yet is open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.content.items import Fact, Item, Skill, load_facts, load_skills
from grader.files.parsing import read_json
from grader.kinds.reading import load_items
from grader.places import FACTS, SKILLS


@dataclass(frozen=True, slots=True)
class FactCover:
    """One fact: the lesson it belongs to, the lessons that teach it, the items that test it."""

    id: str
    lesson: str
    taught_in: tuple[str, ...]
    items: tuple[str, ...]
    is_ours: bool = False  # a claim of this course, which nothing needs to test


@dataclass(frozen=True, slots=True)
class SkillCover:
    """One skill with the items that exercise it."""

    id: str
    practice: tuple[str, ...]
    graded: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """All facts and skills, and the numbers of the lessons on disk."""

    facts: tuple[FactCover, ...]
    skills: tuple[SkillCover, ...]
    lessons: tuple[str, ...]

    @property
    def due(self) -> tuple[FactCover, ...]:
        """Facts whose lesson is there: these must be taught."""
        return tuple(fact for fact in self.facts if fact.lesson in self.lessons)

    @property
    def open(self) -> tuple[FactCover, ...]:
        """Facts whose lesson is still to be written."""
        return tuple(fact for fact in self.facts if fact.lesson not in self.lessons)


def coverage(course: Path, solutions: Path | None) -> Coverage:
    """Find out what covers what.

    Parameters
    ----------
    course, solutions : Path
        The two folders; without solutions no graded item is seen.

    Raises
    ------
    ContentError
        Where a file has mistakes.
    """
    taught = dict(_taught(course))
    facts, skills = load_facts(course / FACTS), load_skills(course / SKILLS)
    practice, graded = _items(course, skills, facts), _items(solutions, skills, facts)
    return Coverage(
        facts=tuple(_fact_covers(facts, taught, practice + graded)),
        skills=tuple(
            SkillCover(skill.id, _with_skill(practice, skill), _with_skill(graded, skill))
            for skill in skills.values()
        ),
        lessons=tuple(taught),
    )


def _taught(course: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each lesson's number with the facts it lists."""
    for path in sorted(course.glob("[0-9][0-9]-*/*.ipynb")):
        told = read_json(path)["metadata"]["alongside"]
        yield told["lesson"], tuple(told["facts"])


def _items(folder: Path | None, skills: dict[str, Skill], facts: dict[str, Fact]) -> list[Item]:
    paths = sorted(folder.glob("[0-9][0-9]-*/items.yaml")) if folder else ()
    return [item for path in paths for item in load_items(path, skills, facts).values()]


def _fact_covers(
    facts: dict[str, Fact], taught: dict[str, tuple[str, ...]], items: Iterable[Item]
) -> Iterator[FactCover]:
    tested = defaultdict(list)
    for item in items:
        for name in item.facts:
            tested[name].append(item.id)
    for fact in facts.values():
        lessons = tuple(lesson for lesson, listed in taught.items() if fact.id in listed)
        yield FactCover(fact.id, fact.lesson, lessons, tuple(tested[fact.id]), fact.is_ours)


def _with_skill(items: Iterable[Item], skill: Skill) -> tuple[str, ...]:
    return tuple(item.id for item in items if skill.counts(item.skills))


def coverage_lines(found: Coverage) -> Iterator[str]:
    """Give the coverage as text: facts by lesson, then skills, then the sums."""
    for fact in found.due:
        lessons = ", ".join(fact.taught_in) or "taught nowhere"
        untested = "ours, never marked" if fact.is_ours else "tested by nothing"
        yield f"{fact.id}  {lessons}  {', '.join(fact.items) or untested}"
    yield ""
    for skill in found.skills:
        yield f"{skill.id}: {len(skill.practice)} practice, {len(skill.graded)} graded"
        yield f"  {', '.join((*skill.practice, *skill.graded))}"
    yield ""
    due = [fact for fact in found.due if not fact.is_ours]
    taught = sum(bool(fact.taught_in) for fact in due)
    tested = sum(bool(fact.items) for fact in due)
    yield f"{len(due)} facts have their lesson: {taught} are taught, {tested} are tested."
    yield f"{len(found.due) - len(due)} claims are ours: taught, said to be ours, never marked."
    if found.open:
        yield f"{len(found.open)} wait for theirs: {', '.join(fact.id for fact in found.open)}"
