"""The clock and the exchange folder that hand-ins of one trainee meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from helpers.hand_ins import TODAY

from grader.trainer.collect import collect as collecting


@pytest.fixture(name="clock")
def clock_of_ours(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set this computer's clock."""

    def set_to(now: datetime) -> None:
        monkeypatch.setattr(collecting, "_now", lambda: now)

    set_to(TODAY)
    return set_to


@pytest.fixture(name="inbound")
def folder_of_exchange(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder.mkdir(parents=True)
    return folder
