"""A code that is slipped again: later hand-ins go where the trainer said, with all before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import MODULE
from helpers.hand_ins import GOOD, ONE
from helpers.slips import ADA, BEN, FIRST, SECOND, WORDS, file_of, run, send, slip

from grader.trainer.collect.collect import ASIDE, COLLECTED, KEPT, OLDER
from grader.trainer.collect.whose import kept_aside


def numbers(course: Path, capsys: pytest.CaptureFixture[str], who: str) -> list[int]:
    capsys.readouterr()
    assert run(course, "collect", "--list", who, MODULE, "--json") == 0
    return [one["number"] for one in json.loads(capsys.readouterr().out)]


def counts(course: Path, who: str) -> bytes:
    return (course / "submitted" / who / MODULE / "answers.json").read_bytes()


@fault(
    COLLECT,
    "Somebody types the wrong code again, after you gave their work to another code",
    "It is kept under the other code at once, and you are told. All earlier ones go there too.",
)
def test_a_code_slipped_again_goes_to_the_code_that_was_given(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    assert run(course, "whose", FIRST, "--other", SECOND) == 0
    again = send(course, BEN, WORDS[3], 5)
    assert (again.outcome, again.trainee) == (COLLECTED, SECOND)
    what = f"It came under {FIRST} from the computer of {SECOND}, so it is kept as {SECOND}'s."
    assert again.reason == what
    assert (counts(course, FIRST), counts(course, SECOND)) == (GOOD, WORDS[3])
    assert send(course, BEN, WORDS[3], 5).outcome == OLDER
    assert send(course, BEN, WORDS[0], 2).outcome == OLDER
    assert kept_aside(course) == []
    assert numbers(course, capsys, SECOND) == [1, 2, 3, 4]
    for number in (1, 2, 3, 4):
        assert run(course, "collect", "--use", SECOND, MODULE, str(number)) == 0
        assert counts(course, SECOND) == WORDS[number - 1]
    assert numbers(course, capsys, FIRST) == [1]


def test_what_the_other_code_has_already_stays_and_the_newest_counts(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    send(course, ADA, GOOD, 1)
    send(course, BEN, ONE, 10, SECOND)
    for day in (2, 3):
        send(course, BEN, WORDS[day], day)
    assert run(course, "whose", FIRST, "--other", SECOND) == 0
    assert counts(course, SECOND) == ONE
    assert kept_aside(course) == []
    assert numbers(course, capsys, SECOND) == [1, 2, 3]
    assert run(course, "collect", "--use", SECOND, MODULE, "3") == 0
    assert counts(course, SECOND) == WORDS[3]
    late = send(course, BEN, WORDS[0], 5)
    assert (late.outcome, late.trainee) == (KEPT, SECOND)
    assert f"--use {SECOND} {MODULE} 4" in late.reason
    assert run(course, "collect", "--use", SECOND, MODULE, "4") == 0


@pytest.mark.parametrize("choice", ["--same", "--instead"])
def test_one_person_or_the_right_one_keeps_all_earlier_ones(
    course: Path, capsys: pytest.CaptureFixture[str], choice: str
) -> None:
    slip(course)
    assert run(course, "whose", FIRST, choice) == 0
    assert counts(course, FIRST) == WORDS[2]
    mine = [1, 2, 3, 4] if choice == "--same" else [1, 2, 3]
    assert numbers(course, capsys, FIRST) == mine
    assert run(course, "collect", "--use", FIRST, MODULE, str(mine[-2])) == 0
    assert counts(course, FIRST) == WORDS[1]
    for day, device, words in ((1, ADA, GOOD), (2, BEN, WORDS[0]), (4, BEN, WORDS[2])):
        assert send(course, device, words, day).outcome == OLDER
    if choice == "--instead":
        assert run(course, "whose", FIRST, choice, "--mark", "aaaaaa") == 0
        assert counts(course, FIRST) == GOOD
        assert numbers(course, capsys, FIRST) == [1]


def test_more_from_a_computer_that_was_decided_on_is_listed_again(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    assert run(course, "whose", FIRST, "--instead") == 0
    more = send(course, ADA, ONE, 6)
    assert more.outcome == ASIDE
    assert f"alongside whose {FIRST}" in more.reason
    assert [one.trainee for one in kept_aside(course)] == [FIRST]
    assert run(course, "whose", FIRST, "--other", SECOND) == 0  # one is open: nothing is asked
    assert counts(course, SECOND) == ONE
    assert numbers(course, capsys, SECOND) == [1, 2]
    assert kept_aside(course) == []


def test_what_lies_aside_names_no_number(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    send(course, BEN, WORDS[0], 5)
    for words, day in ((WORDS[1], 3), (b"{", 6)):
        one = send(course, BEN, words, day)
        assert one.outcome == ASIDE
        assert "umber" not in one.reason
        assert "--use" not in one.reason


def test_what_was_given_can_be_taken_back(course: Path) -> None:
    slip(course)
    assert run(course, "whose", FIRST, "--other", SECOND) == 0
    assert run(course, "whose", FIRST, "--same") == 1  # nothing waits
    assert run(course, "whose", FIRST, "--same", "--mark", "bbbbbb") == 0
    one = send(course, BEN, WORDS[3], 5)
    assert (one.outcome, one.trainee) == (COLLECTED, FIRST)


def test_what_bears_no_mark_goes_to_the_other_code_too(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    aside = send(course, "", WORDS[0], 2)
    assert aside.outcome == ASIDE
    assert aside.reason.startswith("It came without a mark, unlike the hand-ins before.")
    assert run(course, "whose", FIRST, "--other", SECOND) == 0
    assert send(course, "", WORDS[0], 2).outcome == OLDER
    assert send(course, "", WORDS[1], 3).outcome == ASIDE  # of whatever computer
    assert [one.short for one in kept_aside(course)] == ["no-mark"]
    assert send(course, BEN, WORDS[2], 4, SECOND).outcome == COLLECTED


@fault(
    COLLECT,
    "The first hand-in bears no mark of a computer, and the second does",
    "The second counts, as older courses made no marks. You are told, and how to go back.",
)
def test_the_first_mark_after_none_is_told(course: Path) -> None:
    assert send(course, "", GOOD, 1).outcome == COLLECTED
    second = send(course, BEN, WORDS[0], 2)
    assert second.outcome == COLLECTED
    assert second.reason == (
        "It bears a mark of its computer, and number 1 bears none. It may be another person's. "
        f"To use number 1: alongside collect --use {FIRST} {MODULE} 1"
    )
    assert send(course, "", GOOD, 1).outcome == OLDER  # known, not kept aside
    assert kept_aside(course) == []
    assert send(course, BEN, WORDS[1], 3).reason == ""
    assert run(course, "collect", "--use", FIRST, MODULE, "1") == 0
    assert counts(course, FIRST) == GOOD


def test_the_first_mark_with_the_same_words_is_nothing_to_tell(course: Path) -> None:
    send(course, "", GOOD, 1)
    same = send(course, BEN, GOOD, 2)
    assert (same.outcome, same.reason) == (COLLECTED, "")


def test_a_code_that_can_be_none_is_told_with_the_nearest(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text("id\ntrainee-002\ntrainee-017\n")
    path = file_of(course, ADA, GOOD, 1, "trainee 002")
    assert run(course, "collect", str(path)) == 1
    out = capsys.readouterr().out
    assert "'trainee 002' is not a trainee's code" in out
    assert "trainee 002: It is not in roster.csv. The nearest code there is trainee-002." in out
    run(course, "collect", str(path), "--json")
    assert "The nearest code there is trainee-002." in capsys.readouterr().out
