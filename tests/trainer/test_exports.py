"""The table of marks has a row for everybody and opens safely in a spreadsheet."""

from __future__ import annotations

import csv
import errno
import os
import shutil
import stat
from pathlib import Path

import pytest
from fault_page import TEXT, fault
from helpers.cohort import BEST, FULL, MODULE, make_course, submit

from grader.errors import GradingError
from grader.trainer.grading.grading import grade
from grader.trainer.report import exports
from grader.trainer.report.exports import export_csv


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Grade one trainee of each sort."""
    root = make_course(tmp_path_factory.mktemp("prepared") / "course")
    submit(root, "trainee-001", FULL)
    submit(root, "trainee-002", BEST)
    submit(root, "trainee-003", b"{")
    submit(root, "trainee-005", {"first-move": "tell", "what-fits": ["ask"]})
    (root / "roster.csv").write_text("id\ntrainee-001\ntrainee-004\n")
    grade(root, MODULE)
    submit(root, "trainee-006", FULL)  # after grading
    return root


@pytest.fixture
def course(prepared: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(prepared, tmp_path / "course"))


def rows(course: Path) -> dict[str, dict[str, str]]:
    out = course / "out" / "marks.csv"
    export_csv(course, out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return {row["trainee"]: row for row in csv.DictReader(file)}


def test_everybody_has_a_row_that_says_how_it_stands(course: Path) -> None:
    assert {name: row["status"] for name, row in rows(course).items()} == {
        "trainee-001": "waiting for trainer",
        "trainee-002": "graded",
        "trainee-003": "damaged",
        "trainee-004": "nothing handed in",
        "trainee-005": "graded",
        "trainee-006": "handed in, not graded yet",
    }


def test_points_and_what_waits_stand_side_by_side(course: Path) -> None:
    row = rows(course)["trainee-001"]
    assert (row["points"], row["max_points"], row["waiting_for_trainer"]) == ("6", "10", "1")
    assert row["handed_in"] == "2026-03-01 09:00 UTC"


def test_each_item_has_a_column_that_is_empty_while_it_waits(course: Path) -> None:
    table = rows(course)
    items = ["first-move", "what-fits", "own-words"]
    assert [table["trainee-001"][item] for item in items] == ["3", "3", ""]
    assert [table["trainee-002"][item] for item in items] == ["3", "3", "0"]
    assert [table["trainee-005"][item] for item in items] == ["1", "1.5", "0"]


def test_who_handed_in_nothing_has_no_points_rather_than_none(course: Path) -> None:
    row = rows(course)["trainee-004"]
    assert (row["points"], row["first-move"], row["max_points"]) == ("", "", "10")


def test_a_trainee_whose_folder_is_gone_keeps_the_marks(course: Path) -> None:
    shutil.rmtree(course / "submitted")
    assert rows(course)["trainee-001"]["points"] == "6"


def test_a_table_can_be_made_before_anything_is_graded(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    (course / "roster.csv").write_text("id\ntrainee-004\n")
    assert rows(course)["trainee-004"]["status"] == "nothing handed in"
    assert not (course / "gradebook.db").exists()


@fault(
    TEXT,
    "A text that a spreadsheet would run as a formula, such as `=cmd()`",
    "It stands in the table as plain text.",
)
def test_a_formula_in_the_gradebook_reaches_the_table_as_text(course: Path) -> None:
    from nbgrader.api import Gradebook

    from grader.trainer.gradebook.gradebook import default_db_url

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        nbgrader.update_or_create_student("=cmd()")
        nbgrader.update_or_create_submission(MODULE, "=cmd()")
    assert "'=cmd()" in rows(course)


def test_the_table_is_made_for_spreadsheets_and_for_its_owner(course: Path) -> None:
    out = course / "marks.csv"
    export_csv(course, out)
    content = out.read_bytes()
    assert content.startswith(b"\xef\xbb\xbftrainee,module,status")
    assert content.count(b"\r\n") == content.count(b"\n") == 7
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


def test_who_was_refused_has_a_row_that_says_so(course: Path) -> None:
    submit(course, "=cmd() x", FULL)
    submit(course, "odd\udcff", FULL)
    (course / "submitted" / "trainee-008").symlink_to(course / "submitted" / "trainee-001")
    refused = {name for name, row in rows(course).items() if row["status"] == "not graded"}
    assert refused == {"'=cmd() x", "odd\\udcff", "trainee-008"}


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "make room"),
        (errno.EROFS, "its folder cannot be written to"),
        (errno.EACCES, "close it elsewhere"),
    ],
)
def test_why_a_table_cannot_be_written_says_what_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, said: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(exports, "write_private", fail)
    with pytest.raises(GradingError, match=said):
        exports.write_out(tmp_path / "marks.csv", b"x")
