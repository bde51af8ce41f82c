"""The page of faults says what the tests show, and stays with the trainers."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_page import PAGE, SECTIONS, fault_files, marks, page_text, rows

from grader.trainer.release import modules_of, release


def test_the_page_is_in_step_with_the_tests() -> None:
    made = page_text()
    assert PAGE.read_text(encoding="utf-8") == made, "run: python tests/fault_page.py"


def test_every_section_names_faults() -> None:
    assert {row.section for row in rows()} == set(SECTIONS)


def test_every_fault_is_named_once_and_fits_a_table() -> None:
    named = [row.fault for row in rows()]
    assert len(named) == len(set(named)) >= 40
    assert not [text for row in rows() for text in row if "|" in text or "\n" in text]


@pytest.mark.parametrize("path", fault_files(), ids=lambda path: path.stem)
def test_every_module_of_the_suite_shows_in_the_page(path: Path) -> None:
    assert marks(path), "mark its tests with fault(…)"


def test_the_page_is_no_assignment_and_is_not_released(root: Path) -> None:
    assert PAGE.name in {path.name for path in (root / "solutions").iterdir()}
    assert not [module for module in modules_of(root) if "FAULTS" in module]
    release(root)
    assert not list((root / "exercises").rglob(PAGE.name))
