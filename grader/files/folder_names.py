"""Which names a course folder may have: any but those that no gradebook or message could hold."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

from grader.errors import GradingError

MAX_BYTES = 480  # of a path; SQLite opens no file whose path is longer than 512, endings included
_UNFIT = {"Cc", "Cs", "Zl", "Zp"}  # line breaks and commands, and bytes that are no letters


def require_usable(root: Path) -> None:
    """Refuse a course folder that cannot be worked in, before anything is written.

    Raises
    ------
    GradingError
        Naming the folder, and what is the matter with its name.
    """
    path = str(root)
    unfit = [sign for sign in path if unicodedata.category(sign) in _UNFIT]
    if unfit:
        what = f"has a sign in its name that cannot be used, {unfit[0]!a}"
        # Letters of a name are no letters to a program in a poorer language setting.
        poor = sys.getfilesystemencoding() != "utf-8"
        how = "set PYTHONUTF8=1 and try again" if poor else "rename the folder"
        raise GradingError(f"The folder {path!a} {what}; {how}")
    if os.path.expandvars(path) != path:  # nbgrader would look for its settings elsewhere
        what = "has a '$' or '%' in its name that stands for a setting of this computer"
        raise GradingError(f"The folder {path!a} {what}; rename the folder")
    size = len(os.fsencode(path))
    if size > MAX_BYTES:
        what = f"has a path of {size} bytes, and more than {MAX_BYTES} cannot be used"
        raise GradingError(f"The folder {path[:60]!a}… {what}; move it, or rename it")
