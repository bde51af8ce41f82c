"""Tests of what practice says of an answer: what is found, a nudge first, then the reasons."""

from __future__ import annotations

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

from grader.cards.feedback import LOW, NO_POINTS, shown
from grader.kinds.scoring import model_response, score_response

ITEMS = [
    item
    for path in sorted(REPOSITORY.glob("course/*/items.yaml"))
    for item in items_of(path).values()
]
CHOICES = [item for item in ITEMS if item.kind == "choice"]
REPLIES = [item for item in ITEMS if item.kind == "reply"]
DULL = "I would not worry about that, it will all look different tomorrow."


def lowest(item):
    return min(item.options, key=lambda option: option.points)


def practised(item, response, tries=1):
    return shown(item, response, practice=True, tries=tries)


def safe(items):
    return [item for item in items if not item.safety_concern]


def test_a_low_first_try_is_sent_back_to_the_scene_without_a_reason():
    for item in safe(CHOICES):
        low = lowest(item)
        result = practised(item, low.id)
        assert result["nudge"].startswith("Look again at what ")
        assert result["reasons"] == []
        assert result["better"] == ""
        assert low.feedback not in str(result)


def test_the_nudge_names_who_spoke_last():
    item = next(item for item in safe(CHOICES) if item.stem.says)
    nudge = practised(item, lowest(item).id)["nudge"]
    assert nudge == f"Look again at what {item.stem.speaker} said last."


def test_the_second_try_gets_the_reason_and_another_wording_at_the_option():
    for item in safe(CHOICES):
        low = lowest(item)
        result = practised(item, low.id, tries=2)
        assert "nudge" not in result
        assert result["reasons"][0]["text"] == low.feedback
        assert (result["reasons"][0]["part"], result["reasons"][0]["fits"]) == (low.id, False)
        assert result["better"] == low.better


def test_a_good_first_try_gets_its_reason_at_once():
    for item in CHOICES:
        result = practised(item, model_response(item))
        assert "nudge" not in result
        assert result["reasons"][0]["fits"] is True


def test_where_there_is_danger_nobody_is_kept_waiting_for_the_reason():
    dangers = [item for item in CHOICES if item.safety_concern]
    assert dangers
    for item in dangers:
        assert "nudge" not in practised(item, lowest(item).id)


@pytest.mark.parametrize(
    "text",
    [
        "Honestly I want to die too.",
        "You are just lazy, that is all.",
        "Das ist sehr schwer, ich weiß nicht weiter.",
        "ok",
        "",
    ],
)
def test_what_the_guard_found_or_nobody_can_read_is_met_with_no_nudge(text):
    for item in REPLIES:
        assert "nudge" not in practised(item, text)


def test_a_typed_reply_is_nudged_exactly_where_its_low_score_is_asserted():
    nudged = 0
    for item in safe(REPLIES):
        for text in (DULL, item.better, *(each.text for each in item.exemplars)):
            score = score_response(item, text)
            result = practised(item, text)
            nudged += "nudge" in result
            if score.unsure or score.fraction >= LOW:
                assert "nudge" not in result
    assert nudged > len(REPLIES)


def test_marked_work_has_no_nudge_and_says_points():
    for item in (*CHOICES, *REPLIES):
        text = lowest(item).id if item in CHOICES else DULL
        result = shown(item, text, practice=False, tries=1)
        assert not {"nudge", "found"} & set(result)
        assert result["reasons"]


@pytest.mark.parametrize("kind", ["choices", "match", "order", "sort"])
def test_parts_are_counted_as_found(kind):
    item = next(item for item in ITEMS if item.kind == kind)
    result = practised(item, all_but_some(model_response(item)))
    found, _, total = result["found"].removesuffix(" fit so far").split()
    assert 0 < int(found) < int(total)
    assert int(found) == sum(reason["fits"] is True for reason in result["reasons"])


@pytest.mark.parametrize("kind", ["choices", "match", "order", "sort"])
def test_that_all_is_found_is_said_once(kind):
    item = next(item for item in ITEMS if item.kind == kind)
    result = practised(item, model_response(item))
    assert result["headline"].startswith("All ")
    assert result["found"] == ""


def all_but_some(answer):
    """Return an answer that is right in part: one piece less, or the last two changed round."""
    if isinstance(answer, dict):
        return dict(list(answer.items())[1:])
    return [*answer[:-2], *reversed(answer[-2:])] if len(answer) > 4 else answer[1:]


def test_a_reply_that_nobody_can_read_gives_no_points_and_says_so():
    unread = practised(REPLIES[0], "Das ist sehr schwer, ich weiß nicht weiter.")
    assert unread["found"] == NO_POINTS
    assert practised(REPLIES[0], "Honestly I want to die too.")["found"] == ""
