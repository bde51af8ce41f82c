"""The roster says who belongs to the cohort, and to which group."""

from __future__ import annotations

import os
import re
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.cohort import FULL, answers_json, write_bundle

from grader.cli import main
from grader.errors import GradingError
from grader.trainer.roster.roster import read_groups, read_roster, unread_rosters


def roster(folder: Path, text: str) -> Path:
    (folder / "roster.csv").write_text(text, encoding="utf-8")
    return folder


def test_without_a_roster_there_are_no_groups(tmp_path: Path) -> None:
    assert read_groups(tmp_path) == {}


@pytest.mark.parametrize("mark", [",", ";"])
def test_each_trainee_has_the_group_of_the_line(tmp_path: Path, mark: str) -> None:
    lines = [["id", "name", "group"], ["trainee-001", "", " north "], ["trainee-002", "x", ""]]
    text = "".join(mark.join(line) + "\n" for line in lines)
    assert read_groups(roster(tmp_path, text)) == {"trainee-001": "north", "trainee-002": ""}


def test_a_short_line_and_a_roster_without_groups_are_fine(tmp_path: Path) -> None:
    assert read_groups(roster(tmp_path, "id,group\ntrainee-001\n")) == {"trainee-001": ""}
    assert read_groups(roster(tmp_path, "id\ntrainee-001\n")) == {"trainee-001": ""}


def test_the_same_line_twice_counts_once(tmp_path: Path) -> None:
    text = "id,group\ntrainee-001,north\ntrainee-001,north\n"
    assert read_roster(roster(tmp_path, text)) == {"trainee-001"}


def test_two_groups_of_one_trainee_are_said(tmp_path: Path) -> None:
    text = "id,group\ntrainee-001,north\ntrainee-001,south\n"
    with pytest.raises(GradingError, match="trainee-001 stands in two groups; keep one line"):
        read_groups(roster(tmp_path, text))


# As spreadsheets save it ----------------------------------------------------------------

PEOPLE = {"trainee-001": "Süd", "trainee-002": ""}
PLAIN = "id,group\ntrainee-001,Süd\ntrainee-002,\n"
SEMICOLONS = PLAIN.replace(",", ";")
TABS = PLAIN.replace(",", "\t")
MOODLE = (
    '"First name",Surname,"ID number","Email address",Groups\n'
    '"Mila, M.",X,trainee-001,a@example.org,Süd\nJon,Y,trainee-002,b@example.org,\n'
)
SAVED: dict[str, bytes] = {
    "Excel, CSV UTF-8": PLAIN.encode("utf-8-sig").replace(b"\n", b"\r\n"),
    "Excel in Germany": SEMICOLONS.encode("cp1252").replace(b"\n", b"\r\n"),
    "Excel, Unicode text": TABS.encode("utf-16").replace(b"\n\x00", b"\r\x00\n\x00"),
    "Excel on an old Mac": SEMICOLONS.encode("mac-roman").replace(b"\n", b"\r"),
    "sep=": f"sep=;\r\n{SEMICOLONS}".encode("cp1252"),
    "sep= in quotes, with a mark": f'"sep=\t"\n{TABS}'.encode("utf-8-sig"),
    "UTF-16, other way around": b"\xfe\xff" + PLAIN.encode("utf-16-be"),
    "UTF-16 without a mark": PLAIN.encode("utf-16-le"),
    "LibreOffice, all in quotes": b'"id","group"\n"trainee-001","S\xc3\xbcd"\n"trainee-002",""\n',
    "Numbers, with a title": f"Table 1,\n,\n{PLAIN}".encode(),
    "blank lines and a note": f"\r\n\r\nParticipants;;\r\nas of May;;\r\n{SEMICOLONS}".encode(),
    "Moodle": MOODLE.encode("utf-8-sig"),
    "trailing columns and lines": (PLAIN.replace("\n", ",,,\n") + ",,,,\n\n").encode(),
    "heading again on each page": f"{PLAIN}id,group\ntrainee-001,Süd\n".encode(),
    "unseen spaces": "id,group\n\ufefftrainee-001\u00a0, Süd \n\u200btrainee-002,\n".encode(),
    "no end of line": PLAIN.rstrip().encode(),
}  # fmt: skip


@fault(
    GRADE,
    "A roster as Excel, Numbers, LibreOffice or Moodle saves it, also as a workbook",
    "It is read: any separator and usual encoding, titles above, and headings like ID or Gruppe.",
)
@pytest.mark.parametrize("case", SAVED)
def test_a_roster_is_read_as_spreadsheets_save_it(tmp_path: Path, case: str) -> None:
    (tmp_path / "roster.csv").write_bytes(SAVED[case])
    assert read_groups(tmp_path) == PEOPLE


@pytest.mark.parametrize(
    "heading",
    ["ID;Group", "Id;GROUP", "Code;Gruppe", " id ;groups", "Trainee-ID;Gruppen", "ID;Groups",
     "trainee_code;group", "ID number;Groups", "Kennung;Gruppe", "Kürzel;Gruppenname",
     "#id;group:"],
)  # fmt: skip
def test_a_heading_may_be_written_in_many_ways(tmp_path: Path, heading: str) -> None:
    assert read_groups(roster(tmp_path, f"{heading}\ntrainee-001;x\n")) == {"trainee-001": "x"}


def test_a_cell_of_two_lines_harms_nobody(tmp_path: Path) -> None:
    text = 'id,name\ntrainee-001,"Mila\nlike trainee-002"\ntrainee-002,"12 High St\n04103, Town"\n'
    assert read_roster(roster(tmp_path, text)) == {"trainee-001", "trainee-002"}


def test_the_column_id_wins_over_others(tmp_path: Path) -> None:
    text = "Trainee,Code,id\nMila,7,trainee-001\n"
    assert read_roster(roster(tmp_path, text)) == {"trainee-001"}


def test_a_title_like_a_heading_gives_way_to_id(tmp_path: Path) -> None:
    text = "Code\nid,group\ntrainee-001,x\n"
    assert read_groups(roster(tmp_path, text)) == {"trainee-001": "x"}


@pytest.mark.parametrize("name", ["roster.csv", "Roster.CSV", "roster.txt", "roster.tsv",
                                  "roster (1).csv", "roster.csv.txt"])  # fmt: skip
def test_the_name_may_be_as_systems_change_it(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(PLAIN, encoding="utf-8")
    assert read_groups(tmp_path) == PEOPLE


@pytest.mark.parametrize(
    ("saved", "code"),
    [("7.0", "7"), ("7,00", "7"), ("007", "007"), ('="007"', "007"), ("'007", "007")],
)
def test_a_number_is_the_code_that_was_typed(tmp_path: Path, saved: str, code: str) -> None:
    assert read_roster(roster(tmp_path, f"id;group\n{saved};\n")) == {code}


# Nobody is dropped ----------------------------------------------------------------------

SAID: dict[str, tuple[str, str]] = {
    "no code": ("id,name\ntrainee-001,x\n,Mila\n", "line 3 holds no code; give one"),
    "space": (
        "id\ntrainee 001\n",
        "line 2: 'trainee 001' is not a trainee's code .it holds: space",
    ),
    "long dash": ("id\ntrainee–001\n", "line 2: .* is not a trainee's code .it holds: en dash"),
    "two people": (
        "id,name\ntrainee-001,Mila\ntrainee-002,Ada\ntrainee-001,Jon\n",
        "trainee-001 stands in lines 2 and 4, which differ; give each person a code",
    ),
    "capitals": ("id\ntrainee-001\nTrainee-001\n", "Trainee-001 and trainee-001 are too alike"),
    "zeros": ("id\n007\n7\n", "007 and 7 are too alike"),
    "zeros dropped": ("id\n007\n8\n", "8 is shorter than 007; a spreadsheet may have dropped"),
    "number too long": ("id\n1.23E+15\n", "line 2: '1.23E\\+15' is not a trainee's code"),
    "comma without quotes": (
        "name,id\nMila, M.,trainee-001\n",
        "line 2 has more cells than the heading; put quotation marks",
    ),
    "quotation mark": ('id,name\ntrainee-001,"x\ntrainee-002,y\n', "begins in line 2 is no table"),
    "line in quotation marks": (
        'id,name\ntrainee-001,"x\ntrainee-002,y"\ntrainee-003,z\n',
        "trainee-002 stands inside another cell of line 2; look for a quotation mark",
    ),
    "endless": ("id,x\n" + "a,b\n" * 20_001, "more than 20000 rows; keep only the list"),
    "several": ("id\na b\nc d\ne f\n", r"line 2: 'a b' .* \(2 more to mend\)"),
    "no heading": ("trainee-001\ntrainee-002\n", "no column 'id'; found 'trainee-001'; name the"),
    "other heading": ("Name;Mail\nx;y\n", "no column 'id'; found 'Name', 'Mail'; name the column"),
    "running numbers": (
        "ID;Code\n1;trainee-001\n2;trainee-002\n",
        "the columns 'ID' and 'Code' could both be meant; keep one",
    ),
    "two headings": ("Code,Username\na,b\n", "'Code' and 'Username' could both be 'id'"),
    "two groups": ("id,Gruppe,groups\na,b,c\n", "'Gruppe' and 'groups' could both be 'group'"),
    "empty": ("", "it is empty; write id into the first line"),
    "blank": ("\n;;\n\n", "it is empty; write id into the first line"),
    "heading alone": ("id,group\n", "it holds no code below its heading; write one code a line"),
    "heading twice": ("id\n\nID\n", "it holds no code below its heading; write one code a line"),
    "number twice": ("id\n7\n7.0\n", "line 2 says 7 and line 3 says 7.0, and both mean 7; give"),
    "web page": ("<html><table><tr><td>id</td></tr>", "it is a web page or another file of tags"),
}


@fault(
    GRADE,
    "A line of the roster without a code, a code twice, or codes that are too alike",
    "Nothing is graded yet, and the line is named with what to do. Nobody is left out in silence.",
)
@pytest.mark.parametrize("case", SAID)
def test_what_cannot_be_used_is_named(tmp_path: Path, case: str) -> None:
    text, said = SAID[case]
    with pytest.raises(GradingError, match=f"^roster.csv: .*{said}"):
        read_groups(roster(tmp_path, text))


@fault(
    GRADE,
    "The roster holds its heading and nobody",
    "Grading, report and export say so and end, as with an empty one. Collecting goes on.",
)
@pytest.mark.parametrize("command", [["grade", "--all"], ["report"], ["export"]])
def test_a_roster_of_nobody_is_said_by_each_command(
    course: Path, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    roster(course, "id\n")
    assert main([*command, f"--root={course}"]) == 1
    assert "roster.csv: it holds no code below its heading" in capsys.readouterr().err


def test_collecting_says_that_a_roster_holds_nobody(
    course: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    roster(course, "id\n")
    bundle = write_bundle(tmp_path, "trainee-017", answers_json(FULL))
    main(["collect", str(bundle), f"--root={course}"])
    told = capsys.readouterr()
    assert "roster.csv: it holds no code below its heading" in told.out + told.err
    assert "1 collected" in told.out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file, or one that is locked"),
        (b"%PDF-1.7", "it is a PDF; save it as CSV UTF-8"),
        (b"PK\x03\x04 no workbook", "it is not a workbook, or it is damaged"),
        (b"id\n\x81\x8d\n", "not text in an encoding known here"),
        (b"id\n" + b"trainee-001\n" * 800_000, "larger than 8 MiB"),
    ],
)
def test_what_is_no_table_says_what_it_is(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "roster.csv").write_bytes(content)
    with pytest.raises(GradingError, match=f"^roster.csv: .*{said}"):
        read_groups(tmp_path)


@pytest.mark.parametrize("name", ["roster.ods", "roster.xls", "roster.numbers", "Roster.xlsm"])
def test_a_roster_of_a_kind_that_is_not_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"PK")
    with pytest.raises(GradingError, match=f"^{name} is not read here; save it as CSV UTF-8"):
        read_groups(tmp_path)


@pytest.mark.parametrize("name", ["roster.ods", "roster.xls", "roster.numbers"])
def test_what_is_not_read_beside_a_roster_is_named(tmp_path: Path, name: str) -> None:
    root = roster(tmp_path, "id\ntrainee-001\n")
    assert unread_rosters(root) == []
    (root / name).write_bytes(b"x")
    assert read_roster(root) == {"trainee-001"}
    assert unread_rosters(root) == [
        f"{name} is not read, roster.csv is; what you change there, change here as well"
    ]


def test_two_rosters_must_say_the_same(tmp_path: Path) -> None:
    workbook(tmp_path, [["id", "group"], ["trainee-001", "Süd"], ["trainee-002", None]])
    assert read_groups(roster(tmp_path, PLAIN)) == PEOPLE
    roster(tmp_path, PLAIN + "trainee-003,\n")
    with pytest.raises(
        GradingError, match=r"roster\.csv and roster\.xlsx are both here and differ"
    ):
        read_groups(tmp_path)


def test_a_folder_of_that_name_is_said(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").mkdir()
    said = "roster.csv: it is a folder, and no file; rename the folder"
    with pytest.raises(GradingError, match=f"^{said}$"):
        read_groups(tmp_path)


# Workbooks ------------------------------------------------------------------------------


def workbook(folder: Path, *sheets: list[list[object]], name: str = "roster.xlsx") -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"Sheet {number}")
        for row in rows:
            sheet.append(row)
    book.save(folder / name)
    return folder


def with_zeros(folder: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(folder / "roster.xlsx")
    book.active["A2"].number_format = "000"
    book.save(folder / "roster.xlsx")


def rezipped(folder: Path, change: Callable[[str, bytes], bytes]) -> None:
    path = folder / "roster.xlsx"
    with zipfile.ZipFile(path) as pack:
        parts = {name: pack.read(name) for name in pack.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in parts.items():
            pack.writestr(name, change(name, content))


def test_a_workbook_is_a_roster(tmp_path: Path) -> None:
    rows = [["Kurs 2026"], [], ["ID", "Name", "Gruppe"], ["trainee-001", "x", "Süd"],
            ["trainee-002", None, None], [None, None, None]]  # fmt: skip
    assert read_groups(workbook(tmp_path, [["notes"]], rows)) == PEOPLE


def test_a_workbook_may_be_called_csv(tmp_path: Path) -> None:
    workbook(tmp_path, [["id"], ["trainee-001"]], name="roster.csv")
    assert read_roster(tmp_path) == {"trainee-001"}


def test_numbers_in_a_workbook_are_the_codes_it_shows(tmp_path: Path) -> None:
    workbook(tmp_path, [["id"], [7], [12.0], ["x-9"]])
    assert read_roster(tmp_path) == {"7", "12", "x-9"}
    workbook(tmp_path, [["id"], [7], ["112"]])
    with_zeros(tmp_path)
    assert read_roster(tmp_path) == {"007", "112"}


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        ([[["id"], ['=CONCATENATE("trainee-","001")']]], "row 2 holds a formula without a result"),
        ([[["id"], [date(2026, 3, 4)]]], r"line 2: '2026-03-04 00:00:00 \(a date\)' is not a"),
        ([[["id"], ["a"]], [["id"], ["b"]]], "'Sheet 0' and 'Sheet 1' could both be meant"),
        ([[["Name", "Mail"], ["x", "y"]]], "no column 'id'; found 'Name', 'Mail'"),
        ([[]], "it is empty"),
        ([[["id", "name"]]], "it holds no code below its heading"),
        ([[["id", "name"], [None, "Mila"]]], "line 2 holds no code"),
        ([[["id"], *([n] for n in range(20_001))]], "more than 20000 rows"),
    ],
    ids=["formula", "date", "sheets", "heading", "empty", "alone", "no-code", "rows"],
)  # fmt: skip
def test_what_a_workbook_lacks_is_said(tmp_path: Path, sheets: list, said: str) -> None:
    with pytest.raises(GradingError, match=f"^roster.xlsx: .*{said}"):
        read_groups(workbook(tmp_path, *sheets))


def test_the_result_of_a_formula_is_taken_and_no_formula_is_run(tmp_path: Path) -> None:
    workbook(tmp_path, [["id"], ['=WEBSERVICE("https://x.invalid")']])
    result = partial(re.sub, rb"</f><v ?/>|</f><v></v>", b"</f><v>7</v>")
    rezipped(tmp_path, lambda name, content: result(content))
    assert read_roster(tmp_path) == {"7"}


def entities(name: str, content: bytes) -> bytes:
    if not name.endswith("sheet1.xml"):
        return content
    kinds = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a0 "x">{kinds}]>'.encode()
    return head + content.split(b"?>")[-1].replace(b"trainee-001", b"&a8;")


def many_styles(name: str, content: bytes) -> bytes:
    return (
        content.replace(b"<fonts", b"<x/>" * 2_000_000 + b"<fonts") if "styles" in name else content
    )


BAD_BOOKS: dict[str, tuple[Callable[[str, bytes], bytes], str]] = {
    "bomb": (lambda name, content: content + bytes(10 << 20), "far larger than a list of people"),
    "no xml": (lambda name, content: b"x", "cannot be read as a workbook"),
    "entities": (entities, "cannot be read as a workbook"),
    "styles without end": (many_styles, "far larger than a list of people"),
}


def long_sheet(name: str, content: bytes) -> bytes:
    return content + b" " * (90 << 20) if "sheet1" in name else content


def test_a_workbook_that_says_it_is_small_is_not_unpacked(tmp_path: Path) -> None:
    rezipped(workbook(tmp_path, [["id"], ["trainee-001"]]), long_sheet)
    path = tmp_path / "roster.xlsx"
    with zipfile.ZipFile(path) as parts:
        size = max(entry.file_size for entry in parts.infolist())
    path.write_bytes(path.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", 900)))
    tracemalloc.start()
    try:
        with pytest.raises(GradingError, match="not a workbook, or it is damaged"):
            read_groups(tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("case", BAD_BOOKS)
def test_a_hostile_workbook_is_refused(tmp_path: Path, case: str) -> None:
    change, said = BAD_BOOKS[case]
    rezipped(workbook(tmp_path, [["id"], ["trainee-001"]]), change)
    with pytest.raises(GradingError, match=f"^roster.xlsx: .*{said}"):
        read_groups(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes on this system")
def test_a_pipe_in_place_of_the_roster_is_said_at_once(tmp_path):
    os.mkfifo(tmp_path / "roster.csv")
    with pytest.raises(GradingError, match="it cannot be read"):
        read_roster(tmp_path)
