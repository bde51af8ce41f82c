"""Scores of every kind: properties that hold for any item and any answer, and each formula."""

from __future__ import annotations

import dataclasses
from itertools import permutations, product
from typing import Any

import pytest
from helpers import samples
from helpers.scored import ANYTHING, POINTS, common
from hypothesis import given
from hypothesis import strategies as st

from grader.kinds.match import Left, MatchItem
from grader.kinds.order import OrderItem, Part
from grader.kinds.parts import Label
from grader.kinds.registry import KINDS, is_scored
from grader.kinds.scores import CHANGED
from grader.kinds.scoring import is_answered, is_automatic, model_response, score_response
from grader.kinds.sort import SortCard, SortItem
from grader.kinds.spot import Line, SpotItem
from grader.kinds.views import answer_lines, public_view

SAMPLES = samples.items()
UNSCORED = sorted(name for name, kind in KINDS.items() if not kind.scored)
SCORED = [kind for kind in KINDS if kind not in UNSCORED]
LETTERS = "abcdefghijklmnopqr"


def order_item(
    order: str = "abcd", free: tuple[tuple[str, str], ...] = (), points: float = 3.0
) -> OrderItem:
    return OrderItem(
        **common("order", points),
        parts=tuple(Part(name, f"Part {name}.", f"Why {name}.") for name in sorted(order)[::-1]),
        order=tuple(order),
        free=frozenset(frozenset(pair) for pair in free),
        better="First greet.",
    )


def sort_item(piles: int, fair: tuple[tuple[int, ...], ...], points: float = 3.0) -> SortItem:
    return SortItem(
        **common("sort", points),
        piles=tuple(Label(f"p{at}", f"Pile {at}") for at in range(piles)),
        cards=tuple(
            SortCard(f"c{at}", f"Card {at}.", tuple(f"p{one}" for one in ones), f"Why {at}.")
            for at, ones in enumerate(fair)
        ),
    )


def match_item(lefts: int = 4, more: int = 1, points: float = 3.0) -> MatchItem:
    return MatchItem(
        **common("match", points),
        lefts=tuple(
            Left(f"l{at}", f"Left {at}.", f"r{(at + 1) % lefts}", f"Why {at}.")
            for at in range(lefts)
        ),
        rights=tuple(Label(f"r{at}", f"Right {at}.") for at in range(lefts + more)),
    )


def spot_item(marks: tuple[int | None, ...], points: float = 3.0) -> SpotItem:
    return SpotItem(
        **common("spot", points),
        lines=tuple(
            Line(f"l{at}", "Ana", f"Line {at}.", mark, f"Why {at}.", f"Better {at}.")
            for at, mark in enumerate(marks)
        ),
    )


@st.composite
def sorts(draw: Any) -> SortItem:
    piles = draw(st.integers(2, 4))
    pile = st.integers(0, piles - 1)
    fair = st.lists(pile, min_size=1, max_size=2, unique=True).map(tuple)
    return sort_item(piles, tuple(draw(st.lists(fair, min_size=3, max_size=18))), draw(POINTS))


ITEMS = st.one_of(
    st.builds(
        order_item,
        st.integers(3, 8).flatmap(lambda size: st.permutations(LETTERS[:size])).map("".join),
        st.sampled_from([(), (("a", "b"),), (("a", "c"), ("b", "c"))]),
        POINTS,
    ),
    sorts(),
    st.builds(match_item, st.integers(3, 10), st.integers(0, 2), POINTS),
    st.builds(
        spot_item,
        st.lists(st.none() | st.integers(0, 3), min_size=3, max_size=15).map(lambda m: (3, *m)),
        POINTS,
    ),
    st.sampled_from(list(SAMPLES.values())),
)
IDS = st.sampled_from(["a", "b", "c", "r1", "r2", "p0", "p1", "c0", "c1", "l0", "l1", "hello"])
NEAR = st.one_of(
    IDS,
    st.lists(IDS, max_size=8),
    st.dictionaries(IDS, IDS | st.none() | st.lists(IDS, max_size=2), max_size=6),
    st.lists(
        st.fixed_dictionaries({"turn": IDS}, optional={"pick": IDS, "text": st.text(max_size=9)}),
        max_size=5,
    ),
    ANYTHING,
)


@given(ITEMS, NEAR)
def test_no_response_leaves_the_range_of_points_or_goes_without_a_reason(item, response):
    score = score_response(item, response)
    assert isinstance(score.points, int | float)
    assert 0 <= score.points <= score.max_points == item.points
    assert 0 <= score.fraction <= 1
    assert score.headline
    assert score.reasons
    assert all(reason.text for reason in score.reasons)


@given(ITEMS, NEAR)
def test_no_response_breaks_the_words_for_an_answer(item, response):
    lines = answer_lines(public_view(item), response)
    assert all(isinstance(line, str) for line in lines)
    assert is_answered(item.kind, response) or not lines


@given(ITEMS, NEAR)
def test_what_earns_points_can_be_shown_in_words(item, response):
    if score_response(item, response).points > 0:
        assert answer_lines(public_view(item), response)


@given(ITEMS)
def test_the_model_answer_earns_full_marks(item):
    score = score_response(item, model_response(item))
    assert score.points == score.max_points
    assert score.answered
    assert not score.unsure
    assert is_answered(item.kind, model_response(item))


@given(ITEMS, st.sampled_from([None, "", "  ", [], {}]))
def test_a_blank_earns_nothing_and_says_so(item, blank):
    score = score_response(item, blank)
    assert score.points == 0
    assert not score.answered
    assert score.note == ""
    assert not is_answered(item.kind, blank)


@given(ITEMS, st.sampled_from([0, 7, True, float("nan"), [None], [[]], {"zz": 3}, {"zz": "zz"}]))
def test_an_answer_of_which_nothing_fits_says_that_the_question_changed(item, odd):
    score = score_response(item, odd)
    assert score.points == 0
    assert not score.answered
    assert score.note == CHANGED


@given(ITEMS, NEAR)
def test_no_feedback_uses_the_word_wrong(item, response):
    score = score_response(item, response)
    words = f"{score.headline} {' '.join(reason.text for reason in score.reasons)}".lower()
    assert "wrong" not in words
    assert "incorrect" not in words


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("choices", ["a"]),
        ("order", ["a", "d", "c", "b"]),
        ("sort", {"a": "a", "b": "b"}),
        ("match", {"a": "r3", "b": "r4"}),
    ],
)
def test_what_earns_nothing_asks_for_another_look(kind, response):
    score = score_response(SAMPLES[kind], response)
    assert (score.points, score.headline) == (0, "Have another look")


@pytest.mark.parametrize(
    ("points", "headline"),
    [
        (0, "Have another look"),
        (1, "Have another look"),
        (2, "Close to it"),
        (3, "You found it"),
    ],
)
def test_a_line_that_is_picked_has_the_headline_of_its_points(points, headline):
    item = spot_item((3, points), 3.0)
    assert score_response(item, item.lines[1].id).headline == headline


@pytest.mark.parametrize("kind", UNSCORED)
def test_what_is_never_scored_has_no_points_and_no_verdict(kind):
    item = SAMPLES[kind]
    score = score_response(item, model_response(item))
    assert (score.points, score.max_points) == (0, 0)
    assert score.answered
    assert not is_scored(kind)


@pytest.mark.parametrize("kind", SCORED)
def test_what_is_scored_is_marked_at_once_unless_something_is_typed(kind):
    assert is_scored(kind)
    assert is_automatic(SAMPLES[kind]) is (kind not in {"reply", "conversation"})


def test_every_kind_has_a_sample():
    assert set(KINDS) == set(SAMPLES)


def mixed(item: Any, seed: list[float]) -> Any:
    """List the parts of an item in another order."""
    changes = {}
    for name in ("options", "parts", "piles", "cards", "lefts", "rights", "levels"):
        parts = getattr(item, name, ())
        keys = sorted(range(len(parts)), key=lambda at: seed[at % len(seed)])
        changes |= {name: tuple(parts[at] for at in keys)} if parts else {}
    return dataclasses.replace(item, **changes)


@given(ITEMS, NEAR, st.lists(st.floats(0, 1), min_size=3, max_size=18))
def test_the_order_in_which_parts_are_listed_does_not_matter(item, response, seed):
    other = mixed(item, seed)
    assert score_response(other, response).points == score_response(item, response).points
    assert score_response(other, model_response(item)).points == item.points


# --- order


@pytest.mark.parametrize(
    ("given_order", "points"),
    [
        ("abcd", 3.0),
        ("bacd", 2.0),  # one of six pairs swapped
        ("bcad", 1.0),
        ("dabc", 0.0),  # three of six
        ("dcba", 0.0),
        ("abc", 0.0),  # the part left out is out of order with three others
        ("abcdd", 3.0),
        ("abxcd", 3.0),
    ],
)
def test_order_counts_pairs(given_order, points):
    assert score_response(order_item(), list(given_order)).points == pytest.approx(points)


def test_an_order_by_chance_earns_about_nothing_before_the_cut():
    item = order_item("abcde")
    uncut = [1 - 2 * len(item.swapped(order)) / len(item.pairs) for order in permutations("abcde")]
    assert sum(uncut) == pytest.approx(0)


def test_parts_whose_order_is_free_can_be_swapped():
    item = order_item("abcd", (("b", "c"),))
    assert score_response(item, list("acbd")).points == 3.0
    assert score_response(item, list("bacd")).points == pytest.approx(3 * (1 - 2 / 5))


@pytest.mark.parametrize(
    ("given_order", "moves"),
    [
        ("abcd", ["stands", "stands", "stands", "stands"]),
        ("dabc", ["later", "earlier", "stands", "stands"]),
        ("acbd", ["stands", "later", "earlier", "stands"]),
        ("cbad", ["later", "change", "earlier", "stands"]),
        ("ab", ["stands", "stands", "left", "left"]),
    ],
)
def test_order_says_where_each_part_goes(given_order, moves):
    reasons = score_response(order_item(), list(given_order)).reasons
    assert [any(move in reason.text for reason in reasons) for move in moves]
    for move, reason in zip(moves, reasons, strict=True):
        assert move in reason.text
    shown = [*given_order, *sorted(set("abcd") - set(given_order))]
    assert [reason.part for reason in reasons] == shown


# --- sort


@pytest.mark.parametrize(
    ("placed", "points"),
    [
        ({"c0": "p0", "c1": "p1", "c2": "p0", "c3": "p1"}, 3.0),
        ({"c0": "p0", "c1": "p1", "c2": "p0"}, 1.5),  # a card left out is no hit
        ({"c0": "p0", "c1": "p0", "c2": "p0", "c3": "p0"}, 0.0),  # all on one pile
        ({"c0": "p1", "c1": "p0", "c2": "p1", "c3": "p0"}, 0.0),
        ({"c0": "p0", "zz": "p1", "c1": "zz", "c2": 7, "c3": ["p1"]}, 0.0),
    ],
)
def test_sort_takes_chance_away(placed, points):
    assert score_response(sort_item(2, ((0,), (1,), (0,), (1,))), placed).points == points


@pytest.mark.parametrize("piles", [2, 3, 4])
def test_sorting_by_chance_earns_nothing_before_the_cut(piles):
    fair = tuple((at % piles,) for at in range(3))
    item = sort_item(piles, fair)
    hits = [
        sum(place in card.piles for card, place in zip(item.cards, places, strict=True)) / 3
        for places in product([pile.id for pile in item.piles], repeat=3)
    ]
    shares = [(hit - 1 / piles) / (1 - 1 / piles) for hit in hits]
    assert sum(shares) == pytest.approx(0)


def test_a_card_can_lie_well_on_more_than_one_pile():
    item = sort_item(2, ((0, 1), (0,), (1,)))
    for pile in ("p0", "p1"):
        score = score_response(item, {"c0": pile, "c1": "p0", "c2": "p1"})
        assert score.points == 3
        assert "More than one pile is fair" in score.reasons[0].text


def test_sort_explains_every_card():
    reasons = score_response(sort_item(2, ((0,), (1,), (0,))), {"c0": "p0", "c1": "p0"}).reasons
    assert [reason.text for reason in reasons] == [
        "This is well placed on “Pile 0”. Why 0.",
        "This goes on “Pile 1”. Why 1.",
        "You left this one out. It goes on “Pile 0”. Why 2.",
    ]
    assert [reason.part for reason in reasons] == ["c0", "c1", "c2"]


# --- match


@pytest.mark.parametrize(
    ("placed", "points"),
    [
        ({"l0": "r1", "l1": "r2", "l2": "r3", "l3": "r0"}, 4.0),
        ({"l0": "r1"}, 1.0),
        ({"l0": "r1", "l1": "r1", "l2": "r1", "l3": "r1"}, 1.0),  # twice counts where it is right
        ({"l0": "r0", "l1": "r1"}, 0.0),
        ({"l0": "r1", "zz": "r2", "l1": None}, 1.0),
    ],
)
def test_match_counts_pairs(placed, points):
    assert score_response(match_item(points=4.0), placed).points == points


def test_a_quote_with_its_own_mark_gets_no_second_one():
    (question, reflection, _) = score_response(SAMPLES["match"], {"a": "r2", "b": "r3"}).reasons
    assert question.text.startswith("You found what goes with it: “How was it?” KEY")
    assert reflection.text.startswith("It goes with “You are tired.” KEY")


def test_match_explains_every_pair():
    reasons = score_response(match_item(3, 0), {"l0": "r1", "l1": "r0"}).reasons
    assert [("You found" in reason.text) for reason in reasons] == [True, False, False]
    assert all(f"Why {at}." in reason.text for at, reason in enumerate(reasons))


# --- spot


@pytest.mark.parametrize(("line", "points"), [("l1", 1.0), ("l2", 3.0), ("l3", 0.0)])
def test_spot_gives_the_points_of_the_line(line, points):
    assert score_response(spot_item((None, 1, 3, 0)), line).points == points


@pytest.mark.parametrize("line", ["l0", "l9", "", None, ["l2"], {"l2": "l2"}])
def test_a_line_that_cannot_be_picked_is_no_answer(line):
    assert not score_response(spot_item((None, 1, 3, 0)), line).answered


def test_spot_shows_the_moment_where_another_line_was_picked():
    reasons = score_response(spot_item((None, 1, 3, 0)), "l1").reasons
    assert [(reason.quote, reason.part) for reason in reasons] == [
        ("Line 1.", "l1"),
        ("Line 2.", "l2"),
    ]
    assert len(score_response(spot_item((None, 1, 3, 0)), "l2").reasons) == 1


# --- never scored


def test_a_rating_answers_calmly_and_reminds_of_practice():
    for level in ("a", "c", "unseen"):
        reasons = score_response(SAMPLES["rating"], level).reasons
        assert reasons[0].text == "KEY-rating-because"
        assert "practice" in reasons[1].text


def test_a_rating_without_levels_uses_the_anchors_of_its_skill():
    levels = public_view(SAMPLES["rating"])["levels"]
    assert [level["text"] for level in levels[:3]] == list(samples.ANCHORS)
    assert levels[3]["id"] == "unseen"


def test_a_reflection_says_only_where_it_is_kept():
    (reason,) = score_response(SAMPLES["reflection"], "When my aunt came.").reasons
    assert reason.text == "Kept on this computer. Nobody else reads it."
    assert reason.quote == ""


def test_where_sources_differ_every_view_is_explained_then_all_together():
    for nearest in ("a", "b"):
        reasons = score_response(SAMPLES["sources_differ"], nearest).reasons
        assert [reason.text.split()[-1] for reason in reasons] == [
            "KEY-sources-early",
            "KEY-sources-late",
            "KEY-sources-together",
        ]
