"""Where this checkout lies, its tests, and the pictures that they make of its pages."""

from __future__ import annotations

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
TESTS = REPOSITORY / "tests"
SCREENSHOTS = TESTS / "screenshots"
