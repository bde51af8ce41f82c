"""Read the roster: who belongs to the cohort, whether they hand in or not.

It stands in ``roster.csv`` or ``roster.xlsx``, as spreadsheets save them. Nobody on it is
dropped in silence: a line that cannot be used is named, and then nothing is read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from grader.errors import GradingError
from grader.files.parsing import open_plain
from grader.formats.trainee_code import RULE, is_trainee_code, trimmed, trimmed_words
from grader.trainer.roster.table_text import AS_CSV, Rows, table_rows
from grader.trainer.roster.workbook import workbook_rows

MAX_BYTES = 8 << 20  # 5,000 people with all their details are about 1 MiB
HEADING_WITHIN = 20  # rows: titles and notes may come before the heading
# As in the heading, without capitals, spaces and signs; the first of each wins over others.
ID = ("id", "code", "trainee", "traineeid", "traineecode", "participantid", "participantcode",
      "studentid", "idnumber", "username", "kennung", "kürzel", "idnummer", "teilnehmerid",
      "teilnehmercode", "teilnehmendenid", "teilnehmendencode")  # fmt: skip
GROUP = ("group", "groups", "groupname", "gruppe", "gruppen", "gruppenname")
SUMS = ("total", "totals", "sum", "summe", "gesamt", "anzahl", "count", "average", "mittelwert")
_ROSTER = re.compile(r"roster( ?\(\d+\))?(\.(csv|tsv|txt|xlsx))?(?P<kind>\.[a-z]+)", re.IGNORECASE)
_FIRST, _SECOND = {".csv", ".xlsx"}, {".tsv", ".txt"}  # the second may also be notes
_OTHERS = {".xls", ".xlsm", ".xlsb", ".ods", ".fods", ".numbers", ".docx", ".odt", ".pdf"}
_WORKBOOK = b"PK\x03\x04"
_NO_TABLES = {
    b"\xd0\xcf\x11\xe0": "an old Excel file, or one that is locked",
    b"<": "a web page or another file of tags",
    b"{\\rt": "a text document",
    b"%PDF": "a PDF",
}
# How spreadsheets save the code 7 as a number, and how people make them keep 007 as text.
_DRESSED = (re.compile(r"(\d+)[.,]0+"), re.compile(r'="(.*)"'), re.compile(r"'(.*?)'?"))
_CUTS = re.compile(r'[,;\t|"\n]')


class _Line(NamedTuple):
    """One line of the roster; ``cells`` are all of it, ``typed`` is the code with its spaces."""

    number: int
    code: str
    group: str
    cells: list[str]
    typed: str


class _Columns(NamedTuple):
    """Where the heading stands and what it says."""

    row: int
    width: int
    code: int
    group: int | None


def read_roster(root: Path) -> set[str]:
    """Return the trainee ids on the roster, none where there is no roster.

    Raises
    ------
    GradingError
        As `read_groups`.
    """
    return set(read_groups(root))


def read_groups(root: Path) -> dict[str, str]:
    """Return the group of each trainee on the roster, by id; "" where there is none.

    Raises
    ------
    GradingError
        Where the roster cannot be read, or two that differ are there; where it has no
        column ``id``, nobody below it, a line without a code, something else than a code,
        or one code for two people or two groups.
    """
    found = {path.name: _read(path) for path in roster_files(root)}
    for one, other in combinations(found, 2):
        if found[one] != found[other]:
            raise GradingError(f"{one} and {other} are both here and differ; keep one of them")
    return next(iter(found.values()), {})


def _read(path: Path) -> dict[str, str]:
    try:
        return _groups(_read_lines(path))
    except GradingError as error:
        raise GradingError(f"{path.name}: {error}") from error


def _read_lines(path: Path) -> list[_Line]:
    rows = _rows(_content(path))
    columns = _columns(rows)
    lines = list(_lines(rows, columns))
    if not lines:
        raise GradingError("it holds no code below its heading; write one code a line")
    _require_no_rival(rows[columns.row][1], columns, lines)
    return lines


def roster_remarks(root: Path) -> Iterator[str]:
    """Yield a sentence about each line that is read, and may not mean what it says.

    Raises
    ------
    GradingError
        As `read_groups`.
    """
    for path in roster_files(root):
        for line in _read_lines(path):
            where = f"{path.name}, line {line.number}"
            if words := trimmed_words(line.typed):
                yield f"{where}: {words}"
            if _plain(line.code) in SUMS:
                yield f"{where}: {line.code} is probably no person. If so, take the line away."


# The file -------------------------------------------------------------------------------


def roster_files(root: Path) -> list[Path]:
    """Return the rosters in a course folder: one, none, or more that should say the same.

    Raises
    ------
    GradingError
        Where there is none but one of a kind that is not read here.
    """
    kinds = _kinds(root)
    for wanted in (_FIRST, _SECOND):
        if found := [root / name for name, kind in kinds.items() if kind in wanted]:
            return found
    for name, kind in kinds.items():
        if kind in _OTHERS:
            raise GradingError(f"{name} is not read here; {AS_CSV}, as roster.csv")
    return []


def unread_rosters(root: Path) -> list[str]:
    """Return what lies beside the roster, looks like another one, and is not read."""
    used = [path.name for path in roster_files(root)]
    return [
        f"{name} is not read, {used[0]} is; what you change there, change here as well"
        for name, kind in _kinds(root).items()
        if used and kind in _OTHERS
    ]


def _kinds(root: Path) -> dict[str, str]:
    names = sorted(path.name for path in root.iterdir())
    return {name: match["kind"].lower() for name in names if (match := _ROSTER.fullmatch(name))}


def _content(path: Path) -> bytes:
    if path.is_dir():
        raise GradingError("it is a folder, and no file; rename the folder")
    try:
        with open_plain(path) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise GradingError(f"it cannot be read ({error.strerror})") from None
    if len(content) > MAX_BYTES:
        raise GradingError(f"it is larger than {MAX_BYTES >> 20} MiB; keep only the list of people")
    return content


def _rows(content: bytes) -> Rows:
    if content.startswith(_WORKBOOK):
        return workbook_rows(content, _is_heading)
    for start, what in _NO_TABLES.items():
        if content.startswith(start):
            raise GradingError(f"it is {what}; {AS_CSV}")
    return table_rows(content, _is_heading)


# The heading ----------------------------------------------------------------------------


def _is_heading(cells: list[str]) -> bool:
    return not set(ID).isdisjoint(map(_plain, cells))


def _plain(cell: str) -> str:
    return re.sub(r"[\W_]", "", cell).casefold()


def _columns(rows: Rows) -> _Columns:
    filled = [(at, cells) for at, (_, cells) in enumerate(rows) if any(map(_clean, cells))]
    first = filled[:HEADING_WITHIN]
    exact = [(at, cells) for at, cells in first if ID[0] in map(_plain, cells)]
    for at, cells in exact or first:
        if _is_heading(cells):
            return _Columns(at, len(cells), _column(cells, ID) or 0, _column(cells, GROUP))
    raise GradingError(
        _no_heading([cell for _, cells in first[:1] for cell in cells if _plain(cell)])
    )


def _no_heading(cells: list[str]) -> str:
    if not cells:
        return "it is empty; write id into the first line, then one code a line"
    shown = ", ".join(repr(cell[:20]) for cell in cells[:5])
    return f"there is no column 'id'; found {shown}; name the column with the codes id"


def _column(cells: list[str], names: tuple[str, ...]) -> int | None:
    """Return which cell has one of these names; the first name wins over all others."""
    found = [at for at, cell in enumerate(cells) if _plain(cell) in names]
    exact = [at for at in found if _plain(cells[at]) == names[0]]
    best = exact or found
    if len(best) > 1:
        both = " and ".join(repr(cells[at][:20]) for at in best[:2])
        raise GradingError(f"the columns {both} could both be '{names[0]}'; rename one of them")
    return best[0] if best else None


def _require_no_rival(heading: list[str], columns: _Columns, lines: list[_Line]) -> None:
    """Refuse running numbers under ``id`` where another column holds codes as well."""
    codes = [line.code for line in lines]
    if not all(code.isdecimal() and code == str(int(code)) for code in codes):
        return
    if [int(code) - int(codes[0]) for code in codes] != [*range(len(codes))]:
        return
    for at, cell in enumerate(heading):
        others = {_code(_at(line.cells, at)) for line in lines} - {"", *codes}
        if at != columns.code and _plain(cell) in ID and others:
            both = f"{heading[columns.code][:20]!r} and {cell[:20]!r}"
            raise GradingError(f"the columns {both} could both be meant; keep one")


# The people -----------------------------------------------------------------------------


def _lines(rows: Rows, columns: _Columns) -> Iterator[_Line]:
    heading = rows[columns.row][1]
    for number, raw in rows[columns.row + 1 :]:
        cells = [_clean(cell) for cell in raw]
        if not any(cells) or [*map(_plain, cells)] == [*map(_plain, heading)]:
            continue  # an empty line, or the heading once more
        if any(cells[columns.width :]):
            what = f"line {number} has more cells than the heading"
            raise GradingError(f"{what}; put quotation marks around a text that holds a comma")
        group = "" if columns.group is None else _at(cells, columns.group)
        yield _Line(number, _code(_at(cells, columns.code)), group, cells, _at(raw, columns.code))


def _at(cells: list[str], column: int) -> str:
    return cells[column] if column < len(cells) else ""


def _clean(cell: str) -> str:
    return trimmed(cell)


def _code(cell: str) -> str:
    for dress in _DRESSED:
        if found := dress.fullmatch(cell):
            return found[1]
    return cell


def _groups(lines: list[_Line]) -> dict[str, str]:
    codes = {line.code for line in lines}
    problems = [*_no_codes(lines), *_twice(lines), *_alike(codes), *_swallowed(lines, codes)]
    if problems:
        others = len(problems) - 1
        more = f" ({others} more to mend)" if others else ""
        raise GradingError(f"{problems[0]}{more}")
    return {line.code: line.group for line in sorted(lines, key=lambda line: line.code)}


def _no_codes(lines: list[_Line]) -> Iterator[str]:
    for line in lines:
        if not line.code:
            yield f"line {line.number} holds no code; give one, or take the line away"
        elif not is_trainee_code(line.code):
            shown = f"{line.code[:80]!r} is not a trainee's code{_odd(line.code)}"
            yield f"line {line.number}: {shown}; {RULE}"


def _odd(code: str) -> str:
    """Name a sign that no code has: many look like one that a code may have."""
    odd = next((sign for sign in code if not re.match(r"[A-Za-z0-9._-]", sign)), "")
    return f" (it holds: {unicodedata.name(odd, 'a strange sign').lower()})" if odd else ""


def _twice(lines: list[_Line]) -> Iterator[str]:
    before: dict[str, _Line] = {}
    for line in lines:
        first = before.setdefault(line.code, line)
        if not line.code or _filled(line) == _filled(first):
            continue  # the same line again harms nobody
        if line.group != first.group:
            yield f"{line.code} stands in two groups; keep one line of it"
        else:
            yield f"{_both(first, line)}; give each person a code, or keep one line"


def _both(first: _Line, line: _Line) -> str:
    said = [trimmed(one.typed)[:20] for one in (first, line)]
    if said[0] == said[1]:
        return f"{line.code} stands in lines {first.number} and {line.number}, which differ"
    what = f"line {first.number} says {said[0]} and line {line.number} says {said[1]}"
    return f"{what}, and both mean {line.code}"


def _filled(line: _Line) -> list[str]:
    return [f"{at}:{cell}" for at, cell in enumerate(line.cells) if cell]


def _alike(codes: set[str]) -> Iterator[str]:
    """Name codes that a spreadsheet or a folder could take for the same."""
    seen: dict[str, str] = {}
    for code in sorted(codes):
        other = seen.setdefault(_core(code), code)
        if other != code:
            yield f"{other} and {code} are too alike to tell apart; change one of them"
    digits = sorted((code for code in codes if code.isdecimal()), key=len)
    longest = next((code for code in reversed(digits) if code.startswith("0")), "")
    for code in digits:
        if len(code) < len(longest) and _core(code) == code:
            yield f"{code} is shorter than {longest}; a spreadsheet may have dropped its zeros"


def _swallowed(lines: list[_Line], codes: set[str]) -> Iterator[str]:
    """Name codes that stand inside other cells, where a quotation mark is one too many."""
    shapes = {_shape(code) for code in codes if re.search(r"\d", code)}
    for line in lines:
        for text in (text for cell in line.cells if "\n" in cell for text in _CUTS.split(cell)):
            inside = _clean(text)
            if inside not in codes and _shape(inside) in shapes:
                what = f"{inside} stands inside another cell of line {line.number}"
                yield f"{what}; look for a quotation mark too many or too few"


def _shape(code: str) -> str:
    return re.sub(r"\d", "0", code)


def _core(code: str) -> str:
    """Return a code without capitals, and a number without leading zeros."""
    return (code.lstrip("0") or "0") if code.isdecimal() else code.casefold()
