"""The graded notebook of a module: which cell marks which item, filled for one trainee.

Every cell comes from the trainer's own notebook; of the trainee there are only answers,
escaped. What each of them earns, `grader.skills.earned` says, for each way of grading.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.errors import GradingError, RecordError, UnknownItemError
from grader.files.foreign import ForeignFolder
from grader.files.parsing import parse_json
from grader.formats.answers import MAX_BYTES, Record, parse_record
from grader.html.render import record_html
from grader.html.templating import render_template
from grader.kinds.keys import load_key
from grader.kinds.public import View
from grader.kinds.reading import find_item
from grader.kinds.scores import Score
from grader.kinds.scoring import is_automatic
from grader.kinds.views import public_view
from grader.places import ANSWERS, NOTEBOOK
from grader.skills.earned import earned
from grader.skills.earned import unread as why_unread
from grader.trainer.marking.marks import UNKNOWN, Earlier, unread_words, words_of
from grader.trainer.marking.no_answers import LACKS_ANSWERS, is_untouched
from grader.trainer.marking.unread import damage_of, moved, notes_on, strange
from grader.trainer.release import released_notebook

MOVED = "The answer seems to stand under a name that no question of this exercise has."
PROBLEM_NAME = "problem.txt"  # put beside a submission whose answers could not be taken
_RECORD_CALL = re.compile(r"""\brecord\(\s*["']([^"']+)["']\s*\)""")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one item stands: the cell that shows it, and the cell that carries its points."""

    item: Item
    shown_in: int
    marked_in: int
    grade_id: str
    view: View = field(compare=False, repr=False)  # what a trainee may see of it


@dataclass(frozen=True, slots=True)
class Sheet:
    """A module's graded notebook with its places; ``notebook`` is plain JSON data."""

    module: str
    notebook: dict[str, Any]
    places: tuple[Place, ...]

    @property
    def max_points(self) -> float:
        """Points of all items together."""
        return sum(place.item.points for place in self.places)

    @property
    def views(self) -> dict[str, View]:
        """What a trainee may see of each question, by its id."""
        return {place.item.id: place.view for place in self.places}


@dataclass(frozen=True, slots=True)
class Mark:
    """What one item earned; ``auto_score`` is None while a trainer has to decide.

    ``words`` names the trainee's words, as `marks.words_of`; ``problem`` says of what
    is there that it is no answer.
    """

    place: Place
    response: Any
    score: Score
    auto_score: float | None
    words: str = UNKNOWN
    problem: str = ""

    @property
    def waits(self) -> bool:
        """Tell whether a trainer has to read it."""
        return self.auto_score is None


@dataclass(frozen=True, slots=True)
class Marks:
    """All marks of one trainee; ``problem`` says why the answers could not be read."""

    marks: tuple[Mark, ...]
    problem: str = ""
    notes: tuple[str, ...] = ()


def load_sheet(root: Path, module: str) -> Sheet:
    """Load the graded notebook of a module from the trainer's own files.

    Raises
    ------
    GradingError
        Where the notebook and the key do not fit each other.
    """
    items = load_key(root, module)
    notebook = parse_json(released_notebook(root, module))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"])
    where = f"solutions/{module}/{NOTEBOOK}"
    places = tuple(_places(notebook["cells"], items, where))
    _check_complete(places, items, where)
    return Sheet(module, notebook, places)


def _places(cells: list[dict[str, Any]], items: dict[str, Item], where: str) -> Iterator[Place]:
    shown: tuple[Item, int] | None = None
    for index, cell in enumerate(cells):
        facts = cell["metadata"].get("nbgrader", {})
        call = _RECORD_CALL.search(cell["source"]) if cell["cell_type"] == "code" else None
        if call:
            shown = (_item(items, call.group(1), where), index)
        if facts.get("grade") or facts.get("task"):
            if shown is None:
                raise GradingError(f"{where}: cell {facts['grade_id']!r} has no record(…) for it")
            yield _place(shown, index, cell, where)
            shown = None


def _item(items: dict[str, Item], item_id: str, where: str) -> Item:
    try:
        return find_item(items, item_id, where)
    except UnknownItemError as error:
        raise GradingError(str(error)) from None


def _place(shown: tuple[Item, int], index: int, cell: dict[str, Any], where: str) -> Place:
    item, shown_in = shown
    facts = cell["metadata"]["nbgrader"]
    if float(facts["points"]) != item.points:
        what = f"gives {facts['points']:g} points, but its item gives {item.points:g}"
        raise GradingError(f"{where}: cell {facts['grade_id']!r} {what}; make them the same")
    if bool(facts.get("grade")) != is_automatic(item) or facts.get("solution"):
        kind = "an automatic grade cell" if is_automatic(item) else "a manually graded task cell"
        raise GradingError(f"{where}: {item.id!r} must have {kind}")
    if not (facts.get("grade") or facts.get("locked")):
        # Without the lock nbgrader's own grading stops at this cell.
        raise GradingError(f"{where}: task cell {facts['grade_id']!r} must be locked")
    return Place(item, shown_in, index, facts["grade_id"], public_view(item))


def _check_complete(places: tuple[Place, ...], items: dict[str, Item], where: str) -> None:
    used = [place.item.id for place in places]
    missing = [item_id for item_id in items if item_id not in used]
    twice = [item_id for item_id in items if used.count(item_id) > 1]
    if missing:
        raise GradingError(f"{where} has no cell that marks {', '.join(missing)}; add it")
    if twice:
        raise GradingError(f"{where} marks {', '.join(twice)} more than once; keep one")


@dataclass(frozen=True, slots=True)
class RawHandIn:
    """What one trainee handed in, as bytes; ``problem`` says why it could not be taken.

    ``is_lost`` tells that it had answers once, or may have: not a point is claimed for it.
    """

    answers: bytes | None = None
    problem: str = ""
    is_lost: bool = False


def mark_submission(sheet: Sheet, folder: Path, *, had_answers: bool = False) -> Marks:
    """Read and mark what one trainee handed in, changing nothing in ``folder``.

    Parameters
    ----------
    sheet : Sheet
        The module.
    folder : Path
        Such as ``submitted/trainee-017/07-advice``.
    had_answers : bool
        Answers of this trainee were graded before: where none lie there now, they are lost.

    Returns
    -------
    Marks
        Answers that cannot be read earn 0, and what is typed waits for the trainer. Where
        none are there at all, everything waits.
    """
    return mark_sent(sheet, read_sent(folder, had_answers=had_answers))


def mark_sent(sheet: Sheet, sent: RawHandIn) -> Marks:
    """Mark what was read of a submission."""
    record, problem = _record_of(sent, sheet.module)
    marks = mark_record(sheet, record, problem, _unread_words(sent) if problem else "")
    return _all_waiting(marks) if sent.is_lost else marks


def _all_waiting(marks: Marks) -> Marks:
    return replace(marks, marks=tuple(replace(mark, auto_score=None) for mark in marks.marks))


def read_answers(sheet: Sheet, folder: Path, *, had_answers: bool) -> tuple[Record, str]:
    """Read the answers of a submission; a sentence where they, or most of them, cannot be."""
    record, problem = _record_of(read_sent(folder, had_answers=had_answers), sheet.module)
    return record, problem or damage_of(record, sheet.views)


def read_sent(folder: Path, *, had_answers: bool = False) -> RawHandIn:
    """Read what one trainee handed in, without looking into it; see `mark_submission`."""
    try:
        sent = ForeignFolder(folder.parents[1], folder.parts[-2:])
        note = sent.read(PROBLEM_NAME, 4096, alone=False)
        if note is not None:
            why = note.decode("utf-8", "replace").strip()
            problem = why or "The answers could not be taken."
            return RawHandIn(problem=problem, is_lost=why == LACKS_ANSWERS)
        answers = sent.read(ANSWERS, MAX_BYTES, alone=False)
        if answers is None and (had_answers or not is_untouched(sent, _released(folder))):
            problem = why_unread(RecordError(f"there is no {ANSWERS}"))
            return RawHandIn(problem=problem, is_lost=True)
        return RawHandIn(answers)
    except RecordError as error:
        return RawHandIn(problem=why_unread(error))


def _released(folder: Path) -> Path:
    """Return the notebook that trainees got, for a folder such as submitted/CODE/MODULE."""
    return folder.parents[2] / "exercises" / folder.name / NOTEBOOK


def _unread_words(sent: RawHandIn) -> str:
    """Name what nobody could read: the same bytes hold the same words."""
    return unread_words(sent.problem.encode() + (sent.answers or b""))


def _record_of(sent: RawHandIn, module: str) -> tuple[Record, str]:
    if sent.problem or sent.answers is None:
        return Record(module), sent.problem
    try:
        return parse_record(sent.answers, ANSWERS, module), ""
    except RecordError as error:
        return Record(module), why_unread(error)


def mark_record(sheet: Sheet, record: Record, problem: str = "", unread: str = "") -> Marks:
    """Mark a record; with a ``problem``, what a trainee may have typed waits for the trainer.

    ``unread`` names words that could not be read.
    """
    elsewhere = moved(record, sheet.views)
    marks = tuple(
        _mark(place, record, bool(problem), unread, is_moved=place.item.id in elsewhere)
        for place in sheet.places
    )
    odd = (mark.place.item.id for mark in marks if mark.problem)
    return Marks(
        marks, problem or damage_of(record, sheet.views), notes_on(record, sheet.views, odd)
    )


def _mark(
    place: Place, record: Record, damaged: bool, unread: str, *, is_moved: bool = False
) -> Mark:
    made = earned(place.item, place.view, record, damaged=damaged)
    odd = unread_words(made.odd.encode()) if made.odd else ""
    words = unread or odd or words_of(place.item.kind, made.response)
    problem = made.problem or _unoffered(strange(record.answers.get(place.item.id), place.view))
    problem = problem or (MOVED if is_moved else "")
    return Mark(place, made.response, made.score, made.auto_score, words, problem)


def _unoffered(names: Sequence[str]) -> str:
    shown = ", ".join(name[:80] for name in names[:3])
    return f"This names what the question does not offer: {shown}" if names else ""


def fill(sheet: Sheet, marks: Marks) -> dict[str, Any]:
    """Return the notebook as graded: our cells, with each answer shown as escaped text."""
    shown = [shown_html(mark, marks.problem) for mark in marks.marks]
    return fill_places(sheet, shown, [mark.auto_score for mark in marks.marks])


def show_earlier(
    sheet: Sheet, cells: Sequence[dict[str, Any]], superseded: Mapping[str, Earlier]
) -> None:
    """Show in a graded notebook's cells what a trainer gave for earlier words, by grade id."""
    for place in sheet.places:
        earlier = superseded.get(place.grade_id)
        if earlier is not None:
            cells[place.shown_in]["outputs"][0]["data"]["text/html"] += _earlier_html(
                place, earlier
            )


def _earlier_html(place: Place, earlier: Earlier) -> str:
    said = earlier.said(place.item.points)
    # The text it is added to is no Markup, which would escape that text.
    return str(
        render_template("trainer/earlier.html.j2", said=said, comment=earlier.by_hand.comment)
    )


def shown_html(mark: Mark, problem: str) -> str:
    """Return what the notebook shows of one answer."""
    return record_html(mark.place.view, mark.response, mark.score, mark.problem or problem)


def fill_places(sheet: Sheet, shown: Sequence[str], scores: Sequence[Any]) -> dict[str, Any]:
    """Return the notebook with a text shown, and a score, at each place in turn."""
    notebook = copy.deepcopy(sheet.notebook)
    cells = notebook["cells"]
    for count, (place, html, score) in enumerate(zip(sheet.places, shown, scores, strict=True), 1):
        cell = cells[place.shown_in]
        cell["execution_count"] = count
        cell["outputs"] = [_display(html)]
        if is_automatic(place.item):
            cell["outputs"] += [] if score is None else [_result(score, count)]
        else:
            cells[place.marked_in]["metadata"]["alongside"] = {"auto_score": score}
    return notebook


def _display(html: str) -> dict[str, Any]:
    data = {"text/html": html, "text/plain": ""}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def _result(score: Any, count: int) -> dict[str, Any]:
    return {
        "output_type": "execute_result",
        "data": {"text/plain": score if isinstance(score, str) else repr(score)},
        "metadata": {},
        "execution_count": count,
    }
