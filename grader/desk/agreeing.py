"""How well two trainers agree, and a trainer with what the course suggests: by question, by act.

Pairs come from the gradebook; `grader.trainer.marking.agreement` works out the numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.content.items import ACTS
from grader.desk.answers import name_of
from grader.desk.deciding import FIRST
from grader.desk.pairing import Pair, are_apart, pairs_in
from grader.desk.place import Desk
from grader.desk.tables import have_tables, tables
from grader.files.parsing import parse_json
from grader.trainer.gradebook.gradebook import read_from
from grader.trainer.marking.agreement import FEWEST, Kappa, kappa_of_points, kappa_of_presence
from grader.trainer.report.exports import write_table

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

# Who is compared. A first marker sees the suggestion, a second one does not.
MARKERS = "first and second marker"
SEEN = "first marker and suggestion"
UNSEEN = "second marker and suggestion"
QUESTION, ACT = "question", "act"
OFTEN, OF = 5, 10  # so many of at least so many pairs are apart: the key may be at fault
COLUMNS = (
    *("about", "module", "name", "who", "pairs", "apart", "kappa", "low", "high", "meaning"),
    *("look_at_this_key", "act"),
)
# From which kappa on a sentence is said; after the usual bands of Landis and Koch (1977).
BANDS = (
    (0.8, "They agree closely."),
    (0.6, "They agree mostly."),
    (0.4, "They agree in part. Talk about what earns points here."),
    (-1.0, "They often differ. Please talk about what earns points here."),
)
BY_CHANCE = "This may be chance."
NO_SPREAD = "Nothing can be said, as all got the same."
ALWAYS = "They never differed so far."

Points = Sequence[tuple[float, float]]
Asked = tuple[str, str]  # module and question


@dataclass(frozen=True, slots=True)
class Line:
    """How well two agree on one thing; ``apart`` counts pairs more than half a point apart.

    Of acts, ``apart`` counts the replies in which one heard the act and the other did not.
    """

    about: str
    who: str
    name: str
    pairs: int
    apart: int
    kappa: Kappa | None
    module: str = ""
    look: str = ""  # the act that stands in most of the replies in which a suggestion is overruled
    is_overruled: bool = False

    @property
    def is_enough(self) -> bool:
        """Tell whether there are pairs enough to say something."""
        return self.pairs >= FEWEST

    @property
    def shown(self) -> Kappa | None:
        """The number to show, its interval cut where kappa ends; None where nothing is said."""
        found = self.kappa if self.is_enough else None
        if found is None:
            return None
        return Kappa(found.value, max(found.low, -1.0), min(found.high, 1.0), found.pairs)

    @property
    def meaning(self) -> str:
        """One plain sentence."""
        if not self.is_enough:
            return f"Too few to say. It takes {FEWEST} pairs."
        if self.kappa is None:
            return NO_SPREAD
        if not self.apart and self.kappa.high - self.kappa.value < 1e-6:
            return ALWAYS
        if self.kappa.low <= 0:
            return BY_CHANCE
        return next(words for least, words in BANDS if self.kappa.value >= least)


@dataclass(frozen=True, slots=True)
class Suggested:
    """A first mark beside what the course suggested, with the acts that either named."""

    module: str
    grade_name: str
    points: float
    suggested: float | None
    acts: frozenset[str]
    coded: frozenset[str]


def agreement_of(desk: Desk) -> list[Line]:
    """Return all lines: questions in their order, then acts; those without a pair are left out.

    Raises
    ------
    GradingError
        Where the gradebook cannot be read.
    """

    def read(session: Session) -> tuple[list[Pair], list[Suggested], dict[str, Any]]:
        if not have_tables(session):
            return [], [], {}
        return pairs_in(session), list(_suggested(session)), _looked(session)

    pairs, firsts, looked = read_from(desk.db_url, read) or ([], [], {})
    unseen = [_of_second(pair, *looked[pair.grade_id]) for pair in pairs if pair.grade_id in looked]
    lines = [*_questions(desk, pairs, firsts, unseen), *_acts(pairs, firsts, unseen)]
    return [line for line in lines if line.pairs]


def write_agreement(desk: Desk, out: Path) -> int:
    """Write all lines as a table for a spreadsheet; return how many there are.

    Raises
    ------
    GradingError
        Where the gradebook cannot be read, or the file cannot be written.
    """
    lines = agreement_of(desk)
    write_table(out, COLUMNS, [_row(line) for line in lines])
    return len(lines)


def _row(line: Line) -> dict[str, Any]:
    row = {name: getattr(line, name) for name in COLUMNS[:6]} | {"meaning": line.meaning}
    if line.shown:
        row |= {"kappa": round(line.shown.value, 4)}
        row |= {"low": round(line.shown.low, 4), "high": round(line.shown.high, 4)}
    return row | {"look_at_this_key": "yes" if line.is_overruled else "", "act": line.look}


# Questions ------------------------------------------------------------------------------


def _questions(
    desk: Desk, pairs: list[Pair], firsts: list[Suggested], unseen: list[Suggested]
) -> Iterator[Line]:
    between: dict[Asked, list[tuple[float, float]]] = defaultdict(list)
    for pair in pairs:
        between[pair.module, pair.grade_name].append((pair.first.points, pair.second.points))
    seen, blind = _by_question(firsts), _by_question(unseen)
    for asked in sorted({*between, *seen, *blind}):
        name = name_of(desk, *asked)
        yield _of_points(asked, name, MARKERS, between.get(asked, ()))
        yield _with_suggestion(asked, name, SEEN, seen.get(asked, ()))
        yield _with_suggestion(asked, name, UNSEEN, blind.get(asked, ()))


def _by_question(marks: Iterable[Suggested]) -> dict[Asked, list[Suggested]]:
    found: dict[Asked, list[Suggested]] = defaultdict(list)
    for mark in marks:
        if mark.suggested is not None:
            found[mark.module, mark.grade_name].append(mark)
    return found


def _of_points(asked: Asked, name: str, who: str, points: Points) -> Line:
    apart = sum(are_apart(*pair) for pair in points)
    return Line(QUESTION, who, name, len(points), apart, kappa_of_points(points), asked[0])


def _with_suggestion(asked: Asked, name: str, who: str, marks: Sequence[Suggested]) -> Line:
    points = [(mark.points, mark.suggested) for mark in marks if mark.suggested is not None]
    line = _of_points(asked, name, who, points)
    if line.pairs < OF or line.apart < OFTEN:
        return line
    coded = (mark.coded for mark, pair in zip(marks, points, strict=True) if are_apart(*pair))
    counts = Counter(act for acts in coded for act in sorted(acts))
    most = min(counts, key=lambda act: (-counts[act], act), default="")
    look = ACTS.get(most, most)
    facts = (line.about, line.who, line.name, line.pairs, line.apart, line.kappa, line.module)
    return Line(*facts, look=look, is_overruled=True)


# Acts -----------------------------------------------------------------------------------


def _acts(pairs: list[Pair], firsts: list[Suggested], unseen: list[Suggested]) -> Iterator[Line]:
    """Compare the acts that were ticked; who ticked none was not asked."""
    both = [(one.first.acts, one.second.acts) for one in pairs]
    sides = (
        (MARKERS, [pair for pair in both if all(pair)]),
        (SEEN, [(one.acts, one.coded) for one in firsts if one.acts]),
        (UNSEEN, [(one.acts, one.coded) for one in unseen if one.acts]),
    )
    for act, name in ACTS.items():
        for who, sets in sides:
            there = [(act in one, act in other) for one, other in sets]
            if any(map(any, there)):
                apart = sum(one != other for one, other in there)
                yield Line(ACT, who, name, len(there), apart, kappa_of_presence(there))


# The gradebook --------------------------------------------------------------------------


def _suggested(session: Session) -> Iterator[Suggested]:
    """Yield the first mark of each reply, the newest that was not taken back."""
    from nbgrader import api
    from sqlalchemy import and_, func, select

    decided, looked, heard = tables().decided, tables().looked, tables().heard
    newest = (
        select(func.max(decided.c.number))
        .where(decided.c.what.in_(FIRST), ~decided.c.undone)
        .group_by(decided.c.grade_id)
    )
    same = and_(
        looked.c.cell_id == decided.c.cell_id,
        looked.c.notebook_id == decided.c.notebook_id,
        looked.c.grade_id == decided.c.grade_id,
    )
    found = (
        select(api.Assignment.name, api.BaseCell.name, decided.c.after, heard.c.acts.label("own"))
        .add_columns(looked.c.points, looked.c.acts)
        .select_from(decided)
        .join(looked, same)
        .join(api.BaseCell, api.BaseCell.id == decided.c.cell_id)
        .join(api.Notebook, api.Notebook.id == api.BaseCell.notebook_id)
        .join(api.Assignment, api.Assignment.id == api.Notebook.assignment_id)
        .outerjoin(heard, heard.c.number == decided.c.number)
        .where(decided.c.number.in_(newest))
    )
    for module, grade_name, after, own, points, coded in session.execute(found):
        score = parse_json(after)["score"]
        acts = frozenset((own or "").split()), frozenset(coded.split())
        if score is not None:
            yield Suggested(module, grade_name, score, points, *acts)


def _looked(session: Session) -> dict[str, Any]:
    """Return the suggested points and the coder's acts, by the number of each second mark's."""
    from sqlalchemy import select

    decided, looked, second = tables().decided.c, tables().looked.c, tables().second.c
    found = (
        select(looked.grade_id, looked.points, looked.acts)
        .join(tables().decided, decided.grade_id == looked.grade_id)
        .join(tables().second, second.number == decided.number)
    )
    return {grade: (points, acts) for grade, points, acts in session.execute(found)}


def _of_second(pair: Pair, points: float | None, coded: str) -> Suggested:
    acts = pair.second.acts, frozenset(coded.split())
    return Suggested(pair.module, pair.grade_name, pair.second.points, points, *acts)
