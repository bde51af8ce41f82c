"""Write typed replies from which the automatic reading could learn, for a person to look through.

Only where a trainer's mark differs from the suggestion, and only of those who ticked at their
latest hand-in that their words may help. No code, no time and no order tells whose they are.
Apart from the command, which only says how many there are.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from grader.coding.coder import SURE
from grader.content.items import BEST
from grader.desk.answers import Answer, read_answer
from grader.desk.place import Desk
from grader.desk.reading import is_other
from grader.errors import GradingError
from grader.files.privacy import write_private
from grader.places import PACKAGE
from grader.trainer.collect.history import History
from grader.trainer.gradebook.gradebook import read_gradebook
from grader.trainer.marking.marks import Entry
from grader.trainer.marking.sheet import Place
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import who_handed_in

LEARNED = PACKAGE / "training"  # what training reads lies below it
LONG = 4  # characters of a code that is looked for inside words as well


@dataclass(frozen=True, slots=True)
class Row:
    """One reply: points of `BEST` in halves, as a trainer gave them and as was suggested.

    ``acts`` are those that the course saw. ``state`` says that nobody has looked it through:
    training refuses a row that has more than item, points and text.
    """

    item: str
    points: float
    text: str
    suggested: float
    acts: str
    state: str = "to look through"


def write_rows(desk: Desk, out: Path) -> int:
    """Write the rows to a file, one as JSON on each line; return how many there are.

    Raises
    ------
    GradingError
        Where the file is there already, lies where training would find it, or cannot be
        written.
    """
    if out.resolve().is_relative_to(LEARNED):
        what = "training reads that folder, and nobody has looked these replies through"
        raise GradingError(f"{what}; name a file elsewhere")
    if os.path.lexists(out):
        raise GradingError(f"{out} is there already; name another file")
    rows = sorted(rows_from_marks(desk), key=_lot)
    text = "".join(f"{json.dumps(asdict(row), ensure_ascii=False)}\n" for row in rows)
    try:
        write_private(out, text.encode())
    except OSError as error:
        raise GradingError(f"{out} cannot be written ({error.strerror})") from error
    return len(rows)


def _lot(row: Row) -> bytes:
    return hashlib.sha256(json.dumps(asdict(row)).encode()).digest()


def rows_from_marks(desk: Desk) -> Iterator[Row]:
    """Yield a row for each reply that may help; one that names anybody's code is left out."""
    entries = {module: read_gradebook(desk.db_url, module) for module in desk.modules}
    people = {code for marks in entries.values() for code in marks}
    codes = _any_of(people | read_roster(desk.root) | set(who_handed_in(desk.root, *entries)))
    for module, marks in entries.items():
        for trainee, entry in marks.items():
            if History(desk.root, trainee, module).may_teach:
                found = _rows_of(desk, module, trainee, entry)
                yield from (row for row in found if not codes.search(row.text))


def _any_of(codes: Iterable[str]) -> re.Pattern[str]:
    """Return what finds a code in words, in any letters; a short one only as a word."""
    shapes = (
        re.escape(code) if len(code) >= LONG else rf"\b{re.escape(code)}\b"
        for code in sorted(codes)
    )
    return re.compile("|".join(shapes) or r"(?!)", re.IGNORECASE)


def _rows_of(desk: Desk, module: str, trainee: str, entry: Entry) -> Iterator[Row]:
    for place, points in _marked(desk.sheet(module).places, entry):
        answer = read_answer(desk, module, place.grade_id, trainee)
        suggested, most = answer.suggested, place.item.points
        if suggested is None or is_other(entry.marks[place.grade_id].words, answer.words):
            continue
        given, thought = _of_best(points, most), _of_best(suggested, most)
        if given != thought:
            yield Row(place.item.id, given, str(answer.response), thought, _acts(answer))


def _marked(places: Iterable[Place], entry: Entry) -> Iterator[tuple[Place, float]]:
    """Yield each typed reply that a person has marked, with its points."""
    marks: Mapping[str, float | None] = {
        name: None if mark.waits else mark.by_hand.score for name, mark in entry.marks.items()
    }
    for place in places:
        points = marks.get(place.grade_id)
        if place.item.kind == "reply" and points is not None:
            yield place, points


def _of_best(points: float, most: float) -> float:
    """Return points as training has them: of `BEST`, in halves."""
    return round(2 * BEST * points / most) / 2


def _acts(answer: Answer) -> str:
    seen = {act.act for act in answer.score.acts if act.confidence >= SURE}
    return "+".join(sorted(seen)) or "other"
