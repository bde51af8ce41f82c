"""Workbooks that are small as a file and large in any way that a reader could hold."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

import openpyxl

Change = Callable[[bytes], bytes]
MILLION = 1_000_000
CELLS_END, AFTER = b"</sheetData>", b"<pageMargins"
TABLE = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LISTED = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/>'
)
Around = tuple[bytes, bytes]


def book(rows: int = 1, sheets: int = 1) -> bytes:
    """Return a workbook with ids in its first sheet."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number in range(sheets):
        sheet = made.create_sheet(f"Sheet {number}")
        for row in [["id"], *([f"trainee-{row:06}"] for row in range(rows))]:
            sheet.append(row if number == 0 else ["x"])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def changed(raw: bytes, part: str, change: Change) -> bytes:
    """Return a workbook with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(raw)) as pack,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in pack.namelist():
            content = pack.read(name)
            new.writestr(name, change(content) if name.endswith(part) else content)
    return out.getvalue()


def before(mark: bytes, put: bytes) -> Change:
    def change(content: bytes) -> bytes:
        assert mark in content
        return content.replace(mark, put + mark, 1)

    return change


def sheet(
    unit: bytes, times: int = 1, around: Around = (b"", b""), mark: bytes = CELLS_END
) -> Callable[[], bytes]:
    """Return what makes a workbook whose sheet holds something so many times."""
    begin, end = around
    return lambda: changed(book(), "sheet1.xml", before(mark, begin + unit * times + end))


def strings(unit: bytes, times: int = 1, around: Around = (b"", b"")) -> Callable[[], bytes]:
    """Return what makes a workbook whose table of texts holds something so many times."""
    begin, end = around

    def make() -> bytes:
        table = TABLE + b">" + begin + unit * times + end + b"</sst>"
        listed = changed(book(), "[Content_Types].xml", before(b"</Types>", LISTED))
        return with_part("xl/sharedStrings.xml", table, listed)

    return make


def replaced(part: str, old: bytes, new: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a workbook in which a part says something else."""
    return lambda: changed(book(), part, lambda content: re.sub(old, lambda _: new(), content))


def features() -> bytes:
    return b" ".join(b'a%d="1"' % number for number in range(400_000))


def same_sheet_again() -> bytes:
    """Return a workbook that lists one sheet many times."""

    def change(content: bytes) -> bytes:
        found = re.search(rb"<sheet [^>]*/>", content)
        assert found
        more = (
            found[0].replace(b"Sheet 0", b"S%d" % number).replace(b'"1"', b'"%d"' % number)
            for number in range(2, 5000)
        )
        return content.replace(found[0], found[0] + b"".join(more))

    return changed(book(), "workbook.xml", change)


def one_part_as_sheets() -> bytes:
    """Return a workbook in which one long part is each of many sheets."""

    def change(content: bytes) -> bytes:
        found = re.search(rb"<sheet [^>]*/>", content)
        assert found
        more = (
            re.sub(rb'sheetId="1"', b'sheetId="%d"' % number, found[0]).replace(
                b"Sheet 0", b"S%d" % number
            )
            for number in range(2, 50)
        )
        return content.replace(found[0], found[0] + b"".join(more))

    return changed(book(rows=19_000), "workbook.xml", change)


def of_encoding(name: str) -> bytes:
    """Return a workbook whose sheet says that it is in some encoding."""
    head = f'<?xml version="1.0" encoding="{name}"?>'.encode()
    return changed(book(), "sheet1.xml", lambda part: head + part[part.index(b"<worksheet") :])


def with_part(name: str, content: bytes, raw: bytes = b"") -> bytes:
    out = io.BytesIO(raw or book())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr(name, content)
    return out.getvalue()


SIZE = rb'<dimension ref="[^"]*"'
BOOKS: dict[str, Callable[[], bytes]] = {
    "rows": sheet(b'<row><c t="n"><v>1</v></c></row>', MILLION),
    "rows of one value": sheet(b"<row><c><v>1</v></c></row>", 110_000),
    "rows without cells": sheet(b"<row/>", 3 * MILLION),
    "one wide row": sheet(b"<c/>", 3 * MILLION, (b"<row>", b"</row>")),
    "values of one cell": sheet(b"<v/>", 900_000, (b"<row><c>", b"</c></row>")),
    "colours of one text": strings(b"<r><t>x</t></r>", 300_000, (b"<si>", b"</si>")),
    "texts that are none": strings(b"<t/>", 900_000),
    "texts": strings(b"<si><t>x</t></si>", 2 * MILLION),
    "one long text": strings(b"x", 40 << 20, (b"<si><t>", b"</t></si>")),
    "long texts, each with a wide sign": strings(
        b"<si><t>" + b"x" * 30_000 + "\U0001f642".encode() + b"</t></si>", 1000
    ),
    "texts in colours": strings(b"<r><rPr><b/></rPr><t>x</t></r>", MILLION, (b"<si>", b"</si>")),
    "attributes of a cell": replaced("sheet1.xml", b"<c ", lambda: b"<c " + features() + b" "),
    "attributes of the sheet": replaced(
        "sheet1.xml", b"<sheetData", lambda: b"<sheetData " + features()
    ),
    "attributes without an end": sheet(b"x", 40 << 20, (b'<row><c a="', b'"/></row>')),
    "marks in marks": sheet(b"<x>", MILLION, (b"", b"</x>")),
    "joined cells": sheet(
        b'<mergeCell ref="A1:XFD1048576"/>', 500_000, (b"<mergeCells>", b"</mergeCells>"), AFTER
    ),
    "rules for colours": sheet(
        b'<conditionalFormatting sqref="A1"><cfRule type="x"/></conditionalFormatting>',
        300_000,
        mark=AFTER,
    ),
    "columns": sheet(b'<col min="1" max="2"/>', 500_000, (b"<cols>", b"</cols>"), b"<sheetData"),
    "links": sheet(b'<hyperlink ref="A1"/>', 500_000, (b"<hyperlinks>", b"</hyperlinks>"), AFTER),
    "a row far down": sheet(b'<row r="99999999999"><c r="A1"><v>1</v></c></row>'),
    "a row beyond numbers": sheet(b'<row r="1e300"><c r="A1"><v>1</v></c></row>'),
    "styles": replaced("styles.xml", b"</fonts>", lambda: b"<font/>" * 300_000 + b"</fonts>"),
    "one sheet many times": same_sheet_again,
    "many sheets": lambda: book(sheets=400),
    "a remark": sheet(b"x", 40 << 20, (b"<!--", b"-->")),
    "a part of no use": lambda: with_part("xl/x.xml", b"<x>" + b"<y/>" * (4 * MILLION) + b"</x>"),
    "in two bytes a letter": lambda: changed(
        sheet(b"<row/>", 2 * MILLION)(), "sheet1.xml", lambda part: part.decode().encode("utf-16")
    ),
}
# The largest that is read, in each way that could take memory.
LARGEST: dict[str, Callable[[], bytes]] = {
    "texts": strings(b"<si><t>x</t></si>", 490_000),
    "long texts, each with a wide sign": strings(
        b"<si><t>" + b"x" * 30_000 + "\U0001f642".encode() + b"</t></si>", 275
    ),
    "texts in colours": strings(
        b"<si>" + b"<r><rPr><b/></rPr><t>x</t></r>" * 1_200 + b"</si>", 200
    ),
    "cells": sheet(b"<row>" + b"<c><v>7</v></c>" * 45 + b"</row>", 9_000),
    "wide rows": sheet(b"<row>" + b"<c/>" * 16_000 + b"</row>", 60),
    "styles": replaced("styles.xml", b"</fonts>", lambda: b"<font/>" * 38_000 + b"</fonts>"),
    "joined cells": sheet(
        b'<mergeCell ref="A1:B2"/>', 38_000, (b"<mergeCells>", b"</mergeCells>"), AFTER
    ),
}
# Odd, and harmless: what is said of the size is not believed.
ODD: dict[str, Callable[[], bytes]] = {
    "a size that is not so": replaced(
        "sheet1.xml", SIZE, lambda: b'<dimension ref="A1:XFD1048576"'
    ),
    "a size that is too small": replaced("sheet1.xml", SIZE, lambda: b'<dimension ref="A1:A1"'),
    "a blank row at the very end": sheet(b'<row r="1048576"/>'),
}
# None of them can be read, and each says so at once.
UNREAD: dict[str, Callable[[], bytes]] = {
    "one part as many sheets": one_part_as_sheets,
    "one row again and again": sheet(b'<row r="2"><c r="A2"><v>1</v></c></row>', 90_000),
    "that in two bytes a letter": lambda: changed(
        sheet(b'<row r="2"><c r="A2"><v>1</v></c></row>', 90_000)(),
        "sheet1.xml",
        lambda part: part.decode().encode("utf-16"),
    ),
    "in utf-7": lambda: of_encoding("utf-7"),
    "in an encoding that nobody knows": lambda: of_encoding("x-none"),
}
