"""Threads are found in any form of their words; copies and near copies are known."""

from __future__ import annotations

import pytest

from grader.kinds.typed.scene import (
    Thread,
    borrowed,
    copied,
    is_near,
    is_same,
    is_sentence_of,
    strung,
    thread_hits,
)
from grader.kinds.typed.stems import stem

FRIDGE = Thread("fridge", ("hum", "silent", "try", "lonely"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hum", "humming"),
        ("silent", "silently"),
        ("final", "finally"),
        ("terrible", "terribly"),
        ("try", "tries"),
        ("worry", "worried"),
        ("play", "playing"),
        ("stop", "stopped"),
        ("call", "called"),
        ("call", "calls"),
        ("call", "calling"),
        ("travel", "travelling"),
        ("miss", "missed"),
        ("hope", "hoping"),
        ("hop", "hopping"),
        ("leave", "leaving"),
        ("change", "changes"),
        ("hate", "hated"),
        ("eat", "eating"),
        ("agree", "agreed"),
        ("use", "used"),
        ("box", "boxes"),
        ("go", "goes"),
        ("die", "dying"),
        ("feel", "feelings"),
        ("year", "years"),
        ("say", "says"),
        ("care", "caring"),
        ("letter", "letters"),
    ],
)
def test_forms_of_a_word_meet(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize("one", ["night", "sister", "hope"])
def test_other_words_do_not_meet(one):
    assert stem(one) not in {stem(word) for word in ("hum", "evening", "kitchen", "range")}


# The pairs met once, by rules that took off every ending that looked like one.
@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("letter", "let"),
        ("noise", "no"),
        ("offer", "off"),
        ("evening", "even"),
        ("car", "care"),
        ("man", "many"),
        ("mate", "matter"),
        ("worse", "worry"),
        ("number", "numb"),
        ("every", "ever"),
        ("owner", "own"),
        ("only", "on"),
        ("new", "news"),
        ("thing", "thin"),
        ("hop", "hope"),
    ],
)
def test_words_that_only_begin_alike_do_not_meet(one, other):
    assert stem(one) != stem(other)
    threads = (Thread(one, ()), Thread(other, ()))
    assert thread_hits(threads, f"The {one}.") == (one,)
    assert thread_hits(threads, f"The {other}.") == (other,)


@pytest.mark.parametrize("word", ["", "a", "s", "ed", "ing", "y", "ies", "yes", "é", "o'clock"])
def test_no_word_is_too_short_for_a_stem(word):
    assert bool(stem(word)) == bool(word)


def test_a_thread_is_taken_up_by_its_key_or_another_word():
    assert thread_hits((FRIDGE,), "Only the FRIDGES spoke.") == ("fridge",)
    assert thread_hits((FRIDGE,), "It was humming all night.") == ("fridge",)
    assert thread_hits((FRIDGE,), "That sounds hard.") == ()


def test_turning_the_words_round_is_still_copying():
    said = "I stood in my kitchen and I cried."
    assert copied("You stood in your kitchen and you cried.", said) == 1
    assert copied("What was it like?", said) == 0


def test_words_are_borrowed_in_whatever_order():
    said = "I stood in my kitchen and I cried."
    assert borrowed("Cried in your kitchen you stood", said) == 1
    assert borrowed("Cried and laughed", said) == pytest.approx(2 / 3)
    assert borrowed("", said) == 0


def test_words_of_threads_are_counted_once_each():
    assert strung((FRIDGE,), "Humming fridge, humming night") == (2, 0.75)
    assert strung((), "Humming") == (0, 0)
    assert strung((FRIDGE,), "") == (0, 0)


def test_a_text_that_is_half_a_known_sentence_is_told_from_a_longer_one():
    known = "You stood there in the dark. What did you count?"
    assert is_sentence_of("No. You stood there in the dark.", known)
    assert is_sentence_of("You stood there in the dark! Ha.", known)
    assert not is_sentence_of("You stood there. What did you count?", known)
    assert not is_sentence_of(f"You stood there in the dark. {'I did too. ' * 3}", known)
    assert not is_sentence_of("", known)


def test_marks_and_capitals_do_not_make_another_text():
    assert is_same("You, again!", "you again")
    assert not is_same("You, again!", "not you again")


def test_a_text_with_an_insult_added_is_near():
    known = "You stood there in the dark and counted the tiles."
    assert is_near(f"{known} How stupid can one be?", known)
    assert not is_near("What was it like to count them?", known)
