"""The copies that nbgrader keeps of what was handed in by its exchange: for their owner alone.

Each holds the answers, and the secret by which the feedback page on them is found. nbgrader
leaves them open to every account of the computer. Apart from `exchange`, which hands in.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from grader.errors import HandInError
from grader.files.privacy import close_to_all
from grader.places import ANSWERS, HAND_IN

_MOST = 4  # parts of a name: account, module, time, and letters by chance


def close_copies(cache: Path | None = None) -> None:
    """Let no other account read them: in nbgrader's usual place, and in one that is set."""
    for place in _places(cache):
        with suppress(OSError):
            close_to_all(place.resolve())


def require_closed(cache: Path) -> None:
    """Make the place of the copies, for its owner alone, before anything lies in it.

    Raises
    ------
    HandInError
        Where it is another account's, or stays open to others.
    """
    try:
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        close_copies(cache)
        about = cache.stat()
    except OSError as error:
        raise HandInError(f"{cache} cannot be used ({error.strerror})") from error
    me = getattr(os, "geteuid", None)
    if not me or about.st_uid != me() or about.st_mode & 0o077:
        what = f"{cache}, where a copy of your answers would lie, is open to other accounts"
        raise HandInError(f"{what}. Please tell who set up the course")


def own_copies(modules: Collection[str], cache: Path | None = None) -> list[Path]:
    """Return the copies of what was handed in to this course: of its modules, or made by it."""
    return [
        copy
        for place in _places(cache)
        for copy in sorted(place.glob("*/*"))
        if _is_ours(copy, modules)
    ]


def name_parts(name: str) -> tuple[str, ...]:
    """Return the parts of a handed-in folder's name, as nbgrader writes it for the exchange too.

    They are account, module, time, and letters by chance; the last two may be missing. There
    are none where it is no such name.
    """
    parts = name.split("+")
    if len(parts) > 3 and parts[2].endswith(" "):  # a zone such as +0545
        parts[2:4] = ["+".join(parts[2:4])]
    return tuple(parts) if 2 <= len(parts) <= _MOST else ()


def _is_ours(copy: Path, modules: Collection[str]) -> bool:
    parts = name_parts(copy.name)
    has_both = all((copy / name).is_file() for name in (ANSWERS, HAND_IN))
    return bool(parts) and (parts[1] in modules or has_both)


def _places(cache: Path | None) -> Iterator[Path]:
    """Yield where nbgrader keeps copies, as far as it is there."""
    if os.name != "posix" or sys.platform == "emscripten":  # it has no exchange there
        return
    from jupyter_core.paths import jupyter_data_dir

    usual = Path(jupyter_data_dir()) / "nbgrader_cache"
    for place in dict.fromkeys((cache or usual, usual)):
        if place.is_dir():
            yield place
