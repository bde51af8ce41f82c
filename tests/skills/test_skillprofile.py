"""What answers show of each skill: the right numbers, and nothing said that is not shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from helpers import samples
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import binomtest

from grader.content.items import Skill
from grader.formats.answers import Answer, Record
from grader.kinds.registry import is_scored
from grader.kinds.scoring import model_response
from grader.skills.intervals import difference, wilson
from grader.skills.profile import (
    GRADED,
    Change,
    Evidence,
    SkillProfile,
    change,
    clearly_above,
    gap,
    graded_evidence,
    practice_evidence,
    profile,
    standing,
)

ITEMS = {item.id: item for item in samples.items().values()}
TALK = [
    {"turn": "hello", "pick": "b"},
    {"turn": "worry", "text": "That sounds painful. What was it like before?"},
    {"turn": "idea", "pick": "b"},
    {
        "turn": "close",
        "text": "You have come a long way today, and you found your own idea. "
        "How does it feel now?",
    },
]
NEARLY = 1e-12


def skills(number: int) -> dict[str, Skill]:
    """Make up a framework."""
    names = [f"s{place}" for place in range(number)]
    return {name: Skill(name, name.upper(), "D", ("x", "y", "z"), "S") for name in names}


def given_by(kind: str, first: object, *, tries: int = 1, now: object = None) -> Record:
    name = samples.items()[kind].id
    return Record("01-sample", {name: Answer(kind, now or first, first, tries)})


def shown(share: float, n: int, name: str = "s0") -> SkillProfile:
    low, high = wilson(share * n, n)
    return SkillProfile(name, n, 0, share if n else None, low, high)


# --- evidence


def test_every_scored_kind_is_evidence_and_no_other():
    answers = {
        item.id: Answer(item.kind, model_response(item), model_response(item), 1)
        for item in ITEMS.values()
    }
    found = practice_evidence([Record("01-sample", answers)], ITEMS)
    assert {each.item for each in found} == {
        item.id for item in ITEMS.values() if is_scored(item.kind)
    }
    assert {(each.fraction, each.source, each.module) for each in found} == {
        (1.0, "practice", "01-sample")
    }


def test_the_first_answer_counts_and_not_the_one_after_feedback():
    (found,) = practice_evidence([given_by("choice", "a", tries=2, now="b")], ITEMS)
    assert found.fraction == 0


@pytest.mark.parametrize(
    "record",
    [
        given_by("choice", "b", tries=0),
        given_by("choice", "", now="b"),
        given_by("choice", "gone", now="b"),
        given_by("choice", ["b"], now="b"),
        given_by("reply", "Hm"),
        given_by("conversation", TALK[:2]),
        Record("01-sample", {"no-such-item": Answer("choice", "b", "b", 1)}),
        Record("01-sample", {"sample-choice": Answer("spot", "b", "b", 1)}),
    ],
    ids=["draft", "blank", "removed", "odd", "unreadable", "broken-off", "unknown", "other-kind"],
)
def test_what_shows_nothing_is_no_evidence(record):
    assert practice_evidence([record], ITEMS) == ()


def test_a_talk_to_its_end_is_evidence():
    assert len(practice_evidence([given_by("conversation", TALK)], ITEMS)) == 1


def test_marks_are_evidence_within_0_and_1():
    marks = {"a": (1.0, 2.0), "b": (5.0, 4.0), "c": (-1.0, 2.0), "d": (1.0, 0.0)}
    marks |= {"e": (float("nan"), 2.0), "f": (1.0, float("inf"))}
    found = graded_evidence("02-x", marks, {"a": ["s0", "s1"]})
    assert [(each.item, each.fraction, each.skills) for each in found] == [
        ("a", 0.5, ("s0", "s1")),
        ("b", 1.0, ()),
    ]
    assert {each.source for each in found} == {GRADED}


# --- numbers


@pytest.mark.parametrize("confidence", [0.8, 0.95])
@pytest.mark.parametrize("n", [1, 2, 3, 7, 10, 40, 250])
def test_the_interval_is_wilson_s_as_scipy_has_it(n, confidence):
    for k in range(n + 1):
        theirs = binomtest(k, n).proportion_ci(confidence, method="wilson")
        assert wilson(k, n, confidence) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


@pytest.mark.parametrize("n", range(1, 31))
def test_rounding_never_pushes_a_limit_off_the_scale(n):
    for k in range(n + 1):
        low, high = wilson(k, n)
        assert 0 <= low <= k / n <= high <= 1


def test_without_answers_nothing_is_known():
    assert wilson(0, 0) == (0, 1)
    assert profile((), skills(3))[0] == SkillProfile("s0", 0, 0, None, 0.0, 1.0)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [  # Newcombe 1998, Table II, method 10: contrasts a, b, c, e, g and h
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
        ((10, 10), (0, 20), (0.6791, 1.0)),
    ],
)
def test_the_difference_is_newcombe_s_as_he_printed_it(one, other, expected):
    (k, m), (j, n) = one, other
    found = difference((k / m, *wilson(k, m, 0.95)), (j / n, *wilson(j, n, 0.95)))
    assert found == pytest.approx(expected, abs=5e-5)


def test_an_answer_counts_fully_for_each_of_its_skills_and_once_for_each():
    framework = skills(3)
    framework["s2"] = replace(framework["s2"], covers=("a", "b"))
    found = profile([Evidence("i", "m", ("s0", "a", "b"), 0.5)], framework)
    assert [(of.n, of.estimate) for of in found] == [(1, 0.5), (0, None), (1, 0.5)]


def test_practice_and_marks_are_pooled_and_counted_apart():
    evidence = [Evidence("i", "m", ("s0",), 1.0), Evidence("j", "m", ("s0",), 0.0, GRADED)]
    evidence.append(Evidence("k", "m", ("s0",), 0.5, GRADED))
    found = profile(evidence, skills(3))[0]
    assert (found.n_practice, found.n_graded, found.estimate) == (1, 2, 0.5)
    assert (found.n, found.enough, found.missing) == (3, True, 0)
    assert not profile(evidence[:2], skills(3))[0].enough


FRACTIONS = st.one_of(st.sampled_from([0.0, 1 / 3, 0.5, 2 / 3, 1.0]), st.floats(0, 1))
EVIDENCE = st.lists(
    st.builds(
        Evidence,
        st.just("i"),
        st.just("m"),
        st.lists(st.sampled_from(["s0", "s1", "s2", "s3"]), min_size=1, max_size=3).map(tuple),
        FRACTIONS,
        st.sampled_from(["practice", GRADED]),
    ),
    max_size=40,
)


@given(EVIDENCE, st.integers(3, 20))
def test_limits_hold_the_estimate_and_stay_on_the_scale(evidence, number):
    for of in profile(evidence, skills(number)):
        assert 0 <= of.low <= of.high <= 1
        assert of.estimate is None or of.low <= of.estimate <= of.high


@given(EVIDENCE, st.randoms())
def test_the_order_of_the_evidence_does_not_matter(evidence, random):
    mixed = random.sample(evidence, len(evidence))
    assert profile(mixed, skills(4)) == profile(evidence, skills(4))


@given(EVIDENCE, st.data())
def test_a_better_answer_never_lowers_its_skills(evidence, data):
    assume(evidence)
    at = data.draw(st.integers(0, len(evidence) - 1))
    better = data.draw(st.floats(evidence[at].fraction, 1))
    raised = [*evidence[:at], replace(evidence[at], fraction=better), *evidence[at + 1 :]]
    for before, after in zip(profile(evidence, skills(4)), profile(raised, skills(4)), strict=True):
        assert after.low >= before.low - NEARLY
        assert after.high >= before.high - NEARLY
        assert (after.estimate or 0) >= (before.estimate or 0) - NEARLY


# --- what may be said


@given(EVIDENCE)
def test_nothing_is_said_of_a_skill_with_too_few_answers(evidence):
    profiles = profile(evidence, skills(4))
    found = standing(profiles)
    few = {of.skill for of in profiles if of.n < 3}
    assert set(found.too_few) == few
    assert not few.intersection(found.strongest + found.weakest)


@given(st.lists(st.tuples(FRACTIONS, st.integers(0, 60)), min_size=3, max_size=20))
def test_a_named_skill_stands_out_and_is_named_once(numbers):
    profiles = [shown(share, n, f"s{at}") for at, (share, n) in enumerate(numbers)]
    by_name = {of.skill: of for of in profiles}
    found = standing(profiles)
    known = [of for of in profiles if of.enough]
    assert not set(found.strongest) & set(found.weakest)
    assert max(len(found.strongest), len(found.weakest)) <= 3
    for name in found.strongest:
        assert any(clearly_above(by_name[name], of) for of in known)
        assert not any(clearly_above(of, by_name[name]) for of in known)
    for name in found.weakest:
        assert any(clearly_above(of, by_name[name]) for of in known)
        assert not any(clearly_above(by_name[name], of) for of in known)


def named(*numbers: tuple[float, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = standing(shown(share, n, f"s{at}") for at, (share, n) in enumerate(numbers))
    return found.strongest, found.weakest


def test_what_stands_out_is_named_and_ties_are_allowed():
    assert named((0.95, 40), (0.95, 40), (0.7, 40), (0.4, 40)) == (("s0", "s1"), ("s3",))


def test_equals_stand_out_from_nothing():
    assert named(*[(0.7, 40)] * 11) == ((), ())


def test_four_at_the_top_are_too_many_to_name():
    assert named(*[(0.95, 40)] * 4, (0.4, 40)) == ((), ("s4",))


def test_a_skill_that_may_be_either_end_is_neither():
    assert named((0.95, 40), (0.7, 3), (0.4, 40)) == (("s0",), ("s2",))


def test_a_small_difference_on_few_answers_is_not_told():
    assert named((1.0, 3), (0.8, 5), (0.6, 5)) == ((), ())


@pytest.mark.parametrize(
    ("rating", "share", "n", "expected"),
    [
        (2, 0.2, 20, "higher"),
        (1, 0.1, 20, "higher"),
        (0, 0.8, 20, "lower"),
        (1, 0.95, 40, "lower"),
        (2, 0.6, 10, "alike"),
        (0, 0.5, 3, "alike"),
        (0, 0.0, 20, "alike"),
        (2, 1.0, 20, "alike"),
        (None, 0.5, 20, None),
        (2, 0.0, 2, None),
        (2, 0.0, 0, None),
    ],
)
def test_a_rating_differs_only_where_its_third_lies_outside(rating, share, n, expected):
    assert gap(rating, shown(share, n)) == expected


def test_a_rating_that_is_no_anchor_is_refused():
    with pytest.raises(ValueError, match="0 to 2"):
        gap(3, shown(0.5, 5))


def test_change_is_told_on_the_old_yardstick_and_on_the_new_one():
    found = change({"a": 2, "b": 1, "c": None}, {"a": 2, "b": 2, "d": 0}, {"a": 0, "c": 1})
    assert found == (
        Change("a", plain=0, fair=2, shift=-2),
        Change("b", plain=1, fair=None, shift=None),
        Change("c", plain=None, fair=None, shift=None),
        Change("d", plain=None, fair=None, shift=None),
    )
