"""The way of talking through the course: counted by module, and nothing said on a few replies."""

from __future__ import annotations

import pytest
from helpers import samples

from grader.formats.answers import Answer, Record
from grader.kinds.views import public_view
from grader.skills.style import style_history

ITEMS = {item.id: item for item in samples.items().values()}
VIEWS = {name: public_view(item) for name, item in ITEMS.items()}
ASKING, TELLING = "What would help you most?", "You should just ring her."
TALK = [
    {"turn": "hello", "pick": "b"},
    {"turn": "worry", "text": "That sounds painful. What was it like before?"},
]


def replied(module: str, first: object, *, tries: int = 1, now: str = "") -> Record:
    answer = Answer("reply", now or first, first, tries)
    return Record(module, {"sample-reply": answer})


def many(module: str, asking: int, telling: int) -> list[Record]:
    return [replied(module, ASKING)] * asking + [replied(module, TELLING)] * telling


def test_the_first_reply_counts():
    found = style_history([replied("01-a", TELLING, tries=2, now=ASKING)], ITEMS)
    counts = dict(found.modules[0].counts)
    assert (counts["asking"], counts["fixing"], found.modules[0].replies) == (0, 1, 1)


def test_without_feedback_the_reply_itself_is_the_first():
    found = style_history([replied("01-a", None, tries=0, now=ASKING)], ITEMS)
    assert dict(found.modules[0].counts)["asking"] == 1


@pytest.mark.parametrize("items", [ITEMS, VIEWS], ids=["with key", "without key"])
def test_typed_turns_count_and_chosen_ones_do_not(items):
    answers = {
        "sample-talk": Answer("conversation", TALK, TALK, 1),
        "sample-choice": Answer("choice", "b", "b", 1),
    }
    (found,) = style_history([Record("01-a", answers)], items).modules
    assert (found.replies, found.with_open) == (1, 1)
    assert dict(found.counts)["asking"] == 1


def test_replies_need_no_key():
    (found,) = style_history([replied("01-a", ASKING)], VIEWS).modules
    assert (found.replies, found.with_open) == (1, 1)


def test_odd_and_unknown_answers_count_nothing():
    odd = {"sample-reply": Answer("reply", 1, ["x"], 1), "gone": Answer("reply", "x", "x", 1)}
    odd |= {"sample-talk": Answer("reply", ASKING, ASKING, 1)}
    other_kind = {"sample-reply": Answer("reflection", ASKING, ASKING, 1)}
    found = style_history([Record("01-a", odd), Record("01-a", other_kind)], ITEMS)
    assert (found.modules, found.early.replies, found.late.replies) == ((), 0, 0)


def test_modules_are_put_in_order_and_parts_of_one_together():
    found = style_history(
        [*many("03-c", 1, 0), *many("01-a", 1, 1), *many("02-b", 0, 1), *many("01-a", 1, 0)], ITEMS
    )
    assert [(style.name, style.replies) for style in found.modules] == [
        ("01-a", 3),
        ("02-b", 1),
        ("03-c", 1),
    ]
    assert [found.is_early(place) for place in range(3)] == [True, True, False]
    assert (found.early.replies, found.late.replies) == (4, 1)
    for at, (group, count) in enumerate(found.early.counts):
        assert count == sum(style.counts[at][1] for style in found.modules[:2]), group


@pytest.mark.parametrize(
    ("early", "late", "words"),
    [
        ((8, 2), (1, 9), "fewer open questions"),
        ((1, 9), (8, 2), "more often"),
        ((5, 5), (5, 5), "keep up"),
        ((5, 5), (4, 6), "keep up"),
        ((4, 0), (0, 9), "not enough typed"),
        ((9, 0), (0, 4), "not enough typed"),
    ],
)
def test_it_is_said_whether_open_questions_keep_up(early, late, words):
    found = style_history([*many("01-a", *early), *many("02-b", *late)], ITEMS)
    assert words in found.sentence
    if "not enough" not in words:
        assert f"{late[0]} of {sum(late)} replies in the later" in found.sentence
        assert f"{early[0]} of {sum(early)} in the earlier" in found.sentence
