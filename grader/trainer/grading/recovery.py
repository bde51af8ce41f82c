"""Bring back a gradebook that is lost or damaged, or begin one anew, and say so.

Apart from `grading`, which marks: this only sees to it that there is a gradebook and a copy.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from grader.errors import GradebookDamagedError, GradingError, sentence
from grader.files.writable import WHAT_TO_DO
from grader.trainer.feedback.earlier import keep_all
from grader.trainer.gradebook.backups import (
    FOLDER,
    NoCopyError,
    back_up,
    is_copied,
    sqlite_path,
)
from grader.trainer.gradebook.gradebook import new_gradebook
from grader.trainer.gradebook.rescue import holds_marks, list_lost
from grader.trainer.gradebook.restoring import let_stand, restore


def bring_back(gradebook: Path) -> str:
    """Put the newest good copy in place, and say what could still be read of the damaged one."""
    aside, said = restore(gradebook)
    listed = list_lost(aside, gradebook)
    return f"{said} What could still be read of them is in {listed.name}." if listed else said


def begin_anew(root: Path, db_url: str) -> str:
    """Begin a new gradebook where one was lost, and say what is kept of before.

    Where a whole one lies there that lacks the marks of before, that is the new one.
    """
    gradebook = sqlite_path(db_url)
    if gradebook and (folder := let_stand(gradebook)):
        stands = f"{gradebook.name} counts as it is. The copies with the marks of before are"
        return f"{stands} kept in {folder}. {keep_all(root)}".rstrip()
    aside = new_gradebook(db_url)
    kept = f" What lay in its place is kept as {aside.name}." if aside else ""
    return f"A new gradebook is begun, without marks of yours.{kept} {keep_all(root)}".rstrip()


def copy_marks(db_url: str, say: Callable[[str], None], *, always: bool = False) -> None:
    """Copy what a trainer set since the last copy; what cannot be copied is said, no more.

    With ``always`` also what changed otherwise, such as what counts as sent.

    Raises
    ------
    GradebookDamagedError
        Where the gradebook turns out to be damaged.
    """
    try:
        gradebook = sqlite_path(db_url)
        if gradebook and not is_copied(gradebook) and (always or holds_marks(gradebook)):
            back_up(gradebook)
    except GradebookDamagedError:
        raise
    except NoCopyError as error:
        what = f"Your marks stand, but no copy of them could be made in {FOLDER}/ ({error.why})"
        do = f"{error.do[0].upper()}{error.do[1:]}, then run this again" if error.do else WHAT_TO_DO
        say(f"{what}. {do}.")
    except GradingError as error:
        say(sentence(error))
