"""Read the values in a workbook (.xlsx): no formula is run, no link followed, no size trusted.

Apart from `roster`: reading a workbook safely is an idea of its own.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Iterator
from datetime import date, time, timedelta
from itertools import repeat
from operator import is_
from typing import Any

from grader.errors import GradingError
from grader.trainer.roster.table_text import AS_CSV, Rows, check_length
from grader.trainer.roster.workbook_parts import NOT_READ, check_sizes

MAX_COLUMNS = 100


def workbook_rows(raw: bytes, is_heading: Callable[[list[str]], bool]) -> Rows:
    """Return the rows of the one sheet that has the heading.

    Parameters
    ----------
    raw : bytes
        The file.
    is_heading : callable
        Tells whether cells are those of the heading that the table must have.

    Returns
    -------
    list of (int, list of str)
        Where no sheet has the heading, the rows of the first one. Hidden sheets are left out.

    Raises
    ------
    GradingError
        Where it is too large, no workbook, or two sheets have the heading; the text does not
        name the file.
    """
    check_sizes(raw)
    try:
        sheets = dict(_sheets(raw))
    except GradingError:
        raise
    except Exception as error:  # damaged workbooks raise errors of many kinds
        raise GradingError(NOT_READ) from error
    if not sheets:
        raise GradingError(f"it holds no sheet with cells; {AS_CSV}")
    found = [name for name, rows in sheets.items() if any(is_heading(row) for _, row in rows)]
    if len(found) > 1:
        shown = " and ".join(repr(name[:40]) for name in found[:2])
        raise GradingError(f"the sheets {shown} could both be meant; keep one of them")
    return sheets[found[0]] if found else next(iter(sheets.values()))


def _sheets(raw: bytes) -> Iterator[tuple[str, Rows]]:
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on charts and rules, which no value needs
        books = [
            openpyxl.load_workbook(
                io.BytesIO(raw), read_only=True, data_only=data_only, keep_links=False
            )
            for data_only in (True, False)
        ]
        values, formulas = books
        _check_parts(values.worksheets)
        before: Rows = []
        for sheet in values.worksheets:
            if sheet.sheet_state == "visible":
                rows = _rows(sheet, formulas[sheet.title])
                yield sheet.title, rows
                before += rows
                check_length(before)


def _check_parts(sheets: list[Any]) -> None:
    """Refuse a part of the file that is named as several sheets: it would be read for each."""
    parts = [sheet._worksheet_path for sheet in sheets]
    if len(set(parts)) < len(parts):
        raise GradingError(NOT_READ)


def _rows(sheet: Any, formulas: Any) -> Rows:
    from openpyxl.cell.read_only import EMPTY_CELL

    rows: Rows = []
    both = (_cells(part) for part in (sheet, formulas))
    for number, (cells, written) in enumerate(zip(*both, strict=True), 1):
        if all(map(is_, cells, repeat(EMPTY_CELL))):  # a million of them above one that is not
            continue
        texts = [_text(*pair, number) for pair in zip(cells, written, strict=True)]
        if any(texts):
            rows.append((number, texts))
            check_length(rows)
    return rows


def _cells(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a sheet says of its size is not trusted
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_col=MAX_COLUMNS)
    return rows


def _text(cell: Any, written: Any, number: int) -> str:
    """Return a cell's value as the spreadsheet would show it, as far as codes need that."""
    value = cell.value
    if value is None and written.data_type == "f":
        message = f"row {number} holds a formula without a result; put the value in its place"
        raise GradingError(message)
    if value is None:
        return ""
    if isinstance(value, date | time | timedelta):
        return f"{value} (a date)"  # no code: a spreadsheet has changed what was typed
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    zeros = re.fullmatch(r"0{2,64}", cell.number_format or "")
    if zeros and type(value) is int:
        return f"{value:0{len(zeros[0])}}"
    return str(value)
