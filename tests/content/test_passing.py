"""The pass rule: exact at its edge, read back from its words, and said in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.content.passing import PassRule, Standing, missing, parse_rule, words_of

HALF = PassRule(50, ("07-advice", "08-groups"))
SLUGS = st.from_regex(r"[0-9]{2}-[a-z0-9-]{1,40}", fullmatch=True)


@pytest.mark.parametrize(
    ("share", "points", "most", "reached"),
    [
        (50, "5", "10", True),
        (50, "4.9999", "10", False),
        (50, "0", "10", False),
        (50, "12", "10", True),  # a trainer can give extra points
        (1, "0.1", "10", True),
        (1, "0", "10", False),
        (100, "10", "10", True),
        (100, "9.9999", "10", False),
        (70, "0.7", "1", True),  # 0.7 is no exact binary number
        (29, "2.9", "10", True),
        (50, "0", "0", True),  # nothing to earn
    ],
)
def test_the_edge_is_exact(share, points, most, reached):
    assert PassRule(share, ("07-advice",)).is_reached(points, most) is reached


@pytest.mark.parametrize("points", ["", "ten", "nan", "inf", "-5", "1e9999999", "1/2", "½", "٥"])
def test_what_is_no_number_reaches_nothing(points):
    assert not HALF.is_reached(points, "10")
    assert not HALF.is_reached("5", points)


@given(share=st.integers(1, 100), modules=st.lists(SLUGS, max_size=40, unique=True))
def test_a_rule_is_read_back_from_its_words(share, modules):
    rule = PassRule(share, tuple(modules))
    assert parse_rule(rule.text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "",
        "half",
        HALF.text + " ",
        HALF.text.replace("50", "050"),
        HALF.text.replace(", ", ","),
        HALF.text + ", <b>",
        HALF.text + ", 09-endings" * 500,
    ],
)
def test_other_words_are_no_rule(text):
    with pytest.raises(ValueError, match="rule"):
        parse_rule(text)


def told(**found: Standing | str) -> tuple[str, ...]:
    there = {"07-advice": found["advice"], "08-groups": found["groups"]}
    return missing(HALF, there, str.upper)


def test_what_is_missing_is_said_module_by_module():
    assert told(advice=Standing("2", "10"), groups="not handed in yet") == (
        "07-ADVICE: 2 of 10 points, 5 are needed.",
        "08-GROUPS: not handed in yet.",
    )
    assert told(advice=Standing("3", "7"), groups=Standing("3.5", "7")) == (
        "07-ADVICE: 3 of 7 points, 3.5 are needed.",
    )
    assert told(advice=Standing("5", "10"), groups=Standing("10", "10")) == ()


@pytest.mark.parametrize("points", ["0", "2", "9"])
def test_an_answer_that_waits_is_never_counted_as_no_points(points):
    lines = told(advice=Standing(points, "10", 1), groups=Standing(points, "10", 2))
    assert lines == ("07-ADVICE: 1 answer still waits.", "08-GROUPS: 2 answers still wait.")


def test_a_rule_without_modules_is_never_passed():
    assert missing(PassRule(50, ()), {}, str) == ("No module can be handed in yet.",)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (HALF, "half of the points."),
        (PassRule(60, HALF.modules), "60 % of the points."),
        (PassRule(100, HALF.modules), "all of the points."),
        (HALF, "hand in the exercise of each module and pass it."),
        (PassRule(50, ("07-advice",)), "hand in and pass module 7."),
    ],
)
def test_trainees_read_the_rule_in_short_sentences(rule, words):
    sentences = list(words_of(rule, HALF.modules))
    assert any(sentence.endswith(words) for sentence in sentences)
    assert all(len(sentence.split()) < 20 for sentence in sentences)
