"""What a test does where a tool that it needs is not here."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest


def missing(what: str) -> NoReturn:
    """Skip a test for want of a tool, aloud; fail it where CI promises to have them all."""
    if os.environ.get("ALONGSIDE_CI"):
        pytest.fail(f"{what}; .ci/run has to see to it")
    pytest.skip(what)
