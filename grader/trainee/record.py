"""The trainee's own record: progress, journal, a copy of everything, deleting everything.

Apart from the cards that show it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from grader import places
from grader.errors import AlongsideError, PagesError
from grader.files.litter import is_nobody
from grader.formats import exchange
from grader.formats.archives import packed
from grader.formats.shared import PARTS
from grader.formats.spreadsheet import csv_bytes
from grader.kinds.public import View
from grader.kinds.views import load_public_items
from grader.places import Course, Home, Learner
from grader.trainee import compass_questions, course_map, hand_in, notes, sharing
from grader.trainee.home import OWN, prepare_home
from grader.trainee.released import released

NO_ANSWERS = {"plan", places.AGAIN, places.NOTES}  # of the journal: in a form of their own
RAW = "raw"  # the folder of a copy that `grader.trainee.moving` brings back
# What a run that was cut off leaves beside them: drafts, locks, and what was moved aside.
_NAMES = "|".join(map(re.escape, OWN))
_PASSING = re.compile(rf"\.?(?:{_NAMES})\.(?:[0-9]+\.[0-9]+|lock|damaged-[0-9]+)")
_ROOM = re.compile(r"alongside-[a-z0-9_]{8}")  # where Jupyter had no other room
_IN_ROOM = frozenset(("runtime", "data", "config", "ipython", "matplotlib"))
README = """This is a copy of everything that the course Alongside kept on your computer.

answers.csv    your answers as a table; a spreadsheet opens it
journal.txt    what you wrote for yourself, your self-ratings and your next steps
feedback/      what your trainer wrote; a browser opens these pages
raw/           the files as the course keeps them: "Your record" on another computer opens them

Nobody else has this file. Please keep it where only you can open it.
"""


@dataclass(frozen=True, slots=True)
class Written:
    """One answer in words, with its question."""

    module: str
    where: str  # practice, exercise or private
    question: str
    answer: str


def all_answers(learner: Learner) -> Iterator[Written]:
    """Yield every answer there is, by module, in words.

    An answer to a question that is gone or has changed is given as it was kept.
    """
    home = learner.home
    for module in _modules(home):
        views = sharing.own_views(learner.course, module)
        yield from _written(module, "practice", home.practice_record(module), views)
        exercise = home.exercise_folder(module)
        yield from _written(module, "exercise", exercise / places.ANSWERS, _public(exercise))
        yield from _written(module, "private", home.journal_record(module), views)
    for title, text in notes.written(home):
        yield Written(places.NOTES, "private", title, text)


def _modules(home: Home) -> list[str]:
    folder = home.folder
    found = {
        path.stem for name in ("practice", "journal") for path in (folder / name).glob("*.json")
    }
    found |= {path.parent.name for path in (folder / "exercises").glob(f"*/{places.ANSWERS}")}
    return sorted(found - NO_ANSWERS)


def _public(folder: Path) -> dict[str, View]:
    try:
        return load_public_items(folder / places.PUBLIC_ITEMS)
    except AlongsideError:
        return {}


def _written(module: str, where: str, path: Path, views: Mapping[str, View]) -> Iterator[Written]:
    for _, (question, answer) in sharing.written_in(path, module, views):
        yield Written(module, where, question, answer)


# --- a copy of everything


def export_name(now: datetime) -> str:
    """Return the name of a copy."""
    return f"alongside-my-record-{now:%Y%m%d}.zip"


def export(learner: Learner) -> bytes:
    """Return a zip file of everything, to read and to keep; nothing is left out.

    Raises
    ------
    OSError
        Where a file cannot be read.
    """
    return packed(_copied(learner))


def _copied(learner: Learner) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.encode()
    yield "answers.csv", _answers_csv(learner)
    yield "journal.txt", journal_text(learner).encode()
    for path in own_files(learner.home):
        name = path.relative_to(learner.home.folder).as_posix()
        content = path.read_bytes()
        yield f"{RAW}/{name}", content
        if name.startswith("feedback/") and name.endswith(".html"):
            yield name, content


def own_files(home: Home) -> Iterator[Path]:
    """Yield every plain file of the trainee's, also damaged ones; links are never followed."""
    for name in OWN:
        top = home.folder / name
        if top.is_file() and not top.is_symlink():
            yield top
        for folder, _, names in os.walk(top):
            paths = (Path(folder) / name for name in sorted(names))
            yield from (path for path in paths if path.is_file() and not path.is_symlink())


def _answers_csv(learner: Learner) -> bytes:
    rows = ((one.module, one.where, one.question, one.answer) for one in all_answers(learner))
    return csv_bytes(("module", "where", "question", "your answer"), rows)


def journal_text(learner: Learner) -> str:
    """Return journal, ratings and next steps as plain text."""
    parts = [
        (PARTS["ratings"], list(sharing.rated(learner))),
        (PARTS["plan"], list(sharing.planned(learner.home))),
    ]
    for module, entries in journal(learner).items():
        parts.append((title_of(learner.course, module), entries))
    return "\n".join(f"{title}\n{'=' * len(title)}\n\n{_listed(lines)}\n" for title, lines in parts)


def _listed(lines: list[tuple[str, str]]) -> str:
    return "\n\n".join(f"{question}\n  {answer}" for question, answer in lines) or "Nothing yet."


def journal(learner: Learner) -> dict[str, list[tuple[str, str]]]:
    """Return what was written or rated for oneself: question and answer, by module."""
    records = (learner.home.folder / "journal").glob("*.json")
    modules = sorted({path.stem for path in records} - NO_ANSWERS - {"skills"})
    found = {module: list(sharing.reflections(learner, module)) for module in modules}
    found[places.NOTES] = list(notes.written(learner.home))
    return {module: entries for module, entries in found.items() if entries}


def title_of(course: Course, module: str) -> str:
    """Return the heading of a module, or of what belongs to none: the compass and notes."""
    own = {compass_questions.MODULE: "Your compass", places.NOTES: "Your notes"}
    return own.get(module) or course_map.module_heading(course, module)


# --- progress


@dataclass(frozen=True, slots=True)
class Done:
    """How far somebody is in one module, in words; ``begun`` where anything was done in it."""

    title: str
    number: int
    practised: int
    cards: int
    handed_in: str
    points: str

    @property
    def begun(self) -> bool:
        """Tell whether anything was practised, handed in or marked."""
        return bool(self.practised or self.handed_in or self.points)


def progress(learner: Learner) -> list[Done]:
    """Return how far the learner is in each module, in the order of the course."""
    return [_done(learner, module) for module in course_map.modules(learner.course)]


def _done(learner: Learner, module: str) -> Done:
    lessons = course_map.lessons(learner.course, module)
    cards = {name for lesson in lessons for name in lesson.cards}
    return Done(
        title=course_map.module_heading(learner.course, module),
        number=int(module[:2]),
        practised=len(cards & course_map.answered(learner.home, module)),
        cards=len(cards),
        handed_in=hand_in.last_hand_in(learner.home, module),
        points=_points(learner.home, module),
    )


def _points(home: Home, module: str) -> str:
    found = released(home, module)
    if found is None:
        return ""
    waits = f", {found.waiting} still to be read" if found.waiting else ""
    return f"{found.points:g} of {found.max_points:g}{waits}"


# --- deleting everything


def delete_everything(learner: Learner) -> list[str]:
    """Delete all that is the trainee's, and put fresh, empty exercises there.

    Returns
    -------
    list of str
        The files that could not be deleted; empty where all is gone.
    """
    left: list[str] = []
    home = learner.home.folder
    for path in [*home.iterdir()] if home.is_dir() else []:
        if path.name in OWN or _PASSING.fullmatch(path.name) or _is_spare_room(path):
            _delete(path, left)
    for path in copies_of_hand_ins(learner):
        _delete(path, left)
    with suppress(PagesError):  # said when the course is opened next
        prepare_home(learner)
    return left


def copies_of_hand_ins(learner: Learner) -> list[Path]:
    """Return what nbgrader keeps on this computer of what was handed in by its exchange."""
    return exchange.own_copies(course_map.modules(learner.course))


def not_ours(learner: Learner) -> list[str]:
    """Return what else lies in the trainee's folder: the course did not put it there."""
    home = learner.home.folder
    found = sorted(home.iterdir()) if home.is_dir() else []
    return [
        path.name
        for path in found
        if path.name not in OWN and not is_nobody(path.name) and not _passes(path)
    ]


def _passes(path: Path) -> bool:
    return bool(_PASSING.fullmatch(path.name) or _ROOM.fullmatch(path.name))


def _is_spare_room(path: Path) -> bool:
    """Tell whether a folder is where an earlier run kept what passes; this run's goes with it."""
    if not _ROOM.fullmatch(path.name) or path.is_symlink() or not path.is_dir():
        return False
    in_use = (os.environ.get(name, "") for name in ("JUPYTER_RUNTIME_DIR", "TMPDIR"))
    is_in_use = any(Path(one).is_relative_to(path) for one in in_use)
    names = (one.name for one in path.iterdir())
    return not is_in_use and all(name in _IN_ROOM or name.startswith("tmp") for name in names)


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
