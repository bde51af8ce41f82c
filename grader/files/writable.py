"""Notice a folder of the course that may only be read, so that it is said once and not of each."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from grader.errors import GradingError, in_words

WHAT_TO_DO = "Make sure that you can write there, then run this again"
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


def why_shut(root: Path, error: OSError) -> str:
    """Say which folder that all trainees share kept something from being written.

    Empty where the error is another one, or concerns what belongs to one trainee.
    """
    if error.errno not in _REFUSED or not isinstance(error.filename, str):
        return ""
    path = Path(error.filename)
    if not path.is_relative_to(root):
        return ""
    shared = (root, root.joinpath(*path.relative_to(root).parts[:1]))
    shut = (one for one in shared if not os.access(one, os.W_OK | os.X_OK))
    return next((_words(one, error) for one in shut), "")


def what_to_open(root: Path, error: OSError) -> str:
    """Say which folder of the course may only be read, and what to do; else what was refused."""
    names = (error.filename, error.filename2) if error.errno in _REFUSED else ()
    for path in (Path(name) for name in names if isinstance(name, str)):
        for folder in (*reversed(path.parents), path):
            is_ours = folder.is_relative_to(root) and folder.is_dir()
            if is_ours and not os.access(folder, os.W_OK | os.X_OK):
                return f"{_words(folder, error)}. {WHAT_TO_DO}"
    return in_words(error)


def require_writable(folders: Iterable[Path], otherwise: str) -> None:
    """Refuse to begin what could not be ended, as a folder may only be read.

    Raises
    ------
    GradingError
        With the folder, what is not done ``otherwise``, and what to do.
    """
    if why := why_unwritable(*folders):
        raise GradingError(f"{why}: {otherwise}. {WHAT_TO_DO}")


def why_unwritable(*folders: Path) -> str:
    """Say which of some folders may only be read, of those that are there; empty where none."""
    for folder in filter(os.path.isdir, folders):
        try:
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            if error.errno in _REFUSED:
                return _words(folder, error)
    return ""


def _words(folder: Path, error: OSError) -> str:
    return f"{folder} may only be read ({error.strerror})"
