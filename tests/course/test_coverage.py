"""What the course teaches, it also tests; what is still to be written is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

from grader.author.coverage import coverage, coverage_lines
from grader.cli import main

ENOUGH = 0.95  # share of the taught facts that some item tests


@pytest.fixture(scope="module")
def found():
    return coverage(REPOSITORY / "course", REPOSITORY / "solutions")


def test_every_fact_of_a_lesson_that_is_there_is_taught_in_it(found):
    assert [fact.id for fact in found.due if fact.lesson not in fact.taught_in] == []


def test_nearly_every_fact_that_is_taught_is_tested(found):
    untested = [fact.id for fact in found.due if not fact.items and not fact.is_ours]
    assert len(untested) <= (1 - ENOUGH) * len(found.due), untested


def test_no_claim_of_our_own_is_marked(found):
    ours = {fact.id for fact in found.facts if fact.is_ours}
    assert ours
    graded = [items_of(path, graded=True) for path in (REPOSITORY / "solutions").glob("*/*.yaml")]
    items = [item for bank in graded for item in bank.values()]
    assert [item.id for item in items if ours & set(item.facts)] == []


def test_a_lesson_says_which_claims_are_ours(found):
    ours = {lesson for fact in found.facts if fact.is_ours for lesson in fact.taught_in}
    for path in (REPOSITORY / "course").glob("*/*.ipynb"):
        lesson = json.loads(path.read_text())
        if lesson["metadata"]["alongside"]["lesson"] in ours:
            cells = [cell for cell in lesson["cells"] if cell["id"] == "sources"]
            told = "".join(line for cell in cells for line in cell["source"])
            assert "our own" in told or "ours" in told, path


def test_every_fact_belongs_to_a_lesson(found):
    assert [fact.id for fact in found.facts if not fact.lesson] == []


def test_what_is_still_open_is_listed(found):
    text = "\n".join(coverage_lines(found))
    assert all(fact.id in text for fact in found.open)
    assert len(found.due) + len(found.open) == len(found.facts)


def test_a_lesson_that_leaves_a_fact_out_is_seen(tmp_path: Path):
    course = tmp_path / "course"
    shutil.copytree(REPOSITORY / "course", course)
    path = course / "07-advice" / "4-four-rules.ipynb"
    lesson = json.loads(path.read_text())
    left_out = lesson["metadata"]["alongside"]["facts"].pop()
    path.write_text(json.dumps(lesson))
    found = coverage(course, REPOSITORY / "solutions")
    assert left_out in [fact.id for fact in found.due if fact.lesson not in fact.taught_in]


def test_check_prints_the_coverage(capsys):
    assert main(["check", "--coverage"]) == 0
    assert "facts have their lesson" in capsys.readouterr().out
    assert main(["check", "--coverage", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["skills"]
