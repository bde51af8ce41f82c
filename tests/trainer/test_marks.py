"""The same words have the same name, in every kind of answer."""

from __future__ import annotations

from typing import Any

import pytest

from grader.kinds.talk.walk import MAX_STEPS, MAX_TEXT
from grader.trainer.marking.marks import BLANK, ByHand, Earlier, words_of

TALK = [{"turn": "a", "pick": "one"}, {"turn": "b", "text": "How is  it?"}]

SAME: dict[str, tuple[str, Any, Any]] = {
    "nothing and blanks": ("reply", None, " \n"),
    "spaces": ("reply", "How is it?", " How\n is\u2003it? "),
    "composed letters": ("reply", "caf\u00e9", "cafe\u0301"),
    "signs that nobody sees": ("reply", "How?", "\u200bHow?\u2060"),
    "ticked in another order": ("choices", ["a", "b"], ["b", "a"]),
    "pairs in another order": ("match", {"a": "1", "b": "2"}, {"b": "2", "a": "1"}),
    "spaces in a talk": ("conversation", TALK, [TALK[0], {"turn": "b", "text": "How is it?\n"}]),
    "what else stands in a step": ("conversation", TALK, [TALK[0] | {"at": 7}, TALK[1]]),
    "what is not read of a talk": ("conversation", [TALK[0]] * MAX_STEPS, [TALK[0]] * 99),
    "no talk": ("conversation", [], None),
}
OTHER: dict[str, tuple[str, Any, Any]] = {
    "capitals": ("reply", "How is it?", "how is it?"),
    "a question mark": ("reply", "How is it", "How is it?"),
    "words run together": ("reply", "a part", "apart"),
    "something for nothing": ("reply", None, "x"),
    "order": ("order", ["a", "b"], ["b", "a"]),
    "one more": ("choices", ["a"], ["a", "b"]),
    "typed in a talk": ("conversation", TALK, [TALK[0], {"turn": "b", "text": "How was it?"}]),
    "picked in a talk": ("conversation", TALK, [{"turn": "a", "pick": "two"}, TALK[1]]),
    "a talk that goes on": ("conversation", TALK[:1], TALK),
    "far down a long turn": (
        "conversation",
        [{"turn": "a", "text": "x" * (MAX_TEXT - 1) + "y"}],
        [{"turn": "a", "text": "x" * (MAX_TEXT - 1) + "z"}],
    ),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_words_have_the_same_name(case: str) -> None:
    kind, one, other = SAME[case]
    assert words_of(kind, one) == words_of(kind, other)


@pytest.mark.parametrize("case", OTHER)
def test_other_words_have_another_name(case: str) -> None:
    kind, one, other = OTHER[case]
    assert words_of(kind, one) != words_of(kind, other)


@pytest.mark.parametrize("odd", [7, True, [[[]]], [None], {"a": [1.5]}, ["x", 3, {}]])
def test_whatever_stands_in_a_record_has_a_name(odd: Any) -> None:
    for kind in ("reply", "choices", "conversation", "sort"):
        assert isinstance(words_of(kind, odd), str)


def test_no_words_have_no_name() -> None:
    assert words_of("reply", "") == words_of("choices", []) == BLANK


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (ByHand(3.0), "3 of 4"),
        (ByHand(2.5, 0.5), "3 of 4"),
        (ByHand(None, 1.0, "x"), "1 on top"),
        (ByHand(comment="x"), "a comment"),
    ],
)
def test_an_earlier_mark_is_said_in_words(given: ByHand, said: str) -> None:
    assert Earlier("w", given).said(4.0) == said
