"""Keys that contradict themselves are named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from helpers.samples import text_of
from helpers.small_course import REPLY, Sample, choice, code, lesson_cells


def with_talk(*changes: tuple[str, str]) -> Callable[[Sample], None]:
    """Practise a conversation as well, with some words of it changed."""

    def change(sample: Sample) -> None:
        talk = f"- id: {text_of('conversation')}"
        for old, new in changes:
            assert old in talk
            talk = talk.replace(old, new)
        bank = choice("late-tea") + REPLY.format(id="late-reply") + talk
        sample.write("course/01-sample/items.yaml", bank)
        lesson_cells(code('card("sample-talk")'))(sample)

    return change


def with_a_rating_to_mark(sample: Sample) -> None:
    rating = f"- id: {text_of('rating')}"
    sample.write("solutions/01-sample/items.yaml", choice("graded-tea") + rating)


SLIGHTLY = """\
          points: 2
          better: What would you like to write?
          acts: [open_question]"""
WORRY = "That sounds painful. What was it like before?"
BREAKS: list[tuple[Callable[[Sample], None], str]] = [
    (with_a_rating_to_mark, "items.yaml:34: kind: 'rating' is for practice only; move it"),
    (
        with_talk((WORRY, "You should just ring her.")),
        "the better reply of turn 'worry' in 'sample-talk' misses its best rule; change its "
        "wording or the rules (acts found: directive_advice)",
    ),
    (
        with_talk((WORRY, "You should just ring her.")),
        "no way through 'sample-talk' is best at every turn; look at turn 'worry', whose better "
        "reply earns 0 of 3 (acts found: directive_advice); change its wording or the rules",
    ),
    (  # too long to be read to its end, though its beginning does what is needed
        with_talk((WORRY, WORRY + " It was a day in May." * 250)),
        "change its wording or the rules (acts found: reflection, open_question, unsure)",
    ),
    (
        with_talk((WORRY, "Zebra lamp seven.")),
        "misses its best rule; change its wording or the rules (acts found: none, unsure)",
    ),
    (
        with_talk(("open_question) and trust >= 4", "open_question) and trust >= 6")),
        "look at turn 'close', whose better reply earns 1 of 3",
    ),
    (
        with_talk(("          points: 3\n          acts: [open_question]", SLIGHTLY)),
        "look at turn 'idea', which has no option of 3 points here",
    ),
]


def test_a_good_conversation_is_clean(sample):
    with_talk()(sample)
    assert sample.told() == ""


@pytest.mark.parametrize(("break_it", "what"), BREAKS, ids=[what for _, what in BREAKS])
def test_what_is_broken_is_named(sample, break_it, what):
    break_it(sample)
    assert what in sample.told()


def test_a_choice_that_does_not_say_what_decides_is_named(sample):
    first = choice("early-tea")
    bank = first + choice("late-tea").replace("  why: She is tired.\n", "")
    sample.write("course/01-sample/items.yaml", bank + REPLY.format(id="late-reply"))
    lesson_cells(code('card("early-tea")'))(sample)
    line = first.count("\n") + 1
    assert f"items.yaml:{line}: why: 'late-tea' must say in one line why" in sample.told()
