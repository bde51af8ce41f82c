"""Keep copies of the gradebook, and tell whether it is there or lost.

Copies lie in ``backups/`` beside the gradebook; the last five good ones are kept, and the
one with the most marks of a trainer. They are made only of SQLite files: a gradebook on a database
server is backed up by whoever runs the server.
"""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from grader.errors import GradebookDamagedError, GradebookLinkError, GradingError
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
DRAFT = ".draft-"


class NoCopyError(GradingError):
    """No copy of the gradebook could be made, before anything was changed.

    ``why`` says it in short, and ``do`` what helps; empty where only who runs the computer knows.
    """

    def __init__(self, why: str, do: str = "") -> None:
        what = f"The gradebook cannot be copied into {FOLDER}/ first ({why}); nothing is changed"
        super().__init__(f"{what}; {do} and run this again" if do else what)
        self.why, self.do = why, do


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
        for left in folder.glob(f"{DRAFT}*"):  # of a run that was cut off
            left.unlink()
        draft = folder / f"{DRAFT}{os.getpid()}.db"
        draft.touch(mode=0o600)
        protect(draft)
        _copy(gradebook, draft)
        # As old as what is in it: so it is seen that nothing has changed since.
        os.utime(draft, ns=(changed.st_atime_ns, changed.st_mtime_ns))
        copy = draft.replace(folder / _next_name(gradebook))
        for old in _spare(good_copies(gradebook)):
            old.unlink()
    except (OSError, sqlite3.OperationalError) as error:
        raise NoCopyError(*_why_no_copy(gradebook, error)) from error
    return copy


def _why_no_copy(gradebook: Path, error: Exception) -> tuple[str, str]:
    folder = gradebook.parent / FOLDER
    if os.path.lexists(folder) and not folder.is_dir():
        return f"{FOLDER} is a file, and no folder", "rename it"
    why = why_no_copy(error)
    return why, "make room" if why.endswith("full") else ""


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


def good_copies(gradebook: Path) -> list[Path]:
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
        raise damaged(gradebook) from error
    if not is_whole(draft):
        raise damaged(gradebook)


def damaged(gradebook: Path, shown: str = "") -> GradebookDamagedError:
    """Return the error that says what to do about a damaged gradebook."""
    what = f"The gradebook {shown or gradebook.name} is damaged"
    return GradebookDamagedError(_with_way_back(what, gradebook))


def _with_way_back(what: str, gradebook: Path) -> str:
    """Say how what is lost comes back; no copy is promised that is not there."""
    if any(map(is_whole, reversed(backups_of(gradebook)))):
        return f"{what}; {REMEDY}"
    return f"{what}, and {FOLDER}/ has no good copy of it; {NO_COPY}"


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
        the newest good copy has marks that it lacks. Or where a folder has its name, or a link
        that leads to nothing.
    """
    require_reached(gradebook)
    if gradebook.is_dir():
        raise GradingError(f"{gradebook.name} is a folder, and no file; rename the folder")
    there = gradebook.is_file()
    if there and has_tables(gradebook):
        _require_marks(gradebook)
        return True
    if there and not is_unfinished(gradebook):
        raise damaged(gradebook)
    if good_copies(gradebook) and not there:
        what = f"The gradebook {gradebook.name} is missing"
        raise GradebookDamagedError(_with_way_back(what, gradebook))
    if good_copies(gradebook):
        raise damaged(gradebook)
    if shown := _was_there(gradebook):
        what = "empty" if there else "missing"
        raise GradingError(f"{gradebook.name} is {what}, and {shown}; {NO_COPY}")
    return False


def is_cut_link(gradebook: Path) -> bool:
    """Tell whether a gradebook is a link to a place that is not there, such as a drive."""
    return gradebook.is_symlink() and not os.path.exists(gradebook)  # noqa: PTH110 - a loop as well


def require_reached(gradebook: Path) -> None:
    """Refuse a gradebook that is a link to a place that is not there.

    Raises
    ------
    GradebookLinkError
        With that place, where good copies are, and what to do.
    """
    if not is_cut_link(gradebook):
        return
    place = Path(os.path.realpath(gradebook))
    what = f"{gradebook.name} is a link to {place}, which is not there; nothing is begun"
    again = "If it is on another drive, connect that and run this again"
    here, there = (any(map(is_whole, backups_of(one))) for one in (gradebook, place))
    if here:
        back = "remove the link and run 'alongside grade --all'"
        or_else = f"Good copies are in {gradebook.parent / FOLDER}. To put one back, {back}"
    elif there:
        copies = place.parent / FOLDER
        or_else = f"Good copies are in {copies}. To put one back, copy the newest to {place}"
    else:
        or_else = f"No good copy is in {FOLDER}/. Else remove the link to begin a new one"
    raise GradebookLinkError(f"{what}. {again}. {or_else}")


def _require_marks(gradebook: Path) -> None:
    lost, copy = lost_marks(gradebook)
    if lost:
        what = f"{gradebook.name} lacks the marks of {lost} hand-in{'s' * (lost > 1)} that"
        back = f"To put the copy back, rename {gradebook.name} and run 'alongside grade --all'"
        on = f"To go on with {gradebook.name} as it is: {ANEW}"
        raise GradingError(f"{what} {copy} has. Nothing is changed. {back}. {on}")


def lost_marks(gradebook: Path) -> tuple[int, str]:
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


NO_COPY = f"put back a copy of your own. To begin without the marks that you set: {ANEW}"


def _was_there(gradebook: Path) -> str:
    """Say what shows that there was a gradebook; empty where nothing does."""
    if backups_of(gradebook):
        return f"{FOLDER}/ has no good copy of it"
    other = gradebook.with_name(GRADEBOOK)  # what was written may come from that one
    if other != gradebook and other.is_file():
        return ""
    trace = trace_in(gradebook.parent)
    return f"{trace}/ shows that there was one" if trace else ""
