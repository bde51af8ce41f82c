"""The roster says who belongs to the cohort, and to which group."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.errors import GradingError
from grader.roster import read_groups, read_roster


def roster(folder: Path, text: str) -> Path:
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return folder


def test_without_a_roster_there_are_no_groups(tmp_path: Path) -> None:
    assert read_groups(tmp_path) == {}


@pytest.mark.parametrize("mark", [",", ";"])
def test_each_trainee_has_the_group_of_the_line(tmp_path: Path, mark: str) -> None:
    lines = [["id", "name", "group"], ["trainee-001", "", " north "], ["trainee-002", "x", ""]]
    text = "".join(mark.join(line) + "\n" for line in lines)
    assert read_groups(roster(tmp_path, text)) == {"trainee-001": "north", "trainee-002": ""}


def test_a_short_line_and_a_roster_without_groups_are_fine(tmp_path: Path) -> None:
    assert read_groups(roster(tmp_path, "id,group\ntrainee-001\n")) == {"trainee-001": ""}
    assert read_groups(roster(tmp_path, "id\ntrainee-001\n")) == {"trainee-001": ""}


def test_the_same_line_twice_counts_once(tmp_path: Path) -> None:
    text = "id,group\ntrainee-001,north\ntrainee-001,north\n"
    assert read_roster(roster(tmp_path, text)) == {"trainee-001"}


def test_two_groups_of_one_trainee_are_said(tmp_path: Path) -> None:
    text = "id,group\ntrainee-001,north\ntrainee-001,south\n"
    with pytest.raises(GradingError, match="trainee-001 stands in two groups; keep one line"):
        read_groups(roster(tmp_path, text))
