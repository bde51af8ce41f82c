"""Tests of grader.content.steps: where a lesson is cut."""

from __future__ import annotations

import json
import re

import pytest
from helpers.paths import REPOSITORY

from grader.content.steps import (
    WORDS_BESIDE_A_CARD,
    WORDS_OF_A_STEP,
    cards_of,
    has_steps,
    outline,
    source_of,
    steps_of,
    words_of,
)

LESSONS = sorted((REPOSITORY / "course").glob("[0-9]*/*.ipynb"))
EXERCISES = sorted((REPOSITORY / "exercises").glob("[0-9]*/*.ipynb"))


def prose(*texts: str) -> dict:
    return {"cell_type": "markdown", "metadata": {}, "source": "\n\n".join(texts)}


def card(name: str = "one") -> dict:
    return {"cell_type": "code", "metadata": {}, "source": f'card("{name}")'}


def words(count: int) -> str:
    return "word " * count


def texts(cells: list[dict]) -> list[list[str]]:
    return [[source_of(cell).strip()[:12] for cell in step] for step in steps_of(cells)]


def test_a_card_ends_its_step():
    assert texts([card("a"), card("b"), prose("## Next")]) == [
        ['card("a")'],
        ['card("b")'],
        ["## Next"],
    ]


def test_prose_is_cut_at_headings_where_it_gets_long():
    long = words(WORDS_OF_A_STEP - 20)
    assert texts([prose("# Title", "## One", long, "## Two", long)]) == [
        ["# Title", "## One\n\nword"],
        ["## Two\n\nword"],
    ]


def test_short_prose_stays_with_its_card_and_long_prose_does_not():
    assert len(steps_of([prose(words(WORDS_BESIDE_A_CARD)), card()])) == 1
    assert len(steps_of([prose(words(WORDS_BESIDE_A_CARD + 1)), card()])) == 2


def test_a_heading_goes_with_the_card_below_it():
    assert texts([prose("# Title", words(80), "## Ask"), card()])[1] == [
        "## Ask",
        'card("one")',
    ]


def test_a_remark_stays_with_the_card_above_it():
    assert len(steps_of([card(), prose("A person reads this."), prose("## Next")])) == 2


def test_a_heading_in_code_cuts_nothing():
    cell = prose("```", "## no heading", "```", words(300))
    assert texts([cell]) == [["```\n\n## no h"]]


@pytest.mark.parametrize(
    "path", [*LESSONS, *EXERCISES], ids=lambda path: f"{path.parent.name}-{path.stem}"
)
def test_the_steps_of_a_page_hold_all_of_it_in_order(path):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert has_steps(notebook)
    steps = steps_of(notebook["cells"])
    before = "".join(map(source_of, notebook["cells"]))
    assert "".join(source_of(cell) for step in steps for cell in step) == before
    for step in steps:
        cards = [name for cell in step for name in cards_of(cell)]
        assert len(cards) <= 1
        assert not cards or sum(map(words_of, step)) <= 2 * WORDS_BESIDE_A_CARD


def test_hardly_any_step_is_longer_than_two_screens_of_a_phone():
    notebooks = [json.loads(path.read_text(encoding="utf-8")) for path in LESSONS]
    lengths = [sum(map(words_of, step)) for book in notebooks for step in steps_of(book["cells"])]
    assert sum(length > WORDS_OF_A_STEP + 30 for length in lengths) <= 0.02 * len(lengths)


def test_the_course_s_own_pages_have_no_steps():
    for name in ("index", "skills", "compass", "record", "glossary"):
        path = REPOSITORY / "course" / f"{name}.ipynb"
        assert not has_steps(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", LESSONS[::7], ids=lambda path: path.stem)
def test_an_outline_has_the_steps_of_its_lesson_and_none_of_its_words(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    outlines = [cell | {"source": outline(cell)} for cell in cells]
    steps = [[(words_of(cell), cards_of(cell)) for cell in step] for step in steps_of(cells)]
    assert [
        [(words_of(cell), cards_of(cell)) for cell in step] for step in steps_of(outlines)
    ] == steps
    prose = " ".join(cell["source"] for cell in outlines if cell["cell_type"] == "markdown")
    assert not re.search(r"[A-Za-z]{2}", prose)
