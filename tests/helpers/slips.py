"""Two people who send under one code, and how their hand-ins come in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from helpers.cohort import FULL, answers_json, write_bundle
from helpers.hand_ins import GOOD, TODAY

from grader.cli import main
from grader.trainer.collect.collect import ASIDE, COLLECTED, Collected, collect

ADA, BEN = "a" * 16, "b" * 16
FIRST, SECOND = "trainee-004", "trainee-011"
WORDS = [answers_json(FULL | {"own-words": f"What would help you {n}?"}) for n in range(4)]


def file_of(course: Path, device: str, answers: bytes, day: int, who: str = FIRST) -> Path:
    when = (TODAY + timedelta(days=day - 60)).isoformat()
    folder = course.parent / "inbox" / f"{device or 'none'}-{who}-{day}"
    return write_bundle(folder, who, answers, when, device=device)


def send(course: Path, device: str, answers: bytes, day: int, who: str = FIRST) -> Collected:
    (one,) = collect(course, [file_of(course, device, answers, day, who)])
    return one


def run(course: Path, *words: str) -> int:
    return main([*words, f"--root={course}"])


def slip(course: Path) -> None:
    """Let Ada send once, and Ben three times under her code."""
    assert send(course, ADA, GOOD, 1).outcome == COLLECTED
    for day in (2, 3, 4):
        assert send(course, BEN, WORDS[day - 2], day).outcome == ASIDE
