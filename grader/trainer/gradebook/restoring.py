"""Put the newest good copy back in place of a gradebook, or make way for a new one.

Apart from `backups`, which makes the copies: this is for when the gradebook is lost.
"""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import GradingError
from grader.files.privacy import private_folder, protect
from grader.trainer.gradebook.backups import (
    DRAFT,
    FOLDER,
    NO_COPY,
    SIDE_FILES,
    backups_of,
    good_copies,
    lost_marks,
    require_reached,
)
from grader.trainer.gradebook.whole import has_tables, is_whole


def let_stand(gradebook: Path) -> str:
    """Take a gradebook as it is, though copies have marks that it lacks.

    Returns
    -------
    str
        The folder that keeps those copies; empty where it lacks none.
    """
    if not (gradebook.is_file() and has_tables(gradebook) and lost_marks(gradebook)[0]):
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
        Where nothing is lost: there is a whole gradebook, a good copy, or a link to one.
    """
    require_reached(gradebook)
    if is_whole(gradebook):
        raise GradingError(f"{gradebook.name} is whole; run this without --new-gradebook")
    if any(map(is_whole, good_copies(gradebook))):
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
    if gradebook.exists() and not gradebook.is_file():  # as a folder or a pipe is not
        what = f"{gradebook.name} is no file, though something of that name is there"
        raise GradingError(f"{what}; give it another name, and run this again")
    copies = backups_of(gradebook)[::-1]
    copy = next((path for path in copies if is_whole(path)), None)
    what = "damaged" if gradebook.exists() else "missing"
    passed = _passed_over(copies[: copies.index(copy)] if copy else copies)
    if copy is None:
        message = f"{gradebook.name} is {what}, and {FOLDER}/ has no good copy of it"
        raise GradingError(f"{message}; {NO_COPY}.{passed}".rstrip("."))
    when = datetime.fromtimestamp(copy.stat().st_mtime, UTC)
    try:
        aside = _keep_aside(gradebook)
        draft = Path(shutil.copy2(copy, copy.with_name(f"{DRAFT}{os.getpid()}.db")))
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
