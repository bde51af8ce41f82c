"""The cards' script for the browser, put together from one file per idea.

Apart from `widget`, which is one of its hosts: a page needs none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from grader.places import PACKAGE

STATIC = PACKAGE / "cards" / "static"
ENTRIES = ("page", "site", "widget")  # one for each host: what it begins with
_IMPORT = re.compile(r'^import \{\s*\w+(?:,\s*\w+)*,?\s*\} from "\./(\w+)\.js";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:const|let|class|function|async function)\b)", re.MULTILINE)
_NAME = re.compile(r"^(?:const|let|class|function|async function) (\w+)", re.MULTILINE)
_LEFT = re.compile(r"^(?:import\b|export\b(?! default\b)).*", re.MULTILINE)


class ScriptError(ValueError):
    """The script's files do not fit together; the text names them."""


def script(entry: str, folder: Path = STATIC) -> str:
    """Return the script of a host as one module.

    anywidget cannot find a module's neighbours, and a page is ready sooner if it asks once.
    """
    files = {name: _inside(folder, name) for name in order(entry, folder)}
    _each_name_once(files)
    return "\n".join(files.values())


def order(entry: str, folder: Path = STATIC) -> list[str]:
    """Return the names of the script's files, each after those that it imports."""
    try:
        return list(TopologicalSorter(_needs(entry, folder)).static_order())
    except CycleError as error:
        circle = ", ".join(f"{name}.js" for name in error.args[1])
        raise ScriptError(f"these files import each other in a circle: {circle}") from None


def _needs(entry: str, folder: Path) -> dict[str, list[str]]:
    """Say of each file that is reached from the entry what it imports."""
    needs: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        name = waiting.pop()
        if name not in needs:
            needs[name] = list(_imports(folder, name))
            waiting += needs[name]
    return needs


def _imports(folder: Path, name: str) -> Iterator[str]:
    for other in _IMPORT.findall(_read(folder, name)):
        if not (folder / f"{other}.js").is_file():
            raise ScriptError(f"{name}.js imports {other}.js, and there is no such file")
        yield other


def _inside(folder: Path, name: str) -> str:
    """Return a file without its imports and exports: in one module, each name is there."""
    code = _EXPORT.sub("", _IMPORT.sub("", _read(folder, name)))
    left = _LEFT.search(code)
    if left:
        raise ScriptError(f"{name}.js has a line that cannot be put together: {left.group()}")
    return code


def _each_name_once(files: dict[str, str]) -> None:
    """See to it that no two files give the same name: they share one scope."""
    owners: dict[str, str] = {}
    for file, code in files.items():
        for name in _NAME.findall(code):
            owner = owners.setdefault(name, file)
            if owner != file:
                raise ScriptError(f"{owner}.js and {file}.js both have a {name}; rename one")


def _read(folder: Path, name: str) -> str:
    return (folder / f"{name}.js").read_text(encoding="utf-8")
