"""The syllabus: the modules of a course with title and order, and what it takes to pass.

It stands in ``modules.yaml``, with the share of marked replies that a second trainer marks. A
course without that file has the modules of its folders, and the usual rule: half of the points
in every module that has an exercise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from grader import places
from grader.content.passing import MAX_TEXT, PassRule
from grader.content.strict_yaml import Entry, read_entry, short_name
from grader.errors import ContentError, Problem, suggestion
from grader.places import Course

FILE = "modules.yaml"
USUAL_SHARE = 50  # percent
USUAL_SECOND = 10  # percent
ALL = "all"
MAX_TITLE = 80
# The drawings that a module may choose from, for its first page and for the map.
SCENES = (
    *("allotment", "boat-shed", "bus-depot", "garden-gate", "hall"),
    *("harbour", "kitchen", "launderette", "park", "station"),
)
COLOURS = 10  # one for each module, in their order, and then from the first again
SLUG = re.compile(r"[0-9]{2}-[a-z0-9-]{1,40}")


@dataclass(frozen=True, slots=True)
class Syllabus:
    """The modules in their order, each with its title, and the pass rule.

    ``is_usual`` tells that the course does not say a rule of its own; ``scenes`` names the
    drawing of each module that has one. ``second_marks`` is the share of marked replies that
    a second trainer marks too, in percent.
    """

    titles: dict[str, str]
    rule: PassRule
    is_usual: bool = False
    scenes: dict[str, str] = field(default_factory=dict)
    second_marks: int = USUAL_SECOND

    def colour(self, module: str) -> int:
        """Return the number of a module's colour, from 1; 0 where it is no module."""
        order = list(self.titles)
        return order.index(module) % COLOURS + 1 if module in order else 0


@dataclass(frozen=True, slots=True)
class _Listed:
    """What ``modules.yaml`` says; ``needed`` is empty where every module is."""

    titles: dict[str, str]
    scenes: dict[str, str]
    lines: dict[str, int]
    share: int
    needed: tuple[str, ...]
    second_marks: int


def load_syllabus(course: Course) -> Syllabus:
    """Load the modules of a course and its pass rule.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    listed = _listed_in(course.lessons)
    titles = listed.titles if listed else _titles_of(course.lessons, course.exercises)
    share, needed = (listed.share, listed.needed) if listed else (USUAL_SHARE, ())
    rule = PassRule(share, needed or _handed_in(titles, course.exercises))
    scenes = listed.scenes if listed else {}
    second = listed.second_marks if listed else USUAL_SECOND
    return Syllabus(titles, rule, listed is None, scenes, second)


def syllabus_of(root: Path) -> Syllabus:
    """Load the syllabus of a trainer's folder: its own course, else the one that comes with us.

    Raises
    ------
    ContentError
        As `load_syllabus`.
    """
    return load_syllabus(places.course_of(root))


def _handed_in(modules: Iterable[str], exercises: Path) -> tuple[str, ...]:
    return tuple(module for module in modules if (exercises / module / places.NOTEBOOK).is_file())


def _titles_of(*folders: Path) -> dict[str, str]:
    """Return the modules there are, with titles made from the names of their folders."""
    names = (name for name in _folders(*folders) if SLUG.fullmatch(name))
    return {name: name[3:].replace("-", " ").capitalize() for name in names}


def _folders(*folders: Path) -> list[str]:
    return sorted({path.name for folder in folders for path in folder.glob("[0-9][0-9]-*/")})


def _listed_in(course: Path) -> _Listed | None:
    path = course / FILE
    if not os.path.lexists(path):
        return None
    return _read(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=8)  # a page asks for many titles
def _read(path: Path, _changed: int) -> _Listed:
    problems: list[Problem] = []
    listed = _listed(path, problems)
    if problems or listed is None:
        raise ContentError(problems)
    return listed


def _listed(path: Path, problems: list[Problem]) -> _Listed | None:
    entry = read_entry(path, problems)
    if entry is None:
        return None
    parts = entry.entries("modules")
    lines: dict[str, int] = {}
    scenes: dict[str, str] = {}
    titles = _titles(parts, lines, scenes)
    rule = entry.entry("pass")
    share, needed = _rule(rule, tuple(titles)) if rule else (USUAL_SHARE, ())
    second = entry.whole("second_marks", USUAL_SECOND, low=0, high=100)
    entry.close()
    if not titles and not problems:
        entry.note("modules", "names no module; start each with '- slug: …'")
    if len(PassRule(share, tuple(titles)).text) > MAX_TEXT:
        entry.note("modules", "names too many modules; a statement could not hold them")
    return _Listed(titles, scenes, lines, share, needed, second)


def _titles(
    parts: Iterable[Entry], lines: dict[str, int], scenes: dict[str, str]
) -> dict[str, str]:
    titles: dict[str, str] = {}
    for part in parts:
        slug, title = part.text("slug"), part.text("title")
        _check_slug(part, slug, titles)
        if len(title) > MAX_TITLE or not title.isprintable():
            part.note("title", f"must be up to {MAX_TITLE} characters that can be seen")
        scenes.setdefault(slug, _scene(part))
        part.close()
        titles.setdefault(slug, title)
        lines.setdefault(slug, part.line)
    return titles


def _scene(part: Entry) -> str:
    """Return the name of a module's drawing, or nothing."""
    scene = part.text("scene", "")
    if scene and scene not in SCENES:
        part.note("scene", f"{scene!r} is not drawn; {suggestion(scene, SCENES)}")
    return scene


def _check_slug(part: Entry, slug: str, before: Iterable[str]) -> None:
    if not slug:
        return
    if not SLUG.fullmatch(slug):
        part.note("slug", "must be two digits and small letters, such as 07-advice")
    elif slug in before:
        part.note("slug", f"{slug!r} stands here twice; keep one of them")
    elif slug[:2] in {other[:2] for other in before}:
        part.note("slug", f"another module has the number {slug[:2]}; give this one its own")


def _rule(entry: Entry, modules: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    share = entry.whole("share", low=1, high=100)
    needed = entry.one_or_more("must_hand_in")
    _check_needed(entry, needed, modules)
    entry.close()
    return share, () if needed == (ALL,) else needed


def _check_needed(entry: Entry, needed: tuple[str, ...], modules: Sequence[str]) -> None:
    if needed == (ALL,):
        return
    if not needed and entry.has("must_hand_in"):
        entry.note("must_hand_in", "names no module; write 'all', or list some")
    for name in sorted({name for name in needed if name and name not in modules}):
        entry.note("must_hand_in", f"{name!r} is not a module; {suggestion(name, modules)}")
    for name in sorted({name for name in needed if needed.count(name) > 1}):
        entry.note("must_hand_in", f"{name!r} stands here twice; keep one of them")


def folder_problems(course: Path, solutions: Path | None) -> Iterator[Problem]:
    """Compare ``modules.yaml`` with the folders of a course; nothing where it has no such file.

    Parameters
    ----------
    course, solutions : Path
        The two folders; ``solutions`` is None where it is not at hand.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    listed = _listed_in(course)
    if listed is None:
        for path in sorted(course.glob("[mM][oO][dD][uU][lL][eE]*.[yY]*[mM][lL]")):
            yield Problem(short_name(path), 1, "file", f"is not read; name it {FILE}")
        return
    name_of = short_name(course / FILE)
    found = _folders(*(folder for folder in (course, solutions) if folder))
    for name in sorted(set(found) - set(listed.titles)):
        what = f"does not name the folder {name}; add a line for it"
        yield Problem(name_of, 1, "modules", what)
    for name in sorted(set(listed.titles) - set(found)):
        what = f"{name!r} has no folder; {suggestion(name, found)}"
        yield Problem(name_of, listed.lines[name], "slug", what)
    for name in sorted(set(listed.needed) & set(found)):
        if solutions and not (solutions / name / places.NOTEBOOK).is_file():
            what = f"{name!r} has no exercise to hand in; take it out of must_hand_in"
            yield Problem(name_of, listed.lines[name], "slug", what)
