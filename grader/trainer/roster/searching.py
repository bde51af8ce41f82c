"""Look through the folders in ``submitted/``, not without an end, for what lies in a wrong place.

Apart from `misplaced`, which says what is found.
"""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Collection, Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from grader.errors import GradingError
from grader.files.litter import is_nobody
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.strays import Strays

DEEPEST = 12  # folders below submitted/ that are looked through
MOST = 5000  # folders in all besides those of hand-ins: the copy of a drive may hold 100,000
SHOWN = 5  # of what is not looked into, named one by one


class Known:
    """Who is known in a course, to tell a trainee's folder from others above a hand-in."""

    def __init__(self, root: Path, modules: Collection[str]) -> None:
        self._root, self._modules = root, modules

    @cached_property
    def _people(self) -> set[str]:
        """Who stands in the roster, or has the folder of a module where it should be."""
        home = self._root / "submitted"
        there = {path.parent.name for name in self._modules for path in home.glob(f"*/{name}")}
        with suppress(GradingError):  # said when it is read to grade
            there |= read_roster(self._root)
        return there - set(self._modules)

    @cached_property
    def _shapes(self) -> set[str]:
        return {_shape(code) for code in self._people}

    def is_somebody(self, name: str) -> bool:
        """Tell whether a name is somebody's code, or looks like the codes of others."""
        if not is_trainee_code(name):
            return False
        has_digit = any(map(str.isdigit, name))  # as most codes do
        return name in self._people or (
            has_digit and (not self._people or _shape(name) in self._shapes)
        )

    def code_above(self, path: Path) -> str:
        """Return whose folder something lies in: who is known, else who looks most like a code."""
        above = path.parts[:-1]
        codes = [name for name in above if name not in self._modules and is_trainee_code(name)]
        return max(reversed(codes), key=self._likeness, default="CODE")

    def _likeness(self, name: str) -> tuple[bool, bool, bool]:
        has_digit = any(map(str.isdigit, name))  # as most codes do
        return name in self._people, _shape(name) in self._shapes, has_digit


def _shape(code: str) -> str:
    return re.sub(r"\d", "0", code)


class Search:
    """Looks through folders, not without an end, and notes what it did not look into."""

    def __init__(self, home: Path, known: Known, strays: Strays) -> None:
        self.known, self.strays = known, strays
        self._home = home
        self._left = MOST
        self._not_seen: dict[str, str] = {}  # by place, and why

    def below(self, folder: Path) -> Iterator[Path]:
        """Yield the folders below one, the upper ones first."""
        waiting = deque([folder])
        while waiting:
            for inner in self._inside(waiting.popleft()):
                yield inner
                waiting.append(inner)

    def _inside(self, folder: Path) -> Iterator[Path]:
        # Most folders of hand-ins hold none, and many systems tell that without a look inside.
        if folder.stat().st_nlink == 2:
            return
        for inner in folders(folder):
            if len(self._place(folder)) >= DEEPEST:
                self._note(self._place(folder), "into: it lies too deep")
                return
            if inner.is_symlink():  # it may lead anywhere, also to itself
                self.leave_link(inner)
            elif self.may_look(inner):
                yield inner
            else:
                return

    def leave_link(self, link: Path) -> None:
        """Note that nobody looked behind a link."""
        self._note(self._place(link), "into: it is a link")

    def may_look(self, folder: Path) -> bool:
        """Tell whether there is still room for one more folder."""
        self._left -= 1
        if self._left < 0:
            self._note(self._place(folder)[:1], "through: there are too many folders")
        return self._left >= 0

    def not_seen(self) -> Iterator[str]:
        """Say what was not looked into."""
        for place, why in list(self._not_seen.items())[:SHOWN]:
            yield f"{place} was not looked {why}. Look whether a hand-in is in it."
        if (more := len(self._not_seen) - SHOWN) > 0:
            yield f" holds {more} more that were not looked into."

    def _place(self, folder: Path) -> tuple[str, ...]:
        return folder.relative_to(self._home).parts

    def _note(self, place: tuple[str, ...], why: str) -> None:
        self._not_seen.setdefault("/".join(place), why)


def folders(home: Path) -> list[Path]:
    """Return the folders in one; nothing of what may not be looked at, which is said elsewhere."""
    there = home.iterdir() if os.access(home, os.R_OK | os.X_OK) else ()
    return sorted(path for path in there if not is_nobody(path.name) and path.is_dir())
