"""Read a table that a spreadsheet saved as text: any separator, and the usual encodings."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Callable, Iterator

from grader.errors import GradingError

AS_CSV = "save it as CSV UTF-8"
MAX_ROWS = 20_000  # that hold anything
MAX_LINES = 100_000  # up to the last one that holds anything
MAX_COLUMNS = 200
MAX_SPAN = 50  # lines of one row: more stand there only where a quotation mark does not close
MARKS = (",", ";", "\t", "|")
_EMPTY = "".join((*MARKS, " \r\n"))
_SEP_LINE = re.compile(r'\s*"?sep=(.)"?[,;\t ]*(\r\n|\r|\n|$)', re.IGNORECASE)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_BOMS = (  # the longer ones first: they begin alike
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

Rows = list[tuple[int, list[str]]]  # line in the file, from 1, and its cells


def table_rows(raw: bytes, is_heading: Callable[[list[str]], bool]) -> Rows:
    """Return the rows of a table, with the separator that gives it a heading.

    Parameters
    ----------
    raw : bytes
        The file.
    is_heading : callable
        Tells whether cells are those of the heading that the table must have.

    Returns
    -------
    list of (int, list of str)
        Where no separator gives a heading, the rows as the likeliest one cuts them.

    Raises
    ------
    GradingError
        Where it is no text, no table, or far too long; the text does not name the file.
    """
    text = _without_end(decoded(raw))
    if found := _SEP_LINE.match(text):
        return _cut(text[found.end() :], found[1], first=2)
    tried = [_tried(text, mark) for mark in MARKS]
    tables = [rows for rows in tried if isinstance(rows, list)]
    fitting = [rows for rows in tables if any(is_heading(cells) for _, cells in rows)]
    if not fitting and (errors := [one for one in tried if isinstance(one, GradingError)]):
        raise errors[0]
    return max(fitting or tables, key=lambda rows: _width(rows, is_heading))


def _without_end(text: str) -> str:
    """Return a text without the empty rows below a table; refuse one of far too many lines."""
    rest = text.rstrip(_EMPTY)
    end = min((at for sign in "\r\n" if (at := text.find(sign, len(rest))) >= 0), default=None)
    kept = text[:end]
    if kept.count("\n") + kept.count("\r") > 2 * MAX_LINES:  # some lines end with both
        raise GradingError(f"it has more than {MAX_LINES} lines; keep only the list of people")
    return kept


def _tried(text: str, mark: str) -> Rows | GradingError:
    try:
        return _cut(text, mark)
    except GradingError as error:
        return error


def _width(rows: Rows, is_heading: Callable[[list[str]], bool]) -> int:
    headings = [len(cells) for _, cells in rows if is_heading(cells)]
    return max(headings or [len(cells) for _, cells in rows], default=0)


def _cut(text: str, mark: str, first: int = 1) -> Rows:
    lines = csv.reader(iter(span := _Span(_lines(text), mark, first)), delimiter=mark, strict=True)
    rows, line = [], first
    try:
        for cells in lines:
            if any(cells):
                rows.append((line, cells))
            line = span.begin = lines.line_num + first
            check_length(rows)
    except csv.Error as error:
        if "field limit" in str(error):
            raise _open_quote(line) from None
        where = f"the text that begins in line {line}"
        message = f"{where} is no table ({error}); look for a quotation mark too many or too few"
        raise GradingError(message) from None
    return rows


class _Span:
    """Gives the lines of a table to its reader, and no more of them than a row can have."""

    def __init__(self, lines: list[str], mark: str, first: int) -> None:
        self._lines, self._mark = lines, mark
        self._first = self.begin = first  # the line in which the row begins that is read now

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, self._first):
            if line.count(self._mark) >= MAX_COLUMNS:
                what = f"line {number} has more than {MAX_COLUMNS} columns"
                raise GradingError(f"{what}; keep only the list of people")
            if number - self.begin > MAX_SPAN:
                raise _open_quote(self.begin)
            yield line


def _open_quote(line: int) -> GradingError:
    what = f"a quotation mark opens in line {line} and does not close"
    return GradingError(f"{what}; take it away, or put one at its end")


def check_length(rows: Rows) -> None:
    """Refuse what is far longer than a list of people; raise GradingError."""
    if len(rows) > MAX_ROWS:
        raise GradingError(f"it has more than {MAX_ROWS} rows; keep only the list of people")


def _lines(text: str) -> list[str]:
    # Not splitlines, which also cuts at signs that may stand inside a cell.
    return re.split(r"(?<=\n)", text.replace("\r\n", "\n").replace("\r", "\n"))


def decoded(raw: bytes) -> str:
    """Return the text of a file, whatever common encoding it is in.

    Raises
    ------
    GradingError
        Where it is no text.
    """
    for bom, encoding in _BOMS:
        if raw.startswith(bom):
            return _strictly(raw, encoding)
    if raw[1::2].count(0) > len(raw) // 4:
        return _strictly(raw, "utf-16-le")
    if raw[0::2].count(0) > len(raw) // 4:
        return _strictly(raw, "utf-16-be")
    if _BINARY.search(raw[:4096]):
        raise GradingError(f"it is not a table; {AS_CSV}")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        # Old Macs end a line with CR alone; else it is what Windows writes in the West.
        is_mac = b"\r" in raw and b"\n" not in raw
        return _strictly(raw, "mac-roman" if is_mac else "cp1252")


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        raise GradingError(f"it is not text in an encoding known here; {AS_CSV}") from None
    if _BINARY.search(text[:4096].encode("ascii", "ignore")):
        raise GradingError(f"it is not a table; {AS_CSV}")
    return text
