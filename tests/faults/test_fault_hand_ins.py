"""No damage makes a hand-in count that should not, and none is ever lost."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import (
    BEST,
    FULL,
    LATER,
    MODULE,
    WHEN,
    answers_json,
    mark_by_hand,
    submit,
    write_bundle,
)
from helpers.hand_ins import GOOD, ONE, TODAY, WHO, bundle, in_use, listed, placed, sent

from grader.cli import main
from grader.trainer.collect.collect import COLLECTED, OLDER, collect
from grader.trainer.grading.grading import grade

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


def spoil(change: Callable[[dict[str, Any]], Any]) -> bytes:
    """Return a whole hand-in but for the typed reply."""
    return spoilt(lambda data: change(data["items"]))


SPOILT = {
    "a number": spoil(lambda items: items.update({"own-words": 17})),
    "a mapping": spoil(lambda items: items["own-words"].update(response={"x": 1})),
    "a list": spoil(lambda items: items["own-words"].update(response=["Hello"])),
    "true": spoil(lambda items: items["own-words"].update(response=True)),
    "a text without the rest": spoil(lambda items: items.update({"own-words": "Hello"})),
    "of another kind": spoil(lambda items: items["own-words"].update(kind="choice")),
    "tries below zero": spoil(lambda items: items["own-words"].update(tries=-1)),
}


@fault(
    COLLECT,
    "One or two answers of a later hand-in are in no form that can be read",
    "It counts. You are told which, and which hand-in has them. A typed one waits for you.",
)
@pytest.mark.parametrize("case", SPOILT)
def test_an_answer_in_no_form_is_told_and_waits(course: Path, case: str) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    (second,) = collect(course, [bundle(course, "second", SPOILT[case], LATER)])
    assert second.outcome == COLLECTED
    assert second.reason == (
        "1 answer cannot be read: own-words. Number 1 has it. "
        f"To use number 1: alongside collect --use {WHO} {MODULE} 1."
    )
    (result,) = grade(course, MODULE)
    assert (result.points, result.waiting) == (6.0, 1)
    assert "the answer to 'own-words' is not in the form of" in result.problem
    assert "cannot be read as an answer" in (
        (course / "autograded" / WHO / MODULE / "exercise.ipynb").read_text("utf-8")
    )


def test_the_first_with_an_answer_in_no_form_is_told_too(course: Path) -> None:
    (first,) = collect(course, [bundle(course, "first", SPOILT["a number"], WHEN)])
    what = "1 answer cannot be read: own-words. Ask for it to be sent again."
    assert (first.outcome, first.reason) == (COLLECTED, what)


@pytest.mark.parametrize("blank", ["", "  ", None, {}, [], {"x": ""}])
def test_a_blank_is_no_answer_in_no_form(course: Path, blank: object) -> None:
    content = spoil(lambda items: items["own-words"].update(response=blank))
    (first,) = collect(course, [bundle(course, "first", content, WHEN)])
    assert (first.outcome, first.reason) == (COLLECTED, "")
    (result,) = grade(course, MODULE)
    assert (result.waiting, result.problem) == (0, "")


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
    wrong_use = "is no number" in said
    assert main(["collect", "--root", str(course), "--use", *wanted]) == (2 if wrong_use else 1)
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
    wrong_use = "command of its own" in said
    assert main(["collect", "--root", str(course), *words]) == (2 if wrong_use else 1)
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


# One way back ---------------------------------------------------------------------------


def to_use(number: int) -> str:
    return f"alongside collect --use {WHO} {MODULE} {number}"


@pytest.mark.parametrize("marked", [False, True])
@pytest.mark.parametrize("when", [WHEN, LATER])
def test_the_way_back_is_said_once(course: Path, when: str, marked: bool) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    if marked:
        grade(course, MODULE)
    (second,) = collect(course, [bundle(course, "second", SPOILT["a number"], when)])
    assert second.outcome == COLLECTED
    assert second.reason.count(to_use(1)) == 1
    assert ("was marked, and is kept." in second.reason) == marked
    assert "cannot be read: own-words. Number 1 has it." in second.reason


@fault(
    COLLECT,
    "One line about a hand-in has several reasons to go back to the same earlier one",
    "All reasons stand in it, and the command once.",
)
def test_several_reasons_to_go_back_have_one_command(course: Path) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    (second,) = collect(course, [bundle(course, "second", ONE, WHEN)])
    assert second.reason.count(to_use(1)) == 1
    for reason in ("Number 1 gives the same time.", "Number 1 was marked, and is kept."):
        assert reason in second.reason


def test_a_marked_computer_after_others_says_the_way_back_once(course: Path) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    path = write_bundle(course / "more", WHO, ONE, LATER, device="b" * 16)
    (second,) = collect(course, [path])
    assert second.reason.count(to_use(1)) == 1
    assert "bears none. It may be another person's." in second.reason
