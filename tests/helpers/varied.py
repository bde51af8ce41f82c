"""A cohort of a real module in which no two hand-ins are alike: good, poor, odd and damaged."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.paths import REPOSITORY

from grader.content.items import Item
from grader.demo.answers import EARLY, EMPTY, HOSTILE, MIXED, STRONG, answer
from grader.kinds.keys import load_key

PROFILES = (STRONG, STRONG, EARLY, MIXED, MIXED, HOSTILE, EMPTY)
ODD: tuple[Any, ...] = ("", "no-such-id", [], ["no-such-id"], {"a": "b"}, 7, True, [[]], "  \n")
DAMAGED_EVERY = 25  # each 25th record is cut off in the middle


def real_course(root: Path, module: str) -> Path:
    """Make a course folder with one module of this course."""
    for name in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / name / module, root / name / module)
    shutil.copy(REPOSITORY / "nbgrader_config.py", root)
    return root


def hand_in_varied(root: Path, module: str, numbers: Iterable[int]) -> None:
    """Put a submission for each number into ``submitted/``, as collecting would."""
    items = list(load_key(root, module).values())
    notebook = (root / "exercises" / module / "exercise.ipynb").read_bytes()
    for number in numbers:
        folder = root / "submitted" / f"trainee-{number:05}" / module
        folder.mkdir(parents=True)
        (folder / "answers.json").write_bytes(varied_record(module, items, number))
        (folder / "exercise.ipynb").write_bytes(notebook)
        (folder / "timestamp.txt").write_text("2026-03-01 09:00:00.000000 UTC")
        (folder / "submission_secret.txt").write_text("0123456789abcdef" * 2)


def varied_record(module: str, items: list[Item], number: int) -> bytes:
    """Return the answer record of one number, always the same for it."""
    dice = random.Random(number)  # noqa: S311 - made-up answers, no secret
    entries = {}
    for item in items:
        response = varied_response(dice, number, item)
        if response is not None:
            facts = {"kind": item.kind, "response": response}
            entries[item.id] = facts | {"first_response": None, "tries": 0}
    record = json.dumps({"format": 1, "module": module, "items": entries}).encode()
    return record[: len(record) // 2] if number % DAMAGED_EVERY == 0 else record


def varied_response(dice: random.Random, number: int, item: Item) -> Any:
    """Return a good, poor or odd response to an item, always the same for the same dice."""
    if dice.random() < 0.1:
        return dice.choice(ODD)
    response = answer(dice.choice(PROFILES), dice.randrange(100), item)
    if isinstance(response, list) and len(response) > 1 and dice.random() < 0.3:
        return response[: dice.randrange(len(response))]
    return _in_own_words(response, number)


def _in_own_words(response: Any, number: int) -> Any:
    """Make what is typed differ from trainee to trainee, as it does in life."""
    more = f" I am number {number}, and I have time until {number % 12} o'clock."
    if isinstance(response, str) and " " in response:
        return response + more
    if isinstance(response, list):
        return [
            step | {"text": step["text"] + more}
            if isinstance(step, dict) and "text" in step
            else step
            for step in response
        ]
    return response
