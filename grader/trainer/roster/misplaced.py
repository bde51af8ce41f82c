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
from grader.places import ANSWERS, HAND_IN, ITEMS, NOTEBOOK
from grader.trainer.roster.searching import Known, Search, folders
from grader.trainer.roster.strays import Strays, copies_of_answers
from grader.trainer.roster.trainees import original

PARTS = (ANSWERS, NOTEBOOK)
UNPACKED = (
    "is a hand-in file that was unpacked; collect it, then remove it: alongside collect FOLDER"
)


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
    known = Known(root, modules)
    strays = Strays(home, modules, known.is_somebody)
    search = Search(home, known, strays)
    strays.look(home, _parts(home))
    found = [line for one in folders(home) for line in _of(one, modules, search)]
    lines = [*_of_nobody(home, "", modules), *_files(home), *found]
    lines += [*strays.lines(), *search.not_seen()]
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
    inner = (inner for one in folders(root / "submitted") for inner in folders(one))
    sent = Counter(one.name for one in inner if one.name not in modules and _says_itself(one))
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


def _of(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    if folder.is_symlink():  # what is in it is another's, so no advice may lead there
        search.leave_link(folder)
        return
    found = list(_in(folder, modules, search))
    yield from found
    if not found and _is_odd(folder, modules):
        odd = f" holds {folder.name[:80]!a}, which is not a trainee's code"
        yield f"{odd}; rename the folder, or remove it"


def _is_odd(folder: Path, modules: Collection[str]) -> bool:
    """Tell whether a folder has a name that no trainee can have, and nobody tells of it."""
    name, own = folder.name, original(folder.name)
    if is_trainee_code(name) or name in modules or (own != name and (folder.parent / own).exists()):
        return False
    return not any(os.path.lexists(folder / module) for module in modules)


def _in(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    who = folder.name
    yield from _directly_in(folder, modules, search)
    for name in _files(folder):
        yield f"{who}/{name}"
    for inner in folders(folder):
        if inner.is_symlink():
            search.leave_link(inner)
        elif who in modules and _parts(inner):
            code = inner.name if is_trainee_code(inner.name) else "CODE"
            what = f"{who}/{inner.name} has code and module the wrong way round"
            yield _moved(what, "move it to", folder.parent / code / who)
        elif inner.name in modules or _says_itself(inner):  # or its key is missing
            yield from _of_module(inner, modules, search)
        elif search.may_look(inner):
            yield from _of_no_module(inner, modules, search)
        else:
            return


def _directly_in(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    """Name the files of a hand-in that lie where only folders should."""
    who, parts = folder.name, _parts(folder)
    if _is_unpacked(folder):
        yield f"{who} {UNPACKED}"
        return
    search.strays.look(folder, parts)
    if who in modules:
        yield from _of_nobody(folder, f"{who}/", modules)
    elif parts:
        module = _module_in(folder, modules) or "MODULE"
        what, goal = f"{who}/{parts[0]} lies one folder too high", f"submitted/{who}/{module}/"
        if os.path.lexists(folder / module / parts[0]):
            yield f"{what}, and {goal} has one too: two hand-ins for one module; keep one"
        else:
            yield f"{what}; move it to {goal}"


def _of_module(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    yield from (f"{folder.parent.name}/{folder.name}/{line}" for line in _copies(folder))
    if not os.path.lexists(folder / ANSWERS):  # else they are what was handed in
        yield from (f"{folder.parent.name}/{folder.name}/{line}" for line in _files(folder))
    yield from _too_deep(folder, modules, search)


def _of_no_module(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    where = f"{folder.parent.name}/{folder.name}"
    if _is_unpacked(folder):
        yield f"{where} {UNPACKED}"
    elif goal := _goal(folder, modules):
        what = f"{where} is no module, so it is not graded"
        yield _moved(what, "rename it to", folder.parent / goal)
    else:
        yield from (f"{where}/{line}" for line in _files(folder))
        search.strays.look_for_answers(folder)
        yield from _too_deep(folder, modules, search)


def _moved(what: str, do: str, goal: Path) -> str:
    """Say where something belongs; never onto what is there."""
    if os.path.lexists(goal):
        return f"{what}, and {_shown(goal)} is there: two folders for one module; keep one"
    return f"{what}; {do} {_shown(goal)}"


def _shown(goal: Path) -> str:
    return "/".join(goal.parts[-3:])


def _too_deep(folder: Path, modules: Collection[str], search: Search) -> Iterator[str]:
    """Name what lies below the place of a module, or of what is none."""
    home = folder.parents[1]
    for path in search.below(folder):
        where = path.relative_to(home).as_posix()
        yield from (f"{where}/{line}" for line in _files(path))
        if _is_unpacked(path):
            yield f"{where} {UNPACKED}"
            continue
        search.strays.look_for_answers(path)
        if _parts(path):
            code = search.known.code_above(path.relative_to(home))
            goal = home / code / _module_for(path, modules)
            what = f"{where} lies too deep"
            if goal == path.parent and not _parts(goal):
                yield f"{what}; move its files up to {_shown(goal)}"
            else:
                yield _moved(what, "move it to", goal)


def _module_for(path: Path, modules: Collection[str]) -> str:
    return path.name if path.name in modules else _goal(path, modules)


def _files(folder: Path) -> Iterator[str]:
    """Name hand-in files that nobody collected."""
    for name in _names(folder):
        if name.lower().endswith(".zip") and not is_nobody(name):
            yield f"{name} is a file that is not collected; collect it: alongside collect FILE"


def _copies(folder: Path) -> Iterator[str]:
    """Name the copies of answers that a program or a person made beside them."""
    found = copies_of_answers(folder)
    for name in found:
        if os.path.lexists(folder / ANSWERS):
            do = "look whether it is newer. If so, put it in the place of the other; then remove it"
            yield f"{name} is a copy of {ANSWERS}; {do}"
        elif len(found) > 1:
            do = f"look which is the newest, and rename only that one to {ANSWERS}"
            yield f"{name} is a copy of {ANSWERS}, which is gone, and not the only one; {do}"
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
