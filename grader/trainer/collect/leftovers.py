"""Keep what else lies in the folder of a hand-in, when another hand-in takes its place.

It may be work that somebody misplaced, and no history knows of it.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from grader.errors import one_line
from grader.files.litter import is_litter
from grader.files.privacy import private_folder
from grader.formats import shared as sharing
from grader.places import ANSWERS, NOTEBOOK, PUBLIC_ITEMS, SECRET, TIMESTAMP
from grader.trainer.collect.bundles import HandIn
from grader.trainer.collect.history import History, digest_of
from grader.trainer.collect.senders import FOLDER as ASIDE
from grader.trainer.marking.sheet import PROBLEM_NAME
from grader.trainer.roster.trainees import is_handed_in

LOOK = "Look whether newer work is in it, then remove it."
FOLDER = "other-files"  # in aside/, where no mark of a computer has this name
AROUND = (NOTEBOOK, PUBLIC_ITEMS, TIMESTAMP, SECRET)  # nobody's work, and made anew
SENT = (ANSWERS, sharing.NAME, PROBLEM_NAME)  # what the history keeps of a hand-in


def keep_leftovers(root: Path, place: Path, there: HandIn | None) -> str:
    """Move what a hand-in has no part in out of its folder, and say where it is kept.

    Parameters
    ----------
    root : Path
        The course folder, or one in ``aside/`` that is built like it.
    place : Path
        Where the hand-in lies.
    there : HandIn, optional
        The hand-in itself, as far as it can be read.

    Returns
    -------
    str
        A sentence, empty where nothing else lay there.
    """
    left = list(_left(place, SENT if there and _is_kept(root, there) else ()))
    if not left:
        return ""
    course = root.parents[1] if root.parent.name == ASIDE else root
    goal = _free(private_folder(course, ASIDE, FOLDER, place.parent.name) / place.name)
    private_folder(goal.parent, goal.name)
    for path in left:
        shutil.move(path, goal / path.name)
    where, kept = (path.relative_to(course).as_posix() for path in (place, goal))
    return f"What else lay in {where} is kept in {kept}."


def leftovers(root: Path) -> Iterator[str]:
    """Name what is kept so, until a trainer has looked through it."""
    for folder in sorted((root / ASIDE / FOLDER).glob("*/*")):
        if is_handed_in(folder):
            place = folder.relative_to(root).as_posix()
            yield one_line(f"{place} holds what lay beside a hand-in. {LOOK}")


def _left(place: Path, sent: tuple[str, ...]) -> Iterator[Path]:
    if not os.path.lexists(place):
        return
    if place.is_symlink() or not place.is_dir():
        yield place
        return
    for path in sorted(place.iterdir()):
        is_file = stat.S_ISREG(path.lstat().st_mode)
        is_known = is_file and path.name in (*AROUND, *sent)
        if not is_known and not is_litter(path.name):
            yield path


def _is_kept(root: Path, there: HandIn) -> bool:
    row, content = History(root, there.trainee, there.module).row, digest_of(there)
    return any(one.content == content and not one.dropped for one in row)


def _free(goal: Path) -> Path:
    """Return a place where nothing lies, so that nothing is ever replaced."""
    free, number = goal, 1
    while os.path.lexists(free):
        number += 1
        free = goal.with_name(f"{goal.name}-{number}")
    return free
