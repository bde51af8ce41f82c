"""Another account swaps what it handed in for a link, while it is collected: a real race."""

from __future__ import annotations

import os
import shutil
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_page import COLLECT, fault
from helpers.cohort import MODULE, answers_json
from helpers.hand_ins import ONE, WHO, placed, sent
from helpers.swapper import STRANGER, swapping

from grader.cli import main

TIME = "2026-03-01 09:00:00.000000 UTC"
OTHER = "trainee-018"
HIDDEN = "Nobody else may read this."
SECONDS = 60
KEPT = ("submitted", "history", "aside")  # where collecting puts what it took


def of_another(course: Path) -> Path:
    """Make what another trainee handed in; only trainers may read it."""
    folder = course / "submitted" / OTHER / MODULE
    folder.mkdir(parents=True)
    (folder / "answers.json").write_bytes(answers_json({"own-words": HIDDEN}))
    (folder / "answers.json").chmod(0o600)
    return folder


def folder_for_link(folder: Path, other: Path) -> tuple[Path, Path]:
    link = folder.parent / "away"
    link.symlink_to(other)
    return folder, link


def file_for_link(folder: Path, other: Path) -> tuple[Path, Path]:
    link = folder / "away"
    link.symlink_to(other / "answers.json")
    return folder / "answers.json", link


def give(inbound: Path) -> None:
    """Give all that was handed in, and the room for it, to the other account."""
    for path in (inbound, *inbound.rglob("*")):
        os.chown(path, STRANGER, STRANGER, follow_symlinks=False)
    inbound.chmod(0o777)


@fault(
    COLLECT,
    "Another account swaps its folder, or its answers, for a link thousands of times a second, "
    "while they are collected",
    "Its own answers are taken, or none. Nothing of another’s is ever among them.",
)
@pytest.mark.full
@pytest.mark.parametrize("swaps", [folder_for_link, file_for_link])
def test_no_swap_is_quick_enough_to_show_what_another_handed_in(
    course: Path,
    inbound: Path,
    capsys: pytest.CaptureFixture[str],
    swaps: Callable[[Path, Path], tuple[Path, Path]],
) -> None:
    folder = sent(inbound, TIME, ONE)
    both = swaps(folder, of_another(course))
    give(inbound)
    outcomes: Counter[str] = Counter()
    until = time.monotonic() + SECONDS
    with swapping(*both):
        while time.monotonic() < until:
            outcomes[collected(course, inbound)] += 1
    capsys.readouterr()
    print(dict(outcomes))
    assert set(outcomes) <= {"taken", "nothing"}
    assert len(outcomes) == 2, "it was never swapped in time"


def collected(course: Path, inbound: Path) -> str:
    """Collect once, from the beginning; tell what came of the trainee's folder."""
    main(["collect", f"--exchange={inbound.parent.parent}", f"--root={course}"])
    mine = [path for top in KEPT for path in (course / top).rglob("*") if WHO in path.parts]
    texts = [path.read_bytes() for path in mine if path.is_file()]
    leaked = any(HIDDEN.encode() in text for text in texts)
    answers = placed(course) / "answers.json"
    taken = answers.is_file() and answers.read_bytes() == ONE
    for top in KEPT:
        shutil.rmtree(course / top / WHO, ignore_errors=True)
    if leaked:
        return "leaked"
    return "taken" if taken else "nothing"
