"""One trainer on a desk of their own process: random decisions, each with what they were told.

Called by test_two_desks.py, twice at once: ``ROOT DB_URL WHO HOW_MANY`` prints JSON.
"""

from __future__ import annotations

import json
import random
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # a script finds the others as tests do
# ruff: noqa: E402

from helpers.cohort import MODULE
from helpers.desks import TYPED

from grader.desk.deciding import ALIKE, FLAG, MARK, UNDO, Decided, Wish, decide, state_of
from grader.desk.place import Desk
from grader.desk.queue import queue_of
from grader.desk.undoing import undo
from grader.errors import AlongsideError
from grader.trainer.gradebook.gradebook import read_from

CHANCES = (MARK,) * 5 + (ALIKE, ALIKE, FLAG, FLAG, UNDO, UNDO)
COMMENTS = (None, "Warm.", "Short.")  # few, so that a mark comes back as it was before
POINTS = (1.0, 2.0, 2.5)
LOOKS = 0.004  # seconds at most between seeing a mark and deciding


def main(root: str, db_url: str, who: str, count: str) -> None:
    desk, chance = Desk(Path(root), db_url), random.Random(who)  # noqa: S311 - no secret
    desk.get_ready()  # as the first page of the desk does
    queue = queue_of(desk, MODULE, TYPED)
    told = [_decide(desk, who, queue.cell, queue.everybody, chance) for _ in range(int(count))]
    json.dump(told, sys.stdout)


def _decide(
    desk: Desk, who: str, cell: str, books: tuple[str, ...], chance: random.Random
) -> dict[str, Any]:
    """Look, wait, decide; return what was wanted, and what became of it."""
    what = chance.choice(CHANCES)
    chosen = chance.sample(books, 2 if what == ALIKE else 1)
    seen = [_wish(desk, book, cell, chance) for book in chosen]
    time.sleep(chance.random() * LOOKS)
    try:
        done = undo(desk, who) if what == UNDO else decide(desk, who, what, seen)
    except AlongsideError as error:
        return {"what": what, "trouble": str(error)}
    return _told(what, [] if what == UNDO else seen, done)


def _wish(desk: Desk, book: str, cell: str, chance: random.Random) -> Wish:
    now = read_from(desk.db_url, lambda session: state_of(session, book, cell))
    assert now is not None
    return Wish(
        book, cell, now.seen, chance.choice(POINTS), chance.choice(COMMENTS), flagged=now.flagged
    )


def _told(what: str, wishes: list[Wish], done: Decided) -> dict[str, Any]:
    return {
        "what": what,
        "wishes": [asdict(one) for one in wishes],
        "done": [book for book, _ in done.where],
        "refused": [one.wish.notebook for one in done.refused],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
