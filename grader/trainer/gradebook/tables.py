"""Tables of our own in nbgrader's gradebook: what its own tables have no place for.

They lie beside its tables, so that copies, transactions and servers take them along. They
point at its rows by number without asking the database to watch over that.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from grader.trainer.marking.marks import Earlier

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@cache
def tables() -> Any:
    """Return our tables by name.

    ``graded`` holds, for each submitted notebook, the words that were graded last, as JSON
    by grade id, and when they were handed in. ``earlier`` holds what a trainer gave for
    other words, ``place`` says in which order. ``released`` says which edition of a
    feedback was sent to whom.
    """
    from sqlalchemy import Column, Float, Integer, MetaData, String, Table, Text

    about = MetaData()
    graded = Table(
        "alongside_graded",
        about,
        Column("notebook_id", String(32), primary_key=True),
        Column("words", Text, nullable=False),
        Column("handed_in", String(32), nullable=False),
    )
    earlier = Table(
        "alongside_earlier",
        about,
        Column("notebook_id", String(32), primary_key=True),
        Column("cell_id", String(32), primary_key=True),
        Column("place", Integer, primary_key=True, autoincrement=False),
        Column("words", String(32), nullable=False),
        Column("manual_score", Float),
        Column("extra_credit", Float),
        Column("manual_comment", Text),
    )
    released = Table(
        "alongside_released",
        about,
        Column("module", String(128), primary_key=True),
        Column("trainee", String(128), primary_key=True),
        Column("edition", String(32), nullable=False),
    )
    return SimpleNamespace(graded=graded, earlier=earlier, released=released)


def make_tables(session: Session) -> None:
    """Make those tables that are not there yet."""
    from sqlalchemy.schema import CreateTable

    if not have_tables(session):
        for table in vars(tables()).values():
            session.execute(CreateTable(table, if_not_exists=True))


def have_tables(session: Session) -> bool:
    """Tell whether our tables are there; an older course had none."""
    from sqlalchemy import inspect

    # Asked through this session's own connection: another one could wait for its lock.
    there = inspect(session.connection())
    return all(there.has_table(table.name) for table in vars(tables()).values())


def note_words(session: Session, words: Mapping[str, tuple[Mapping[str, str], str]]) -> None:
    """Note which words are graded now, by grade id, and their time, by submitted notebook."""
    rows = [
        {"notebook_id": book, "words": json.dumps(dict(one)), "handed_in": handed_in}
        for book, (one, handed_in) in words.items()
    ]
    _replace(session, tables().graded, [{"notebook_id": book} for book in words], rows)


def note_earlier(session: Session, earlier: Mapping[tuple[str, str], tuple[Earlier, ...]]) -> None:
    """Note what was given for other words, by submitted notebook and cell."""
    cells = [{"notebook_id": book, "cell_id": cell} for book, cell in earlier]
    rows = [
        where | _row(place, one)
        for where, given in zip(cells, earlier.values(), strict=True)
        for place, one in enumerate(given)
    ]
    _replace(session, tables().earlier, cells, rows)


def note_released(session: Session, module: str, editions: Mapping[str, str]) -> None:
    """Note which edition of a module's feedback was sent, by trainee."""
    who = [{"module": module, "trainee": trainee} for trainee in editions]
    rows = [one | {"edition": editions[one["trainee"]]} for one in who]
    _replace(session, tables().released, who, rows)


def released_in(session: Session, module: str) -> dict[str, str]:
    """Return which edition of a module's feedback was sent, by trainee."""
    from sqlalchemy import select

    if not have_tables(session):
        return {}
    sent = tables().released.c
    found = select(sent.trainee, sent.edition).where(sent.module == module)
    return dict(session.execute(found).all())


def released_to(session: Session, trainee: str, modules: Iterable[str]) -> dict[str, str]:
    """Return which edition of their feedback was sent to one trainee, by module."""
    from sqlalchemy import select

    if not have_tables(session):
        return {}
    sent = tables().released.c
    found = select(sent.module, sent.edition).where(sent.module.in_(modules))
    return dict(session.execute(found.where(sent.trainee == trainee)).all())


def _row(place: int, one: Earlier) -> dict[str, Any]:
    given = one.by_hand
    return {
        "place": place,
        "words": one.words,
        "manual_score": given.score,
        "extra_credit": given.extra,
        "manual_comment": given.comment or None,
    }


def _replace(
    session: Session, table: Any, where: list[dict[str, str]], rows: list[dict[str, Any]]
) -> None:
    """Put rows in the place of those that agree with ``where``."""
    from sqlalchemy import bindparam, delete, insert

    if where:
        same = [table.c[name] == bindparam(f"old_{name}") for name in where[0]]
        old = [{f"old_{name}": value for name, value in one.items()} for one in where]
        session.execute(delete(table).where(*same), old)
    if rows:
        session.execute(insert(table), rows)
