"""Name hand-ins that lie in ``submitted/`` where grading does not look, with what to do.

Apart from `trainees`, which tells who is one: this only helps people to find what they misplaced.
"""

from __future__ import annotations

import os
import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from grader.errors import GradingError, RecordError, one_line
from grader.files.litter import is_nobody
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file
from grader.formats.answers import MAX_BYTES
from grader.formats.trainee_code import is_trainee_code
from grader.places import ANSWERS, HAND_IN, ITEMS, NOTEBOOK
from grader.trainer.roster.roster import read_roster
from grader.trainer.roster.trainees import original

PARTS = (ANSWERS, NOTEBOOK)
UNPACKED = (
    "is a hand-in file that was unpacked; collect it, then remove it: alongside collect FOLDER"
)
_ANSWERS = re.compile(r"(?P<stem>.+?)\.json(?:\.txt)?", re.IGNORECASE)
DEEPEST = 12  # folders below submitted/ that are looked through
MOST = 5000  # folders in all besides those of hand-ins: the copy of a drive may hold 100,000
SHOWN = 5  # of what is not looked into, named one by one


def misplaced(root: Path, modules: Collection[str]) -> list[str]:
    """Return a line for each that somebody put in a wrong place; nothing is moved.

    Parameters
    ----------
    root : Path
        The course folder.
    modules : collection of str
        All that have an exercise.
    """
    home = root / "submitted"
    search = _Search(home, _Known(root, modules))
    found = (line for one in _folders(home) for line in _of(one, modules, search))
    lines = [*_of_nobody(home, "", modules), *_files(home), *found, *search.not_seen()]
    return [one_line(f"submitted/{line}") for line in lines]


def without_key(
    root: Path, modules: Collection[str], graded: Iterable[str], so: str = "is not graded"
) -> list[str]:
    """Return a line for each module that was handed in or graded, and has no key here.

    Parameters
    ----------
    root, modules
        As `misplaced`.
    graded : iterable of str
        The modules in the gradebook.
    so : str
        What becomes of such a module.
    """
    folders = (inner for one in _folders(root / "submitted") for inner in _folders(one))
    sent = Counter(one.name for one in folders if one.name not in modules and _says_itself(one))
    names = sorted({*sent, *graded} - set(modules))
    return [one_line(_keyless(name, sent[name], so)) for name in names]


def _keyless(name: str, count: int, so: str) -> str:
    what = f"solutions/{name}/{NOTEBOOK} is missing, so {name} {so}."
    who = "1 trainee" if count == 1 else f"{count} trainees"
    handed_in = f" {who} handed it in." if count else ""
    return f"{what}{handed_in} Put it back with its {ITEMS}; marks that were given stay."


def _says_itself(folder: Path) -> bool:
    """Tell whether answers are for the module that their folder names."""
    return bool(_module_in(folder, {folder.name}))


def _of_nobody(folder: Path, where: str, modules: Collection[str]) -> Iterator[str]:
    """Name what lies where no folder above says whose it is."""
    for name in _parts(folder)[:1]:
        said = folder.name if folder.name in modules else "MODULE"
        goal = f"submitted/CODE/{_module_in(folder, modules) or said}/"
        what = f"{where}{name} lies outside of every trainee's folder"
        yield f"{what}; ask whose it is, then move it to {goal}"


def _of(folder: Path, modules: Collection[str], search: _Search) -> Iterator[str]:
    who = folder.name
    if _is_unpacked(folder):
        yield f"{who} {UNPACKED}"
    elif who in modules:
        yield from _of_nobody(folder, f"{who}/", modules)
    elif parts := _parts(folder):
        module = _module_in(folder, modules) or "MODULE"
        what, goal = f"{who}/{parts[0]} lies one folder too high", f"submitted/{who}/{module}/"
        if os.path.lexists(folder / module / parts[0]):
            yield f"{what}, and {goal} has one too: two hand-ins for one module; keep one"
        else:
            yield f"{what}; move it to {goal}"
    for name in _files(folder):
        yield f"{who}/{name}"
    for inner in _folders(folder):
        if who in modules and _parts(inner):
            code = inner.name if is_trainee_code(inner.name) else "CODE"
            what = f"{who}/{inner.name} has code and module the wrong way round"
            yield _moved(what, "move it to", folder.parent / code / who)
        elif inner.name in modules or _says_itself(inner):  # or its key is missing
            yield from _of_module(inner, modules, search)
        elif search.may_look(inner):
            yield from _of_no_module(inner, modules, search)
        else:
            return


def _of_module(folder: Path, modules: Collection[str], search: _Search) -> Iterator[str]:
    yield from (f"{folder.parent.name}/{folder.name}/{line}" for line in _copies(folder))
    if not os.path.lexists(folder / ANSWERS):  # else they are what was handed in
        yield from (f"{folder.parent.name}/{folder.name}/{line}" for line in _files(folder))
    yield from _too_deep(folder, modules, search)


def _of_no_module(folder: Path, modules: Collection[str], search: _Search) -> Iterator[str]:
    where = f"{folder.parent.name}/{folder.name}"
    if _is_unpacked(folder):
        yield f"{where} {UNPACKED}"
    elif goal := _goal(folder, modules):
        what = f"{where} is no module, so it is not graded"
        yield _moved(what, "rename it to", folder.parent / goal)
    else:
        yield from (f"{where}/{line}" for line in _files(folder))
        yield from _too_deep(folder, modules, search)


def _moved(what: str, do: str, goal: Path) -> str:
    """Say where something belongs; never onto what is there."""
    if os.path.lexists(goal):
        return f"{what}, and {_shown(goal)} is there: two folders for one module; keep one"
    return f"{what}; {do} {_shown(goal)}"


def _shown(goal: Path) -> str:
    return "/".join(goal.parts[-3:])


def _too_deep(folder: Path, modules: Collection[str], search: _Search) -> Iterator[str]:
    """Name what lies below the place of a module, or of what is none."""
    home = folder.parents[1]
    for path in search.below(folder):
        where = path.relative_to(home).as_posix()
        yield from (f"{where}/{line}" for line in _files(path))
        if _is_unpacked(path):
            yield f"{where} {UNPACKED}"
        elif _parts(path):
            code = search.known.code_above(path.relative_to(home))
            goal = home / code / _module_for(path, modules)
            what = f"{where} lies too deep"
            if goal == path.parent and not _parts(goal):
                yield f"{what}; move its files up to {_shown(goal)}"
            else:
                yield _moved(what, "move it to", goal)


def _module_for(path: Path, modules: Collection[str]) -> str:
    return path.name if path.name in modules else _goal(path, modules)


class _Known:
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


class _Search:
    """Looks through folders, not without an end, and notes what it did not look into."""

    def __init__(self, home: Path, known: _Known) -> None:
        self.known = known
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
        for inner in _folders(folder):
            if len(self._place(folder)) >= DEEPEST:
                self._note(self._place(folder), "into: it lies too deep")
                return
            if inner.is_symlink():  # it may lead anywhere, also to itself
                self._note(self._place(inner), "into: it is a link")
            elif self.may_look(inner):
                yield inner
            else:
                return

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


def _files(folder: Path) -> Iterator[str]:
    """Name hand-in files that nobody collected."""
    for name in _names(folder):
        if name.lower().endswith(".zip") and not is_nobody(name):
            yield f"{name} is a file that is not collected; collect it: alongside collect FILE"


def _copies(folder: Path) -> Iterator[str]:
    """Name the copies of answers that a program or a person made beside them."""
    has_answers = os.path.lexists(folder / ANSWERS)
    for name in _names(folder):
        found = _ANSWERS.fullmatch(name)
        if name == ANSWERS or not found or original(found["stem"]) != Path(ANSWERS).stem:
            continue
        if has_answers:
            do = "look whether it is newer. If so, put it in the place of the other; then remove it"
            yield f"{name} is a copy of {ANSWERS}; {do}"
        else:
            yield f"{name} is a copy of {ANSWERS}, which is gone; rename it to {ANSWERS}"


def _is_unpacked(folder: Path) -> bool:
    """Tell whether a hand-in file was unpacked here: it says itself whose it is."""
    if not os.path.lexists(folder / HAND_IN):
        return False
    try:
        facts = parse_json(read_regular_file(folder / HAND_IN, MAX_BYTES) or b"")
        return all(isinstance(facts[name], str) for name in ("trainee", "module"))
    except (RecordError, ValueError, KeyError, TypeError):
        return False


def _names(folder: Path) -> list[str]:
    there = os.scandir(folder) if os.access(folder, os.R_OK | os.X_OK) else ()
    return sorted(one.name for one in there)


def _goal(folder: Path, modules: Collection[str]) -> str:
    said = _parts(folder) and _module_in(folder, modules)
    return said or _near(folder.name, modules) or ("MODULE" if _parts(folder) else "")


def _near(name: str, modules: Collection[str]) -> str:
    """Return the module that a name stands for: other letters, or a slip; never another number."""
    number = _number(name)
    alike = (module for module in modules if not number or _number(module) == number)
    plain = {module.casefold(): module for module in alike}
    found = get_close_matches(name.casefold().strip(), plain, n=1, cutoff=0.8)
    return plain[found[0]] if found else ""


def _number(name: str) -> str:
    return (re.match(r"\s*0*([0-9]*)", name) or [""])[1]


def _module_in(folder: Path, modules: Collection[str]) -> str:
    """Return the module that answers are for, as they say themselves; empty where it is none."""
    if not os.path.lexists(folder / ANSWERS):  # far quicker than to try, in a folder of 100,000
        return ""
    try:
        module = parse_json(read_regular_file(folder / ANSWERS, MAX_BYTES) or b"")["module"]
    except (RecordError, ValueError, KeyError, TypeError):
        return ""
    return module if isinstance(module, str) and module in modules else ""


def _parts(folder: Path) -> list[str]:
    return [name for name in PARTS if os.access(folder, os.X_OK) and (folder / name).is_file()]


def _folders(home: Path) -> list[Path]:
    """Return the folders in one; nothing of what may not be looked at, which is said elsewhere."""
    there = home.iterdir() if os.access(home, os.R_OK | os.X_OK) else ()
    return sorted(path for path in there if not is_nobody(path.name) and path.is_dir())
