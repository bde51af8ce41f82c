"""The page of faults and outcomes: what the tests show, in a trainer's words.

`fault` marks a test with both; ``python tests/fault_page.py`` writes the page from them.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, TypeVar

TESTS = Path(__file__).resolve().parent
PAGE = TESTS.parent / "solutions" / "FAULTS.md"
HOME, COLLECT, GRADE, BOOK, TEXT = (
    "On a trainee’s computer",
    "Collecting",
    "Grading",
    "The gradebook",
    "What people type",
)
SECTIONS = (HOME, COLLECT, GRADE, BOOK, TEXT)
ELSEWHERE = (
    "trainee/test_handin",
    "trainee/test_moving",
    "formats/test_answers",
    "trainer/test_collect",
    "trainer/test_downloads",
    "trainer/test_roster",
    "trainer/test_gradebook",
    "trainer/test_grading",
    "trainer/test_nbgrader_plugins",
    "trainer/test_backups",
    "trainer/test_exports",
    "trainee/test_certificate_pass",
    "trainee/test_doctored",
    "site/test_site_browser",
    "site/test_site_edges",
    "site/test_site_memory",
    "site/test_site_windows",
    "trainer/test_passes",
    "server/test_log_in",
    "server/test_other_code",
    "server/test_own_address",
    "browser/test_lost",
    "files/test_privacy",
    "files/test_parsing",
    "trainee/test_odd_files",
    "trainer/test_hostile_books",
    "trainee/test_record",
    "desk/test_deciding",
    "desk/test_looking_back",
    "desk/test_reading",
    "desk/test_two_desks",
    "desk/test_second",
    "desk/test_shares",
    "browser/test_desk_by_key",
    "browser/test_in_reach",
)
HEAD = """# When something goes wrong

What can go wrong, and what the course then does. Each line is proved by a test.
No mark or comment of yours is lost, and trouble with one trainee stops no other.
You are told in one plain line. Mend what it names and run the same command again.
That finishes the work.
"""
FOOT = """This page is made from the tests by `python tests/fault_page.py`.
`make test ARGS="-m full tests/faults"` tries power cuts and damaged answers at full size.
"""

Test = TypeVar("Test", bound=Callable[..., Any])


class Row(NamedTuple):
    """One line of the page."""

    section: str
    fault: str
    outcome: str


def fault(section: str, what: str, outcome: str) -> Callable[[Test], Test]:
    """Mark a test with the fault it makes and the outcome it proves, in plain words."""

    def mark(test: Test) -> Test:
        test.fault = Row(section, what, outcome)
        return test

    return mark


def rows() -> list[Row]:
    """Return the marks of all tests, in their order."""
    files = [*(TESTS / f"{name}.py" for name in ELSEWHERE), *fault_files()]
    return [row for path in files for row in marks(path)]


def fault_files() -> list[Path]:
    """Return the files of tests that do nothing but show faults."""
    return sorted((TESTS / "faults").glob("test_*.py"))


def marks(path: Path) -> list[Row]:
    """Return the marks of one file of tests."""
    found = [getattr(thing, "fault", None) for thing in vars(_module(path)).values()]
    return [row for row in found if isinstance(row, Row)]


def _module(path: Path) -> ModuleType:
    sys.path.insert(0, str(path.parent))  # by the name that pytest gives it
    try:
        return importlib.import_module(path.stem)
    finally:
        sys.path.remove(str(path.parent))


def page_text() -> str:
    """Return the text of the page."""
    parts = [HEAD]
    for section in SECTIONS:
        lines = "".join(f"| {row.fault} | {row.outcome} |\n" for row in rows() if row[0] == section)
        parts.append(f"## {section}\n\n| what happens | what the course does |\n|---|---|\n{lines}")
    return "\n".join([*parts, FOOT])


if __name__ == "__main__":
    # A module that runs as a script has another name than the one the tests import.
    PAGE.write_text(importlib.import_module("fault_page").page_text(), encoding="utf-8")
