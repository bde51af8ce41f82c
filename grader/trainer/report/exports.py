"""Write marks as a table that any spreadsheet opens, with a row for everybody.

Nobody is left out: who handed in nothing, or something that cannot be read, has a row
that says so. What waits for a trainer is counted beside the points, not hidden in them.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from grader.errors import GradingError, one_line
from grader.files.privacy import protect, write_private
from grader.formats.spreadsheet import csv_bytes
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.collect.collect import Progress
from grader.trainer.collect.ungraded import OTHER_WORK, since_grading
from grader.trainer.collect.whereabouts import Whereabouts
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, NOT_GRADED, WAITING
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Sheet, load_sheet, read_answers
from grader.trainer.marking.sheets import load_sheets
from grader.trainer.release import modules_of, require_module
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import is_handed_in, people, who_handed_in

UNGRADED = "handed in, not graded yet"
KEYLESS = "its key is missing"
COLUMNS = (
    "trainee",
    "module",
    "status",
    "points",
    "max_points",
    "waiting_for_trainer",
    "handed_in",
    "marked_for_earlier_words",
)
SINCE = "since_grading"  # the last column, behind those of the items


def export_csv(  # noqa: PLR0913 - where from and to, of what and whom
    root: Path,
    out: Path,
    db_url: str | None = None,
    *,
    modules: Iterable[str] = (),
    trainees: Iterable[str] = (),
    left_out: Callable[[str], None] = lambda _: None,
    to_be_graded: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the marks to one CSV file.

    Parameters
    ----------
    root : Path
        The course folder.
    out : Path
        The file; its folder is made where it is missing.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.

    modules, trainees : iterable of str, optional
        Which ones; all by default.
    left_out : callable
        Is told why a module's questions cannot be told apart; its rows have their sums.
    to_be_graded : callable
        Is told how many of the hand-ins wait for grading, for the first time or again.

    Returns
    -------
    int
        The number of rows below the heading: trainees times modules.

    Raises
    ------
    GradingError
        Where a module is unknown, or the key, the roster, the gradebook or the file cannot
        be used.
    """
    root, out = Path(root), Path(out)
    chosen, only = tuple(modules), set(trainees)
    for module in chosen:
        require_module(module, modules_of(root))
    found = rows_of(root, db_url or default_db_url(root), chosen, left_out=left_out)
    rows = [row for row in found if not only or row["trainee"] in only]
    items = list(
        dict.fromkeys(name for row in rows for name in row if name not in (*COLUMNS, SINCE))
    )
    write_table(out, (*COLUMNS, *items, SINCE), rows)
    to_be_graded(sum(is_to_be_graded(row) for row in rows))
    return len(rows)


def is_to_be_graded(row: Mapping[str, Any]) -> bool:
    """Tell whether a row is of work without marks, or with marks for other work."""
    stands = row["status"] in (GRADED, WAITING) and row.get(SINCE) in OTHER_WORK
    return stands or row["status"] == UNGRADED


def write_table(out: Path, columns: Iterable[str], rows: Iterable[dict[str, Any]]) -> None:
    """Write rows as CSV for any spreadsheet, for the trainers' eyes only.

    A column that a row lacks is left empty.

    Raises
    ------
    GradingError
        Where the file cannot be written.
    """
    columns = tuple(columns)
    write_out(out, csv_bytes(columns, ([row.get(name, "") for name in columns] for row in rows)))


def write_out(out: Path, content: bytes) -> None:
    """Write a file where the trainer asked for it; a folder that is missing is made, and shut.

    Raises
    ------
    GradingError
        Where the file cannot be written.
    """
    try:
        if not out.parent.is_dir():
            out.parent.mkdir(parents=True)
            protect(out.parent)
        write_private(out, content)
    except OSError as error:
        raise GradingError(f"{out} cannot be written {_remedy(out, error)}") from error


def _remedy(out: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"({error.strerror}); make room, or choose another with --out"
    if error.errno == errno.EROFS or not os.access(out.parent, os.W_OK):
        return f"({error.strerror}); its folder cannot be written to: choose another with --out"
    return f"({error.strerror}); close it elsewhere, or choose another with --out"


def rows_of(
    root: Path,
    db_url: str,
    modules: Iterable[str] = (),
    progress: Progress = iter,
    left_out: Callable[[str], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """Yield one row for each module and trainee: the columns, then points by item.

    Where ``left_out`` hears of it, a module without its key stops no other.
    """
    books = {module: read_gradebook(db_url, module) for module in modules_of(root)}
    everybody = people(read_roster(root), who_handed_in(root, *books), *books.values())
    chosen = tuple(modules) or tuple(books)
    books = {module: books[module] for module in chosen}
    sheets, keyless = _sheets(root, chosen, left_out)
    where = Whereabouts(root)
    for module, book in progress(list(books.items())):
        for trainee in everybody:
            if module in keyless:
                yield _sums(root, module, trainee, book.get(trainee))
            else:
                yield _row(root, sheets[module], trainee, book.get(trainee), where)


def _sheets(
    root: Path, modules: tuple[str, ...], left_out: Callable[[str], None] | None
) -> tuple[dict[str, Sheet], dict[str, str]]:
    if left_out is None:
        return {module: load_sheet(root, module) for module in modules}, {}
    sheets, keyless = load_sheets(root, modules)
    for why in keyless.values():
        left_out(why)
    return sheets, keyless


def _sums(root: Path, module: str, trainee: str, entry: Entry | None) -> dict[str, Any]:
    """Return the row of a module whose key is missing: what the gradebook alone can tell."""
    row: dict[str, Any] = {"trainee": one_line(trainee), "module": module, "status": KEYLESS}
    if entry is not None:
        row["points"] = _number(entry.points)
        row["max_points"] = _number(sum(mark.max_points for mark in entry.marks.values()))
        row["waiting_for_trainer"] = entry.waiting
    elif not is_handed_in(root / "submitted" / trainee / module):
        row["status"] = MISSING
    return row


def _row(
    root: Path, sheet: Sheet, trainee: str, entry: Entry | None, where: Whereabouts
) -> dict[str, Any]:
    folder = root / "submitted" / trainee / sheet.module
    row: dict[str, Any] = {"trainee": one_line(trainee), "module": sheet.module}
    row["status"] = _status(sheet, folder, entry)
    row["max_points"] = _number(sheet.max_points)
    if entry is not None:
        row["points"] = _number(entry.points)
        row["waiting_for_trainer"] = entry.waiting
        row["marked_for_earlier_words"] = _superseded(sheet, entry)
        row["handed_in"] = f"{entry.handed_in:%Y-%m-%d %H:%M} UTC" if entry.handed_in else ""
        row[SINCE] = since_grading(root, where, trainee, sheet.module, entry.handed_in)
    for place in sheet.places:
        mark = entry.marks.get(place.grade_id) if entry else None
        row[place.item.id] = "" if mark is None or mark.waits else _number(mark.points)
    return row


def _superseded(sheet: Sheet, entry: Entry) -> str:
    found = entry.superseded
    return "; ".join(
        f"{place.item.id}: {found[place.grade_id].said(place.item.points)}"
        for place in sheet.places
        if place.grade_id in found
    )


def _status(sheet: Sheet, folder: Path, entry: Entry | None) -> str:
    try:
        there = folder.is_dir()
    except OSError:  # it may not be looked at
        return NOT_GRADED
    if there and (not is_trainee_code(folder.parent.name) or folder.parent.is_symlink()):
        return NOT_GRADED
    there = there and is_handed_in(folder)
    had_answers = entry is not None and entry.had_answers
    if there and read_answers(sheet, folder, had_answers=had_answers)[1]:
        return DAMAGED
    if entry is None:
        return UNGRADED if there else MISSING
    return WAITING if entry.waiting else GRADED


def _number(value: float) -> float | int:
    value = round(value, 4)
    return int(value) if value == int(value) else value
