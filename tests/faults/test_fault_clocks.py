"""No clock and no zone makes a hand-in count that should not."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import LATER, MODULE, WHEN
from helpers.hand_ins import GOOD, ODD, ONE, TODAY, WHO, bundle, in_use, placed, sent

from grader.cli import main
from grader.formats import exchange
from grader.trainer.collect.collect import COLLECTED, KEPT, OLDER, collect

# Clocks ---------------------------------------------------------------------------------


@fault(
    COLLECT,
    "A hand-in bears a time 200 days ahead, and a later one the right time",
    "The later one counts, however often both are collected again. You are told of the clock.",
)
def test_a_clock_ahead_does_not_win_for_ever(course: Path, clock: Callable) -> None:
    ahead = bundle(course, "ahead", ONE, TODAY + timedelta(days=200))
    (first,) = collect(course, [ahead])
    assert first.outcome == COLLECTED
    assert first.reason.startswith("A clock was ahead: it says 18 December 2026.")
    clock(TODAY + timedelta(days=1))
    right = bundle(course, "right", GOOD, TODAY - timedelta(hours=3))  # earlier than the first came
    (second,) = collect(course, [right])
    assert second.outcome == COLLECTED
    for days in (2, 100, 300):
        clock(TODAY + timedelta(days=days))
        for order in ([ahead, right], [right, ahead]):
            assert [one.outcome for one in collect(course, order)] == [OLDER, OLDER]
            assert in_use(course) == GOOD


@pytest.mark.parametrize("first", ["ahead", "right"])
@pytest.mark.parametrize("days", [200, -2000])
def test_of_two_that_come_together_the_one_with_a_time_that_can_be_right_counts(
    course: Path, clock: Callable, first: str, days: int
) -> None:
    odd = bundle(course, "odd", ONE, TODAY + timedelta(days=days))
    right = bundle(course, "right", GOOD, TODAY - timedelta(hours=3))
    found = collect(course, [odd, right] if first == "ahead" else [right, odd])
    assert in_use(course) == GOOD
    year = (TODAY + timedelta(days=days)).year
    assert any(str(year) in one.reason for one in found)


@fault(
    COLLECT,
    "A second hand-in bears a time years before the first",
    "It came later, so it counts. You are told of the clock, and how to go back.",
)
def test_a_clock_behind_does_not_lose_without_a_word(course: Path, clock: Callable) -> None:
    first = bundle(course, "first", ONE, TODAY - timedelta(days=1))
    collect(course, [first])
    clock(TODAY + timedelta(days=1))
    behind = bundle(course, "behind", GOOD, "2020-01-01T09:00:00+00:00")
    (second,) = collect(course, [behind])
    assert second.outcome == COLLECTED
    assert second.reason.startswith("A clock was behind: it says 1 January 2020.")
    clock(TODAY + timedelta(days=2))
    assert [one.outcome for one in collect(course, [first, behind])] == [OLDER, OLDER]
    assert in_use(course) == GOOD


@fault(
    COLLECT,
    "An older hand-in comes late",
    "It is kept, and the newer one stays in use. You are told once, and how to use it.",
)
def test_one_that_comes_late_is_told_once(
    course: Path, clock: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(course, [bundle(course, "newer", GOOD, TODAY - timedelta(days=1))])
    clock(TODAY + timedelta(days=1))
    older = str(bundle(course, "older", ONE, TODAY - timedelta(days=5)))
    assert main(["collect", older, "--root", str(course)]) == 0
    assert capsys.readouterr().out == (
        f"{WHO} {MODULE}: kept, not used (It says that it was made earlier. Number 1 stays in "
        f"use. To use number 2: alongside collect --use {WHO} {MODULE} 2)\n1 kept, not used\n"
    )
    assert main(["collect", older, "--root", str(course)]) == 0
    assert capsys.readouterr().out == "1 older than what is there\n"
    assert in_use(course) == GOOD


BACK = f"To use number 1: alongside collect --use {WHO} {MODULE} 1"


@fault(
    COLLECT,
    "A good hand-in gives way to one whose time cannot be right, or the other way about",
    "You are told at once which one counts now, which gave way and why, and how to go back.",
)
@pytest.mark.parametrize(
    ("year", "why"),
    [
        ("2020", "behind: it says 1 January 2020. It came last, so it counts as the newest."),
        ("2027", "ahead: it says 1 January 2027. It counts from when you collected it."),
    ],
)
def test_who_gives_way_to_a_doubtful_clock_is_told_at_once(
    course: Path, clock: Callable, capsys: pytest.CaptureFixture[str], year: str, why: str
) -> None:
    collect(course, [bundle(course, "good", GOOD, TODAY - timedelta(days=1))])
    clock(TODAY + timedelta(days=1))
    odd = str(bundle(course, "odd", ODD["b"], f"{year}-01-01T09:00:00+00:00"))
    assert main(["collect", odd, "--root", str(course)]) == 0
    assert capsys.readouterr().out == (
        f"{WHO} {MODULE}: collected (A clock was {why} Number 2 counts now, and number 1 gave way. "
        f"{BACK})\n1 collected\n"
    )
    assert in_use(course) == ODD["b"]
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    assert in_use(course) == GOOD


def test_a_doubtful_clock_that_gives_way_is_told_at_once(course: Path, clock: Callable) -> None:
    collect(course, [bundle(course, "ahead", GOOD, TODAY + timedelta(days=200))])
    clock(TODAY + timedelta(days=1))
    (second,) = collect(course, [bundle(course, "right", ODD["b"], TODAY - timedelta(days=3))])
    assert second.reason == (
        "Number 1 says 18 December 2026, which cannot be right, so what came first is taken for "
        f"the older one. Number 2 counts now, and number 1 gave way. {BACK}"
    )


def test_what_was_chosen_and_gives_way_is_told_once(course: Path, clock: Callable) -> None:
    collect(course, [bundle(course, "good", GOOD, TODAY - timedelta(days=1))])
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    clock(TODAY + timedelta(days=1))
    (odd,) = collect(course, [bundle(course, "odd", ONE, "2027-01-01T09:00:00+00:00")])
    assert "Number 2 counts now, and number 1 gave way. You had chosen number 1." in odd.reason
    assert odd.reason.count(BACK) == 1


@fault(
    COLLECT,
    "You chose a hand-in, and then an older one arrives that was late, while a clock is wrong",
    "What you chose stays, until something newer comes that you have not seen before.",
)
def test_what_was_chosen_gives_way_to_nothing_older(course: Path, clock: Callable) -> None:
    collect(course, [bundle(course, "good", GOOD, TODAY - timedelta(days=1))])
    clock(TODAY + timedelta(days=1))
    collect(course, [bundle(course, "wrong", ODD["a"], TODAY + timedelta(days=300))])
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    clock(TODAY + timedelta(days=2))
    (late,) = collect(course, [bundle(course, "late", ODD["b"], TODAY - timedelta(days=3))])
    assert (late.outcome, in_use(course)) == (KEPT, GOOD)
    newer = bundle(course, "newer", ODD["b"], TODAY + timedelta(days=1))
    (came,) = collect(course, [newer])
    assert (came.outcome, in_use(course)) == (COLLECTED, ODD["b"])


def test_the_way_back_from_far_fewer_answers_is_told_once(course: Path, clock: Callable) -> None:
    collect(course, [bundle(course, "good", GOOD, TODAY - timedelta(days=1))])
    clock(TODAY + timedelta(days=1))
    (odd,) = collect(course, [bundle(course, "odd", ONE, "2020-01-01T09:00:00+00:00")])
    assert "It has 1 answer, and number 1 has 3." in odd.reason
    assert odd.reason.count(BACK) == 1


def test_nothing_is_said_of_a_damaged_one_that_gives_way(course: Path, clock: Callable) -> None:
    collect(course, [bundle(course, "bad", GOOD[:40], TODAY - timedelta(days=1))])
    clock(TODAY + timedelta(days=1))
    (odd,) = collect(course, [bundle(course, "odd", GOOD, "2020-01-01T09:00:00+00:00")])
    assert "gave way" not in odd.reason


@pytest.mark.parametrize("year", ["0001", "1970", "9999"])
def test_a_clock_out_of_all_bounds_is_told_and_blocks_nobody(
    course: Path, clock: Callable, year: str
) -> None:
    collect(course, [bundle(course, "first", GOOD, TODAY - timedelta(days=1))])
    odd = [bundle(course, name, one, f"{year}-12-31T09:00:00+00:00") for name, one in ODD.items()]
    clock(TODAY + timedelta(days=1))
    told = collect(course, odd)
    assert all(one.reason.startswith("A clock was") for one in told)
    assert in_use(course) == ODD["b"]
    clock(TODAY + timedelta(days=2))
    collect(course, [bundle(course, "last", GOOD, TODAY)])
    assert [one.outcome for one in collect(course, odd)] == [OLDER, OLDER]
    assert in_use(course) == GOOD


def test_a_clock_some_minutes_ahead_blocks_no_hand_in(course: Path, clock: Callable) -> None:
    yesterday = bundle(course, "yesterday", GOOD, TODAY - timedelta(days=1))
    ahead = bundle(course, "ahead", ONE, TODAY + timedelta(minutes=5))
    collect(course, [yesterday, ahead])
    assert in_use(course) == ONE
    clock(TODAY + timedelta(hours=1))
    (right,) = collect(course, [bundle(course, "right", GOOD, TODAY + timedelta(minutes=3))])
    assert (right.outcome, right.reason) == (COLLECTED, "")


def test_the_same_answers_at_a_later_time_are_a_new_hand_in(course: Path) -> None:
    for name, content, when in (("a", GOOD, WHEN), ("b", ONE, LATER), ("c", GOOD, TODAY)):
        (done,) = collect(course, [bundle(course, name, content, when)])
        assert done.outcome == COLLECTED
    assert in_use(course) == GOOD
    assert (placed(course) / "timestamp.txt").read_text().startswith("2026-06-01")


def test_two_of_the_same_second_go_by_different_times(course: Path) -> None:
    """The gradebook tells a second hand-in by its time."""
    times = set()
    for name, content in (("a", GOOD), ("b", ONE)):
        collect(course, [bundle(course, name, content, WHEN)])
        times.add((placed(course) / "timestamp.txt").read_text())
    assert len(times) == 2
    assert in_use(course) == ONE


@fault(
    COLLECT,
    "A hand-in says a time that is hours ahead, and came together with another one",
    "The other one counts. You are told of the clock, and how to use the one from ahead.",
)
@pytest.mark.parametrize("minutes", [15, 3 * 60, 25 * 60])
@pytest.mark.parametrize("turn", [1, -1])
def test_hours_ahead_do_not_win(course: Path, clock: Callable, minutes: int, turn: int) -> None:
    ahead = bundle(course, "ahead", ONE, TODAY + timedelta(minutes=minutes))
    right = bundle(course, "right", GOOD, TODAY - timedelta(hours=1))
    told = collect(course, [ahead, right][::turn])
    assert in_use(course) == GOOD
    said = " ".join(one.reason for one in told)
    assert "A clock was ahead: it says" in said
    assert f"alongside collect --use {WHO} {MODULE}" in said


def test_a_time_without_a_zone_may_be_a_day_ahead(course: Path, clock: Callable) -> None:
    text = (TODAY + timedelta(hours=12)).replace(tzinfo=None).isoformat()
    (one,) = collect(course, [bundle(course, "none", GOOD, text)])
    said = "Its time names no zone. It is taken for UTC."
    assert (one.outcome, one.reason) == (COLLECTED, said)


@fault(
    COLLECT,
    "Two hand-ins both bear a time that cannot be, such as 1970",
    "The one that came later counts. You are told of both clocks, and how to use the other.",
)
@pytest.mark.parametrize("apart", [0, 1])
def test_of_two_impossible_times_the_later_to_come_counts(
    course: Path, clock: Callable, apart: int
) -> None:
    one, other = (
        bundle(course, name, content, "1970-01-01T00:00:00+00:00") for name, content in ODD.items()
    )
    if apart:
        (first,) = collect(course, [one])
        clock(TODAY + timedelta(days=1))
        (second,) = collect(course, [other])
    else:
        first, second = collect(course, [one, other])
    assert in_use(course) == ODD["b"]
    assert first.reason == "A clock was behind: it says 1 January 1970."
    assert second.reason == (
        "A clock was behind: it says 1 January 1970. It came last, so it counts as the newest. "
        f"Number 1 gives the same time. To use number 1: alongside collect --use {WHO} {MODULE} 1"
    )


@fault(
    COLLECT,
    "Two hand-ins give the same second, with other words",
    "The one that came later counts. You are told, and how to use the other.",
)
def test_the_same_second_is_told(course: Path, clock: Callable) -> None:
    first, second = collect(
        course, [bundle(course, name, content, WHEN) for name, content in ODD.items()]
    )
    assert first.reason == ""
    assert second.reason == (
        f"Number 1 gives the same time. To use number 1: alongside collect --use {WHO} {MODULE} 1"
    )
    assert in_use(course) == ODD["b"]


@fault(
    COLLECT,
    "Somebody handed in several times before you collect",
    "The newest counts. Each of the others is named once, with how to use it.",
)
@pytest.mark.parametrize("turn", [1, -1])
def test_those_that_lose_within_a_run_are_named_once(
    course: Path, clock: Callable, turn: int
) -> None:
    paths = [
        bundle(course, str(days), content, TODAY - timedelta(days=days))
        for days, content in ((3, ONE), (2, GOOD), (1, ODD["b"]))
    ][::turn]
    said = [one.reason for one in collect(course, paths)]
    numbers = (1, 2) if turn == 1 else (2, 3)
    for number in numbers:
        command = f"alongside collect --use {WHO} {MODULE} {number}"
        assert sum(command in reason for reason in said) == 1
    assert in_use(course) == ODD["b"]
    assert [one.outcome for one in collect(course, paths)] == [OLDER] * 3


# Zones ----------------------------------------------------------------------------------

ZONES = {
    "the hour that comes twice in autumn": ("02:50:00.000000 CEST", "02:10:00.000000 CET"),
    "from UTC to a zone in the west": ("09:00:00.000000 UTC", "06:00:00.000000 EST"),
    "from a zone in the east to UTC": ("12:00:00.000000 EEST", "10:00:00.000000 UTC"),
    "numbers for letters": ("09:00:00.000000 UTC", "07:30:00.000000 -03"),
    "hours and minutes": ("14:00:00.000000 +0545", "09:00:00.000000 UTC"),
    "a day apart": ("23:00:00.000000 NZDT", "13:00:00.000000 UTC"),
}


@fault(
    COLLECT,
    "The shared folder names its times in another zone, or the clocks change",
    "An hour or a day more or less never decides which hand-in counts.",
)
@pytest.mark.parametrize("case", ZONES)
@pytest.mark.parametrize("here", ["UTC", "Europe/Berlin", "Pacific/Auckland"])
def test_the_zone_never_decides(
    course: Path, inbound: Path, monkeypatch: pytest.MonkeyPatch, case: str, here: str
) -> None:
    import time

    monkeypatch.setenv("TZ", here)
    time.tzset()
    try:
        older, newer = ZONES[case]
        sent(inbound, f"2026-10-25 {older}", ONE)
        sent(inbound, f"2026-10-25 {newer}", GOOD)
        found = collect(course, exchange=inbound.parent.parent)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert sorted(one.outcome for one in found) == [COLLECTED, KEPT]
    assert in_use(course) == GOOD


@pytest.mark.parametrize(
    ("letters", "hours"), [("IST", 5.5), ("IST", 2), ("CST", 8), ("XYZ", 9), ("", 10)]
)
def test_letters_that_mean_much_are_read_by_the_age_of_the_folder(
    course: Path, inbound: Path, letters: str, hours: float
) -> None:
    made = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    local = (made + timedelta(hours=hours)).replace(tzinfo=None)
    folder = sent(inbound, f"{local} {letters}".strip(), GOOD)
    os.utime(folder, (made.timestamp() + 3, made.timestamp() + 3))
    exchange = inbound.parent.parent
    collect(course, exchange=exchange)
    assert (placed(course) / "timestamp.txt").read_text() == "2026-03-01 12:00:00.000000 UTC"
    os.utime(folder)  # copied meanwhile, and so of another age
    assert [one.outcome for one in collect(course, exchange=exchange)] == [OLDER]


@fault(
    COLLECT,
    "The shared folder names a zone by letters that several zones share, such as IST",
    "The zone that Exchange.timezone sets is meant. Where none is set and no clock tells, the "
    "hand-in is taken, and you are told.",
)
@pytest.mark.parametrize("home", ["Asia/Kolkata", "UTC"])
def test_a_zone_by_letters_is_the_one_that_is_set(
    course: Path, inbound: Path, clock: Callable, monkeypatch: pytest.MonkeyPatch, home: str
) -> None:
    monkeypatch.setattr(exchange, "zone", lambda: home)
    clock(TODAY)
    folder = sent(inbound, "2026-06-01 15:00:00 IST", GOOD)
    os.utime(folder, (0, 0))  # copied: no clock tells when it came
    (one,) = collect(course, exchange=inbound.parents[1])
    assert one.outcome == COLLECTED
    when = (placed(course) / "timestamp.txt").read_text()
    if home == "UTC":
        assert "IST is the name of several time zones" in one.reason
        assert "Exchange.timezone" in one.reason
    else:
        assert (when, one.reason) == ("2026-06-01 09:30:00.000000 UTC", "")


@pytest.mark.parametrize("before", ["2026-06-01T11:00:00+00:00", "2026-05-20T11:00:00+00:00"])
def test_a_guessed_zone_that_decides_which_counts_names_the_way_back(
    course: Path, inbound: Path, clock: Callable, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    monkeypatch.setattr(exchange, "zone", lambda: "")
    clock(TODAY)
    collect(course, [bundle(course, "first", ONE, before)])
    for hour, content in ((15, GOOD), (16, ONE)):
        os.utime(sent(inbound, f"2026-06-01 {hour}:00:00 IST", content), (0, 0))
        clock(TODAY + timedelta(hours=hour))
        *_, one = collect(course, exchange=inbound.parents[1])
        assert one.outcome == COLLECTED
        # Of the same letters the order is right; what is weeks older is older in any zone.
        is_open = before.startswith("2026-06-01") and hour == 15
        way_back = f"Number 1 may be newer. To use number 1: alongside collect --use {WHO}"
        assert (way_back in one.reason) == is_open
        assert one.reason.count("may be newer") == is_open
