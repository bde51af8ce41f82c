"""Name hand-ins that lie in ``submitted/`` where grading does not look, with what to do.

Apart from `trainees`, which tells who is one: this only helps people to find what they misplaced.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path

from grader.errors import RecordError, one_line
from grader.files.litter import is_nobody
from grader.files.parsing import parse_json
from grader.files.safe import read_regular_file
from grader.formats.answers import MAX_BYTES
from grader.formats.trainee_code import is_trainee_code
from grader.places import ANSWERS, ITEMS, NOTEBOOK

PARTS = (ANSWERS, NOTEBOOK)
DEEPEST = 4  # folders below submitted/ that are looked through


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
    lines = [*_files(home), *(line for one in _folders(home) for line in _of(one, modules))]
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


def _of(folder: Path, modules: Collection[str]) -> Iterator[str]:
    who = folder.name
    if parts := _parts(folder):
        module = _module_in(folder, modules) or "MODULE"
        what, goal = f"{who}/{parts[0]} lies one folder too high", f"submitted/{who}/{module}/"
        if os.path.lexists(folder / module / parts[0]):
            yield f"{what}, and {goal} has one too: two hand-ins for one module; keep one"
        else:
            yield f"{what}; move it to {goal}"
    for name in _files(folder):
        yield f"{who}/{name}"
    for inner in _folders(folder):
        where = f"{who}/{inner.name}"
        if who in modules and _parts(inner):
            code = inner.name if is_trainee_code(inner.name) else "CODE"
            what = f"{where} has code and module the wrong way round"
            yield _moved(what, "move it to", folder.parent / code / who)
        elif inner.name in modules or _says_itself(inner):  # or its key is missing
            yield from _too_deep(inner, modules)
        elif goal := _goal(inner, modules):
            what = f"{where} is no module, so it is not graded"
            yield _moved(what, "rename it to", folder / goal)
        else:
            yield from (f"{where}/{line}" for line in _files(inner))
            yield from _too_deep(inner, modules)


def _moved(what: str, do: str, goal: Path) -> str:
    """Say where something belongs; never onto what is there."""
    if os.path.lexists(goal):
        return f"{what}, and {_shown(goal)} is there: two folders for one module; keep one"
    return f"{what}; {do} {_shown(goal)}"


def _shown(goal: Path) -> str:
    return "/".join(goal.parts[-3:])


def _too_deep(folder: Path, modules: Collection[str]) -> Iterator[str]:
    """Name what lies below the place of a module, or of what is none."""
    home = folder.parents[1]
    for path in _below(folder, DEEPEST - 2):
        where = path.relative_to(home).as_posix()
        yield from (f"{where}/{line}" for line in _files(path))
        if _parts(path):
            goal = home / _code_above(path.relative_to(home), modules) / _module_for(path, modules)
            what = f"{where} lies too deep"
            if goal == path.parent and not _parts(goal):
                yield f"{what}; move its files up to {_shown(goal)}"
            else:
                yield _moved(what, "move it to", goal)


def _module_for(path: Path, modules: Collection[str]) -> str:
    return path.name if path.name in modules else _goal(path, modules)


def _code_above(path: Path, modules: Collection[str]) -> str:
    """Return whose folder something lies in: the last that has a digit as most codes do."""
    above = path.parts[:-1]
    codes = [name for name in above if name not in modules and is_trainee_code(name)]
    codes.sort(key=lambda name: any(map(str.isdigit, name)))
    return codes[-1] if codes else "CODE"


def _below(folder: Path, depth: int) -> Iterator[Path]:
    # Most folders of hand-ins hold none, and many systems tell that without a look inside.
    if depth and folder.stat().st_nlink != 2:
        for inner in _folders(folder):
            yield inner
            yield from _below(inner, depth - 1)


def _files(folder: Path) -> Iterator[str]:
    """Name hand-in files that nobody collected."""
    there = os.scandir(folder) if os.access(folder, os.R_OK | os.X_OK) else ()
    for name in sorted(one.name for one in there):
        if name.lower().endswith(".zip") and not is_nobody(name):
            yield f"{name} is a file that is not collected; collect it: alongside collect FILE"


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
