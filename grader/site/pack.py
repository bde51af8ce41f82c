"""What goes into a site's pack: the trainee's side in Python, and the course as prepared data.

Apart from `build`, which writes pages and files around it. Nothing of a trainer's goes in, and
no key of a graded item unless it is asked for.
"""

from __future__ import annotations

import ast
import gzip
import importlib.util
import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from grader import places
from grader.content.prepared import prepare
from grader.content.steps import outline
from grader.files.parsing import read_json
from grader.formats.archives import EARLIEST
from grader.formats.statement import PUBLIC_KEY
from grader.places import PACKAGE, Course
from grader.trainee.finding import index_bytes

BEGIN = "grader.site.browser"  # all that it imports goes with it
BROUGHT = ("jinja2", "markupsafe")  # pure Python, as they are installed
TEMPLATES = ("cards", "html", "scenes", "trainee")
NOT_READ = {"region.example.yaml", places.PEOPLE}  # authors' files, that no page of ours reads
# Parts of Python's library that nothing here imports: half of what would go over the wire.
# What a new Python adds stays, so that a wrong guess costs bytes and not the course.
_SPARED = """
__hello__ __phello__ _pydatetime _pyio _pyrepl antigravity argparse bdb cProfile cmd code
colorsys compileall configparser ctypes doctest email filecmp fileinput ftplib getopt getpass
gettext graphlib http imaplib mailbox mimetypes modulefinder multiprocessing netrc nturl2path
optparse pdb pickletools plistlib poplib profile pstats pty pyclbr pydoc quopri rlcompleter
runpy sched shelve smtplib socketserver sqlite3 symtable tabnanny tarfile this timeit tomllib
trace tracemalloc tty unittest uuid wave webbrowser wsgiref xml xmlrpc zipapp
"""
SPARED = frozenset(_SPARED.split())
_SPARED_LETTERS = re.compile(
    r"encodings/(?!cp437|cp1252|iso8859_1\b)"
    r"(big5|cp|euc_|gb|hp_|hz|iso|johab|koi8|kz|mac_|palmos|ptcp|shift_|tis)"
)
# What only typed words need comes after the first card: a quarter of all that goes over the wire.
LATER = ("grader/coding/weights.json", "grader/coding/danger_weights.json")
Entries = Iterator[tuple[str, bytes]]


def course_pack(course: Course, *, exercises: bool, keys: bool) -> bytes:
    """Return the pack of a course, compressed.

    Parameters
    ----------
    course : Course
        With the region's file among its lessons, where there is one.
    exercises : bool
        Let the exercises be part of it.
    keys : bool
        Let the keys of the exercises go with it: whoever has the site can then read them.
    """
    files = [*_own_code(), *_templates(), *_brought(), *_lessons(course.lessons)]
    if exercises:
        files += _exercises(course)
    if exercises and keys and course.solutions:
        files += _prepared(course.solutions, "solutions", f"[0-9]*/{places.ITEMS}")
    return compressed(stored(files))


def words_pack(course: Course | None = None) -> bytes:
    """Return what the reading of typed words needs besides, compressed.

    With the texts of a course that can be found, where it is named.
    """
    root = PACKAGE.parent
    files = [(name, (root / name).read_bytes()) for name in LATER]
    if course:
        files.append((f"course/{places.FIND_INDEX}", index_bytes(course)))
    return compressed(stored(files))


def python_pack(pyodide: Path) -> bytes:
    """Return Python's own library without what is never imported, compressed."""
    with zipfile.ZipFile(pyodide / "python_stdlib.zip") as library:
        names = [each for each in library.namelist() if not each.endswith("/")]
        return compressed(stored((name, library.read(name)) for name in names if _is_kept(name)))


def _is_kept(name: str) -> bool:
    top = name.split("/", maxsplit=1)[0].removesuffix(".py")
    return top not in SPARED and not _SPARED_LETTERS.match(name)


def stored(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip file that is not compressed: packed as a whole it becomes smaller."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as pack:
        for name, content in files:
            pack.writestr(zipfile.ZipInfo(name, date_time=EARLIEST), content)
    return whole.getvalue()


def compressed(content: bytes) -> bytes:
    """Return content as gzip, the same bytes on any day."""
    return gzip.compress(content, 9, mtime=0)


# --- Python


def _own_code() -> Entries:
    for name in sorted(_reached()):
        path = _path_of(name)
        yield path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()
        if path.stem == "__init__":
            for data in sorted(path.parent.glob("*.json")):
                file = data.relative_to(PACKAGE.parent).as_posix()
                if file not in LATER:
                    yield file, data.read_bytes()


def _reached() -> set[str]:
    """Return our modules that the browser's part imports, with theirs, and their packages."""
    found: set[str] = set()
    waiting = [BEGIN]
    while waiting:
        name = waiting.pop()
        if name and name not in found and _is_module(name):
            found.add(name)
            waiting += [name.rpartition(".")[0], *_imports(_path_of(name))]
    return found


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{each.name}" for each in node.names)


def _is_module(name: str) -> bool:
    return name.split(".", maxsplit=1)[0] == PACKAGE.name and _path_of(name).is_file()


def _path_of(name: str) -> Path:
    path = PACKAGE.parent.joinpath(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _templates() -> Entries:
    folder = PACKAGE / "html" / "templates"
    found = [*folder.glob("*.j2"), *(p for name in TEMPLATES for p in folder.glob(f"{name}/*.j2"))]
    for path in sorted(found):
        yield path.relative_to(PACKAGE.parent).as_posix(), path.read_bytes()


def _brought() -> Entries:
    for name in BROUGHT:
        for folder in _folders_of(name):
            for path in sorted(folder.rglob("*.py")):
                yield f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def _folders_of(name: str) -> list[Path]:
    found = importlib.util.find_spec(name)
    return [Path(each) for each in found.submodule_search_locations or ()] if found else []


# --- the course


def _lessons(lessons: Path) -> Entries:
    yield from _prepared(lessons, "course", "*.yaml")
    yield from _prepared(lessons, "course", "[0-9]*/*.yaml")
    if (lessons / PUBLIC_KEY).is_file():
        yield f"course/{PUBLIC_KEY}", (lessons / PUBLIC_KEY).read_bytes()
    for path in sorted((*lessons.glob("*.ipynb"), *lessons.glob("[0-9]*/*.ipynb"))):
        yield f"course/{path.relative_to(lessons).as_posix()}", _calls_alone(path)


def _prepared(root: Path, name: str, pattern: str) -> Entries:
    for path in sorted(root.glob(pattern)):
        if path.name not in NOT_READ:
            yield f"{name}/{path.relative_to(root).as_posix()}", prepare(path).encode()


def _calls_alone(path: Path) -> bytes:
    """Return a notebook without its prose, which stands on its page already, but with its steps."""
    notebook = read_json(path)
    cells = [
        {"cell_type": cell["cell_type"], "source": outline(cell)} for cell in notebook["cells"]
    ]
    return json.dumps({"metadata": notebook["metadata"], "cells": cells}).encode()


def _exercises(course: Course) -> Entries:
    for name in (places.NOTEBOOK, places.PUBLIC_ITEMS):
        for path in sorted(course.exercises.glob(f"*/{name}")):
            yield f"exercises/{path.relative_to(course.exercises).as_posix()}", path.read_bytes()
