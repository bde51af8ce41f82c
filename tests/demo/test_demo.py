"""The demo takes thirty made-up trainees through the whole cycle, for real."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from helpers.stock import finish, marks_of, points, start_grading, stock_course, waiting

from grader.demo.answers import ATTACK
from grader.demo.demo import DemoRow, run_demo
from grader.errors import GradingError
from grader.places import DEMO
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, WAITING
from grader.trainer.marking.marks import Entry
from grader.trainer.release import modules_of

MODULES = ("06-conversation",)  # its exercise holds nearly every kind of question


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DemoRow]]:
    folder = tmp_path_factory.mktemp("demo") / "demo"
    return folder, run_demo(folder, modules=MODULES)


def test_everybody_has_an_outcome(demo: tuple[Path, list[DemoRow]]) -> None:
    folder, rows = demo
    outcomes = Counter((row.profile, row.result.outcome) for row in rows)
    modules = len(MODULES)
    assert modules_of(folder) == MODULES
    assert len(rows) == 30 * modules
    assert outcomes["missing", MISSING] == modules
    assert outcomes["damaged record", DAMAGED] == modules
    assert outcomes["empty", GRADED] == 2 * modules
    assert outcomes["strong", WAITING] == 9 * modules


def test_both_doors_are_used(demo: tuple[Path, list[DemoRow]]) -> None:
    doors = Counter(row.handed_in for row in demo[1])
    assert doors["bundle"] > 10
    assert doors["exchange"] > 10


def test_the_strong_do_better_than_those_who_advise_too_soon(
    demo: tuple[Path, list[DemoRow]],
) -> None:
    by_profile = {
        profile: [row.result.points for row in demo[1] if row.profile == profile]
        for profile in ("strong", "mixed", "advising too soon", "empty")
    }
    assert min(by_profile["strong"]) > max(by_profile["mixed"])
    assert min(by_profile["mixed"]) > max(by_profile["advising too soon"])
    assert set(by_profile["empty"]) == {0.0}


def test_the_table_agrees_with_what_was_returned(demo: tuple[Path, list[DemoRow]]) -> None:
    folder, rows = demo
    with (folder / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        table = {(row["trainee"], row["module"]): row for row in csv.DictReader(file)}
    assert len(table) == len(rows)
    for row in rows:
        line = table[row.trainee, row.result.module]
        assert line["status"] == row.result.outcome
        assert float(line["points"] or 0) == pytest.approx(row.result.points, abs=1e-4)


def test_what_was_typed_runs_nowhere(demo: tuple[Path, list[DemoRow]]) -> None:
    folder, _ = demo
    written = [*folder.glob("autograded/*/*/*"), *folder.glob("feedback/*/*/*")]
    texts = [path.read_text(encoding="utf-8") for path in written]
    assert any("&lt;script&gt;" in text for text in texts)
    assert not any("<script" in text or ATTACK in text for text in texts)


def test_feedback_is_there_for_everybody_who_handed_in(
    demo: tuple[Path, list[DemoRow]],
) -> None:
    folder, rows = demo
    there = {path.name for path in (folder / "feedback-bundles").iterdir()}
    handed_in = [row for row in rows if row.handed_in != "not at all"]
    endings = {True: "feedback-DRAFT.zip", False: "feedback.zip"}
    assert there == {
        f"{row.result.module}-{row.trainee}-{endings[row.result.waiting > 0]}" for row in handed_in
    }
    assert {name.endswith("DRAFT.zip") for name in there} == {True, False}


def test_a_second_demo_starts_afresh_and_never_touches_a_real_gradebook(
    demo: tuple[Path, list[DemoRow]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_DB", f"sqlite:///{tmp_path}/real.db")
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / DEMO).touch()
    (folder / "submitted").mkdir()
    (folder / "submitted" / "left-over").touch()
    assert run_demo(folder, modules=MODULES) == demo[1]
    assert not (folder / "submitted" / "left-over").exists()
    assert not (tmp_path / "real.db").exists()


def test_a_folder_with_anything_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(GradingError, match="holds other files"):
        run_demo(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("every", [8, pytest.param(1, marks=pytest.mark.full)])
def test_stock_nbgrader_gives_the_same_marks(
    demo: tuple[Path, list[DemoRow]], tmp_path: Path, every: int
) -> None:
    folder, _ = demo
    trainees = sorted(path.name for path in (folder / "submitted").iterdir())[::every]
    halves = {tmp_path / "a": trainees[::2], tmp_path / "b": trainees[1::2]}
    runs = {half: start_grading(stock_course(folder, half, who)) for half, who in halves.items()}
    stock: dict[str, Entry] = {}
    for half, run in runs.items():
        finish(half, run, 240)
        stock |= marks_of(half)
    ours = {who: entry for who, entry in marks_of(folder).items() if who in stock}
    assert len(stock) == len(ours) == len(trainees) * len(MODULES) >= 4
    assert {who: points(entry) for who, entry in stock.items()} == {
        who: points(entry) for who, entry in ours.items()
    }
    # A blank reply needs no trainer with us; all else that waits, waits in both.
    assert all(waiting(entry) <= waiting(stock[who]) for who, entry in ours.items())


def test_an_unknown_module_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="did you mean '07-advice'"):
        run_demo(tmp_path / "demo", modules=["07-advise"])
    assert not (tmp_path / "demo" / "submitted").exists()
