"""Read the marks of a module out of nbgrader's gradebook, with the words they were given for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import TYPE_CHECKING

from grader.files.parsing import parse_json
from grader.trainer.gradebook.tables import have_tables, tables
from grader.trainer.marking.marks import UNKNOWN, ByHand, CellMark, Earlier, Entry, cell_mark

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


Cell = tuple[str, str]  # numbers of a submitted notebook and of a cell
Row = tuple[str, str, str, CellMark]  # the same, the number of the mark, and the mark


def entries_of(session: Session, module: str) -> dict[str, Entry]:
    """Return everybody's marks of a module."""
    from nbgrader import api
    from sqlalchemy import select

    cells = cells_of(session, module)
    ours = api.SubmittedAssignment
    entries, by_number = {}, {}
    for number, trainee, moment in session.execute(
        select(ours.id, ours.student_id, ours.timestamp)
        .join(api.Assignment, api.Assignment.id == ours.assignment_id)
        .where(api.Assignment.name == module)
    ):
        handed_in = moment.replace(tzinfo=UTC) if moment else None
        by_number[number] = entries[trainee] = Entry(trainee, handed_in)
    of_notebook = {
        notebook: by_number[number].marks
        for notebook, number in session.execute(
            select(api.SubmittedNotebook.id, api.SubmittedNotebook.assignment_id)
            .join(api.Notebook, api.Notebook.id == api.SubmittedNotebook.notebook_id)
            .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
            .where(api.Assignment.name == module)
        )
        if number in by_number  # else handed in between the two questions
    }
    for notebook, cell, _, mark in rows_of_marks(session, cells):
        if notebook in of_notebook:
            of_notebook[notebook][cells[cell][0]] = mark
    return entries


def entries_of_one(session: Session, trainee: str) -> dict[str, tuple[str, Entry]]:
    """Return one trainee's marks by module, each with the number of the submitted notebook.

    Each question names whatever an index begins with, so that nobody else's rows are read.
    """
    from nbgrader import api
    from sqlalchemy import select

    ours, book = api.SubmittedAssignment, api.SubmittedNotebook
    handed_in = session.execute(
        select(api.Assignment.name, book.id, ours.timestamp)
        .join(ours, ours.assignment_id == api.Assignment.id)
        .join(api.Notebook, api.Notebook.assignment_id == api.Assignment.id)
        .join(book, (book.notebook_id == api.Notebook.id) & (book.assignment_id == ours.id))
        .where(ours.student_id == trainee)
        .order_by(api.Assignment.name)
    )
    found = {}
    for module, notebook, moment in handed_in.all():
        entry = Entry(trainee, moment.replace(tzinfo=UTC) if moment else None)
        cells = cells_of(session, module)
        for _, cell, _, mark in rows_of_marks(session, cells, of=notebook):
            entry.marks[cells[cell][0]] = mark
        found[module] = notebook, entry
    return found


def cells_of(session: Session, module: str) -> dict[str, tuple[str, float]]:
    """Return name and points of each cell of a module, by its number in the gradebook."""
    from nbgrader import api
    from sqlalchemy import func, select

    cell, grade, task = (one.__table__ for one in (api.BaseCell, api.GradeCell, api.TaskCell))
    found = session.execute(
        select(cell.c.id, cell.c.name, func.coalesce(grade.c.max_score, task.c.max_score, 0.0))
        .outerjoin(grade, grade.c.id == cell.c.id)
        .outerjoin(task, task.c.id == cell.c.id)
        .join(api.Notebook, api.Notebook.id == cell.c.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .where(api.Assignment.name == module)
    )
    return {number: (name, most) for number, name, most in found}


def rows_of_marks(
    session: Session, cells: Mapping[str, tuple[str, float]], *, lock: bool = False, of: str = ""
) -> Iterator[Row]:
    """Yield the marks of some cells; with ``lock``, nobody changes them until the session ends.

    With ``of``, only those of one submitted notebook.

    Cells, trainees and comments are few and are looked up here, not joined to each of
    perhaps a hundred thousand marks: that takes a third of the time. Naming the cells lets
    SQLite use its index; it would read the marks of all modules otherwise.
    """
    from nbgrader.api import Comment, Grade
    from sqlalchemy import select

    marks = select(
        Grade.notebook_id,
        Grade.cell_id,
        Grade.id,
        Grade.auto_score,
        Grade.manual_score,
        Grade.extra_credit,
        Grade.needs_manual_grade,
    ).where(Grade.cell_id.in_(cells))
    comments = (
        select(Comment.notebook_id, Comment.cell_id, Comment.manual_comment)
        .where(Comment.cell_id.in_(cells))
        .where(Comment.manual_comment.is_not(None))
    )
    if of:
        marks = marks.where(Grade.notebook_id == of)
        comments = comments.where(Comment.notebook_id == of)
    if lock:  # SQLite has its own
        marks, comments = marks.with_for_update(), comments.with_for_update()
    written = {(book, cell): text for book, cell, text in session.execute(comments)}
    words, earlier = _words(session, cells, of)
    for book, cell, row, auto, manual, extra, waits in session.execute(marks):
        name, most = cells[cell]
        by_hand = ByHand(manual, extra, written.get((book, cell), ""))
        known = words.get(book, {}).get(name, UNKNOWN)
        past = earlier.get((book, cell), ())
        yield book, cell, row, cell_mark(most, auto, by_hand, known, past, waits=waits)


def _words(
    session: Session, cells: Mapping[str, tuple[str, float]], of: str
) -> tuple[dict[str, dict[str, str]], dict[Cell, tuple[Earlier, ...]]]:
    """Return the words that were graded last by notebook, and what was given for others."""
    from nbgrader.api import SubmittedNotebook
    from sqlalchemy import select

    if not have_tables(session):
        return {}, {}
    graded, past = tables().graded.c, tables().earlier.c
    own = _notebook_of(session, cells)
    of_module = select(graded.notebook_id, graded.words).join(
        SubmittedNotebook, SubmittedNotebook.id == graded.notebook_id
    )
    asked = graded.notebook_id == of if of else SubmittedNotebook.notebook_id == own
    found = session.execute(of_module.where(asked))
    words = {book: parse_json(text) for book, text in found}
    earlier: dict[Cell, tuple[Earlier, ...]] = {}
    given = select(tables().earlier).where(past.cell_id.in_(cells)).order_by(past.place)
    for row in session.execute(given.where(past.notebook_id == of) if of else given):
        by_hand = ByHand(row.manual_score, row.extra_credit, row.manual_comment or "")
        key = (row.notebook_id, row.cell_id)
        earlier[key] = (*earlier.get(key, ()), Earlier(row.words, by_hand))
    return words, earlier


def _notebook_of(session: Session, cells: Mapping[str, tuple[str, float]]) -> str | None:
    from nbgrader.api import BaseCell
    from sqlalchemy import select

    return session.scalar(select(BaseCell.notebook_id).where(BaseCell.id == next(iter(cells), "")))
