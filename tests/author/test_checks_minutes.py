"""Tests of grader.author.check_minutes: a lesson takes as long as it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from helpers.samples import items
from helpers.small_course import Sample, code, text

from grader.author.check_minutes import NEAR, minutes_problems
from grader.kinds.minutes import WORDS_A_MINUTE, item_minutes, minutes_of

ITEMS = items()
PATH = Path("course/01-sample/1-tea.ipynb")
TEN = "word " * (10 * WORDS_A_MINUTE)


def lesson(minutes: object, words: str = TEN) -> dict:
    cells = [code("begin()"), text(words)]
    return {"cells": cells, "metadata": {"alongside": {"minutes": minutes}}}


def told(notebook: dict, *cards: str) -> list[str]:
    found = minutes_problems(PATH, notebook, [ITEMS[name] for name in cards])
    return [str(problem) for problem in found]


@pytest.mark.parametrize("stated", [10 - NEAR, 10, 10 + NEAR])
def test_a_little_more_or_less_is_fine(stated):
    assert told(lesson(stated)) == []


@pytest.mark.parametrize("stated", [10 - NEAR - 1, 10 + NEAR + 1])
def test_a_lesson_that_takes_longer_or_shorter_is_named(stated):
    (problem,) = told(lesson(stated))
    assert problem.startswith(f"{PATH}:1: minutes: says {stated}; with its cards")
    assert "takes about 10" in problem


@pytest.mark.parametrize("stated", [None, "10", True])
def test_a_lesson_has_to_say_how_long_it_takes(stated):
    (problem,) = told(lesson(stated))
    assert "must say how long the lesson takes" in problem


def test_the_first_text_says_the_same():
    (problem,) = told(lesson(10, f"It takes about 12 minutes. {TEN}"))
    assert "says 10, and the first text says 12" in problem
    assert told(lesson(10, f"It takes about 10 minutes. {TEN}")) == []


def test_addresses_of_links_are_not_read():
    words = "[tea](../glossary.ipynb#term-tea) " * WORDS_A_MINUTE
    assert minutes_of(lesson(1, words)["cells"], []) == 1


@pytest.mark.parametrize("kind", sorted(ITEMS))
def test_each_card_takes_its_time(kind):
    assert item_minutes(ITEMS[kind]) > 0
    cells = lesson(10)["cells"]
    assert minutes_of(cells, [ITEMS[kind]]) == pytest.approx(10 + item_minutes(ITEMS[kind]))


def test_typing_takes_longer_than_its_words():
    assert item_minutes(ITEMS["reply"]) > item_minutes(replace(ITEMS["reply"], kind="choice"))


def test_the_check_of_a_course_counts_cards(tmp_path):
    sample = Sample(tmp_path)
    sample.lesson([text(TEN), code('card("late-tea")'), code('card("late-reply")')], minutes=10)
    assert sample.problems() == []
    sample.lesson([text(TEN), code('card("late-tea")'), code('card("late-reply")')], minutes=20)
    assert "1-tea.ipynb:1: minutes: says 20; with its cards the lesson takes about 12" in (
        sample.told()
    )
