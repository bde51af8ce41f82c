"""What `alongside demo` and `alongside grade` print of a cohort, and what to type after it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY
from helpers.tools import missing

from grader.cli.shared import points_words, typed_teach
from grader.cli.tables import print_outcomes
from grader.trainer.grading.outcomes import GRADED, WAITING, Graded

ONE = Graded("trainee-001", "06-conversation", WAITING, 7.6666667, 24.0, 2)
HEADING = ["trainee", "made to be", "outcome", "points", "replies waiting", "note"]
TWO = Graded("trainee-001", "07-advice", GRADED, 3.0, 7.5)


def test_each_module_has_its_name_above_a_table_of_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    print_outcomes([ONE, TWO], {"made to be": ["strong", "mixed"]})
    first, second, last = capsys.readouterr().out.split("\n\n")
    for part, module in ((first, "06-conversation:"), (second, "07-advice:")):
        name, heading, _ = part.splitlines()
        assert name == module
        assert [words.strip() for words in heading.split("  ") if words] == HEADING
    assert last == (
        "1 waiting for trainer, 1 graded. In these hand-ins, 2 replies wait to be read.\n"
    )


def test_one_module_is_one_table_that_names_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_outcomes([TWO])
    heading, line, last = capsys.readouterr().out.splitlines()
    assert "module" in heading
    assert "replies waiting" in heading
    assert "07-advice" in line
    assert last == "1 graded."


@pytest.mark.parametrize(
    ("points", "most", "words"),
    [(7.6666667, 24.0, "7.67 of 24"), (3.0, 7.5, "3 of 7.5"), (0.0, 10, "0 of 10"), (0, 0, "")],
)
def test_points_have_two_decimals_at_most(points: float, most: float, words: str) -> None:
    assert points_words(Graded("trainee-001", "07-advice", GRADED, points, most)) == words


def test_who_typed_make_is_told_a_line_for_make(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAKELEVEL", "1")
    assert typed_teach(Path("demo")) == 'make teach ARGS="--root demo"'
    assert typed_teach(Path("my demo")) == "make teach ARGS=\"--root 'my demo'\""


def test_who_typed_the_path_of_the_program_is_told_it_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MAKELEVEL", raising=False)
    monkeypatch.setattr(sys, "argv", [".venv/bin/alongside", "demo"])
    where = Path("demo").resolve()
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert typed_teach(Path("demo")) == f".venv/bin/alongside teach --root {where}"
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/alongside")
    assert typed_teach(Path("demo")) == f"alongside teach --root {where}"


def test_make_says_that_packages_take_minutes_before_it_fetches_them(tmp_path: Path) -> None:
    if not shutil.which("make"):
        missing("there is no make")
    for name in ("Makefile", "pyproject.toml", "constraints.txt", "pip.txt"):
        shutil.copy(REPOSITORY / name, tmp_path)
    planned = subprocess.run(
        ["make", "--dry-run", "learn"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    said, fetches = planned.index("Packages are fetched once."), planned.index("pip install")
    assert said < fetches
