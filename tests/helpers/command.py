"""Our own command line, run in the process of the test."""

from __future__ import annotations

from grader.cli import main


def run(*words: object) -> int:
    return main([str(word) for word in words])
