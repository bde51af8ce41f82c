"""Scores: inside their bounds, always with a reason, the same for every door."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers.scored import ANYTHING, POINTS, common
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.choice import ChoiceItem, Option
from grader.kinds.choices import ChoicesItem, Statement
from grader.kinds.reply import MAX_REPLY, Criterion, ReplyItem
from grader.kinds.scoring import (
    is_answered,
    is_automatic,
    model_response,
    score_response,
)


def choice_item(marks: tuple[int, ...] = (3, 2, 1, 0), points: float = 3.0) -> ChoiceItem:
    options = tuple(
        Option(f"o{at}", f"Text {at}", mark, ("other",), f"Why {at}", "" if mark == 3 else "Try …")
        for at, mark in enumerate(marks)
    )
    return ChoiceItem(**common("choice", points), options=options)


def choices_item(fits: tuple[bool, ...] = (True, True, False), points: float = 3.0) -> ChoicesItem:
    options = tuple(
        Statement(f"o{at}", f"Text {at}", fit, f"Why {at}", "" if fit else "Try …")
        for at, fit in enumerate(fits)
    )
    return ChoicesItem(**common("choices", points), options=options)


def reply_item(points: float = 3.0) -> ReplyItem:
    return ReplyItem(
        **common("reply", points),
        wanted=(
            Criterion(("reflection", "affirmation"), "It shows that you heard."),
            Criterion(("open_question",), "It gives room."),
        ),
        avoid=(Criterion(("directive_advice",), "Nobody asked."),),
        better="That sounds exhausting. What has the week been like?",
    )


KINDS = pytest.mark.parametrize("item", [choice_item(), choices_item(), reply_item()], ids=type)
ITEMS = st.one_of(
    st.builds(
        choice_item,
        st.lists(st.integers(0, 3), min_size=1, max_size=7).map(lambda marks: (3, *marks)),
        POINTS,
    ),
    st.builds(
        choices_item,
        st.lists(st.booleans(), min_size=1, max_size=7).map(lambda fits: (True, *fits)),
        POINTS,
    ),
    st.builds(reply_item, POINTS),
)


@given(ITEMS, ANYTHING)
def test_no_response_leaves_the_range_of_points(item, response):
    score = score_response(item, response)
    assert type(score.points) is float
    assert 0 <= score.points <= score.max_points == item.points


@given(ITEMS, st.lists(st.sampled_from([f"o{at}" for at in range(9)]), min_size=1, max_size=12))
def test_no_pick_leaves_the_range_of_points(item, ticked):
    for response in (ticked, ticked[0]):
        assert 0 <= score_response(item, response).points <= item.points


@given(ITEMS)
def test_the_model_answer_earns_full_marks(item):
    score = score_response(item, model_response(item))
    assert score.points == score.max_points
    assert score.fraction == 1
    assert not score.unsure


@given(
    ITEMS, st.sampled_from([None, "", "   ", "\n", [], {}, 0, 3, True, float("nan"), [None], [[]]])
)
def test_a_blank_or_a_wrong_type_earns_nothing_and_says_so(item, response):
    score = score_response(item, response)
    assert score.points == 0
    assert not score.answered
    assert score.headline == "No answer yet"


@given(ITEMS, ANYTHING)
def test_every_score_has_a_reason(item, response):
    score = score_response(item, response)
    assert score.headline
    assert score.reasons
    assert all(reason.text for reason in score.reasons)


@pytest.mark.parametrize("mark", [0, 1, 2])
def test_a_choice_that_is_not_best_gets_a_better_wording(mark):
    score = score_response(choice_item((3, mark)), "o1")
    assert score.points == mark
    assert score.better


def test_a_reply_hurts_only_where_it_judges_or_the_story_is_hard():
    item = choice_item((3, 0))
    mild = score_response(item, "o1")
    assert mild.headline == "This gets in the way here"
    judging = replace(
        item, options=(item.options[0], replace(item.options[1], acts=("judgement",)))
    )
    for hard in (
        judging,
        replace(item, safety_concern=True),
        replace(item, content_note="A man speaks of his wife, who has died."),
    ):
        assert score_response(hard, "o1").headline == "This could hurt here"
        assert score_response(hard, "o0").headline == "Best now"


def test_the_best_choice_needs_no_better_wording():
    score = score_response(choice_item(), "o0")
    assert (score.points, score.better, score.headline) == (3.0, "", "Best now")


@given(st.permutations(range(4)))
def test_the_order_of_options_does_not_matter_to_a_choice(order):
    item = choice_item()
    mixed = ChoiceItem(**common("choice", 3.0), options=tuple(item.options[at] for at in order))
    for option in item.options:
        assert score_response(mixed, option.id) == score_response(item, option.id)


@given(st.permutations(range(4)), st.permutations(["o0", "o2", "o3"]))
def test_the_order_of_statements_and_ticks_does_not_matter(order, ticked):
    item = choices_item((True, True, True, False))
    mixed = ChoicesItem(**common("choices", 3.0), options=tuple(item.options[at] for at in order))
    assert score_response(mixed, ticked).points == score_response(item, ["o0", "o2", "o3"]).points


def test_choice_points_scale_with_the_points_of_the_item():
    assert score_response(choice_item(points=6.0), "o1").points == 4.0


@pytest.mark.parametrize(
    ("ticked", "points"),
    [
        (["o0", "o1"], 3.0),
        (["o0"], 1.5),
        (["o0", "o1", "o2"], 1.5),
        (["o0", "o2"], 0.0),
        (["o2"], 0.0),
        (["o0", "o0", "o0"], 1.5),
        (["o0", "gone"], 1.5),
    ],
)
def test_false_ticks_take_away_what_hits_bring(ticked, points):
    assert score_response(choices_item(), ticked).points == points


def test_ticking_everything_earns_nothing_when_half_of_it_fits():
    item = choices_item((True, True, False, False))
    assert score_response(item, ["o0", "o1", "o2", "o3"]).points == 0


def test_ticks_on_options_that_are_gone_are_no_answer():
    assert not score_response(choices_item(), ["gone"]).answered


def test_every_statement_is_explained():
    score = score_response(choices_item(), ["o0", "o2"])
    assert [reason.text for reason in score.reasons] == [
        "You saw this. Why 0",
        "This one fits too. Why 1",
        "This one does not fit here. Why 2",
    ]


def test_what_was_rightly_left_out_is_not_said_to_be_seen():
    score = score_response(choices_item((True, False)), ["o0"])
    assert score.reasons[1].text == "You left this out, and it does not fit here. Why 1"


def test_typed_replies_are_only_suggestions():
    assert score_response(reply_item(), "That sounds hard.").suggested
    assert not is_automatic(reply_item())


@pytest.mark.parametrize("item", [choice_item(), choices_item()], ids=type)
def test_choices_are_marked_without_a_trainer(item):
    assert is_automatic(item)
    assert not score_response(item, model_response(item)).suggested


def test_unasked_advice_earns_a_third_at_most_and_says_so():
    score = score_response(
        reply_item(), "You sound tired. How was it? You should ring your boss and say no."
    )
    assert score.points <= 1
    assert any("nobody asked" in reason.text for reason in score.reasons)


def test_reasons_quote_the_words_of_the_trainee():
    score = score_response(reply_item(), "Ok. You should go home now.")
    assert "you should go home now" in " ".join(reason.quote for reason in score.reasons).lower()


def test_an_unsure_reading_says_so_first():
    score = score_response(reply_item(), "zebra lamp seven")
    assert score.unsure
    assert score.headline == "Not sure"
    assert "not sure" in score.reasons[0].text


def test_a_reply_is_read_up_to_a_limit():
    middle = "This is one of the ways it was for them. " * (MAX_REPLY // 40)
    score = score_response(reply_item(), f"That sounds exhausting. {middle} You should go home.")
    assert all(act.act != "directive_advice" for act in score.acts)


@KINDS
def test_no_feedback_uses_the_word_wrong(item):
    for response in (None, model_response(item), "o3", ["o2"], "You should go home."):
        score = score_response(item, response)
        words = f"{score.headline} {' '.join(reason.text for reason in score.reasons)}".lower()
        assert "wrong" not in words


@pytest.mark.parametrize(
    ("kind", "response", "answered"),
    [
        ("choice", "a", True),
        ("choice", ["a"], False),
        ("choices", ["a"], True),
        ("choices", "a", False),
        ("choices", [], False),
        ("choices", [1], False),
        ("reply", " \n", False),
        ("reply", "Hm.", True),
        ("reply", None, False),
    ],
)
def test_an_answer_has_the_type_of_its_kind(kind, response, answered):
    assert is_answered(kind, response) is answered
