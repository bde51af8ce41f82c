"""One computer under two codes is told as a fact, and is settled once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book
from helpers.cohort import MODULE, write_bundle
from helpers.hand_ins import GOOD, ONE, TODAY

from grader.cli import main
from grader.trainer.collect.collect import COLLECTED, collect

HOME, OTHER = "a" * 16, "b" * 16
ANNA, BEN, CLEO = "trainee-003", "trainee-017", "trainee-018"
FACT = f"{ANNA} and {BEN} handed in from the same device."
FINE = "Where people share a computer, this is fine."


@pytest.fixture
def shared(course: Path) -> Path:
    """Give a course in which two people on the roster sent from one computer."""
    (course / "roster.csv").write_text(f"id\n{ANNA}\n{BEN}\n{CLEO}\n")
    send(course, ANNA, HOME)
    send(course, BEN, HOME)
    send(course, CLEO, OTHER)
    return course


def bundle(course: Path, who: str, device: str, answers: bytes = GOOD, day: int = 1) -> Path:
    when = (TODAY + timedelta(days=day - 60)).isoformat()
    return write_bundle(course.parent / "inbox" / f"{who}-{day}", who, answers, when, device=device)


def send(course: Path, who: str, device: str, answers: bytes = GOOD, day: int = 1) -> None:
    (one,) = collect(course, [bundle(course, who, device, answers, day)])
    assert (one.outcome, one.trainee) == (COLLECTED, who)


def said(course: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main([*words, f"--root={course}"]) == 0
    both = capsys.readouterr()
    return both.out + both.err


def page(course: Path) -> str:
    return (course / "reports" / "cohort.html").read_text("utf-8")


@fault(
    COLLECT,
    "Two people of the roster hand in from one computer",
    "Both count. You are told of it as a fact, until you say `alongside whose CODE --shared`.",
)
def test_two_people_at_one_computer_are_told_once(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    again = str(bundle(shared, BEN, HOME, ONE, 2))
    for step in (["collect", again], ["grade", MODULE], ["whose"]):
        words = said(shared, capsys, *step)
        assert words.count(FACT) == 1
        assert f"{FACT} {FINE} To settle it: alongside whose {ANNA} --shared" in words
        assert f"{BEN} and {ANNA}" not in words
        assert CLEO not in words.split(FACT)[1].split("--shared")[0]
    said(shared, capsys, "report")
    assert page(shared).count(FACT) == 1
    assert {who: entry.points for who, entry in book(shared).items()}.keys() == {ANNA, BEN, CLEO}


@pytest.mark.parametrize("who", [ANNA, BEN])
def test_it_is_settled_for_good_and_can_be_asked_again(
    shared: Path, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    assert f"{ANNA} and {BEN} share a computer" in said(shared, capsys, "whose", who, "--shared")
    send(shared, BEN, HOME, ONE, 3)
    for step in (["grade", MODULE], ["report"]):
        assert FACT not in said(shared, capsys, *step)
    assert FACT not in page(shared)
    listed = said(shared, capsys, "whose")
    assert FACT not in listed
    assert f"alongside whose {who} --undo" in listed
    said(shared, capsys, "whose", who, "--undo")
    assert FACT in said(shared, capsys, "whose")


def test_a_third_person_at_a_settled_computer_is_told_anew(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(shared, capsys, "whose", ANNA, "--shared")
    (shared / "roster.csv").write_text(f"id\n{ANNA}\n{BEN}\n{CLEO}\ntrainee-019\n")
    send(shared, "trainee-019", HOME)
    words = said(shared, capsys, "whose")
    assert f"{ANNA}, {BEN} and trainee-019 handed in from the same device." in words
    said(shared, capsys, "whose", "trainee-019", "--shared")
    assert "same device" not in said(shared, capsys, "whose")


def test_many_people_at_one_computer_are_one_line(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(1, 8):
        send(course, f"trainee-00{number}", HOME)
    words = said(course, capsys, "whose")
    assert words.count("same device") == 1
    assert "trainee-001, trainee-002, trainee-003 and 4 more handed in" in words


def test_who_is_not_on_the_roster_is_told_elsewhere(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shared / "roster.csv").write_text(f"id\n{ANNA}\n{CLEO}\n")
    words = said(shared, capsys, "grade", MODULE)
    assert "same device" not in words
    assert "not in roster.csv" in words


def test_no_mark_is_no_computer(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for who in (ANNA, BEN):
        send(course, who, HOME if who == ANNA else OTHER)
        collect(course, [bundle(course, who, "", ONE, 2)])
        said(course, capsys, "whose", who, "--same")
    assert "same device" not in said(course, capsys, "whose")


def test_nothing_to_settle_is_said(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["whose", CLEO, "--shared", f"--root={shared}"]) == 1
    assert f"{CLEO} shares no computer with anybody" in capsys.readouterr().err
    assert main(["whose", "--shared", f"--root={shared}"]) == 2


def test_a_roster_or_a_book_that_cannot_be_read_stops_nothing(
    shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shared / "submitted" / CLEO / ".senders.json").write_text("{")
    assert FACT in said(shared, capsys, "whose")
    (shared / "roster.csv").write_text("name\nx\n")
    said(shared, capsys, "whose")
