"""How far a run of the desk is: it names the module, and never goes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from helpers.paths import REPOSITORY

from grader.desk import runs
from grader.desk.place import Desk
from grader.desk.runs import FEEDBACK, GRADE, Run, Runs

MODULES = ("02-values", "06-conversation", "07-advice")


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """Write the feedback of three modules, and return what the page could say meanwhile."""
    run, found = Run(FEEDBACK), []

    def look() -> None:
        found.append((run.far, run.share))

    def feedback(
        _root: Path, module: str, _db: str, progress: Callable[[Any], Iterable[Any]], _wanted: Any
    ) -> list[Any]:
        look()
        for _ in progress(range(MODULES.index(module) + 2)):
            look()
        look()
        return []

    monkeypatch.setattr(runs, "make_feedback", feedback)
    monkeypatch.setattr(runs, "read_names", lambda _db: (set(), {*MODULES}))
    Runs(Desk(REPOSITORY, ""))._feedback(run)
    return found


def test_feedback_never_goes_back_from_module_to_module(seen: list[tuple[str, float]]) -> None:
    shares = [share for _, share in seen]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)


def test_feedback_names_the_module_that_is_written(seen: list[tuple[str, float]]) -> None:
    said = [far for far, _ in seen]
    assert said[0] == "Under way with 2 Values, and seeing the person (module 1 of 3)."
    assert said[-1].startswith("Under way with 7 ")
    assert said[-1].endswith(" (module 3 of 3): 4 of 4.")


def test_a_run_of_one_part_counts_its_steps() -> None:
    run = Run(GRADE)
    assert (run.far, run.share) == ("Under way.", 0)
    steps = run.progress(["a", "b"])
    next(steps), next(steps)
    assert (run.far, run.share) == ("Under way: 1 of 2.", 0.5)
