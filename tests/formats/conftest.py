"""Where an answer record lies."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def record(tmp_path: Path) -> Path:
    return tmp_path / "answers.json"
