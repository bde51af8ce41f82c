"""The trainee's own record: progress, journal, a copy of everything, deleting everything."""

from __future__ import annotations

import csv
import io
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader import answers, compass_questions, coursemap, handin, home, places, ratings, sharing
from grader.bank import practice_bank
from grader.content import load_skills
from grader.errors import AlongsideError
from grader.kept import still_fits
from grader.released import released
from grader.scoring import is_answered
from grader.views import answer_lines, load_public_items, public_view

# Everything of the trainee's that the course ever writes. Other files stay, should somebody
# have chosen a folder that holds more.
OWN = (
    *("exercises", "practice", "journal", "feedback", "hand-in"),
    *("trainee.json", "handed-in.json", "order-seed", "device-mark"),
)
KINDS = {"practice": "practice", "exercises": "exercise", "journal": "private"}
README = """This is a copy of everything that the course Alongside kept on your computer.

answers.csv    your answers as a table; a spreadsheet opens it
journal.txt    what you wrote for yourself, your self-ratings and your next steps
feedback/      what your trainer wrote; a browser opens these pages
raw/           the files as the course keeps them, to move to another computer

Nobody else has this file. Please keep it where only you can open it.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """One answer in words, with its question."""

    module: str
    where: str  # practice, exercise or private
    question: str
    answer: str


def all_answers() -> Iterator[Written]:
    """Yield every answer there is, by module, in words.

    An answer to a question that is gone or has changed is given as it was kept.
    """
    bank = practice_bank().modules
    own = {compass_questions.MODULE: compass_questions.views(), ratings.MODULE: _rating_views()}
    for module in _modules():
        views = {name: public_view(item) for name, item in bank.get(module, {}).items()}
        views |= own.get(module, {})
        yield from _written(module, "practice", places.practice_record(module), views)
        exercise = places.exercise_folder(module)
        yield from _written(module, "exercise", exercise / answers.NAME, _public(exercise))
        yield from _written(module, "private", places.journal_record(module), views)


def _rating_views() -> dict[str, dict]:
    every = ratings.asked(load_skills(), practice_bank())
    return {each.item_id: each.view for each in every if each.module == ratings.MODULE}


def _modules() -> list[str]:
    folder = places.home_folder()
    found = {
        path.stem for name in ("practice", "journal") for path in (folder / name).glob("*.json")
    }
    found |= {path.parent.name for path in (folder / "exercises").glob(f"*/{answers.NAME}")}
    return sorted(found - {"plan"})


def _public(folder: Path) -> dict[str, dict]:
    try:
        return load_public_items(folder / "items.json")
    except AlongsideError:
        return {}


def _written(module: str, where: str, path: Path, views: dict[str, dict]) -> Iterator[Written]:
    for name, answer in answers.read_record_or_empty(path, module).answers.items():
        if is_answered(answer.kind, answer.response):
            view = views.get(name)
            fits = view is not None and still_fits(view, answer)
            lines = "\n".join(answer_lines(view, answer.response)) if fits else answer.words
            question = view["question"] if fits else answer.asked or name
            yield Written(module, where, question, lines or str(answer.response))


# --- a copy of everything


def export_name(now: datetime) -> str:
    """Return the name of a copy."""
    return f"alongside-my-record-{now:%Y%m%d}.zip"


def export() -> bytes:
    """Return a zip file of everything, to read and to keep; nothing is left out.

    Raises
    ------
    OSError
        Where a file cannot be read.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as copy:
        copy.writestr("README.txt", README)
        copy.writestr("answers.csv", _answers_csv())
        copy.writestr("journal.txt", journal_text())
        for path in own_files():
            name = path.relative_to(places.home_folder()).as_posix()
            content = path.read_bytes()
            copy.writestr(f"raw/{name}", content)
            if name.startswith("feedback/") and name.endswith(".html"):
                copy.writestr(name, content)
    return packed.getvalue()


def own_files() -> Iterator[Path]:
    """Yield every plain file of the trainee's, also damaged ones; links are never followed."""
    for name in OWN:
        top = places.home_folder() / name
        if top.is_file() and not top.is_symlink():
            yield top
        for folder, _, names in os.walk(top):
            paths = (Path(folder) / name for name in sorted(names))
            yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _answers_csv() -> bytes:
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(("module", "where", "question", "your answer"))
    for row in all_answers():
        table.writerow([_plain(cell) for cell in (row.module, row.where, row.question, row.answer)])
    return text.getvalue().encode("utf-8-sig")  # the mark tells Excel that it is UTF-8


def _plain(cell: str) -> str:
    """Keep a spreadsheet from running a text as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def journal_text() -> str:
    """Return journal, ratings and next steps as plain text."""
    parts = [
        (sharing.PARTS["ratings"], list(sharing.rated())),
        (sharing.PARTS["plan"], list(sharing.planned())),
    ]
    for module, entries in journal().items():
        parts.append((title_of(module), entries))
    return "\n".join(f"{title}\n{'=' * len(title)}\n\n{_listed(lines)}\n" for title, lines in parts)


def _listed(lines: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"{question}\n  {answer}" for question, answer in lines) or "Nothing yet."


def journal() -> dict[str, list[tuple[str, str]]]:
    """Return what was written or rated for oneself: question and answer, by module."""
    records = (places.home_folder() / "journal").glob("*.json")
    modules = sorted({path.stem for path in records} - {"plan", "skills"})
    found = {module: list(sharing.reflections(module)) for module in modules}
    return {module: entries for module, entries in found.items() if entries}


def title_of(module: str) -> str:
    """Return the heading of a module, or of the compass, whose questions belong to none."""
    own = module == compass_questions.MODULE
    return "Your compass" if own else coursemap.module_heading(module)


# --- progress


def progress() -> list[tuple[str, str, str, str]]:
    """Return a row for each module: its title, practice, hand-in and released points."""
    return [
        (
            coursemap.module_heading(module),
            _practised(module),
            _handed_in(module),
            _points(module),
        )
        for module in coursemap.modules()
    ]


def _practised(module: str) -> str:
    cards = {name for lesson in coursemap.lessons(module) for name in lesson.cards}
    return f"{len(cards & coursemap.answered(module))} of {len(cards)}"


def _handed_in(module: str) -> str:
    return handin.last_hand_in(module) or "Not yet"


def _points(module: str) -> str:
    found = released(module)
    if found is None:
        return "Not yet"
    waits = f", {found.waiting} still to be read" if found.waiting else ""
    return f"{found.points:g} of {found.max_points:g}{waits}"


# --- deleting everything


def delete_everything() -> list[str]:
    """Delete all that is the trainee's, and put fresh, empty exercises there.

    Returns
    -------
    list of str
        The files that could not be deleted; empty where all is gone.
    """
    left: list[str] = []
    for name in OWN:
        _delete(places.home_folder() / name, left)
    home.prepare_home()
    return left


def _delete(path: Path, left: list[str]) -> None:
    """Delete a file, a link (never what it leads to), or a folder with all that is in it."""
    try:
        if path.is_dir() and not path.is_symlink():
            for part in path.iterdir():
                _delete(part, left)
            path.rmdir()
        elif os.path.lexists(path):
            path.unlink()
    except OSError:
        left.append(str(path))
