"""Where every tool has to be there, a test that lacks one fails instead of being skipped."""

from __future__ import annotations

import pytest
from helpers.paths import REPOSITORY
from helpers.tools import missing


def test_a_missing_tool_skips_a_test_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ALONGSIDE_CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="there is no such tool"):
        missing("there is no such tool")


def test_a_missing_tool_fails_a_test_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALONGSIDE_CI", "1")
    with pytest.raises(pytest.fail.Exception, match="there is no such tool"):
        missing("there is no such tool")


def test_ci_says_that_it_is_ci_and_installs_what_tests_need() -> None:
    script = (REPOSITORY / ".ci" / "run").read_text(encoding="utf-8")
    assert "export ALONGSIDE_CI=1" in script.split("make test")[0]
    needed = ("chromium", "firefox-esr")
    needed += ("postgresql", "passwd", "nodejs", "npm")
    assert all(f"+=({package}" in script for package in needed)
    assert "npm ci" in script.split("export ALONGSIDE_CI=1")[0]
