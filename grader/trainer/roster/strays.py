"""Name files that lie in ``submitted/`` where a folder should be, first those that hold answers.

Apart from `misplaced`, which looks through the folders: no folder tells of such a file whose it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from grader.errors import RecordError
from grader.files.litter import is_litter, is_nobody
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file
from grader.formats import shared as sharing
from grader.formats.answers import MAX_BYTES
from grader.formats.trainee_code import is_trainee_code
from grader.places import ANSWERS, HAND_IN, NOTEBOOK, PUBLIC_ITEMS, SECRET, SENDERS, TIMESTAMP
from grader.trainer.roster.trainees import original

SHOWN = 5  # named one by one
MOST_READ = 500  # files that are looked into: somebody may have put a whole disk there
# What belongs to a hand-in beside its answers, and is nobody's work.
BESIDE = (NOTEBOOK, PUBLIC_ITEMS, TIMESTAMP, SECRET, sharing.NAME, HAND_IN)
_ENDINGS = re.compile(r"(?:\.json|\.txt)*$", re.IGNORECASE)


class _Stray(NamedTuple):
    """One file, as it is said; those with answers are somebody's work."""

    said: str
    is_work: bool


class Strays:
    """The files that were met in one look through ``submitted/``."""

    def __init__(
        self, home: Path, modules: Collection[str], is_somebody: Callable[[str], bool]
    ) -> None:
        self._home, self._modules, self._is_somebody = home, modules, is_somebody
        self._found: list[_Stray] = []
        self._goals: set[Path] = set()
        self._left = MOST_READ

    def look(self, folder: Path, told: Collection[str] = ()) -> None:
        """Note every file that lies directly in a folder of ``submitted/``, or in itself.

        ``told`` are names that are told of otherwise.
        """
        beside = BESIDE if told else ()
        for path in files_in(folder):
            is_zip = path.name.lower().endswith(".zip") and not is_nobody(path.name)
            if not (is_zip or is_litter(path.name) or path.name in (SENDERS, *told, *beside)):
                self._found.append(self._seen(path))

    def look_for_answers(self, folder: Path) -> None:
        """Note only files that hold answers: in deeper folders others may lie."""
        for path in files_in(folder):
            if path.name not in (ANSWERS, *BESIDE) and self._module(path) is not None:
                self._found.append(self._seen(path))

    def lines(self) -> Iterator[str]:
        """Name a few, those with answers first, and count the rest."""
        found = sorted(self._found, key=lambda one: not one.is_work)
        yield from (one.said for one in found[:SHOWN])
        if rest := found[SHOWN:]:
            files = "1 more such file" if len(rest) == 1 else f"{len(rest)} more such files"
            work = sum(one.is_work for one in rest)
            yield f" holds {files}" + (f", {work} of them with answers." if work else ".")

    def _seen(self, path: Path) -> _Stray:
        place = path.relative_to(self._home).as_posix()
        if path.is_symlink():
            what = f"{place} is a link, which is not followed"
            return _Stray(f"{what}. Look where it leads, then remove it.", is_work=False)
        module = self._module(path)
        if module is not None:
            return _Stray(f"{place} holds answers and is not graded{self._do(path, module)}", True)
        if is_named_answers(path.name):
            what = f"{place} has the name of answers, and they cannot be read"
            return _Stray(f"{what}; ask for them to be handed in again, then remove it", True)
        look = "Look whether it is somebody's work, then move it out of submitted/."
        return _Stray(f"{place} is a file that is not read. {look}", is_work=False)

    def _module(self, path: Path) -> str | None:
        self._left -= 1
        return module_said(path) if self._left >= 0 else None

    def _do(self, path: Path, module: str) -> str:
        """Say what to do with answers; nothing is to be put where something is."""
        code, module = self._whose(path), module if module in self._modules else "MODULE"
        goal = self._home / code / module / ANSWERS
        shown = f"submitted/{code}/{module}/{ANSWERS}"
        if code == "CODE":
            return f"; ask whose they are, then put it in as {shown}"
        if os.path.lexists(goal):
            return f", and {shown} is there: two hand-ins for one module; keep one"
        if goal in self._goals:
            return f", and another file belongs at {shown} as well; keep one"
        self._goals.add(goal)
        above = (self._home / code, self._home / code / module)
        in_way = next((one for one in above if _is_in_way(one)), None)
        if in_way is None:
            return f"; move it to {shown}"
        what = "it" if in_way == path else f"submitted/{in_way.relative_to(self._home).as_posix()}"
        return f"; move {what} out of submitted/ first, then put the answers in as {shown}"

    def _whose(self, path: Path) -> str:
        above = path.relative_to(self._home).parts[:-1]
        codes = [name for name in above if name not in self._modules and is_trainee_code(name)]
        if codes:
            return next(filter(self._is_somebody, codes), codes[0])
        stem = original(_stem(path.name))
        return stem if stem not in self._modules and self._is_somebody(stem) else "CODE"


def files_in(folder: Path) -> list[Path]:
    """Return what is no folder in one, in order; nothing of what may not be looked at."""
    if not os.access(folder, os.R_OK | os.X_OK):
        return []
    with os.scandir(folder) as there:
        return sorted(folder / one.name for one in there if not _is_folder(one))


def _is_folder(one: os.DirEntry[str]) -> bool:
    try:
        return one.is_dir()
    except OSError:  # a link that leads to itself
        return False


def module_said(path: Path) -> str | None:
    """Return the module that a file of answers is for; None where it is no record of answers."""
    try:
        data = parse_json(read_regular_file(path, MAX_BYTES) or b"")
    except (RecordError, ValueError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("items"), dict):
        return None
    module = data.get("module")
    return module if "format" in data and isinstance(module, str) else None


def is_named_answers(name: str) -> bool:
    """Tell whether a file has the name of answers, or of a copy: in any letters, as JSON."""
    stem = _stem(name)
    return original(stem).casefold() == _stem(ANSWERS) and ".json" in name[len(stem) :].casefold()


def copies_of_answers(folder: Path) -> list[str]:
    """Return what seems a copy of the answers of a module in its folder, by any name."""
    files = files_in(folder)
    names = [path.name for path in files]
    if ANSWERS not in names and os.path.lexists(folder / ANSWERS):
        return []  # it is read all the same, where capitals make no other file, or is a folder
    others = [path for path in files if path.name not in (ANSWERS, *BESIDE)]
    return [
        path.name
        for path in others
        if is_named_answers(path.name)
        or (_may_be_answers(path.name, names) and module_said(path) == folder.name)
    ]


def _may_be_answers(name: str, names: Collection[str]) -> bool:
    """Tell whether to look into a file: with answers there, what was sent with them is theirs."""
    return ANSWERS not in names or original(_stem(name)).casefold() == _stem(ANSWERS)


def _stem(name: str) -> str:
    """Return a name without the endings that a browser or an editor puts there."""
    return _ENDINGS.sub("", name)


def _is_in_way(path: Path) -> bool:
    return path.is_symlink() or (path.exists() and not path.is_dir())
