"""Two computers and one gradebook on a real PostgreSQL: what is not shared is said with a count."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers import postgres
from helpers.cohort import FULL, MODULE, answers_json, make_course, submit, write_bundle

from grader.cli import main
from grader.trainer.gradebook.gradebook import DATABASE_VARIABLE, read_gradebook

TRAINEES = ("trainee-017", "trainee-018", "trainee-019")
COMMANDS = (["grade", "--all"], ["feedback", "--all"], ["export"], ["report"])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with postgres.running() as address:
        yield address


@pytest.fixture(scope="module")
def first(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One computer's course folder: all is collected and graded there."""
    root = make_course(tmp_path_factory.mktemp("first") / "course")
    for trainee in TRAINEES:
        submit(root, trainee, FULL)
    assert main(["grade", "--all", "--root", str(root), "--db", address]) == 0
    return root


@pytest.fixture
def second(first: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another computer's: it has the course and the gradebook's address, and no hand-ins."""
    monkeypatch.setenv(DATABASE_VARIABLE, address)
    working = shutil.ignore_patterns("submitted", "autograded", ".gradebook.lock")
    return Path(shutil.copytree(first, tmp_path / "course", ignore=working))


def points(address: str) -> dict[str, float]:
    return {name: entry.points for name, entry in read_gradebook(address, MODULE).items()}


@fault(
    BOOK,
    "The gradebook is on a server, and this computer lacks the hand-ins",
    "All marks stay. You are told how many hand-ins are missing, and what to share.",
)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: words[0])
def test_what_another_computer_has_is_counted_and_said(
    second: Path, address: str, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    before = points(address)
    assert before == dict.fromkeys(TRAINEES, 6.0)
    assert main([*command, "--root", str(second)]) == (command[0] == "feedback")
    said = capsys.readouterr().err
    assert f"3 of 3 hand-ins in the gradebook are not in {second / 'submitted'}." in said
    assert "share the whole course folder with the computer that collected them" in said
    assert points(address) == before


def test_a_program_that_reads_the_results_is_told_aside(
    second: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["feedback", "--all", "--json", "--root", str(second)]) == 1
    told = capsys.readouterr()
    assert {one["outcome"] for one in json.loads(told.out)} == {"not written"}
    assert "3 of 3 hand-ins" in told.err


def test_who_shares_the_folder_hears_nothing_of_it(
    second: Path, first: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(first / "submitted", second / "submitted")
    for command in COMMANDS:
        assert main([*command, "--root", str(second)]) == 0
    told = capsys.readouterr()
    assert "hand-ins in the gradebook" not in told.err
    assert "3 feedback files are as they should be" in told.out


def test_some_that_are_missing_are_counted_as_some(
    second: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sent = write_bundle(tmp_path / "inbox", TRAINEES[0], answers_json(FULL))
    assert main(["collect", str(sent), "--root", str(second)]) == 0
    assert main(["report", "--root", str(second)]) == 0
    assert "2 of 3 hand-ins in the gradebook" in capsys.readouterr().err


def test_without_the_server_each_tells_its_own_hand_ins(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same where a gradebook was copied without what was handed in."""
    submit(course, "trainee-017", FULL)
    assert main(["grade", "--all", "--root", str(course)]) == 0
    shutil.rmtree(course / "submitted")
    assert main(["feedback", "--all", "--root", str(course)]) == 1
    assert "1 of 1 hand-ins in the gradebook" in capsys.readouterr().err
