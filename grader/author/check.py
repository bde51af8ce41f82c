"""Check the whole course at once: the body of ``alongside check``.

Loaders tell what is wrong inside one file; here stands what must hold between files:
skills, facts, words, items, lessons and exercises. Nothing is written or run.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import TypeVar

from grader import places
from grader.author.check_items import model_problems, why_problems
from grader.author.check_notebooks import cells_of, check_exercise, check_lessons, check_stripped
from grader.author.check_region import region_problems
from grader.author.check_stories import story_problems
from grader.author.check_twins import Bank, twin_problems
from grader.author.course import Course, Module, count, items_name
from grader.author.guess import GRADED, PRACTICE, Pick, picks_of
from grader.author.guess_report import guess_problems
from grader.author.new import ids_in
from grader.content.glossary import load_glossary
from grader.content.items import Item, load_facts, load_skills
from grader.content.people import picture_problems
from grader.content.strict_yaml import short_name
from grader.content.syllabus import folder_problems, load_syllabus
from grader.errors import UNKNOWN_FACT, UNKNOWN_SKILL, ContentError, Problem
from grader.kinds.reading import load_items
from grader.places import FACTS, GLOSSARY, ITEMS, NOTEBOOK, SKILLS

Loaded = TypeVar("Loaded")


def check_course(course: Path, solutions: Path | None) -> list[Problem]:
    """Return all problems of a course, as `read_course` and `problems_of` do."""
    return problems_of(read_course(course, solutions))


def problems_of(found: Course) -> list[Problem]:
    """Return all problems, sorted by file and line; empty where there are none."""
    return sorted(set(found.problems))


def read_course(course: Path, solutions: Path | None) -> Course:
    """Read and check everything that authors write.

    Parameters
    ----------
    course : Path
        The folder with ``skills.yaml``, ``facts.yaml``, ``glossary.yaml`` and the module folders.
    solutions : Path or None
        The folder with the graded items; None where it is not at hand.

    Returns
    -------
    Course
        For `problems_of`, `summary` and `picks`.
    """
    found = Course()
    if not course.is_dir():
        what = "is not a folder; give the folder that holds skills.yaml"
        found.problems.append(Problem(short_name(course), 1, "course", what))
        return found
    found.skills = _load(found, lambda: load_skills(course / SKILLS)) or {}
    found.facts = _load(found, lambda: load_facts(course / FACTS)) or {}
    _load(found, lambda: load_glossary(course / GLOSSARY, found.facts, _modules(course, solutions)))
    found.problems.extend(_load(found, lambda: list(folder_problems(course, solutions))) or ())
    found.problems.extend(region_problems(course))
    found.problems.extend(_load(found, lambda: picture_problems(course)) or ())
    for name in _module_names(course, solutions):
        found.modules.append(_read_module(found, name, course, solutions))
    _check_ids(found)
    for notebook in sorted(course.glob("*.ipynb")):
        check_stripped(found, notebook, cells_of(found, notebook))
    for module in found.modules:
        check_lessons(found, module)
        check_exercise(found, module)
    for module in found.modules:
        for part, items in (("practice", module.practice), ("graded", module.graded)):
            of = (items_name(module, part), module.lines.get(part, {}), (items or {}).values())
            found.problems.extend(model_problems(*of))
    banks = list(_banks(found))
    found.problems.extend(twin_problems(banks))
    found.problems.extend(guess_problems(picks(found)))
    for bank in banks:
        found.problems.extend(story_problems(bank.path, bank.lines, bank.items.values()))
        found.problems.extend(why_problems(bank.path, bank.lines, bank.items.values()))
    return found


def summary(found: Course) -> str:
    """Return one line that counts what was checked and says how many problems there are."""
    modules = found.modules
    parts = [
        count(len(modules), "module"),
        count(sum(len(module.lessons) for module in modules), "lesson"),
        f"{sum(len(module.practice or ()) for module in modules)} practice and "
        f"{sum(len(module.graded or ()) for module in modules)} graded items",
        count(len(found.skills), "skill"),
    ]
    problems = len(set(found.problems))
    return f"{', '.join(parts)}: {count(problems, 'problem') if problems else 'no problems'}"


def picks(found: Course) -> list[Pick]:
    """Return every place of the course where one reply is picked; see `grader.author.guess`."""
    return [
        pick
        for module in found.modules
        for part, items in ((PRACTICE, module.practice), (GRADED, module.graded))
        for pick in picks_of(module.name, part, (items or {}).values())
    ]


def _banks(found: Course) -> Iterator[Bank]:
    for module in found.modules:
        for part, items in ((PRACTICE, module.practice), (GRADED, module.graded)):
            if items:
                yield Bank(items_name(module, part), module.lines[part], items)


def _load(found: Course, load: Callable[[], Loaded]) -> Loaded | None:
    try:
        return load()
    except ContentError as error:
        found.problems.extend(p for p in error.problems if not _is_echo(found, p))
        return None


def _modules(course: Path, solutions: Path | None) -> Collection[str]:
    beside = (solutions or course).parent / "exercises"
    return load_syllabus(places.Course(course, beside, solutions)).titles


def _module_names(course: Path, solutions: Path | None) -> list[str]:
    folders = [
        *course.glob("[0-9][0-9]-*/"),
        *(solutions.glob("[0-9][0-9]-*/") if solutions else ()),
    ]
    return sorted({folder.name for folder in folders})


def _read_module(found: Course, name: str, course: Path, solutions: Path | None) -> Module:
    module = Module(name, lessons=sorted((course / name).glob("*.ipynb")))
    if (course / name).is_dir():
        module.practice = _load_items(found, module, PRACTICE, course / name / ITEMS)
    if solutions and (solutions / name).is_dir():
        module.graded = _load_items(found, module, GRADED, solutions / name / ITEMS)
        module.exercise = solutions / name / NOTEBOOK
    return module


def _load_items(found: Course, module: Module, part: str, path: Path) -> dict[str, Item] | None:
    module.lines[part] = ids_in(path) if path.is_file() else {}
    graded = part == GRADED
    return _load(found, lambda: load_items(path, found.skills, found.facts, graded=graded))


def _is_echo(found: Course, problem: Problem) -> bool:
    """Tell whether the problem only repeats that skills.yaml or facts.yaml could not be loaded."""
    return (problem.code == UNKNOWN_SKILL and not found.skills) or (
        problem.code == UNKNOWN_FACT and not found.facts
    )


def _check_ids(found: Course) -> None:
    """Note ids used twice in the bank: records of two modules could be mixed up."""
    first: dict[str, str] = {}
    for module in found.modules:
        for part, items in (("practice", module.practice), ("graded", module.graded)):
            for item_id in items or ():
                here = f"{part} items of {module.name}"
                if item_id in first:
                    what = f"{item_id!r} is also among the {first[item_id]}; give one a new id"
                    line = module.lines[part].get(item_id, 1)
                    found.problems.append(Problem(items_name(module, part), line, "id", what))
                first.setdefault(item_id, here)


# --- notebooks
