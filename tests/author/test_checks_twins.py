"""Twins that are no twins are named, with file and line."""

from __future__ import annotations

import pytest
from helpers.small_course import REPLY, Sample, choice, code, text

TEXTS = ("One.", "Two.", "Three.", "Four.")
PLACE = "course/01-sample/items.yaml"


def twin(name: str, other: str, best: int, texts: tuple[str, ...] = TEXTS) -> str:
    """Return a choice that names its twin; what is best in the other earns 1 here."""
    told = choice(name, best, texts).replace("kind: choice", f"kind: choice\n  twin: {other}")
    parts = told.split("    - id: ")
    for at, part in enumerate(parts):
        if part.startswith("abcd"[1 - best] + "\n"):
            parts[at] = part.replace("points: 2", "points: 1")
    return "    - id: ".join(parts)


def write(sample: Sample, *items: str, cards: tuple[str, ...] = ("a-tea", "late-reply", "b-tea")):
    sample.write("course/01-sample/items.yaml", "".join(items) + REPLY.format(id="late-reply"))
    sample.lesson([text("# Tea"), *(code(f'card("{name}")') for name in cards)])


def test_twins_are_clean(sample):
    write(sample, twin("a-tea", "b-tea", 0), twin("b-tea", "a-tea", 1))
    assert sample.told() == ""


def test_a_pair_may_go_across_practice_and_exercise(sample):
    graded = twin("graded-tea", "a-tea", 1)
    sample.write("solutions/01-sample/items.yaml", graded + REPLY.format(id="graded-reply"))
    write(sample, twin("a-tea", "graded-tea", 0), cards=("a-tea", "late-reply"))
    assert sample.told() == ""


BREAKS = {
    "half missing": (
        [twin("a-tea", "b-te", 0), choice("b-tea", 1, TEXTS)],
        f"{PLACE}:1: twin: 'b-te' is not there; did you mean 'b-tea'?",
    ),
    "one-sided": (
        [twin("a-tea", "b-tea", 0), choice("b-tea", 1, TEXTS)],
        f"{PLACE}:1: twin: 'b-tea' names none; write 'twin: a-tea' there",
    ),
    "itself": (
        [twin("a-tea", "a-tea", 0), choice("b-tea", 1, TEXTS)],
        f"{PLACE}:1: twin: 'a-tea' names itself",
    ),
    "no choice": (
        [twin("a-tea", "late-reply", 0), choice("b-tea", 1, TEXTS)],
        f"{PLACE}:1: twin: 'late-reply' is not a choice; only choices have twins",
    ),
    "other options": (
        [twin("a-tea", "b-tea", 0), twin("b-tea", "a-tea", 1, ("One.", "Two.", "Tree.", "Four."))],
        f"{PLACE}:1: options: 'a-tea' and 'b-tea' differ in c; give both the same ids",
    ),
    "the same best": (
        [twin("a-tea", "b-tea", 0), twin("b-tea", "a-tea", 0)],
        "option 'a' is best in one of 'a-tea' and 'b-tea' and earns 3 in the other; at most 1",
    ),
    "a best that is fine in the other": (
        [
            twin("a-tea", "b-tea", 0),
            twin("b-tea", "a-tea", 1).replace("points: 1", "points: 2"),
        ],
        "option 'a' is best in one of 'a-tea' and 'b-tea' and earns 2 in the other; at most 1",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_what_is_broken_is_named(sample, name):
    items, what = BREAKS[name]
    write(sample, *items)
    assert what in sample.told()


def test_the_line_is_that_of_the_item(sample):
    first = twin("a-tea", "b-tea", 0)
    write(sample, first, twin("b-tea", "c-tea", 1))
    assert f"{PLACE}:{first.count(chr(10)) + 1}: twin: 'c-tea' is not there" in sample.told()


def test_twins_side_by_side_are_named(sample):
    pair = (twin("a-tea", "b-tea", 0), twin("b-tea", "a-tea", 1))
    write(sample, *pair, cards=("late-reply", "a-tea", "b-tea"))
    assert "cell 4: 'b-tea' follows its twin 'a-tea'; put another card between" in sample.told()
