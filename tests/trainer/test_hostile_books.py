"""A roster.xlsx takes neither memory nor time, however it is made."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.hostile_books import BOOKS, LARGEST, ODD, UNREAD, book, changed

from grader.trainer.roster.roster import read_roster

MOST = 200 << 10  # KiB for all of Python, its libraries, and the book
SECONDS = 60
READ = """
import re, sys, time
from pathlib import Path
from grader.errors import GradingError
from grader.trainer.roster.roster import read_roster
import openpyxl
begun = time.process_time()
try:
    print(len(read_roster(Path(sys.argv[1]))))
except GradingError as error:
    print(error)
most = re.search(r"VmHWM:\\s*(\\d+)", Path("/proc/self/status").read_text())[1]
print(most, time.process_time() - begun)
"""


def read(folder: Path, raw: bytes) -> tuple[str, int, float]:
    """Read a roster in a process of its own; return what it says, its memory and its time."""
    (folder / "roster.xlsx").write_bytes(raw)
    line = [sys.executable, "-c", READ, str(folder)]
    done = subprocess.run(line, capture_output=True, text=True, timeout=300, check=False)
    assert done.stderr == ""
    said, spent = done.stdout.splitlines()
    memory, seconds = spent.split()
    return said, int(memory), float(seconds)


@fault(
    GRADE,
    "A roster.xlsx with millions of cells, texts, sheets, rules or other marks",
    "It is refused in one line before any of it is held, and takes neither memory nor time.",
)
@pytest.mark.parametrize("case", BOOKS)
def test_a_workbook_that_grows_in_any_way_is_refused(tmp_path: Path, case: str) -> None:
    raw = BOOKS[case]()
    assert len(raw) < 8 << 20  # larger ones are refused unread
    said, memory, seconds = read(tmp_path, raw)
    assert "far larger than a list of people; save it as CSV UTF-8" in said
    assert memory < MOST
    assert seconds < SECONDS


@fault(
    GRADE,
    "A roster.xlsx names one part as many sheets, a row twice, or an encoding that is none",
    "One line says that it cannot be read as a workbook, and how to save it. It takes no time.",
)
@pytest.mark.parametrize("case", UNREAD)
def test_a_workbook_that_no_spreadsheet_writes_is_refused_at_once(
    tmp_path: Path, case: str
) -> None:
    said, memory, seconds = read(tmp_path, UNREAD[case]())
    assert "it cannot be read as a workbook; save it as CSV UTF-8" in said
    assert memory < MOST
    assert seconds < 10


def test_rows_are_counted_over_all_sheets(tmp_path: Path) -> None:
    parts = zipfile.ZipFile(io.BytesIO(book(rows=11_000)))
    full = parts.read("xl/worksheets/sheet1.xml").replace(b">id<", b">no<")
    raw = changed(book(rows=11_000, sheets=2), "sheet2.xml", lambda _: full)
    assert "more than 20000 rows" in read(tmp_path, raw)[0]


@pytest.mark.full  # each is read for many seconds; that such books are bounded is shown above
@pytest.mark.parametrize("case", LARGEST)
def test_the_largest_that_is_read_stays_within_bounds(tmp_path: Path, case: str) -> None:
    _, memory, seconds = read(tmp_path, LARGEST[case]())
    assert memory < MOST
    assert seconds < SECONDS


@pytest.mark.parametrize("case", ODD)
def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path, case: str) -> None:
    said, memory, seconds = read(tmp_path, ODD[case]())
    assert said == "1"
    assert memory < MOST
    assert seconds < SECONDS


def test_a_roster_of_many_people_is_read(tmp_path: Path) -> None:
    (tmp_path / "roster.xlsx").write_bytes(book(rows=19_000))
    assert len(read_roster(tmp_path)) == 19_000
