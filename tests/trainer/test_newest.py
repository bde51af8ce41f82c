"""Tests of `newest`: which hand-in counts, in whatever order and with whatever times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.trainer.collect.newest import (
    AHEAD,
    BEHIND,
    MOST,
    Kept,
    choose,
    doubt_of,
    drop_spare,
    in_use,
    insert,
    own_time,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def come(row, claimed, now, damage=""):
    """Take one in as collecting does."""
    doubt = doubt_of(row, claimed, now)
    when = own_time(row, claimed, now, doubt)
    number = len(row) + 1
    new = Kept(number, "", "", claimed, now, when, "", damage=damage, doubt=doubt)
    return drop_spare(insert(row, new), new)


def all_come(hours, *, apart=True):
    """Collect one after the other, each a day after the one before, or all at once."""
    row = ()
    for day, claimed in enumerate(hours):
        row = come(row, NOON + claimed * HOUR, NOON + timedelta(days=10 + apart * day))
    return row


@pytest.mark.parametrize("order", list(permutations((1, 5, 30, 200))))
@pytest.mark.parametrize("apart", [True, False])
def test_times_that_can_be_right_decide_in_whatever_order_they_come(order, apart):
    row = all_come(order, apart=apart)
    assert [one.claimed for one in row] == [NOON + hours * HOUR for hours in (1, 5, 30, 200)]


@given(st.lists(st.integers(-24 * 4000, 24 * 4000), min_size=1, max_size=12), st.booleans())
def test_the_last_to_come_counts_unless_its_time_can_be_right_and_is_older(hours, apart):
    row = ()
    for day, claimed in enumerate(hours):
        now = NOON + timedelta(days=10 + apart * day)
        before, row = in_use(row), come(row, NOON + claimed * HOUR, now)
        new = next(one for one in row if one.number == day + 1)
        if in_use(row).number == new.number:
            continue
        assert before is not None
        assert in_use(row).number == before.number  # nothing else ever comes to the front
        assert new.claimed <= now + timedelta(hours=26) or before.seen == now


@given(st.lists(st.integers(-24 * 4000, 24 * 4000), min_size=1, max_size=25))
def test_all_go_by_different_times_and_one_is_in_use(hours):
    row = all_come(hours)
    assert len({one.when for one in row}) == len(row)
    assert in_use(row) is not None
    assert sum(not one.dropped for one in row) == min(len(row), MOST)


def test_what_came_before_a_clock_ahead_and_what_comes_after():
    row = all_come((2, 24 * 200, 1))
    assert [one.doubt for one in row] == [
        "",
        "",
        AHEAD,
    ]  # the third says it is older than the first
    assert in_use(row).number == 2
    row = come(row, NOON + timedelta(days=20), NOON + timedelta(days=20))
    assert in_use(row).number == 4


def test_a_time_long_before_is_in_doubt_and_one_somewhat_before_is_not():
    row = all_come((0,))
    now = NOON + timedelta(days=11)
    assert doubt_of(row, NOON - timedelta(days=181), now) == BEHIND
    assert doubt_of(row, NOON - timedelta(days=179), now) == ""
    assert doubt_of((), NOON - timedelta(days=9999), now) == ""


def test_an_hour_more_than_there_is_anywhere_on_earth_is_in_doubt():
    assert doubt_of((), NOON + 27 * HOUR, NOON) == AHEAD
    assert doubt_of((), NOON + 26 * HOUR, NOON) == ""


def test_a_chosen_one_stays_until_something_newer_comes():
    row = choose(all_come((1, 5, 30)), 1)
    assert in_use(row).number == 1
    now = NOON + timedelta(days=20)
    assert in_use(come(row, NOON + 29 * HOUR, now)).number == 1
    assert in_use(come(row, NOON + 31 * HOUR, now)).number == 4


def test_a_wrong_clock_in_between_lets_nothing_older_replace_the_chosen_one():
    row = all_come((1, 5))
    now = NOON + timedelta(days=20)
    row = choose(come(row, NOON + timedelta(days=400), now), 2)
    assert in_use(row).number == 2
    assert in_use(come(row, NOON + 3 * HOUR, now + HOUR)).number == 2
    assert in_use(come(row, NOON + 6 * HOUR, now + HOUR)).number == 4


@pytest.mark.parametrize("chosen", [1, 2, 3])
def test_what_was_seen_before_the_choice_never_replaces_it(chosen):
    ahead = NOON + timedelta(days=400)
    now = NOON + timedelta(days=20)
    row = choose(come(all_come((1, 5)), ahead, now), chosen, now + HOUR)
    for claimed in (NOON + 30 * HOUR, ahead, NOON - timedelta(days=400)):
        for seen in (now - HOUR, now, now + HOUR):
            assert in_use(come(row, claimed, seen)).number == chosen
    assert in_use(come(row, NOON + 30 * HOUR, now + 2 * HOUR)).number == 4


def test_a_damaged_one_is_used_only_where_there_is_no_other_or_a_trainer_chose_it():
    row = come((), NOON, NOON, damage="cut off")
    assert in_use(row).number == 1
    row = come(row, NOON - HOUR, NOON + HOUR)
    assert in_use(row).number == 2
    assert in_use(choose(row, 1)).number == 1


def test_where_all_are_marked_more_than_twenty_are_kept():
    from dataclasses import replace

    row = ()
    for day in range(30):
        row = tuple(replace(one, marked=True) for one in row)
        row = come(row, NOON + timedelta(days=day), NOON + timedelta(days=day))
    assert not [one for one in row if one.dropped]
