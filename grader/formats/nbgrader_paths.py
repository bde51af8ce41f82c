"""Let nbgrader work in folders of any name, and see people in them, never litter.

It takes signs in a name for commands. It looks for files by patterns, in which ``[``, ``*``
and ``?`` would mean other names, and it writes paths into a settings file, in which ``%``
begins a command.
"""

from __future__ import annotations

import glob
import os
import sysconfig
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from grader.files.litter import is_nobody

IGNORER = "nbgrader.utils"  # where nbgrader asks which files to leave out
# Where it looks for files by a pattern.
LOOKERS = (
    "nbgrader.apps.api",
    "nbgrader.converters.base",
    "nbgrader.exchange.default.collect",
    "nbgrader.exchange.default.exchange",
    "nbgrader.exchange.default.fetch_feedback",
    "nbgrader.exchange.default.list",
    "nbgrader.exchange.default.release_feedback",
    IGNORER,
)
_known: set[str] = set()  # folders whose names are names, with a separator at the end


def take_as_names(*folders: str | Path) -> None:
    """Make nbgrader take the names of these folders as they are, in this process.

    Parameters
    ----------
    folders : str or Path
        Below which nbgrader will look: a course, an exchange, its own store.
    """
    for folder in folders:
        for path in (Path(folder).absolute(), Path(folder).resolve()):
            _known.add(f"{str(path).rstrip(os.sep)}{os.sep}")
    for name in LOOKERS:
        # Where it asks what to leave out, litter is wanted.
        finds = _glob if name == IGNORER else _glob_people
        looker: Any = import_module(name)
        looker.glob = SimpleNamespace(glob=finds)
    database: Any = import_module("nbgrader.dbutil")
    if database.write_alembic_ini is not _write_settings:
        _nbgraders.append(database.write_alembic_ini)
        database.ALEMBIC_DIR = _literal(database.ALEMBIC_DIR)
        database.write_alembic_ini = _write_settings


def put_scripts_on_path() -> None:
    """Let nbgrader find ``alembic``, which it calls by name, without an activated environment."""
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", "")
    if scripts not in path.split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, path])


def _glob(pattern: str) -> list[str]:
    """Find files as `glob.glob`, but below a known folder only the rest is a pattern."""
    folder = _folder_of(pattern)
    found = glob.glob(pattern[len(folder) :], root_dir=folder or None)  # noqa: PTH207 - as nbgrader
    return [f"{folder}{name}" for name in found]


def _folder_of(path: str) -> str:
    """Return the known folder that a path or pattern lies in, empty where there is none."""
    return max((name for name in _known if path.startswith(name)), key=len, default="")


def _glob_people(pattern: str) -> list[str]:
    """Find files as `_glob`, but none in litter below a known folder."""
    start = len(_folder_of(pattern))
    return [
        path
        for path in _glob(pattern)
        if not (start and any(map(is_nobody, Path(path[start:]).parts)))
    ]


_nbgraders: list[Any] = []  # its own way of writing the settings


def _write_settings(path: str, address: str) -> None:
    _nbgraders[0](path, _literal(address))


def _literal(text: str) -> str:
    """Return a text that stands for itself in a settings file."""
    return text.replace("%", "%%")
