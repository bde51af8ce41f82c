"""No text of anybody runs as a formula in a table that the course writes."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import pytest

from grader import places
from grader.formats import answers
from grader.formats.spreadsheet import csv_bytes, safe_cell
from grader.trainee import record
from grader.trainer.report import exports

PACKAGE = Path(places.__file__).parent
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "\tword",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "﹢1+1",  # the small forms
    "﹣1+1",
    "﹫SUM(A1)",
    " =1+1",
    "\u00a0=1+1",  # a space that does not break
    "\u3000＝1+1",  # a full-width space
    "\ufeff=1+1",  # a mark that nobody sees
    "\u200b=1+1",
    "\x00=1+1",
    "\u202e=1+1",
]


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_a_text_that_could_run_is_shut_off(text):
    assert safe_cell(text) == f"'{text}"
    assert cells(csv_bytes([text], [[text]])) == [[f"'{text}"]] * 2


@pytest.mark.parametrize(
    "text", ["", " ", "How was it?", "trainee-001", "a=b", "1-2", "'=1", "“=1”", "ä", "(-1)"]
)
def test_other_texts_stay_as_they_are(text):
    assert safe_cell(text) == text


@pytest.mark.parametrize("number", [-3, -0.5, 2.5, 0, None])
def test_numbers_stay_numbers(number):
    assert safe_cell(number) is number


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_both_tables_shut_it_off(text, tmp_path):
    exports.write_table(tmp_path / "t.csv", [text, "b"], [{text: text}])
    assert cells((tmp_path / "t.csv").read_bytes()) == [[f"'{text}", "b"], [f"'{text}", ""]]
    answers.save_response(
        places.own_home().journal_record("07-advice"), "07-advice", "x", "reflection", text
    )
    (row,) = [
        row for row in cells(record._answers_csv(places.this_learner())) if row[1] == "private"
    ]
    assert row[3] == f"'{text}"


def test_no_other_module_writes_csv():
    uses = {
        path.stem
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter", "to_csv"})
    }
    assert uses == {"spreadsheet"}
