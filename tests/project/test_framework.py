"""A trainer's own framework of five skills goes with the whole course, from items to pictures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from helpers.content import course_facts
from helpers.paths import REPOSITORY

from grader.author.check import check_course
from grader.author.coverage import coverage
from grader.content.items import load_skills
from grader.errors import ContentError
from grader.formats.answers import Answer, Record
from grader.html import charts
from grader.html.pictures import picture_html
from grader.kinds.rating import PLAIN_ANCHORS, RatingItem
from grader.kinds.reading import load_items
from grader.kinds.registry import is_scored
from grader.kinds.scoring import model_response
from grader.places import own_course
from grader.skills.next_steps import suggestions
from grader.skills.profile import practice_evidence, profile, standing
from grader.trainee import course_map

COURSE = REPOSITORY / "course"
FIVE = Path(__file__).parent / "framework-of-five.yaml"
SKILLS = load_skills(FIVE)
MODULES = ("03-eleven-skills", "07-advice")


@pytest.fixture(scope="module")
def banks():
    facts = course_facts()
    return {name: load_items(COURSE / name / "items.yaml", SKILLS, facts) for name in MODULES}


def test_answers_to_the_course_count_for_the_five(banks):
    items = {name: item for bank in banks.values() for name, item in bank.items()}
    records = []
    for module, bank in banks.items():
        responses = {
            name: "" if "self-management" in item.skills else model_response(item)
            for name, item in bank.items()
            if is_scored(item.kind)
        }
        answers = {name: Answer(items[name].kind, r, r, 1) for name, r in responses.items()}
        records.append(Record(module, answers))
    evidence = practice_evidence(records, items)
    profiles = profile(evidence, SKILLS)
    assert [of.skill for of in profiles] == list(SKILLS)
    counts = {of.skill: of.n for of in profiles}
    assert counts["hearing"] > 20
    assert counts["singing"] == 0
    assert standing(profiles).too_few == ("staying-well", "singing")
    ratings = {"hearing": 0, "thinking-along": 2, "singing": 1}
    picture = charts.compass_bars(profiles, ratings, SKILLS)
    assert "Not enough practice yet in Staying well & rested and Singing" in picture.alt
    assert "Your rating is lower than your answers show in Hearing" in picture.alt
    assert len(picture.rows) == 5
    assert "Staying well &amp; rested" in picture_html(picture)
    steps = suggestions(
        profiles,
        ratings,
        items=items,
        lessons=course_map.lessons_of_cards(own_course()),
        skills=SKILLS,
        done={each.item for each in evidence},
    )
    assert len(steps) == 3
    assert steps[0].skill == "staying-well"
    assert "singing" not in {step.skill for step in steps}


def test_ratings_of_the_course_have_the_anchors_of_the_five(banks):
    items = banks["03-eleven-skills"].values()
    found = {
        item.skill: tuple(level.text for level in item.levels)
        for item in items
        if isinstance(item, RatingItem)
    }
    assert found["communication"] == SKILLS["hearing"].anchors
    assert found["teamwork"] == PLAIN_ANCHORS


@pytest.fixture
def swapped(tmp_path) -> Path:
    course = tmp_path / "course"
    shutil.copytree(COURSE, course)
    shutil.copy(FIVE, course / "skills.yaml")
    return course


def test_the_course_check_finds_nothing_wrong_with_the_five(swapped):
    assert check_course(swapped, REPOSITORY / "solutions") == []


def test_coverage_counts_for_the_five(swapped, monkeypatch):
    monkeypatch.setenv("ALONGSIDE_COURSE", str(swapped))
    found = {skill.id: len(skill.practice) for skill in coverage(swapped, None).skills}
    assert list(found) == list(SKILLS)
    assert found["hearing"] > 150
    assert found["singing"] == 0


def test_items_that_the_framework_does_not_place_are_said(tmp_path):
    skills = {name: skill for name, skill in SKILLS.items() if name != "singing"}
    with pytest.raises(ContentError) as caught:
        load_items(COURSE / "08-groups" / "items.yaml", skills, course_facts())
    problem = next(each for each in caught.value.problems if "'teamwork'" in each.what)
    assert (problem.path, problem.field) == ("course/08-groups/items.yaml", "skills")
    assert "or place it under 'covers' or 'leaves_out' in skills.yaml" in problem.what
