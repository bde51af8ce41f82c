"""Two trainers decide on the same replies at once, each in a process: no decision is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fault_page import BOOK, fault
from helpers import postgres
from helpers.cohort import FULL, MODULE, make_course, submit
from helpers.desks import TYPED

from grader.desk.deciding import ALIKE, FLAG, UNDO, Wish, decide, state_of
from grader.desk.place import Desk
from grader.desk.queue import queue_of
from grader.desk.tables import tables
from grader.desk.undoing import undo
from grader.trainer.gradebook.gradebook import local_db_url, read_from
from grader.trainer.grading.grading import grade_modules

SCRIPT = Path(__file__).parent.parent / "helpers" / "one_desk.py"
WHO = ("Ana", "Ben")
REPLIES = 3  # few, so that both are often at the same one
Told = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres.running() as address:
        yield address


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Desk:
    """Give a desk of which nobody has opened a page yet, so that both make its tables."""
    course = make_course(tmp_path / "course")
    sqlite = request.param == "SQLite"
    address = local_db_url(course) if sqlite else _empty(request.getfixturevalue("server"))
    for number in range(REPLIES):
        submit(course, f"trainee-{number:03}", FULL | {"own-words": f"What helps, {number}?"})
    grade_modules(course, [MODULE], address)
    return Desk(course, address)


def _empty(address: str) -> str:
    """Return the server's database with nothing in it."""
    from sqlalchemy import create_engine, text

    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return address


def at_once(desk: Desk, count: int) -> Told:
    """Let both decide so many times at once; return what each wanted and was told."""
    command = [sys.executable, str(SCRIPT), str(desk.root), desk.db_url]
    running = [
        subprocess.Popen([*command, who, str(count)], stdout=subprocess.PIPE, text=True)
        for who in WHO
    ]
    said = [one.communicate(timeout=500)[0] for one in running]
    assert [one.returncode for one in running] == [0, 0]
    return {who: json.loads(text) for who, text in zip(WHO, said, strict=True)}


def journal(desk: Desk) -> list[Any]:
    from sqlalchemy import select

    decided = tables().decided
    rows = select(decided).order_by(decided.c.number)
    return read_from(desk.db_url, lambda session: list(session.execute(rows))) or []


def check_states(desk: Desk, rows: list[Any]) -> None:
    """Each decision begins where the one before it ended, and the last one is what stands."""
    last: dict[tuple[str, str], Any] = {}
    for row in rows:
        where = row.notebook_id, row.cell_id
        before, after = json.loads(row.before), json.loads(row.after)
        assert before == last.get(where, before), row
        last[where] = after
    assert len(last) == REPLIES
    for where, after in last.items():
        now = read_from(desk.db_url, lambda session, where=where: state_of(session, *where))
        assert {name: getattr(now, name) for name in after} == after


def check_told(told: Told, rows: list[Any]) -> None:
    """Whoever was told that it is done stands in the journal; all others were told why not."""
    noted = {who: [row for row in rows if row.who == who] for who in WHO}
    for who, all_of_one in told.items():
        assert [one["trouble"] for one in all_of_one if "trouble" in one] == []
        done = [book for one in all_of_one for book in one["done"]]
        assert Counter(done) == Counter(row.notebook_id for row in noted[who])
        for one in all_of_one:
            wanted = sorted(wish["notebook"] for wish in one["wishes"])
            if one["what"] != UNDO:
                assert sorted(one["done"] + one["refused"]) == wanted
    _check_wanted(told, noted)


def _check_wanted(told: Told, noted: dict[str, list[Any]]) -> None:
    """See that the journal holds what was wanted, in the order in which it was."""
    for who, all_of_one in told.items():
        rows = iter([row for row in noted[who] if row.what != UNDO])
        for one in all_of_one:
            wishes = {wish["notebook"]: wish for wish in one["wishes"]}
            for _ in one["done"] if one["what"] != UNDO else ():
                row = next(rows)
                wish, after = wishes.pop(row.notebook_id), json.loads(row.after)
                if one["what"] == FLAG:
                    assert after["flagged"] is not wish["flagged"], row
                else:
                    assert after["score"] == wish["points"], row
                    assert wish["comment"] in (None, after["comment"]), row


def check_undone(rows: list[Any]) -> None:
    """Nobody took back what somebody else decided, or decided again, since."""
    live: dict[tuple[str, bool], list[str]] = defaultdict(list)
    for row in rows:
        before, after = json.loads(row.before), json.loads(row.after)
        of_flag = before["flagged"] != after["flagged"]
        if row.what == UNDO:
            assert live[row.notebook_id, of_flag].pop() == row.who, row
        else:
            live[row.notebook_id, of_flag].append(row.who)


def check_meeting(told: Told, rows: list[Any]) -> None:
    """Both were really at it at once: else all of this would show nothing."""
    turns = sum(one.who != two.who for one, two in pairwise(rows))
    assert turns > len(rows) / 20
    assert all(any(one["refused"] for one in all_of_one) for all_of_one in told.values())


@fault(
    BOOK,
    "Two trainers decide on the same replies at once, a thousand times",
    "No decision is lost. Each one is done, or its trainer is told that it was not.",
)
@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.full)])
def test_two_trainers_at_once_lose_no_decision(desk: Desk, count: int) -> None:
    told = at_once(desk, count)
    rows = journal(desk)
    check_meeting(told, rows)
    check_told(told, rows)
    check_states(desk, rows)
    check_undone(rows)
    assert len(queue_of(desk, MODULE, TYPED).everybody) == REPLIES


def test_many_at_once_in_another_order_wait_for_each_other(desk: Desk) -> None:
    """Two lists of the same replies, one backwards: no server may find both stuck."""
    desk.get_ready()
    queue = queue_of(desk, MODULE, TYPED)
    orders = queue.everybody, queue.everybody[::-1]

    def mark(who: str, books: tuple[str, ...]) -> int:
        wishes = [wish_for(desk, book, queue.cell) for book in books]
        return len(decide(desk, who, ALIKE, wishes).refused)

    with ThreadPoolExecutor(2) as both:
        for _ in range(10):
            list(both.map(mark, WHO, orders))
            list(both.map(lambda who: undo(desk, who), WHO))
    check_states(desk, journal(desk))


def test_a_desk_that_opens_while_another_makes_the_tables_waits_for_them(desk: Desk) -> None:
    with ThreadPoolExecutor(1) as other:
        with desk.writing():  # made, and not yet there for others
            ready = other.submit(desk.get_ready)
            time.sleep(0.5)
        assert ready.result() is True


def wish_for(desk: Desk, book: str, cell: str) -> Wish:
    now = read_from(desk.db_url, lambda session: state_of(session, book, cell))
    assert now is not None
    return Wish(book, cell, now.seen, 2.0)
