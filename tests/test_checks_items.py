"""Keys that contradict themselves, and habits of the item bank, are named."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from samples import text_of
from test_checks import REPLY, Sample, choice, code, lesson_cells, sample

__all__ = ["sample"]  # the fixture


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
    (with_a_rating_to_mark, "items.yaml:33: kind: 'rating' is for practice only; move it"),
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


def bank(sample: Sample, items: list[str]) -> str:
    names = [f"item-{at}" for at in range(len(items))]
    sample.write("course/01-sample/items.yaml", "".join(items) + REPLY.format(id="late-reply"))
    sample.lesson([code(f'card("{name}")') for name in [*names, "late-reply"]])
    return sample.told()


def test_a_favourite_place_of_the_best_option_is_noticed(sample):
    items = [choice(f"item-{at}", best=2 if at < 12 else at % 2) for at in range(24)]
    assert "place 3 in 12 of 25 items" in bank(sample, items)


def test_best_options_spread_over_the_places_are_fine(sample):
    assert bank(sample, [choice(f"item-{at}", best=at % 4) for at in range(24)]) == ""


def test_best_options_that_are_mostly_the_longest_are_noticed(sample):
    texts = ("Same.", "Same.", "Same.", "Same.")
    items = []
    for at in range(24):
        longer = "It is much longer." if at < 12 else "Same."
        mixed = [longer if place == at % 4 else word for place, word in enumerate(texts)]
        items.append(choice(f"item-{at}", at % 4, tuple(mixed)))
    assert "the longest in 12 of 25 items" in bank(sample, items)


def test_a_small_bank_says_nothing_about_habits(sample):
    assert bank(sample, [choice(f"item-{at}") for at in range(18)]) == ""
