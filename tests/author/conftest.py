"""The small course that tests of the author's checks break."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.small_course import Sample


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    return Sample(tmp_path)
