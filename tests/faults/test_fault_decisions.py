"""What a trainer decided of a code is listed, refused where it is a slip, and taken back whole."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book
from helpers.cohort import MODULE
from helpers.hand_ins import GOOD, ONE
from helpers.slips import ADA, BEN, FIRST, SECOND, WORDS, run, send, slip

from grader.trainer.collect.collect import ASIDE, COLLECTED, OLDER
from grader.trainer.collect.senders import read_senders
from grader.trainer.collect.whose import kept_aside

CLEO = "c" * 16
THIRD = "trainee-012"
CHOICES = (["--same"], ["--instead"], ["--other", SECOND])


def said(course: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    run(course, *words)
    both = capsys.readouterr()
    return both.out + both.err


def counts(course: Path, who: str) -> bytes:
    path = course / "submitted" / who / MODULE / "answers.json"
    return path.read_bytes() if path.exists() else b""


def standing(course: Path) -> dict[str, object]:
    """Return what counts, what waits, every hand-in that is kept, and whose each mark is."""
    people = (FIRST, SECOND, THIRD)
    lists = sorted(course.glob("**/history/*/*/hand-ins.json"))
    kept = {
        path.relative_to(course).as_posix(): [
            (one["stamp"], one["content"]) for one in json.loads(path.read_text())["hand_ins"]
        ]
        for path in lists
    }
    answers = course.glob("**/submitted/**/answers.json")
    return {
        "counts": {who: counts(course, who) for who in people},
        "waits": kept_aside(course),
        "kept": kept,
        "marks": {who: read_senders(course, who).counts for who in people},
        "given": {who: dict(read_senders(course, who).given) for who in people},
        "answers": {path.relative_to(course).as_posix(): path.read_bytes() for path in answers},
    }


# A slip in the new code -----------------------------------------------------------------


@fault(
    COLLECT,
    "You give work to another code, and the code that you type has a slip: `trainee-O11`",
    "Nothing is moved, and one line names the nearest code.",
)
def test_a_slip_in_the_other_code_is_refused_with_the_nearest(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text(f"id\n{FIRST}\n{SECOND}\n")
    slip(course)
    before = standing(course)
    for typed in ("trainee-O11", "Trainee-011", "11"):
        words = said(course, capsys, "whose", FIRST, "--other", typed)
        assert f"{typed} is not taken. It is not in roster.csv." in words
        assert f"The nearest code there is {SECOND}." in words
        assert "write it into roster.csv first" in words
        assert run(course, "whose", FIRST, "--other", typed) == 1
    assert "No code there is like it." in said(course, capsys, "whose", FIRST, "--other", "zebra")
    assert standing(course) == before
    assert run(course, "whose", FIRST, "--other", SECOND) == 0


def test_without_a_roster_only_almost_the_same_code_is_refused(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    send(course, CLEO, ONE, 5, THIRD)
    words = said(course, capsys, "whose", FIRST, "--other", "trainee_O12")
    assert f"It is almost the same code as {THIRD}." in words
    assert kept_aside(course)
    assert run(course, "whose", FIRST, "--other", SECOND) == 0  # a new code, as there is no list


def test_a_roster_that_cannot_be_read_decides_nothing(course: Path) -> None:
    slip(course)
    (course / "roster.csv").write_text("name\nx\n")
    assert run(course, "whose", FIRST, "--other", SECOND) == 1
    assert len(kept_aside(course)) == 1


# Taking it back -------------------------------------------------------------------------


@fault(
    COLLECT,
    "You said whose work it is, and it was not so",
    "`alongside whose` lists what you decided. `--undo` puts all of it back where it was.",
)
@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice[0])
def test_a_decision_is_listed_and_taken_back_whole(
    course: Path, capsys: pytest.CaptureFixture[str], choice: list[str]
) -> None:
    slip(course)
    before = standing(course)
    assert run(course, "whose", FIRST, *choice) == 0
    listed = said(course, capsys, "whose")
    assert "Nothing is kept aside." in listed
    (line,) = (one for one in listed.splitlines() if f"alongside whose {FIRST} --undo" in one)
    assert line.startswith(f"{FIRST}  bbbbbb")
    assert run(course, "whose", FIRST, "--undo") == 0
    assert standing(course) == before
    assert said(course, capsys, "whose", "--decided") == "Nothing is decided.\n"
    for again in (choice, ["--undo"], choice):
        assert run(course, "whose", FIRST, *again) == 0
    assert not kept_aside(course)
    assert counts(course, SECOND if choice[0] == "--other" else FIRST) == WORDS[2]


@pytest.mark.parametrize("choice", CHOICES, ids=lambda choice: choice[0])
def test_what_came_since_goes_back_as_well(course: Path, choice: list[str]) -> None:
    slip(course)
    run(course, "whose", FIRST, *choice)
    assert send(course, BEN, WORDS[3], 5).outcome == COLLECTED
    send(course, ADA, ONE, 6)
    assert run(course, "whose", FIRST, "--undo") == 0
    assert counts(course, FIRST) == ONE
    (waits,) = kept_aside(course)
    assert (waits.trainee, waits.mark, waits.modules) == (FIRST, BEN, (MODULE,))
    aside = course / "aside" / BEN
    assert (aside / "submitted" / FIRST / MODULE / "answers.json").read_bytes() == WORDS[3]
    assert len(list((aside / "history" / FIRST / MODULE).glob("*.zip"))) == 4
    assert len(list((course / "history" / FIRST / MODULE).glob("*.zip"))) == 2
    assert counts(course, SECOND) == b""
    assert send(course, BEN, WORDS[3], 5).outcome == OLDER  # the folder of files is read again


def test_the_right_code_gets_it_after_the_wrong_one(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    run(course, "whose", FIRST, "--other", SECOND)
    run(course, "grade", MODULE)
    words = said(course, capsys, "whose", FIRST, "--undo")
    assert f"Marks that {SECOND} has for it stay in the gradebook" in words
    way_out = re.findall(r"nbgrader (db student remove .*)", words)[0].split()
    assert not (course / "submitted" / SECOND).exists()
    assert run(course, "whose", FIRST, "--other", THIRD) == 0
    assert (counts(course, FIRST), counts(course, THIRD)) == (GOOD, WORDS[2])
    assert run(course, "grade", MODULE) == 0
    assert (send(course, BEN, WORDS[3], 5).trainee, kept_aside(course)) == (THIRD, [])
    subprocess.run([sys.executable, "-m", "nbgrader", *way_out], cwd=course, check=True)
    assert set(book(course)) == {FIRST, THIRD}


def test_what_the_other_code_sent_itself_stays_its_own(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    send(course, BEN, ONE, 3, SECOND)
    for day in (2, 4):
        send(course, BEN, WORDS[day - 2], day)
    before = standing(course)
    run(course, "whose", FIRST, "--other", SECOND)
    assert counts(course, SECOND) == WORDS[2]
    run(course, "whose", FIRST, "--undo")
    assert standing(course) == before
    assert send(course, BEN, WORDS[3], 5, SECOND).outcome == COLLECTED


def test_older_work_that_never_counted_goes_back_too(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    send(course, BEN, ONE, 10, SECOND)
    send(course, BEN, WORDS[0], 2)
    before = standing(course)
    run(course, "whose", FIRST, "--other", SECOND)
    assert counts(course, SECOND) == ONE
    run(course, "whose", FIRST, "--undo")
    assert standing(course) == before


def test_what_bears_no_mark_goes_back_too(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    send(course, "", WORDS[0], 2)
    before = standing(course)
    run(course, "whose", FIRST, "--other", SECOND)
    assert counts(course, SECOND) == WORDS[0]
    run(course, "whose", FIRST, "--undo")
    assert standing(course) == before


def test_several_are_taken_back_the_last_one_first(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    send(course, CLEO, ONE, 5)
    steps = [standing(course)]
    for choice in (["--same", "--mark=c"], ["--instead", "--mark=b"]):
        assert run(course, "whose", FIRST, *choice) == 0
        steps.append(standing(course))
    words = said(course, capsys, "whose", FIRST, "--undo", "--mark", "cccccc")
    assert "take back first" in words
    assert "bbbbbb" in words
    assert standing(course) == steps.pop()
    for before in reversed(steps):
        assert run(course, "whose", FIRST, "--undo") == 0
        assert standing(course) == before
    assert "Nothing is decided of 'trainee-004'" in said(course, capsys, "whose", FIRST, "--undo")
    assert run(course, "whose", FIRST, "--undo") == 1


def test_what_came_from_each_computer_that_counts_again_counts(course: Path) -> None:
    send(course, ADA, GOOD, 1)
    send(course, CLEO, WORDS[0], 2)
    run(course, "whose", FIRST, "--same")
    send(course, BEN, WORDS[1], 3)
    run(course, "whose", FIRST, "--instead")
    assert send(course, CLEO, ONE, 9).outcome == ASIDE
    run(course, "whose", FIRST, "--undo")
    assert counts(course, FIRST) == ONE
    assert [one.mark for one in kept_aside(course)] == [BEN]
    assert read_senders(course, FIRST).counts == (ADA, CLEO)


def test_work_that_was_moved_on_is_not_taken_back_over_it(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    run(course, "whose", FIRST, "--other", SECOND)
    send(course, CLEO, ONE, 5, SECOND)
    run(course, "whose", SECOND, "--instead")
    before = standing(course)
    words = said(course, capsys, "whose", FIRST, "--undo")
    assert f"alongside whose {SECOND} --undo" in words
    assert standing(course) == before
    assert run(course, "whose", SECOND, "--undo") == 0
    assert run(course, "whose", FIRST, "--undo") == 0
    assert {one.trainee for one in kept_aside(course)} == {FIRST, SECOND}


def test_without_the_exercise_nothing_is_moved(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slip(course)
    run(course, "whose", FIRST, "--same")
    before, exercise = standing(course), course / "exercises" / MODULE
    exercise.rename(exercise.with_name("elsewhere"))
    assert f"exercises/{MODULE} is not released" in said(course, capsys, "whose", FIRST, "--undo")
    assert standing(course) == before


@pytest.mark.parametrize("who", ["trainee-099", "../x", "a\nb"])
def test_nothing_to_take_back_is_said(
    course: Path, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    assert "Nothing is decided of" in said(course, capsys, "whose", who, "--undo")
    assert run(course, "whose", "--undo") == 2


def test_programs_read_the_decisions_too(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    slip(course)
    run(course, "whose", FIRST, "--other", SECOND)
    (one,) = json.loads(said(course, capsys, "whose", "--decided", "--json"))
    assert (one["trainee"], one["mark"], one["codes"]) == (FIRST, BEN, [SECOND])
    assert one["undo"] == f"alongside whose {FIRST} --undo"
    done = json.loads(said(course, capsys, "whose", FIRST, "--undo", "--json"))
    assert done == {"trainee": FIRST, "modules": [MODULE]}
