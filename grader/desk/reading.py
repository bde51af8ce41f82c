"""All that a trainer sees of one reply: scene, words, what the course noticed, levels."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.desk.answers import Answer, read_answer
from grader.desk.deciding import State, last_decision, state_of
from grader.desk.differing import Differing, differing_on
from grader.desk.evidence import Piece, pieces
from grader.desk.place import Desk
from grader.desk.queue import Queue, read_queue, trainee_of
from grader.desk.rubric import Rubric, rubric_of
from grader.errors import AlongsideError, GradingError
from grader.files.parsing import parse_json
from grader.formats.answers import parse_record
from grader.html.render import MAX_SHOWN
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import Said, walk
from grader.kinds.views import answer_lines
from grader.places import ANSWERS
from grader.trainer.collect.history import History
from grader.trainer.gradebook.gradebook import read_from
from grader.trainer.gradebook.tables import have_tables
from grader.trainer.gradebook.tables import tables as marks_tables
from grader.trainer.marking.marks import UNKNOWN, ByHand, Earlier, stays_noted, words_of
from grader.trainer.marking.sheet import Place

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """The words of an answer to be read: a typed reply in pieces, a talk line by line, or a list.

    ``is_cut`` tells that a very long reply goes on.
    """

    pieces: tuple[Piece, ...] = ()
    talk: tuple[Said, ...] = ()
    lines: tuple[str, ...] = ()
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """One reply on the desk.

    ``number`` and ``seen`` are what a trainer knows it by; ``trainee`` is shown only when asked
    for. ``earlier`` is the mark for other words, ``before`` those words where they are kept.
    ``is_newer`` tells that other words lie there than those that were graded. ``differing`` is
    what trainers on other computers gave, until somebody settles it.
    """

    module: str
    grade_name: str
    notebook: str
    trainee: str
    queue: Queue
    answer: Answer
    shown: Shown
    state: State
    decided: tuple[str, str]
    rubric: Rubric
    earlier: Earlier | None = None
    before: Shown | None = None
    is_newer: bool = False
    differing: tuple[Differing, ...] = ()

    @property
    def number(self) -> int:
        """The number of the reply among all to its question."""
        return self.queue.number(self.notebook)

    @property
    def place(self) -> Place:
        """The question."""
        return self.answer.place

    @property
    def read_first(self) -> bool:
        """Tell whether the writer may be in danger."""
        return self.answer.score.read_first

    @property
    def suggested(self) -> float | None:
        """The points that one key accepts; None where the course is not sure."""
        return None if self.is_newer else self.answer.suggested


@dataclass(frozen=True, slots=True)
class _Rows:
    queue: Queue
    trainee: str
    state: State
    decided: tuple[str, str]
    words: str
    earlier: Earlier | None
    differing: tuple[Differing, ...]


def read(desk: Desk, module: str, grade_name: str, notebook: str) -> Reading:
    """Read one reply with all that belongs to it.

    Raises
    ------
    GradingError
        Where it is not in the gradebook, or cannot be read.
    """
    rows = read_from(desk.db_url, lambda session: _rows(session, module, grade_name, notebook))
    if rows is None:
        raise GradingError("There is no gradebook yet; go back to the desk")
    answer = read_answer(desk, module, grade_name, rows.trainee)
    earlier = rows.earlier if rows.state.waits else None
    return Reading(
        module,
        grade_name,
        notebook,
        rows.trainee,
        rows.queue,
        answer,
        shown_of(answer),
        rows.state,
        rows.decided,
        rubric_of(desk, module, answer.place.item),
        earlier,
        _before(desk, module, rows.trainee, answer.place, earlier) if earlier else None,
        is_other(rows.words, answer.words),
        rows.differing,
    )


def is_other(noted: str, words: str) -> bool:
    """Tell whether words are others than those that were graded."""
    return noted not in (UNKNOWN, words) and not stays_noted(noted, words)


def _rows(session: Session, module: str, grade_name: str, notebook: str) -> _Rows:
    queue = read_queue(session, module, grade_name)
    if queue is None:
        raise GradingError("This question is not in the gradebook; go back to the desk")
    return _Rows(
        queue,
        trainee_of(session, notebook),
        state_of(session, notebook, queue.cell),
        last_decision(session, notebook, queue.cell),
        noted_words(session, [notebook]).get(notebook, {}).get(grade_name, UNKNOWN),
        _earlier(session, notebook, queue.cell),
        differing_on(session, notebook, queue.cell),
    )


def noted_words(session: Session, notebooks: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the names of the words that were graded last, by hand-in and question."""
    from sqlalchemy import select

    if not have_tables(session):
        return {}
    graded = marks_tables().graded.c
    found = select(graded.notebook_id, graded.words).where(graded.notebook_id.in_(notebooks))
    return {book: parse_json(text) for book, text in session.execute(found)}


def _earlier(session: Session, notebook: str, cell: str) -> Earlier | None:
    from sqlalchemy import select

    if not have_tables(session):
        return None
    past = marks_tables().earlier
    found = select(past).where(past.c.notebook_id == notebook, past.c.cell_id == cell)
    row = session.execute(found.order_by(past.c.place.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    by_hand = ByHand(row.manual_score, row.extra_credit, row.manual_comment or "")
    return Earlier(row.words, by_hand)


# Words ----------------------------------------------------------------------------------


def shown_of(answer: Answer) -> Shown:
    """Return the words of an answer, with what the course saw in them."""
    kind, response = answer.place.item.kind, answer.response
    if kind == "reply" and isinstance(response, str):
        cut = len(response) > MAX_SHOWN
        return Shown(pieces(response[:MAX_SHOWN], answer.score), is_cut=cut)
    if kind == "conversation":
        return Shown(talk=walk(graph_of(answer.place.view), response).lines)
    return Shown(lines=answer_lines(answer.place.view, response))


def _before(desk: Desk, module: str, trainee: str, place: Place, earlier: Earlier) -> Shown | None:
    """Return the words that an earlier mark was given for, where that hand-in is still kept."""
    kind = place.item.kind
    with suppress(AlongsideError, OSError):
        history = History(desk.root, trainee, module)
        for kept in reversed(history.row):
            if kept.dropped:
                continue
            with suppress(AlongsideError, OSError):
                sent = history.content(kept)
                record = parse_record(sent.answers or b"", ANSWERS, module)
                response = record.response(place.item.id, kind)
                if words_of(kind, response) == earlier.words:
                    return _plain(place, response)
    return None


def _plain(place: Place, response: object) -> Shown:
    if isinstance(response, str):
        return Shown(pieces=(Piece(response[:MAX_SHOWN]),), is_cut=len(response) > MAX_SHOWN)
    if place.item.kind == "conversation":
        return Shown(talk=walk(graph_of(place.view), response).lines)
    return Shown(lines=answer_lines(place.view, response))


# Many at once ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Line:
    """One reply on a list of several: its number, its words, the mark, what may be accepted."""

    notebook: str
    number: int
    shown: Shown
    seen: str
    suggested: float | None
    read_first: bool


def read_some(desk: Desk, module: str, grade_name: str, notebooks: Iterable[str]) -> list[Line]:
    """Read several replies to one question; those whose words changed since are left out.

    Raises
    ------
    GradingError
        Where the question is not in the gradebook.
    """
    notebooks = list(notebooks)

    def rows(session: Session) -> list[tuple[str, str, int, State, str]]:
        queue = read_queue(session, module, grade_name)
        if queue is None:
            return []
        noted = noted_words(session, notebooks)
        return [
            (
                book,
                trainee_of(session, book),
                queue.number(book),
                state_of(session, book, queue.cell),
                noted.get(book, {}).get(grade_name, UNKNOWN),
            )
            for book in notebooks
        ]

    lines = []
    for book, trainee, number, state, words in read_from(desk.db_url, rows) or []:
        answer = read_answer(desk, module, grade_name, trainee)
        if state.waits and not is_other(words, answer.words):
            shown = shown_of(answer)
            first = answer.score.read_first
            lines.append(Line(book, number, shown, state.seen, answer.suggested, first))
    return lines
