"""Keep copies of the gradebook, and put the newest good one back when it is damaged.

Copies lie in ``backups/`` beside the gradebook; the last five good ones are kept, and the
one with the most marks of a trainer. They are made only of SQLite files: a gradebook on a database
server is backed up by whoever runs the server.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from grader.errors import GradebookDamagedError, GradingError
from grader.files.privacy import private_folder, protect
from grader.places import GRADEBOOK
from grader.trainer.gradebook.given import count_lost, marked_by_hand
from grader.trainer.gradebook.whole import (
    PATIENCE,
    has_tables,
    is_unfinished,
    is_whole,
    trace_in,
    why_no_copy,
)

KEPT = 5
FOLDER = "backups"
SIDE_FILES = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a file that is in use
REMEDY = "run 'alongside grade', which puts back the newest good copy"
ANEW = "alongside grade --all --new-gradebook"
_DRAFT = ".draft-"


class NoCopyError(GradingError):
    """No copy of the gradebook could be made, before anything was changed; ``why`` in short."""

    def __init__(self, why: str) -> None:
        what = f"The gradebook cannot be copied into {FOLDER}/ first ({why}); nothing is changed"
        super().__init__(f"{what}; make room and run this again" if why.endswith("full") else what)
        self.why = why


def sqlite_path(db_url: str) -> Path | None:
    """Return the file of a gradebook; None where it lies on a database server."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        url = make_url(db_url)
    except ArgumentError:  # said in words when the gradebook is opened
        return None
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database)


def backups_of(gradebook: Path) -> list[Path]:
    """Return the copies of a gradebook, the oldest first.

    Their names give the order, not the times of the files: a name is never older than the
    one before, even where the clock was put back in between.
    """
    there = (gradebook.parent / FOLDER).glob("*.db")
    found = {path: place for path in there if (place := _place(gradebook, path))}
    return sorted(found, key=lambda path: found[path])


def _place(gradebook: Path, path: Path) -> tuple[str, int] | None:
    stem = re.escape(gradebook.stem)
    parts = re.fullmatch(rf"{stem}-([0-9]{{8}}T[0-9]{{6}}Z)(?:-([0-9]{{1,9}}))?\.db", path.name)
    return (parts[1], int(parts[2] or 0)) if parts else None


def back_up(gradebook: Path) -> Path | None:
    """Copy a gradebook and keep the last five copies, and the one with most marks of a trainer.

    SQLite's own way of copying waits for whoever writes, and takes in what still lies in a
    log beside the file. The copy is checked before it counts, so that a damaged gradebook
    never pushes out a good copy.

    Returns
    -------
    Path or None
        The copy; None where there is no gradebook yet.

    Raises
    ------
    GradebookDamagedError
        Where the gradebook is damaged.
    GradingError
        Where no copy can be made.
    """
    if not gradebook.is_file() or is_unfinished(gradebook):
        return None
    try:
        changed = gradebook.stat()
        folder = private_folder(gradebook.parent, FOLDER)
        for left in folder.glob(f"{_DRAFT}*"):  # of a run that was cut off
            left.unlink()
        draft = folder / f"{_DRAFT}{os.getpid()}.db"
        draft.touch(mode=0o600)
        protect(draft)
        _copy(gradebook, draft)
        # As old as what is in it: so it is seen that nothing has changed since.
        os.utime(draft, ns=(changed.st_atime_ns, changed.st_mtime_ns))
        copy = draft.replace(folder / _next_name(gradebook))
        for old in _spare(_good(gradebook)):
            old.unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise NoCopyError(why_no_copy(error)) from error
    return copy


def back_up_changed(gradebook: Path) -> Path | None:
    """Copy a gradebook as `back_up` does, unless the newest copy has all that is in it."""
    return None if is_copied(gradebook) else back_up(gradebook)


def is_copied(gradebook: Path) -> bool:
    """Tell whether the newest copy is of the gradebook as it is, or there is none to copy.

    Only times and sizes are compared, so it may be asked often.
    """
    if not gradebook.is_file():
        return True
    log = Path(f"{gradebook}-wal")
    if log.is_file() and log.stat().st_size:
        return False
    newest = [path.stat() for path in backups_of(gradebook)[-1:]]
    now = gradebook.stat()
    return any((one.st_mtime_ns, one.st_size) == (now.st_mtime_ns, now.st_size) for one in newest)


def _good(gradebook: Path) -> list[Path]:
    """Return the copies that are gradebooks at all, the oldest first."""
    return [path for path in backups_of(gradebook) if has_tables(path)]


def _spare(copies: list[Path]) -> list[Path]:
    """Return the copies that are too many: never the one with most of what a trainer gave."""
    old = copies[:-KEPT]
    # The newest of those that are equal.
    best = max(copies[::-1], key=lambda copy: len(marked_by_hand(copy))) if old else None
    return [copy for copy in old if copy != best]


def _copy(gradebook: Path, draft: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(gradebook, timeout=PATIENCE)) as source,
            closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
            target.execute("PRAGMA journal_mode = DELETE")  # one file that stands alone
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise damaged(gradebook.name) from error
    if not is_whole(draft):
        raise damaged(gradebook.name)


def damaged(shown: str) -> GradebookDamagedError:
    """Return the error that says what to do about a damaged gradebook."""
    return GradebookDamagedError(f"The gradebook {shown} is damaged; {REMEDY}")


def _next_name(gradebook: Path) -> str:
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    last = max((_place(gradebook, path) or ("", 0) for path in backups_of(gradebook)), default=None)
    if last is None or now > last[0]:
        return f"{gradebook.stem}-{now}.db"
    return f"{gradebook.stem}-{last[0]}-{last[1] + 1}.db"


def is_begun(gradebook: Path) -> bool:
    """Tell whether there is a gradebook; refuse what lies there once one was lost.

    Raises
    ------
    GradebookDamagedError
        Where the file is none, or it is missing, empty or half made and copies show that
        there was one. SQLite itself would begin a new one.
    GradingError
        Where it is so, and only what was written from it is left. Or where it is whole, and
        the newest good copy has marks that it lacks. Or where a folder has its name.
    """
    if gradebook.is_dir():
        raise GradingError(f"{gradebook.name} is a folder, and no file; rename the folder")
    there = gradebook.is_file()
    if there and has_tables(gradebook):
        _require_marks(gradebook)
        return True
    if there and not is_unfinished(gradebook):
        raise damaged(gradebook.name)
    if _good(gradebook) and not there:
        raise GradebookDamagedError(f"The gradebook {gradebook.name} is missing; {REMEDY}")
    if _good(gradebook):
        raise damaged(gradebook.name)
    if shown := _was_there(gradebook):
        what = "empty" if there else "missing"
        raise GradingError(f"{gradebook.name} is {what}, and {shown}; {_NO_COPY}")
    return False


def _require_marks(gradebook: Path) -> None:
    lost, copy = _lost(gradebook)
    if lost:
        what = f"{gradebook.name} lacks the marks of {lost} hand-in{'s' * (lost > 1)} that"
        back = f"To put the copy back, rename {gradebook.name} and run 'alongside grade --all'"
        on = f"To go on with {gradebook.name} as it is: {ANEW}"
        raise GradingError(f"{what} {copy} has. Nothing is changed. {back}. {on}")


def _lost(gradebook: Path) -> tuple[int, str]:
    """Count the hand-ins whose marks only the newest good copy has, and name the copy."""
    copies = tuple(backups_of(gradebook))
    if not copies or is_copied(gradebook):
        return 0, ""
    now = gradebook.stat()
    return _lost_since(gradebook, copies, (now.st_ino, now.st_mtime_ns, now.st_size))


@lru_cache(maxsize=8)  # each reading of the gradebook asks
def _lost_since(
    gradebook: Path, copies: tuple[Path, ...], _state: tuple[int, ...]
) -> tuple[int, str]:
    copy = next((path for path in reversed(copies) if has_tables(path)), None)
    return (count_lost(gradebook, copy), f"{FOLDER}/{copy.name}") if copy else (0, "")


_NO_COPY = f"put back a copy of your own. To begin without the marks that you set: {ANEW}"


def _was_there(gradebook: Path) -> str:
    """Say what shows that there was a gradebook; empty where nothing does."""
    if backups_of(gradebook):
        return f"{FOLDER}/ has no good copy of it"
    other = gradebook.with_name(GRADEBOOK)  # what was written may come from that one
    if other != gradebook and other.is_file():
        return ""
    trace = trace_in(gradebook.parent)
    return f"{trace}/ shows that there was one" if trace else ""


def let_stand(gradebook: Path) -> str:
    """Take a gradebook as it is, though copies have marks that it lacks.

    Returns
    -------
    str
        The folder that keeps those copies; empty where it lacks none.
    """
    if not (gradebook.is_file() and has_tables(gradebook) and _lost(gradebook)[0]):
        return ""
    copies, number = backups_of(gradebook), 1
    while os.path.lexists(copies[0].with_name(f"before-{number}")):
        number += 1
    folder = private_folder(gradebook.parent, FOLDER, f"before-{number}")
    for copy in copies:
        copy.rename(folder / copy.name)
    return f"{FOLDER}/{folder.name}/"


def make_way(gradebook: Path) -> Path | None:
    """Set aside what lies in the place of a lost gradebook, so that a new one can begin.

    Returns
    -------
    Path or None
        Where it is kept; None where nothing lay there.

    Raises
    ------
    GradingError
        Where nothing is lost: there is a whole gradebook, or a good copy.
    """
    if is_whole(gradebook):
        raise GradingError(f"{gradebook.name} is whole; run this without --new-gradebook")
    if any(map(is_whole, _good(gradebook))):
        what = f"{FOLDER}/ has a good copy of {gradebook.name}"
        raise GradingError(f"{what}; run this without --new-gradebook, which puts it back")
    if not gradebook.exists():
        return None
    aside = _keep_aside(gradebook)
    for ending in (*SIDE_FILES, ""):
        Path(f"{gradebook}{ending}").unlink(missing_ok=True)
    return aside


def restore(gradebook: Path) -> tuple[Path, str]:
    """Put the newest good copy in place of a gradebook: a damaged one is kept beside it.

    Cut off at any moment, it leaves either the damaged file or the copy in place, never none.

    Returns
    -------
    tuple of Path and str
        Where the damaged file is kept, if there is one, and what was done, for the trainer.

    Raises
    ------
    GradingError
        Where there is no good copy.
    """
    copies = backups_of(gradebook)[::-1]
    copy = next((path for path in copies if is_whole(path)), None)
    what = "damaged" if gradebook.exists() else "missing"
    passed = _passed_over(copies[: copies.index(copy)] if copy else copies)
    if copy is None:
        message = f"{gradebook.name} is {what}, and {FOLDER}/ has no good copy of it"
        raise GradingError(f"{message}; {_NO_COPY}.{passed}".rstrip("."))
    when = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    try:
        aside = _keep_aside(gradebook)
        draft = Path(shutil.copy2(copy, copy.with_name(f"{_DRAFT}{os.getpid()}.db")))
        protect(draft)
        for ending in SIDE_FILES:
            Path(f"{gradebook}{ending}").unlink(missing_ok=True)
        draft.replace(gradebook)
    except OSError as error:
        why = f"{gradebook.name} is {what}, and its copy cannot be put back ({error.strerror})"
        raise GradingError(f"{why}; the copy is {FOLDER}/{copy.name}") from error
    kept = f" The damaged file is kept as {aside.name}." if aside.exists() else ""
    return aside, (
        f"{gradebook.name} was {what}. The copy of {when:%d %B %Y, %H:%M} UTC is in its place "
        f"({FOLDER}/{copy.name}). Marks and comments that you set after that are not in it: "
        f"please look.{kept}{passed}"
    )


def _passed_over(copies: list[Path]) -> str:
    names = ", ".join(f"{FOLDER}/{path.name}" for path in copies)
    return f" Damaged as well, and passed over: {names}." if names else ""


def _keep_aside(gradebook: Path) -> Path:
    number = 1
    while os.path.lexists(aside := gradebook.with_name(f"{gradebook.name}.damaged-{number}")):
        number += 1
    for ending in ("", *SIDE_FILES):
        if Path(f"{gradebook}{ending}").exists():
            shutil.copy2(f"{gradebook}{ending}", f"{aside}{ending}")
    return aside
