"""Write tables that any spreadsheet opens, and in which no text runs as a formula."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable
from typing import Any

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_UNSEEN = {"Cc", "Cf", "Zl", "Zp", "Zs"}  # spaces, marks and commands that a program may pass over


def csv_bytes(columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """Return a table as the bytes of a CSV file.

    Parameters
    ----------
    columns : iterable of str
        The heading.
    rows : iterable of iterable
        Texts and numbers, in the order of the columns.

    Returns
    -------
    bytes
        UTF-8; the mark at the beginning tells Excel so.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerows([safe_cell(cell) for cell in row] for row in (columns, *rows))
    return text.getvalue().encode("utf-8-sig")


def safe_cell(value: Any) -> Any:
    """Keep a text from running as a formula; spell out what no file can hold.

    Full-width signs count as the plain ones, and so does what stands behind signs that
    nobody sees: programs differ in what they pass over. Numbers stay numbers.
    """
    if not isinstance(value, str):
        return value
    value = value.encode("utf-8", "backslashreplace").decode()  # odd bytes of a folder's name
    plain = unicodedata.normalize("NFKC", value)
    seen = next((sign for sign in plain if unicodedata.category(sign) not in _UNSEEN), "")
    risky = plain.startswith(_BEGINS_A_FORMULA) or seen in _BEGINS_A_FORMULA
    return f"'{value}" if value and risky else value
