"""An answer is never taken for an answer to another question."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.samples import items

from grader.content.items import Stem
from grader.formats.answers import Answer
from grader.formats.kept import kept_words, score_answer, still_fits
from grader.kinds.scores import CHANGED
from grader.kinds.scoring import model_response
from grader.kinds.views import public_view

ITEMS = items()
CHOICE = ITEMS["choice"]
BEST = model_response(CHOICE)


def kept(item, response):
    return Answer(item.kind, response, **kept_words(public_view(item), response))


def rewritten(item, texts):
    options = zip(item.options, texts, strict=True)
    return replace(item, options=tuple(replace(option, text=text) for option, text in options))


def score(item, answer):
    return score_answer(item, public_view(item), answer)


def test_the_same_question_is_scored():
    assert score(CHOICE, kept(CHOICE, BEST)).fraction == 1


def test_reordered_replies_are_not_scored_as_new_ones():
    texts = [option.text for option in CHOICE.options]
    again = rewritten(CHOICE, texts[1:] + texts[:1])
    found = score(again, kept(CHOICE, BEST))
    assert (found.points, found.answered, found.note) == (0, False, CHANGED)


def test_rewritten_replies_are_not_scored_as_new_ones():
    again = rewritten(CHOICE, [f"Something else, number {n}." for n in range(len(CHOICE.options))])
    assert score(again, kept(CHOICE, BEST)).note == CHANGED


def test_the_same_replies_in_another_story_are_not_scored():
    stem = Stem("A quiet bench by the river.", "Noor", "I rang them, and they said yes to it all.")
    assert score(replace(CHOICE, stem=stem), kept(CHOICE, BEST)).note == CHANGED


def test_a_mended_slip_of_the_pen_changes_nothing():
    texts = [f"{option.text} Yes." for option in CHOICE.options]
    assert score(rewritten(CHOICE, texts), kept(CHOICE, BEST)).fraction == 1


def test_an_answer_of_the_first_edition_is_read_by_its_ids():
    assert score(CHOICE, Answer("choice", BEST)).fraction == 1


def test_an_answer_of_another_kind_counts_as_none():
    found = score(CHOICE, Answer("reply", "a", asked="x", words="y"))
    assert (found.answered, found.note) == (False, "")


def test_no_answer_is_no_answer():
    assert score(CHOICE, None).answered is False


@pytest.mark.parametrize("kind", ["choices", "order", "sort", "match", "spot", "sources_differ"])
def test_each_kind_that_is_picked_keeps_its_words(kind):
    item = ITEMS[kind]
    answer = kept(item, model_response(item))
    assert answer.asked
    assert answer.words
    assert still_fits(public_view(item), answer)
    other = replace(answer, words="Seven quite other words stood here before.")
    assert not still_fits(public_view(item), other)


@pytest.mark.parametrize("kind", ["reply", "reflection", "rating", "conversation"])
def test_own_words_need_no_others(kind):
    item = ITEMS[kind]
    assert kept_words(public_view(item), model_response(item)) == {"asked": "", "words": ""}
