"""Name hand-ins that lie in ``submitted/`` where grading does not look, with what to do.

Apart from `trainees`, which tells who is one: this only helps people to find what they misplaced.
"""

from __future__ import annotations

import os
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


def misplaced(root: Path, modules: Collection[str]) -> list[str]:
    """Return a line for each that somebody put in a wrong place; nothing is moved.

    Parameters
    ----------
    root : Path
        The course folder.
    modules : collection of str
        All that have an exercise.
    """
    folders = _folders(root / "submitted")
    return [one_line(f"submitted/{line}") for one in folders for line in _of(one, modules)]


def without_key(root: Path, modules: Collection[str], graded: Iterable[str]) -> list[str]:
    """Return a line for each module that was handed in or graded, and has no key here.

    Parameters
    ----------
    root, modules
        As `misplaced`.
    graded : iterable of str
        The modules in the gradebook.
    """
    folders = (inner for one in _folders(root / "submitted") for inner in _folders(one))
    sent = Counter(one.name for one in folders if _says_itself(one) and one.name not in modules)
    names = sorted({*sent, *graded} - set(modules))
    return [one_line(_keyless(name, sent[name])) for name in names]


def _keyless(name: str, count: int) -> str:
    what = f"solutions/{name}/{NOTEBOOK} is missing, so {name} is not graded."
    who = "1 trainee" if count == 1 else f"{count} trainees"
    handed_in = f" {who} handed it in." if count else ""
    return f"{what}{handed_in} Put it back with its {ITEMS}; marks that were given stay."


def _says_itself(folder: Path) -> bool:
    """Tell whether answers are for the module that their folder names."""
    return bool(_module_in(folder, {folder.name}))


def _of(folder: Path, modules: Collection[str]) -> Iterator[str]:
    who = folder.name
    if parts := _parts(folder):
        goal = f"submitted/{who}/{_module_in(folder, modules) or 'MODULE'}/"
        yield f"{who}/{parts[0]} lies one folder too high; move it to {goal}"
    for inner in _folders(folder):
        where = f"{who}/{inner.name}"
        if who in modules and _parts(inner):
            code = inner.name if is_trainee_code(inner.name) else "CODE"
            goal = f"submitted/{code}/{who}"
            yield f"{where} has code and module the wrong way round; move it to {goal}"
        elif inner.name in modules or _says_itself(inner):  # or its key is missing
            continue
        elif goal := _goal(inner, modules):
            what = "is no module, so it is not graded"
            yield f"{where} {what}; rename it to submitted/{who}/{goal}"


def _goal(folder: Path, modules: Collection[str]) -> str:
    near = _near(folder.name, modules)
    return near or (_parts(folder) and (_module_in(folder, modules) or "MODULE")) or ""


def _near(name: str, modules: Collection[str]) -> str:
    """Return the module that a name stands for: other letters, or a slip."""
    plain = {module.casefold(): module for module in modules}
    found = get_close_matches(name.casefold().strip(), plain, n=1, cutoff=0.8)
    return plain[found[0]] if found else ""


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
