"""A question leads to the lesson that teaches most of what it rests on."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

from grader.content.items import Item
from grader.skills.helping import Teaching, teachings, that_helps

HERE = "07-advice"


def lesson(address: str, *facts: str) -> Teaching:
    return Teaching(address, "1.1", "A lesson", frozenset(facts))


EARLIER = lesson("03-eleven-skills/1-list.ipynb", "F1", "F2")
OWN = lesson(f"{HERE}/1-one.ipynb", "F1", "F2")
OTHER = lesson(f"{HERE}/2-two.ipynb", "F3")


@pytest.fixture(scope="module")
def item() -> Item:
    return next(iter(items_of(REPOSITORY / "course" / HERE / "items.yaml").values()))


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        (("F1",), OWN),  # its own module's before an earlier one
        (("F2", "F3", "F1"), OWN),
        (("F3",), OTHER),
        (("F9",), None),
        ((), None),
    ],
)
def test_most_shared_facts_decide(item: Item, facts: tuple[str, ...], found: Teaching) -> None:
    assert that_helps(replace(item, facts=facts), HERE, (EARLIER, OWN, OTHER)) == found


def test_each_graded_question_of_the_course_has_a_lesson() -> None:
    lessons = teachings(REPOSITORY / "course")
    for bank in sorted(REPOSITORY.glob("solutions/[0-9]*/items.yaml")):
        for one in items_of(bank, graded=True).values():
            assert that_helps(one, bank.parent.name, lessons), one.id


def test_a_lesson_that_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    folder = tmp_path / HERE
    folder.mkdir()
    about = {"title": "One", "alongside": {"lesson": "7.1", "facts": ["F1"]}}
    for name, text in {
        "1-one.ipynb": json.dumps({"metadata": about}),
        "2-cut.ipynb": "{",
        "3-bare.ipynb": "{}",
        "4-list.ipynb": "[]",
    }.items():
        (folder / name).write_text(text)
    assert [one.number for one in teachings(tmp_path)] == ["7.1"]
    assert teachings(tmp_path / "nowhere") == ()
