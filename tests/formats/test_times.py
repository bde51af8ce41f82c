"""Tests of grader.formats.times: one text is one time, on every computer and every day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grader.formats.times import is_guess, names_zone, parse_time, time_text

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-07-01 12:00:00.000000 UTC",
        "2026-07-01 12:00",
        "2026-07-01T12:00:00Z",
        "2026-07-01T14:00:00+02:00",
        "2026-07-01 14:00:00 CEST",
        "2026-07-01 13:00:00.000 BST",
        "2026-07-01 08:00:00 EDT",
        "2026-07-01 09:00:00.000000 -03",
        "2026-07-01 17:45:00 +0545",
        "2026-07-02 00:00:00 NZST",
        "2026-07-01 01:00:00 -1100",
        "1 July 2026 14:00 CEST",
        "Wed Jul 1 12:00:00 2026",
    ],
)
def test_a_time_is_the_same_in_whatever_zone_it_is_written(text):
    assert parse_time(text) == NOON
    assert time_text(parse_time(text)) == "2026-07-01 12:00:00.000000 UTC"


@pytest.mark.parametrize(
    "text",
    ["12:00:00", "1 July 12:00", "July 2026", "today and now", "2026-13-01 12:00"],
)
def test_what_leaves_out_a_part_of_the_day_is_no_time(text):
    """Filled in from today, it would be another time each day, and so newer than itself."""
    with pytest.raises(ValueError, match=text):
        parse_time(text)


def test_letters_of_several_zones_are_told_apart_by_another_clock():
    india, israel = NOON, NOON.replace(hour=15, minute=30)
    text = "2026-07-01 17:30:00 IST"
    assert parse_time(text, india) == NOON
    assert parse_time(text, israel.replace(minute=31)).hour != 12
    assert parse_time(text) == parse_time(text, NOON.replace(year=2027))


def test_a_day_alone_is_its_first_minute():
    assert parse_time("2026-07-01") == NOON.replace(hour=0)


@pytest.mark.parametrize(
    ("text", "home"),
    [
        ("2026-07-01 17:30:00 IST", "Asia/Kolkata"),
        ("2026-07-01 20:00:00 CST", "Asia/Shanghai"),
        ("2026-07-01 20:00:00 PST", "Asia/Manila"),
        ("2026-07-01 14:00:00 CEST", "Asia/Manila"),  # not its letters
        ("2026-07-01 14:00:00 CEST", "no such zone"),
    ],
)
def test_letters_of_several_zones_are_those_of_the_zone_that_is_set(text, home):
    assert parse_time(text, None, home) == NOON
    assert parse_time(text, NOON.replace(year=2027), home) == NOON
    assert names_zone(text, home)
    assert not is_guess(text, None, home)


@pytest.mark.parametrize(
    ("text", "guess"),
    [
        ("2026-07-01 17:30:00 IST", True),
        ("2026-07-01 12:00:00 XYZ", True),
        ("2026-07-01 14:00:00 CEST", False),
        ("2026-07-01 17:45:00 +0545", False),
        ("2026-07-01 12:00:00 GMT", False),
        ("2026-07-01 12:00", False),  # counts as UTC
        ("2026-07-01 12:00:00.000000 UTC", False),
    ],
)
def test_a_guess_is_known_for_one(text, guess):
    assert is_guess(text) == guess
    assert is_guess(text, NOON.replace(year=2027)) == guess
    assert not is_guess(text, NOON)
