"""Threads are found in any form of their words; copies and near copies are known."""

from __future__ import annotations

import pytest

from grader.kinds.typed.scene import Thread, copied, is_near, is_same, stem, thread_hits

FRIDGE = Thread("fridge", ("hum", "silent", "try", "lonely"))


@pytest.mark.parametrize(
    ("one", "other"),
    [("hum", "humming"), ("silent", "silently"), ("try", "tries"), ("stop", "stopped")],
)
def test_forms_of_a_word_meet(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("one", ["night", "sister", "hope"])
def test_other_words_do_not_meet(one):
    assert stem(one) not in {stem(word) for word in ("hum", "evening", "kitchen", "range")}


def test_a_thread_is_taken_up_by_its_key_or_another_word():
    assert thread_hits((FRIDGE,), "Only the FRIDGES spoke.") == ("fridge",)
    assert thread_hits((FRIDGE,), "It was humming all night.") == ("fridge",)
    assert thread_hits((FRIDGE,), "That sounds hard.") == ()


def test_turning_the_words_round_is_still_copying():
    said = "I stood in my kitchen and I cried."
    assert copied("You stood in your kitchen and you cried.", said) == 1
    assert copied("What was it like?", said) == 0


def test_marks_and_capitals_do_not_make_another_text():
    assert is_same("You, again!", "you again")
    assert not is_same("You, again!", "not you again")


def test_a_text_with_an_insult_added_is_near():
    known = "You stood there in the dark and counted the tiles."
    assert is_near(f"{known} How stupid can one be?", known)
    assert not is_near("What was it like to count them?", known)
