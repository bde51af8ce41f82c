"""The trainee's own folder: made, and given the newest exercises."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from grader import places
from grader.errors import PagesError, RecordError
from grader.files import safe
from grader.files.litter import is_nobody
from grader.files.parsing import read_json
from grader.files.privacy import close_to_all
from grader.places import Learner

# Everything of the trainee's that the course ever writes. Other files stay, should somebody
# have chosen a folder that holds more.
FOLDERS = ("exercises", "practice", "jotted", "journal", "feedback", "hand-in")
OWN = (
    *FOLDERS,
    *(places.TRAINEE, places.HANDED_IN, places.ORDER_SEED, places.DEVICE_MARK),
    places.SETTINGS,
)
RELEASED = (places.PUBLIC_ITEMS, places.NOTEBOOK)  # a page reads the notebook, which asks for items


def prepare_home(learner: Learner) -> str:
    """Make the trainee's folder, theirs alone, and put the newest exercises there.

    Answers are never touched.

    Returns
    -------
    str
        Empty, or what to tell where the exercises of last time had to stay.

    Raises
    ------
    PagesError
        Where the folder cannot be used.
    """
    home = learner.home.folder
    if learner.home.spare:
        raise PagesError("This account has no home folder; say where answers go, with --home")
    _require_own(home)
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name in ("practice", "journal"):
            (home / name).mkdir(exist_ok=True)
        problems = [
            _renew(released, home / "exercises" / released.parent.name / released.name)
            for name in RELEASED
            for released in sorted(learner.course.exercises.glob(f"*/{name}"))
        ]
        _shut(home)
    except OSError as error:
        message = f"The folder {home} cannot be used ({error.strerror}); choose another with --home"
        raise PagesError(message) from error
    return next((_kept_words(home, problem) for problem in problems if problem), "")


def _require_own(home: Path) -> None:
    """Refuse a folder, or one in it, that another account has, made as a link, or is led to.

    Whoever owns a folder reads and changes all that goes there.
    """
    for path in (home, *(home / name for name in FOLDERS)):
        _require_mine(path)


def _require_mine(path: Path) -> None:
    me = getattr(os, "geteuid", None)
    with suppress(OSError):  # nothing is there yet, or it leads nowhere: said when it is used
        # A link may be one's own, or the administrator's: a stranger could turn it round later.
        if me and (path.lstat().st_uid not in (me(), 0) or path.stat().st_uid != me()):
            where = f" is a link to {path.resolve()}, which" if path.is_symlink() else ""
            message = f"The folder {path}{where} belongs to another account"
            raise PagesError(f"{message}; choose another with --home")


def _shut(home: Path) -> None:
    """Let no other account of the computer read answers and journal, whatever made them."""
    for name in OWN:
        close_to_all(home / name)
    holds_more = any(one.name not in OWN and not is_nobody(one.name) for one in home.iterdir())
    if not holds_more and os.name == "posix":
        with suppress(PermissionError):  # another account made it for them
            home.chmod(0o700)


def _renew(released: Path, own: Path) -> str:
    """Put the newest file in place of one that differs; say why an older one had to stay."""
    content = released.read_bytes()
    if _holds(own, content):
        return ""
    try:
        safe.write_safely(own, content)
    except OSError as error:
        if not _is_usable(own):
            raise
        return error.strerror or str(error)
    return ""


def _holds(path: Path, content: bytes) -> bool:
    try:
        return safe.read_regular_file(path, len(content)) == content
    except RecordError:
        return False


def _is_usable(path: Path) -> bool:
    """Tell whether a file of an earlier start is whole: both kinds are JSON."""
    try:
        return isinstance(read_json(path), dict)
    except (OSError, ValueError):
        return False


def _kept_words(home: Path, problem: str) -> str:
    return (
        f"The newest exercises could not be written to {home} ({problem}). You see those of last "
        "time. Make room, or allow yourself to write there, so that your answers can be saved."
    )
