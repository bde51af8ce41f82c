"""Look through the parts of a workbook before anything holds them: all of it is counted first.

A small file unpacks to far more, and what is unpacked grows again where it is read: each mark
becomes an object. Here nothing is held but one mark at a time. Apart from `workbook`, which reads.
"""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Mapping
from xml.parsers import expat

from grader.errors import GradingError, SubmissionError
from grader.formats.archives import open_pack, pieces
from grader.trainer.roster.table_text import AS_CSV

MAX_PARTS = 1000
MAX_UNPACKED = 64 << 20  # bytes
MAX_TEXT = 8 << 20  # letters of all cells: as many as a roster of text may have
MAX_CELL_MARKS = 1_000_000  # 5,000 people with 60 columns have fewer
MAX_OTHER_MARKS = 40_000  # of styles, rules and what else is held as a whole
MAX_SHEETS = 50
MAX_MARKED_ROWS = 100_000  # of all sheets; 20,000 of them may hold anything
MAX_ROW_NUMBERS = 1_200_000  # of all sheets; one of a spreadsheet ends at 1,048,576
MAX_FEATURES = 200  # of one mark
MAX_DEPTH = 64
MAX_MARK = 256 << 10  # bytes of one mark
TOO_LARGE = f"it is far larger than a list of people; {AS_CSV}"
NOT_READ = f"it cannot be read as a workbook; {AS_CSV}"
# What a sheet and a table of texts have by the hundred thousand; each is let go once it is read.
_CELLS = {
    "worksheet": {"row", "c", "v", "f", "is", "t"},
    "sst": {"si", "t", "phoneticPr", "rPh", "r", "rPr", "rFont", "sz", "color", "family", "scheme"}
    | {"charset", "b", "i", "u", "strike", "vertAlign"},
}
# Marks that are held at once, until a row or a text ends.
_MOST_AT_ONCE = {"worksheet": 1 << 16, "sst": 5_000}


def check_sizes(raw: bytes) -> None:
    """Refuse a workbook that is far larger than a list of people, in whatever way.

    Raises
    ------
    GradingError
        Where it is, or is no workbook.
    """
    try:
        with open_pack(raw, MAX_PARTS) as pack:
            entries = pack.infolist()
            if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
                raise GradingError(TOO_LARGE)
            counted = _Counted()
            for entry in entries:  # what is declared is not always what is packed
                _look_through(pack, entry, counted)
    except SubmissionError as error:
        raise GradingError(f"it is not a workbook, or it is damaged; {AS_CSV}") from error


def _look_through(pack: zipfile.ZipFile, entry: zipfile.ZipInfo, counted: _Counted) -> None:
    part = _Part(counted)
    fed, is_xml = 0, True
    for piece in pieces(pack, entry, MAX_UNPACKED):
        fed += len(piece)
        if is_xml:
            is_xml = part.read(piece)
            _require(fed - part.seen <= MAX_MARK or not is_xml)
    counted.row_numbers += part.last_row
    _require(counted.row_numbers <= MAX_ROW_NUMBERS)


class _Counted:
    """What was counted of all parts so far."""

    def __init__(self) -> None:
        self.marks: Counter[str] = Counter()
        self.text = 0
        self.row_numbers = 0.0


class _Part:
    """One part of a workbook, while its marks pass by."""

    def __init__(self, counted: _Counted) -> None:
        self.last_row = 0.0
        self._counted = counted
        self._depth = self._at_once = 0
        self._root = ""
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = _refuse_kinds

    @property
    def seen(self) -> int:
        """How many bytes were read up to the mark that is not whole yet."""
        return self._parser.CurrentByteIndex

    def read(self, piece: bytes) -> bool:
        """Read on; tell whether this is still XML. What is none is read by nobody."""
        try:
            self._parser.Parse(piece)
        except expat.ExpatError:
            return False
        except (ValueError, LookupError) as error:  # an encoding that is not one for XML
            raise GradingError(NOT_READ) from error
        return True

    def _begin(self, name: str, features: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        self._root = self._root or name
        self._depth += 1
        _require(self._depth <= MAX_DEPTH and len(features) <= MAX_FEATURES)
        self._count(name)
        self._at_once = 1 if name in ("row", "si") else self._at_once + 1
        _require(self._at_once <= _MOST_AT_ONCE.get(self._root, MAX_OTHER_MARKS))
        if name == "row":
            self._begin_row(features)

    def _begin_row(self, features: Mapping[str, str]) -> None:
        number = _number(features["r"]) if "r" in features else self.last_row + 1
        if self._root == "worksheet" and number <= self.last_row:
            raise GradingError(NOT_READ)  # read again and again, it would never add a row
        self.last_row = max(self.last_row + 1, number)
        self._counted.marks["rows"] += 1
        _require(self.last_row <= MAX_ROW_NUMBERS)
        _require(self._counted.marks["rows"] <= MAX_MARKED_ROWS)

    def _count(self, name: str) -> None:
        marks = self._counted.marks
        kind = "cells" if name in _CELLS.get(self._root, ()) else "others"
        marks[kind] += 1
        marks["sheets"] += name == "sheet"
        _require(marks["cells"] <= MAX_CELL_MARKS and marks["others"] <= MAX_OTHER_MARKS)
        _require(marks["sheets"] <= MAX_SHEETS)

    def _end(self, _: str) -> None:
        self._depth -= 1

    def _text(self, text: str) -> None:
        self._counted.text += len(text)
        _require(self._counted.text <= MAX_TEXT)


def _number(text: str) -> float:
    """Return the number of a row as it is read later: some programs write 7.0 for 7."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _require(is_small: bool) -> None:
    if not is_small:
        raise GradingError(TOO_LARGE)


def _refuse_kinds(*_: object) -> None:
    """Refuse a part that makes up kinds of its own: one of them can stand for any size."""
    raise GradingError(NOT_READ)
