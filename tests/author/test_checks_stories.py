"""A hard story without a note, or with a gentler version as hard, is named; else it is fine."""

from __future__ import annotations

import pytest
from helpers.small_course import REPLY, choice

from grader.author.check_stories import hard_subject

HARD_KITCHEN = "setting: A kitchen. Joe thinks of ending his life."
NOTED = f"""\
{HARD_KITCHEN}
  content_note: A man thinks of ending his life.
  gentle:
    setting: A kitchen. Joe thinks of moving away."""


def with_story(sample, story: str) -> str:
    item = choice("late-tea").replace("setting: A kitchen.", story)
    sample.write("course/01-sample/items.yaml", item + REPLY.format(id="late-reply"))
    return sample.told()


def test_a_hard_story_without_note_is_named(sample):
    told = with_story(sample, HARD_KITCHEN)
    assert "items.yaml:1: content_note: the story of 'late-tea' touches suicide; add" in told


def test_a_hard_story_with_note_and_gentler_version_is_fine(sample):
    assert with_story(sample, NOTED) == ""


@pytest.mark.parametrize(
    ("note", "gentle", "about"),
    [
        ("A man thinks of ending his life.", "Joe wants to end it all.", "suicide"),
        (
            "A man speaks of his wife, who has died.",
            "Two trainers play. Joe’s wife died.",
            "a death",
        ),
        (
            "Two men speak of their dead wives.",
            "A play of two men who lost their wives.",
            "a death",
        ),
    ],
)
def test_a_gentler_version_that_is_as_hard_is_named(sample, note, gentle, about):
    story = NOTED.replace("A man thinks of ending his life.", note)
    told = with_story(sample, story.replace("A kitchen. Joe thinks of moving away.", gentle))
    assert f"items.yaml:1: gentle: the gentler version of 'late-tea' still touches {about}" in told


def test_a_gentler_version_may_name_a_loss_that_the_note_does_not_warn_of(sample):
    gentle = NOTED.replace("Joe thinks of moving away.", "Joe’s wife died. He thinks of moving.")
    assert with_story(sample, gentle) == ""


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("I can’t go on like this.", "suicide"),
        ("She hurts herself at night.", "self-harm"),
        ("He hits me when it rains.", "violence"),
        ("He was abused as a boy.", "sexual harm"),
        ("We lost the baby in May.", "the loss of a child"),
        ("We fled when they bombed the school.", "war and disaster"),
        ("The cancer is back.", "grave illness and death near at hand"),
        ("I lost my keys, and I could have killed for tea.", ""),
        ("The rape field is yellow.", "sexual harm"),  # an author reads and excuses it
        ("The grapes are sweet.", ""),
    ],
)
def test_the_subject_is_named(text, about):
    assert hard_subject(text) == about
