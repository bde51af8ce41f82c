"""Slips in codes are told with the nearest code, and the work is never dropped for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.aftermath import book
from helpers.cohort import FULL, MODULE, answers_json, submit, write_bundle

from grader.cli import main
from grader.trainer.roster.codes import MOST_COMPARED, Codes

ROSTER = ["trainee-001", "trainee-002", "trainee-010", "trainee-110", "007", "ab-12", "anna.k"]
SLIPS = {
    "Trainee-001": "trainee-001",
    "trainee_002": "trainee-002",
    "TRAINEE002": "trainee-002",
    "trainee-1": "trainee-001",
    "trainee-0010": "trainee-010",
    "trainee.010": "trainee-010",
    "trainee-O1O": "trainee-010",  # letters for digits
    "trainee-l1O": "trainee-110",
    "7": "007",
    "07": "007",
    "0007": "007",
    "2": "trainee-002",
    "trainee-7": "007",
    "trainne-002": "trainee-002",
    "triane-002": "trainee-002",
    "trainee-002-": "trainee-002",
    "AB12": "ab-12",
    "ab_l2": "ab-12",
    "annak": "anna.k",
}


def roster(course: Path, *codes: str) -> None:
    (course / "roster.csv").write_text("id\n" + "".join(f"{code}\n" for code in codes))


@pytest.mark.parametrize("code", SLIPS)
def test_a_slip_is_told_with_the_nearest_code(code: str) -> None:
    note = Codes(ROSTER).note(code)
    assert note == (
        f"It is not in roster.csv. The nearest code there is {SLIPS[code]}. Ask whose it is."
    )


@pytest.mark.parametrize("code", ROSTER)
def test_a_code_of_the_roster_is_fine(code: str) -> None:
    assert Codes(ROSTER).note(code) == ""


@pytest.mark.parametrize("code", ["zebra", "99", "x"])
def test_a_stranger_is_told_without_a_guess(code: str) -> None:
    note = Codes(ROSTER).note(code)
    assert note == "It is not in roster.csv. No code there is like it. Ask whose it is."


def test_two_codes_that_are_equally_near_are_both_told() -> None:
    assert "a-1 or a_1." in Codes(["a-1", "a_1"]).note("A1")


def test_without_a_roster_only_codes_that_are_almost_the_same_are_told() -> None:
    codes = Codes((), ["trainee-001", "Trainee-001", "trainee-002", "trainee-010"])
    assert list(codes.strangers(["trainee-001", "trainee-002", "Trainee-001"])) == [
        "Trainee-001", "trainee-001"
    ]  # fmt: skip
    assert codes.note("Trainee-001").startswith("It is almost the same code as trainee-001.")


def test_a_roster_that_is_another_cohorts_is_compared_in_seconds() -> None:
    codes = Codes(f"trainee-{number:05}" for number in range(5000))
    found = codes.strangers(f"person-{number}-x" for number in range(3000))
    assert len(found) == 3000
    assert sum("No code there" in note for note in found.values()) >= 3000 - MOST_COMPARED


@fault(
    COLLECT,
    "A trainee’s code has a slip: `Trainee-001`, `trainee_002`, `7` for `007`",
    "The work is taken and marked. Collecting, grading and the report name the nearest code.",
)
def test_a_slip_is_told_at_every_step(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster(course, "trainee-001", "trainee-002", "007")
    root, said = f"--root={course}", {"Trainee-001": "trainee-001", "7": "007"}
    for code in ("trainee-002", *said):
        write_bundle(tmp_path / "inbox", code, answers_json(FULL))
    steps = (["collect", str(tmp_path / "inbox")], ["grade", MODULE], ["feedback", MODULE])
    for step in (*steps, steps[0]):  # collecting again says it again
        assert main([*step, root]) == 0
        out = capsys.readouterr().out
        for code, near in said.items():
            line = next(one for one in out.splitlines() if f"code there is {near}." in one)
            assert line.startswith(code)
        assert "code there is trainee-002" not in out
    assert {trainee: entry.points for trainee, entry in book(course).items()} == {
        "Trainee-001": 6.0, "7": 6.0, "trainee-002": 6.0
    }  # fmt: skip
    assert main(["report", root]) == 0
    assert "2 codes need a look" in capsys.readouterr().out
    page = (course / "reports" / "cohort.html").read_text("utf-8")
    assert "<dt>Trainee-001</dt><dd>It is not in roster.csv. The nearest code" in page
    assert "<dt>trainee-002</dt>" not in page


def test_programs_hear_of_it_too(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster(course, "trainee-001")
    bundle = write_bundle(tmp_path / "inbox", "trainee_001", answers_json(FULL))
    main(["collect", str(bundle), f"--root={course}", "--json"])
    (one,) = json.loads(capsys.readouterr().out)
    assert "The nearest code there is trainee-001." in one["reason"]
    main(["grade", MODULE, f"--root={course}", "--json"])
    notes = {one["trainee"]: one["problem"] for one in json.loads(capsys.readouterr().out)}
    assert "The nearest code there is trainee-001." in notes["trainee_001"]
    assert notes["trainee-001"] == ""
    main(["report", f"--root={course}", "--json"])
    assert json.loads(capsys.readouterr().out)["strangers"] == 1


def test_a_roster_that_cannot_be_read_stops_no_collecting(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (course / "roster.csv").write_text("name\nx\n")
    bundle = write_bundle(tmp_path / "inbox", "trainee-001", answers_json(FULL))
    assert main(["collect", str(bundle), f"--root={course}"]) == 0
    out = capsys.readouterr().out
    assert "1 collected" in out
    assert "The codes could not be compared: roster.csv: there is no column 'id'" in out


def test_nobody_is_a_stranger_where_there_is_no_roster(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    submit(course, "trainee-017", FULL)
    main(["grade", MODULE, f"--root={course}"])
    assert "roster.csv" not in capsys.readouterr().out
