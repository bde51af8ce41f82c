"""Three next steps: for the right skills, in the right order, with a lesson that helps."""

from __future__ import annotations

from dataclasses import dataclass

from helpers import samples

from grader.content.items import Item, Skill
from grader.places import own_course
from grader.skills.intervals import wilson
from grader.skills.next_steps import practice_for, suggestions
from grader.skills.profile import SkillProfile
from grader.trainee.course_map import lessons_of_cards

ANCHORS = ("x", "y", "z")
SKILLS = {name: Skill(name, name.title(), "D", ANCHORS, "S") for name in ("a", "b", "c", "d")}


@dataclass(frozen=True)
class Lesson:
    """A lesson as the course map knows it."""

    address: str
    title: str


def item(name: str, *skills: str, kind: str = "choice") -> Item:
    common = (skills, (), samples.items()["choice"].stem, "Q", 3.0, "", None, None, None, None)
    return Item(name, kind, *common)


FIRST, SECOND = Lesson("01/1.ipynb", "First"), Lesson("02/1.ipynb", "Second")
ITEMS = {
    each.id: each
    for each in (
        item("a1", "a"),
        item("a2", "a", "b"),
        item("a3", "a"),
        item("b1", "b"),
        item("c1", "c"),
        item("d1", "d"),
        item("d2", "d", kind="rating"),
    )
}
LESSONS = dict.fromkeys(("a1", "c1", "d1", "d2"), FIRST)
LESSONS |= dict.fromkeys(("a2", "a3", "b1", "gone"), SECOND)


def shown(name: str, share: float, n: int) -> SkillProfile:
    return SkillProfile(name, n, 0, share if n else None, *wilson(share * n, n))


def steps(*profiles: SkillProfile, ratings: dict[str, int] | None = None, done=()):
    return suggestions(
        profiles, ratings or {}, items=ITEMS, lessons=LESSONS, skills=SKILLS, done=done
    )


def test_a_lesson_with_more_practice_comes_first_and_unscored_cards_are_none():
    found = practice_for(SKILLS["a"], ITEMS, LESSONS)
    assert [(each.title, each.items) for each in found] == [
        ("Second", ("a2", "a3")),
        ("First", ("a1",)),
    ]
    assert [each.items for each in practice_for(SKILLS["d"], ITEMS, LESSONS)] == [("d1",)]


def test_a_lesson_with_something_new_comes_before_one_that_is_done():
    found = practice_for(SKILLS["a"], ITEMS, LESSONS, done={"a2", "a3"})
    assert [(each.title, each.again) for each in found] == [("First", False), ("Second", True)]


def test_the_weakest_come_first_then_ratings_that_are_higher_then_too_few_then_the_rest():
    profiles = [shown("a", 0.9, 9), shown("b", 0.5, 60), shown("c", 0.95, 60), shown("d", 0, 0)]
    found = steps(*profiles, ratings={"a": 0})
    assert [step.skill for step in found] == ["b", "d", "a"]
    assert "most room to grow in “B”" in found[0].sentence
    assert "not practised “D” yet" in found[1].sentence
    found = steps(shown("a", 0.2, 9), shown("b", 0.9, 2), shown("c", 0.25, 9), ratings={"a": 2})
    assert [step.skill for step in found] == ["a", "b", "c"]
    assert "rated “A” higher" in found[0].sentence
    assert "not enough practice yet" in found[1].sentence
    assert "picture of “C” clearer" in found[2].sentence


def test_the_nearest_to_enough_is_helped_first():
    found = steps(shown("a", 0, 0), shown("b", 1, 1), shown("c", 1, 2), shown("d", 1, 1))
    assert [step.skill for step in found] == ["c", "b", "d"]


def test_each_step_says_what_its_lesson_has():
    first, second, third = steps(shown("a", 0, 0), shown("c", 0, 0), done={"c1"})
    assert (first.practice.address, third.practice.address) == (SECOND.address, FIRST.address)
    assert first.sentence.endswith("“Second” has 2 questions on it.")
    assert second.sentence.endswith("Going through it again helps.")
    assert third.sentence.endswith("“First” has 1 question on it.")


def test_a_skill_that_no_lesson_practises_is_not_suggested():
    assert steps(shown("d", 0, 0), done=()) != ()
    assert suggestions([shown("d", 0, 0)], {}, items={}, lessons=LESSONS, skills=SKILLS) == ()


def test_every_card_of_the_course_has_its_lesson():
    lessons = lessons_of_cards(own_course())
    assert lessons["advice-i-sentences"].address == "07-advice/6-own-story.ipynb"
    assert len({lesson.address for lesson in lessons.values()}) == 45
