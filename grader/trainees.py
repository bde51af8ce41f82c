"""Who is a trainee: the one rule for everything that goes through ``submitted/``."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from grader.litter import is_conflict, is_nobody


def who_handed_in(root: Path, *modules: str) -> list[str]:
    """Return whoever handed in one of some modules, by the name of the folder, in order.

    A name that can be no code counts as well: it may be somebody whose folder was renamed.
    What a computer put there is nobody.
    """
    return [
        folder.name
        for folder in _folders(root)
        if not is_nobody(folder.name) and any(_may_be_there(folder / one) for one in modules)
    ]


def people(*names: Iterable[str]) -> list[str]:
    """Return all these names once, in order, without what is nobody's."""
    return sorted(name for name in set().union(*names) if not is_nobody(name))


def second_copies(root: Path) -> list[str]:
    """Return the folders that a sync program made besides somebody's own."""
    return [folder.name for folder in _folders(root) if is_conflict(folder.name)]


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
