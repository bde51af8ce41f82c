"""No damage, clock or zone makes a hand-in count that should not, and none is ever lost."""

from __future__ import annotations

import json
import os
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aftermath import book, by_trainer
from cohort import BEST, FULL, LATER, MODULE, WHEN, answers_json, mark_by_hand, submit, write_bundle
from fault_page import COLLECT, fault
from test_fault_power import FORKS

from grader import collect as collecting
from grader.cli import main
from grader.collect import COLLECTED, OLDER, collect
from grader.grading import grade

GOOD = answers_json(FULL)
ONE = answers_json({"first-move": "tell"})
ODD = {"a": ONE, "b": answers_json(BEST)}  # two from one odd clock
TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
WHO = "trainee-017"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set this computer's clock."""

    def set_to(now: datetime) -> None:
        monkeypatch.setattr(collecting, "_now", lambda: now)

    set_to(TODAY)
    return set_to


@pytest.fixture
def inbound(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder.mkdir(parents=True)
    return folder


def bundle(course: Path, name: str, content: bytes | None, when: datetime | str) -> Path:
    """Write a bundle into a folder of its own, so that one never overwrites another."""
    text = when if isinstance(when, str) else when.isoformat()
    path = write_bundle(course.parent / "inbox" / name, WHO, content or b"", text)
    if content is None:
        with zipfile.ZipFile(path) as whole:
            facts = whole.read("handin.json")
        with zipfile.ZipFile(path, "w") as without:
            without.writestr("handin.json", facts)
    return path


def sent(inbound: Path, time: str, content: bytes) -> Path:
    folder = inbound / f"{WHO}+{MODULE}+{time}+QmFzZTY0"
    folder.mkdir()
    (folder / "answers.json").write_bytes(content)
    return folder


def placed(course: Path) -> Path:
    return course / "submitted" / WHO / MODULE


def in_use(course: Path) -> bytes:
    return (placed(course) / "answers.json").read_bytes()


def listed(course: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["collect", "--list", WHO, MODULE, "--json", "--root", str(course)]) == 0
    return json.loads(capsys.readouterr().out)


# Damage ---------------------------------------------------------------------------------


def spoilt(change: Callable[[dict[str, Any]], Any]) -> bytes:
    data = json.loads(GOOD)
    change(data)
    return json.dumps(data).encode()


def lose_most(data: dict[str, Any]) -> None:
    for name in ("first-move", "what-fits"):
        del data["items"][name]["tries"]


def mix_up_kinds(data: dict[str, Any]) -> None:
    for name in ("first-move", "what-fits"):
        data["items"][name]["kind"] = "sort"


def rename_all(data: dict[str, Any]) -> None:
    data["items"] = {f"x-{name}": one for name, one in data["items"].items()}


def spoil_responses(data: dict[str, Any]) -> None:
    for one in data["items"].values():
        one["response"] = 7


DAMAGE: dict[str, bytes | None] = {
    "empty": b"",
    "cut off": GOOD[: len(GOOD) // 2],
    "zeros": bytes(len(GOOD)),
    "no text": GOOD.decode().encode("utf-16"),
    "another module": answers_json(FULL, "06-boundaries"),
    "a newer course": spoilt(lambda data: data.update(format=3)),
    "a list": b"[]",
    "no answers": spoilt(lambda data: data.pop("items")),
    "most are no answers": spoilt(lose_most),
    "most are of other kinds": spoilt(mix_up_kinds),
    "to other questions": spoilt(rename_all),
    "numbers for answers": spoilt(spoil_responses),
    "no file": None,
}


@fault(
    COLLECT,
    "A later hand-in is damaged, and the one before was good",
    "The good one stays in use with its marks. The damaged one is kept, and you are told.",
)
@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_hand_in_never_takes_the_place_of_a_good_one(
    course: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    by_trainer(course, WHO, 2.5, "Well asked.")
    damaged = bundle(course, "second", DAMAGE[case], LATER)
    capsys.readouterr()
    assert main(["collect", str(damaged), "--root", str(course)]) == 1
    line, count = capsys.readouterr().out.splitlines()
    assert line.startswith(f"{WHO} {MODULE}: damaged, not used (")
    assert "Number 1 stays in use. Ask for it to be sent again." in line
    assert count == "1 damaged, not used"
    assert in_use(course) == GOOD
    (result,) = grade(course, MODULE)
    assert result.points == 8.5
    assert [one["in_use"] for one in listed(course, capsys)] == [True, False]
    with zipfile.ZipFile(course / "history" / WHO / MODULE / "2.zip") as kept:
        there = kept.read("answers.json") if "answers.json" in kept.namelist() else None
    assert there == DAMAGE[case]


def test_a_damaged_one_in_the_exchange_takes_no_place_either(course: Path, inbound: Path) -> None:
    exchange = inbound.parent.parent
    sent(inbound, "2026-03-01 09:00:00.000000 UTC", GOOD)
    collect(course, exchange=exchange)
    large = sent(inbound, "2026-03-02 09:00:00.000000 UTC", GOOD)
    with (large / "answers.json").open("wb") as file:
        file.truncate(50 << 20)
    found = {one.source: one for one in collect(course, exchange=exchange)}
    assert "larger than 1024 KiB. Number 1 stays in use." in found[large.name].reason
    assert in_use(course) == GOOD
    (large / "answers.json").write_bytes(ONE)  # mended, and so another hand-in
    assert COLLECTED in {one.outcome for one in collect(course, exchange=exchange)}
    assert in_use(course) == ONE


def test_a_good_one_takes_the_place_of_a_damaged_one_whatever_its_time(course: Path) -> None:
    (first,) = collect(course, [bundle(course, "first", b"{", LATER)])
    assert first.outcome == COLLECTED
    assert "cut off" in first.reason
    (second,) = collect(course, [bundle(course, "second", GOOD, WHEN)])
    assert second.outcome == COLLECTED
    assert in_use(course) == GOOD


def test_a_hand_in_that_was_there_before_all_were_kept_is_as_safe(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, WHO, GOOD)
    assert [one["in_use"] for one in listed(course, capsys)] == [True]
    assert not (course / "history").exists()  # looking changes nothing
    collect(course, [bundle(course, "second", b"{", LATER)])
    assert in_use(course) == GOOD
    assert [one["in_use"] for one in listed(course, capsys)] == [True, False]
    collect(course, [bundle(course, "third", ONE, LATER)])
    assert in_use(course) == ONE
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    assert in_use(course) == GOOD


@fault(
    COLLECT,
    "A file in `submitted/` was damaged after it was collected",
    "Collecting again puts the whole one back.",
)
def test_what_was_damaged_in_its_place_is_put_back(course: Path) -> None:
    path = bundle(course, "first", GOOD, WHEN)
    collect(course, [path])
    (placed(course) / "answers.json").write_bytes(GOOD[:20])
    (again,) = collect(course, [path])
    assert again.outcome == COLLECTED
    assert in_use(course) == GOOD


@fault(
    COLLECT,
    "A later hand-in has far fewer answers",
    "It counts, because people may change their minds. You are told, and how to go back.",
)
def test_far_fewer_answers_are_told(course: Path) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    (second,) = collect(course, [bundle(course, "second", ONE, LATER)])
    assert second.outcome == COLLECTED
    assert second.reason == (
        "It has 1 answer, and number 1 has 3. "
        f"To use number 1: alongside collect --use {WHO} {MODULE} 1"
    )
    (third,) = collect(course, [bundle(course, "third", answers_json(BEST), TODAY)])
    assert (third.outcome, third.reason) == (COLLECTED, "")


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
    assert sorted(one.outcome for one in found) == [COLLECTED, OLDER]
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


# What is kept ---------------------------------------------------------------------------


@fault(
    COLLECT,
    "Somebody hands in more than twenty times",
    "Twenty are kept. The one in use, the last good one and all marked ones are never dropped.",
)
def test_twenty_are_kept_and_what_matters_among_them(
    course: Path, clock: Callable, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = []

    def come(number: int, content: bytes) -> None:
        clock(TODAY + timedelta(hours=number))
        paths.append(bundle(course, str(number), content, TODAY + timedelta(hours=number)))
        collect(course, paths[-1:])

    come(1, GOOD)
    grade(course, MODULE)
    for number in range(2, 25):
        come(number, ONE)
    for number in range(25, 60):
        come(number, b"{")
    rows = listed(course, capsys)
    assert [one["number"] for one in rows] == list(range(1, 60))
    kept = [one for one in rows if "no longer kept" not in one["notes"]]
    assert len(kept) == 20
    assert len(list((course / "history" / WHO / MODULE).glob("*.zip"))) == 20
    assert {1, 24, 59} <= {one["number"] for one in kept}
    assert [one["number"] for one in rows if one["in_use"]] == [24]
    # What was dropped is still known, and so never newer than itself.
    assert {one.outcome for one in collect(course, paths)} == {OLDER}
    assert in_use(course) == ONE


def test_a_trainer_can_use_an_earlier_one_until_a_later_one_comes(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = bundle(course, "a", GOOD, WHEN), bundle(course, "b", ONE, LATER)
    collect(course, [first, second])
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    assert f"alongside grade {MODULE}" in capsys.readouterr().out
    assert in_use(course) == GOOD
    (result,) = grade(course, MODULE)
    assert result.points == 6.0
    assert [one.outcome for one in collect(course, [second, first, second])] == [OLDER] * 3
    assert in_use(course) == GOOD
    (third,) = collect(course, [bundle(course, "c", answers_json(BEST), TODAY)])
    assert third.outcome == COLLECTED
    assert "You had chosen number 1." in third.reason


def test_marks_of_a_trainer_stay_with_the_hand_in_that_is_used_again(course: Path) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN)])
    grade(course, MODULE)
    mark_by_hand(course, "own-words-mark", 4.0, "Well asked.")
    collect(course, [bundle(course, "b", ONE, LATER)])
    grade(course, MODULE)
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    grade(course, MODULE)
    mark = book(course)[WHO].marks["own-words-mark"]
    assert (mark.points, mark.comment) == (4.0, "Well asked.")


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ([WHO, MODULE, "7"], "has no hand-in number 7"),
        ([WHO, MODULE, "-1"], "is no number"),
        ([WHO, MODULE, "one"], "is no number"),
        (["trainee-018", MODULE, "1"], "has no hand-in number 1"),
        (["../x", MODULE, "1"], "is not a trainee's code"),
        ([WHO, "99-none", "1"], "is no module of this course"),
    ],
)
def test_what_cannot_be_used_is_said(
    course: Path, capsys: pytest.CaptureFixture[str], wanted: list[str], said: str
) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN)])
    assert main(["collect", "--root", str(course), "--use", *wanted]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1
    assert in_use(course) == GOOD
    assert sorted(path.name for path in (course / "history").iterdir()) == [WHO]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--list", "../x"], "is not a trainee's code"),
        (["--list", "trainee-018"], "no hand-in of trainee-018 is here yet"),
        (["--list", WHO, "99-none"], f"no hand-in of {WHO} 99-none is here yet"),
        (["--list", WHO, MODULE, "1"], "collect in a command of its own"),
        (["inbox", "--use", WHO, MODULE, "1"], "collect in a command of its own"),
    ],
)
def test_what_cannot_be_listed_is_said(
    course: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN)])
    assert main(["collect", "--root", str(course), *words]) == 1
    error = capsys.readouterr().err
    assert said in error
    assert error.count("\n") == 1


@fault(
    COLLECT,
    "The list of earlier hand-ins is damaged or gone",
    "It is made anew from what is kept. What is in use stays so.",
)
@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[]",
        b'{"hand_ins": []}',
        b'{"hand_ins": [{}]}',
        b'{"hand_ins": [{"number": "1"}]}',
        b"\xff",
        None,
    ],
)
def test_a_damaged_list_is_made_anew(
    course: Path, capsys: pytest.CaptureFixture[str], damage: bytes | None
) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN), bundle(course, "b", ONE, LATER)])
    assert main(["collect", "--use", WHO, MODULE, "1", "--root", str(course)]) == 0
    path = course / "history" / WHO / MODULE / "hand-ins.json"
    path.unlink()
    if damage is not None:
        path.write_bytes(damage)
    collect(course, [bundle(course, "c", b"{", TODAY)])
    assert in_use(course) == GOOD
    assert [one["in_use"] for one in listed(course, capsys)] == [True, False, False]


def test_only_trainers_can_open_what_is_kept(course: Path) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN), bundle(course, "b", ONE, LATER)])
    for path in [course / "history", *(course / "history").rglob("*")]:
        wanted = 0o700 if path.is_dir() else 0o600
        assert stat.S_IMODE(path.stat().st_mode) == wanted, path


def test_a_kept_one_is_a_bundle_like_any_other(course: Path) -> None:
    collect(course, [bundle(course, "a", GOOD, WHEN), bundle(course, "b", ONE, LATER)])
    kept = course / "history" / WHO / MODULE
    found = collect(course, [kept / "1.zip", kept / "2.zip"])
    assert [one.outcome for one in found] == [OLDER, OLDER]


# Power cuts -----------------------------------------------------------------------------


def cut_off_at(course: Path, path: Path, step: int) -> None:
    """Collect, and end without a word after so many files and folders were put in place."""
    left = [step]

    def counted(really: Callable) -> Callable:
        def move(path: Path, target: Path) -> Path:
            if left[0] == 0:
                os._exit(9)  # as a kill would: nothing is tidied up
            left[0] -= 1
            return really(path, target)

        return move

    Path.rename, Path.replace = counted(Path.rename), counted(Path.replace)
    collect(course, [path])


@pytest.mark.parametrize("step", range(9))
def test_a_power_cut_between_any_two_steps_keeps_both_hand_ins(
    course: Path, capsys: pytest.CaptureFixture[str], step: int
) -> None:
    older, newer = bundle(course, "a", answers_json(BEST), WHEN), bundle(course, "b", GOOD, LATER)
    collect(course, [older])
    process = FORKS.Process(target=cut_off_at, args=(course, newer, step))
    process.start()
    process.join()
    assert process.exitcode == (9 if step < 8 else 0)
    (result,) = grade(course, MODULE)
    assert result.points == 6.0
    collect(course, [newer])
    assert in_use(course) == GOOD
    rows = listed(course, capsys)
    assert [(one["number"], one["in_use"]) for one in rows] == [(1, False), (2, True)]
    assert [path.name for path in (course / "submitted").iterdir()] == [WHO]
    kept = sorted(path.name for path in (course / "history" / WHO / MODULE).iterdir())
    assert kept == ["1.zip", "2.zip", "hand-ins.json"]
