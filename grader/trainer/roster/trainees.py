"""Who is a trainee: the one rule for everything that goes through ``submitted/``."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from grader.errors import one_line
from grader.files.litter import before_conflict, is_conflict, is_litter, is_nobody
from grader.formats.trainee_code import is_trainee_code, trimmed

# What file managers call a copy; each holds a space, which no code has.
_COPY = re.compile(
    r"(?:copy of|kopie von|copie de) (?P<first>.+)"
    r"|(?P<last>.+?)(?: - (?:copy|kopie|copie)| (?:copy|kopie))?(?: \(\d+\)| \d+)?",
    re.IGNORECASE,
)


def who_handed_in(root: Path, *modules: str) -> list[str]:
    """Return whoever handed in one of some modules, by the name of the folder, in order.

    A name that can be no code counts as well: it may be somebody whose folder was renamed.
    What a computer put there is nobody.
    """
    folders = _folders(root)
    names = {folder.name for folder in folders}
    return [
        folder.name
        for folder in folders
        if not is_nobody(folder.name)
        and not _is_copy(folder.name, names)
        and any(_may_be_there(folder / one) for one in modules)
    ]


def is_handed_in(folder: Path) -> bool:
    """Tell whether the folder of a module holds anything that may be a hand-in, whole or not.

    An empty one holds none, nor does one with only what a computer put there. One that may
    not be looked at counts, so that it is said.
    """
    try:
        if not stat.S_ISDIR(folder.lstat().st_mode):
            return True
        return any(not is_litter(path.name) for path in folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True


def people(*names: Iterable[str]) -> list[str]:
    """Return all these names once, in order, without what is nobody's."""
    return sorted(name for name in set().union(*names) if not is_nobody(name))


def second_copies(root: Path) -> list[str]:
    """Return the folders that a program made besides somebody's own."""
    names = {folder.name for folder in _folders(root)}
    return sorted(name for name in names if is_conflict(name) or _is_copy(name, names))


def notes_on_copies(root: Path) -> list[str]:
    """Return a line for each of `second_copies`, with what to do."""
    names = {folder.name for folder in _folders(root)}
    return [one_line(_what_to_do(name, names)) for name in second_copies(root)]


def _what_to_do(name: str, names: Collection[str]) -> str:
    own = original(name)
    what, place = f"submitted/{name} is a copy that a program made", f"submitted/{own}"
    if own in names:
        do = f"If so, put its files in the place of those in {place}. Then remove it."
        return f"{what}. Look whether it is newer. {do}"
    if is_trainee_code(own):
        return f"{what}, and no {place} is there. Rename it to {place}."
    return f"{what}. Ask whose it is, then rename it to submitted/CODE."


def original(name: str) -> str:
    """Return the name of what a folder or file of this name may be a copy of, else its own."""
    if is_conflict(name):
        return before_conflict(name)
    found = _COPY.fullmatch(name)
    return trimmed((found["first"] or found["last"]) if found else name)


def _is_copy(name: str, names: Collection[str]) -> bool:
    """Tell whether a folder is a copy of one that lies beside it, as file managers name them."""
    return original(name) != name and original(name) in names


def _folders(root: Path) -> list[Path]:
    submitted = root / "submitted"
    return sorted(submitted.iterdir()) if submitted.is_dir() else []


def _may_be_there(path: Path) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:  # it may not be looked at, which is then said
        return True
    return True
