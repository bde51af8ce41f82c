"""Hand-ins of one made-up trainee, by file and by the exchange, and how they are kept."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from helpers.cohort import BEST, FULL, MODULE, answers_json, write_bundle

from grader.cli import main

GOOD = answers_json(FULL)
ONE = answers_json({"first-move": "tell"})
ODD = {"a": ONE, "b": answers_json(BEST)}  # two from one odd clock
TODAY = datetime(2026, 6, 1, 12, tzinfo=UTC)
WHO = "trainee-017"


def bundle(course: Path, name: str, content: bytes | None, when: datetime | str) -> Path:
    """Write a bundle into a folder of its own, so that one never overwrites another."""
    text = when if isinstance(when, str) else when.isoformat()
    path = write_bundle(course.parent / "inbox" / name, WHO, content or b"", text)
    if content is None:
        with zipfile.ZipFile(path) as whole:
            facts = whole.read("handin.json")
        with zipfile.ZipFile(path, "w") as without:
            without.writestr("handin.json", facts)
    return path


def sent(inbound: Path, time: str, content: bytes) -> Path:
    folder = inbound / f"{WHO}+{MODULE}+{time}+QmFzZTY0"
    folder.mkdir()
    (folder / "answers.json").write_bytes(content)
    return folder


def placed(course: Path) -> Path:
    return course / "submitted" / WHO / MODULE


def in_use(course: Path) -> bytes:
    return (placed(course) / "answers.json").read_bytes()


def listed(course: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main(["collect", "--list", WHO, MODULE, "--json", "--root", str(course)]) == 0
    return json.loads(capsys.readouterr().out)
