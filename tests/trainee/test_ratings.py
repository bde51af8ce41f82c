"""Tests of grader.trainee.ratings: one answer per moment and skill, wherever it was given."""

from __future__ import annotations

import json

import pytest
from helpers.content import course_skills
from helpers.ratings import all_asked, at, framework, rate
from helpers.wire import Wire

from grader import places
from grader.cards.skills import RatingsCard
from grader.content.items import Skill
from grader.formats import answers
from grader.kinds.rating import MOMENTS
from grader.places import own_course, own_home, this_learner
from grader.skills.bank import Bank, practice_bank
from grader.trainee import ratings


def test_every_skill_is_asked_for_at_each_moment():
    keys = [(one.moment, one.skill.id) for one in all_asked()]
    assert keys == [(moment, skill) for moment in MOMENTS for skill in course_skills()]


def test_a_lesson_and_the_page_of_all_skills_keep_one_answer():
    one = at("before", "communication")
    assert (one.module, one.item_id) == ("03-eleven-skills", "skills-rate-communication")
    assert at("after", "communication").module == "10-capstone"
    place = places.own_home().journal_record("03-eleven-skills")
    answers.save_response(place, "03-eleven-skills", one.item_id, "rating", "b", tried=True)
    assert ratings.read_ratings(own_home(), all_asked())["before"] == {"communication": 1}


def test_the_course_asks_for_every_skill_before_and_after():
    homes = {one.moment: one.module for one in all_asked()}
    assert homes == {"before": "03-eleven-skills", "after": "10-capstone", "then": "skills"}
    assert {one.module for one in all_asked() if one.moment != "then"} == {
        "03-eleven-skills",
        "10-capstone",
    }


def test_thinking_back_has_words_of_its_own():
    assert "think back to before the course" in at("then", "communication").view["question"]
    assert "the person you were then" in at("then", "communication").view["question"]
    assert "today" in at("after", "communication").view["question"]


def test_not_seen_yet_is_an_answer_and_no_answer_is_none():
    rate("after", "communication", "unseen")
    rate("after", "demeanour", "c")
    said = ratings.read_ratings(own_home(), all_asked())
    assert said["after"] == {"communication": None, "demeanour": 2}


def test_an_answer_that_no_step_has_is_left_out():
    rate("after", "communication", "z")
    assert ratings.read_ratings(own_home(), all_asked())["after"] == {}


def test_the_newest_view_is_the_one_after_where_there_is_one():
    said = {"before": {"a": 0, "b": 1}, "after": {"a": None}, "then": {"a": 2}}
    assert ratings.newest(said) == {"a": None, "b": 1}


@pytest.mark.parametrize("count", [3, 5, 20])
def test_a_framework_of_ones_own_needs_nothing_but_its_skills(tmp_path, monkeypatch, count):
    framework(tmp_path, count)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    card = RatingsCard(this_learner())
    assert [len(group["questions"]) for group in card.facts()["groups"]] == [count] * 3
    Wire(card).ask(type="save", of="before-own-1", response="b", seen=None)
    kept = json.loads(places.own_home().journal_record("skills").read_text())["items"]
    assert kept["before-own-1"]["response"] == "b"
    assert ratings.read_ratings(own_home(), all_asked())["before"] == {"own-1": 1}


def test_a_rating_of_a_covered_skill_is_no_rating_of_the_skill_that_covers_it():
    own = Skill("own", "Own", "What it is.", ("No.", "Some.", "Yes."), "own", ("communication",))
    found = ratings.asked({"own": own}, practice_bank(own_course()))
    assert {(one.module, one.item_id) for one in found} == {
        ("skills", f"{moment}-own") for moment in MOMENTS
    }


def test_a_module_that_cannot_be_read_is_left_out_and_named(tmp_path, monkeypatch):
    framework(tmp_path, 3)
    (tmp_path / "07-advice").mkdir()
    (tmp_path / "07-advice" / "items.yaml").write_text("- id: x\n")
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    assert practice_bank(own_course()) == Bank({}, ("07-advice",))


def test_the_card_opens_at_the_first_moment_that_is_not_done():
    def opened() -> list[str]:
        return [
            group["title"]
            for group in RatingsCard(this_learner()).facts()["groups"]
            if group["open"]
        ]

    assert opened() == ["Today, for the first time"]
    for skill in course_skills():
        rate("before", skill, "a")
    assert opened() == ["Today, once more"]


def test_two_windows_do_not_overwrite_each_other_unasked():
    first, second = Wire(RatingsCard(this_learner())), Wire(RatingsCard(this_learner()))
    first.ask(type="save", of="after-demeanour", response="a", seen=None)
    told = second.ask(type="save", of="after-demeanour", response="c", seen=None)
    assert (told["type"], told["response"]) == ("changed", "a")
