"""Grade what is in ``submitted/``: everybody gets an outcome, and nobody stops the others.

No notebook is executed; marks come from the answers alone.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from grader.answers import Record, locked
from grader.collect import (
    SECRET,
    TIMESTAMP,
    Progress,
    copy_if_there,
    private_folder,
    put_back,
    read_timestamp,
    write_private,
)
from grader.errors import AlongsideError, GradingError, RecordError, in_words
from grader.gradebook import (
    Entry,
    Submission,
    default_db_url,
    gradebook_session,
    prepare_gradebook,
    save_marks,
)
from grader.release import NOTEBOOK, modules_of, require_module
from grader.sheet import Marks, Sheet, fill, load_sheet, mark_record, mark_submission
from grader.trainee_code import RULE, is_trainee_code

GRADED = "graded"
WAITING = "waiting for trainer"
MISSING = "nothing handed in"
DAMAGED = "damaged"
REFUSED = "not graded"


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of one trainee; ``problem`` is a plain sentence, empty where all is well."""

    trainee: str
    module: str
    outcome: str
    points: float = 0.0
    max_points: float = 0.0
    waiting: int = 0
    problem: str = ""


def grade(
    root: Path, module: str, db_url: str | None = None, progress: Progress = iter
) -> list[Graded]:
    """Grade one module for everybody.

    Parameters
    ----------
    root : Path
        The course folder.
    module : str
        Such as ``07-advice``.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.
    progress : callable
        Wraps the list of trainees while they are graded, such as ``tqdm``.

    Returns
    -------
    list of Graded
        One for each trainee who handed in or stands in the roster, in order.

    Raises
    ------
    GradingError
        Where the key, the notebook or the gradebook cannot be used.
    """
    root, db_url = Path(root), db_url or default_db_url(root)
    require_module(module, modules_of(root))
    sheet = load_sheet(root, module)
    roster = read_roster(root)
    put_back(root)
    with _one_grader(root):
        prepare_gradebook(root, module, db_url)
        submissions, outcomes = [], {}
        for trainee in progress(_trainees(root, module)):
            _stay(root)
            result = _grade_one(root, sheet, trainee)
            if isinstance(result, Graded):
                outcomes[trainee] = result
            else:
                submissions.append(result)
        with gradebook_session(db_url, write=True) as session:
            entries = save_marks(session, sheet, submissions, roster)
    outcomes |= {s.trainee: _outcome(sheet, s, entries[s.trainee]) for s in submissions}
    absent = {trainee: Graded(trainee, module, MISSING) for trainee in roster - set(entries)}
    return [outcome for _, outcome in sorted((absent | outcomes).items())]


@contextmanager
def _one_grader(root: Path) -> Iterator[None]:
    try:
        with locked(root / "gradebook"):
            yield
    except RecordError:
        message = "Another grading run is under way here; try again when it is done"
        raise GradingError(message) from None


def _stay(root: Path) -> None:
    # A lock that nobody touches for a while counts as left behind by a crash.
    with suppress(FileNotFoundError):
        os.utime(root / ".gradebook.lock")


def _trainees(root: Path, module: str) -> list[str]:
    submitted = root / "submitted"
    folders = sorted(submitted.iterdir()) if submitted.is_dir() else []
    return [folder.name for folder in folders if _may_be_there(folder / module)]


def _may_be_there(path: Path) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # it may not be looked at, which is then said
        return True
    return True


def read_roster(root: Path) -> set[str]:
    """Return the trainee ids in ``roster.csv``, none where there is no such file.

    Raises
    ------
    GradingError
        As `read_groups`.
    """
    return set(read_groups(root))


def read_groups(root: Path) -> dict[str, str]:
    """Return the group of each trainee in ``roster.csv``, by id; "" where there is none.

    Raises
    ------
    GradingError
        Where the file has no column ``id``, holds something else than ids, or puts one
        trainee into two groups.
    """
    path = root / "roster.csv"
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Excel writes ';' in much of Europe.
            heading = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if ";" in heading else ",")
            if "id" not in (rows.fieldnames or ()):
                raise GradingError("roster.csv: there is no column 'id'; name the first column id")
            pairs = [(_cell(row, "id"), _cell(row, "group")) for row in rows]
    except UnicodeDecodeError:
        raise GradingError("roster.csv is not UTF-8 text; save it as CSV UTF-8") from None
    except csv.Error:
        raise GradingError("roster.csv is no table; save it as CSV UTF-8") from None
    groups: dict[str, str] = {}
    for trainee, group in sorted(pair for pair in pairs if pair[0]):
        if not is_trainee_code(trainee):
            raise GradingError(f"roster.csv: {trainee[:80]!r} is not a trainee's code; {RULE}")
        if groups.get(trainee, group) != group:
            raise GradingError(f"roster.csv: {trainee} stands in two groups; keep one line of it")
        groups[trainee] = group
    return groups


def _cell(row: dict[str, str], column: str) -> str:
    return (row.get(column) or "").strip()


# One trainee ----------------------------------------------------------------------------


def _grade_one(root: Path, sheet: Sheet, trainee: str) -> Submission | Graded:
    folder = root / "submitted" / trainee / sheet.module
    try:
        if not is_trainee_code(trainee):
            raise RecordError(f"{trainee[:80]!a} is not a trainee's code; rename the folder")
        if folder.parent.is_symlink():
            raise RecordError(f"submitted/{trainee} is a link, not a folder; remove it")
        os.lstat(folder)  # raises where it may not be looked at
        marks = _marks(sheet, folder)
        write_graded(root, sheet, trainee, marks)
    except (AlongsideError, OSError) as error:
        return Graded(trainee, sheet.module, REFUSED, problem=f"Not graded: {in_words(error)}.")
    return Submission(trainee, read_timestamp(folder), marks)


def _marks(sheet: Sheet, folder: Path) -> Marks:
    try:
        return mark_submission(sheet, folder)
    except Exception as error:  # whatever one trainee sent, the others go on
        problem = f"The answers could not be scored ({type(error).__name__}): read them yourself."
        return mark_record(sheet, Record(sheet.module), problem)


def write_graded(root: Path, sheet: Sheet, trainee: str, marks: Marks) -> None:
    """Write the graded notebook of one trainee into ``autograded/``."""
    source = root / "submitted" / trainee / sheet.module
    target = private_folder(root, "autograded", trainee, sheet.module)
    text = json.dumps(fill(sheet, marks), indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    write_private(target / NOTEBOOK, text.encode())
    for name in (TIMESTAMP, SECRET):
        copy_if_there(source / name, target / name)


def _outcome(sheet: Sheet, submission: Submission, entry: Entry) -> Graded:
    outcome = WAITING if entry.waiting else GRADED
    return Graded(
        submission.trainee,
        sheet.module,
        DAMAGED if submission.marks.problem else outcome,
        entry.points,
        sheet.max_points,
        entry.waiting,
        submission.marks.problem or " ".join(f"Note: {note}." for note in submission.marks.notes),
    )
