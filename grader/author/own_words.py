"""Tell whether a text is in our own words: it shares no run of twelve words with a source.

Apart from the command: no course is needed to compare two texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import Problem
from grader.files.parsing import compose_yaml, parse_json

if TYPE_CHECKING:
    import yaml

RUN = 12  # words in a row that nobody shares by chance
SOURCES_CELL = "sources"  # of a lesson; it names works by their titles

Words = tuple[str, ...]


def written_files(course: Path, solutions: Path | None) -> list[Path]:
    """Return every file of prose: lessons, items, pages and guides."""
    folders = [folder for folder in (course, solutions) if folder]
    endings = ("*.ipynb", "*.yaml", "*.md")
    found = (folder.glob(f"**/{ending}") for folder in folders for ending in endings)
    return sorted(path for paths in found for path in paths)


def prose(path: Path) -> str:
    """Return what people read in a file, without marks, tables and addresses."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [c for c in parse_json(text)["cells"] if c["cell_type"] == "markdown"]
        cells = [cell for cell in cells if cell["id"] != SOURCES_CELL]
        return _plain("\n\n".join("".join(cell["source"]) for cell in cells))
    if path.suffix == ".yaml":
        return "\n".join(_texts(compose_yaml(text)))
    return _plain(text)


def _texts(node: yaml.Node | None) -> Iterator[str]:
    """Give every text of more than one word in a YAML file; exemplars are read by nobody."""
    for part in node.value if node and not isinstance(node.value, str) else ():
        if isinstance(part, tuple):
            name, value = part
            yield from _texts(value) if name.value != "exemplars" else ()
        else:
            yield from _texts(part)
    if node and isinstance(node.value, str) and " " in node.value:
        yield node.value


def _plain(text: str) -> str:
    text = re.sub(r"\]\([^)]*\)", "]", text)
    lines = (re.sub(r"^\s*(#+|[-*]|\d+\.)\s+", "", line) for line in text.splitlines())
    return "\n".join(re.sub(r"[*_`\[\]]", "", line) for line in lines if not line.startswith("|"))


def sentences(text: str) -> list[str]:
    """Return the sentences of more than one word."""
    parts = re.split(r"(?<=[.!?…])[”’)]*\s+|\n+", text)
    return [part for part in parts if len(part.split()) > 1]


def runs(text: str) -> set[Words]:
    """Return every run of `RUN` words."""
    found = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return set(zip(*(found[start:] for start in range(RUN)), strict=False))


def own_runs(text: str) -> set[Words]:
    """Return the runs inside our sentences; a list of quoted wordings is no sentence."""
    return set().union(*(runs(part) for part in sentences(text)))


def source_runs(folder: Path) -> set[Words]:
    """Return the runs of all source texts (``*.txt``) of a folder."""
    return set().union(*(runs(p.read_text(encoding="utf-8")) for p in folder.glob("*.txt")))


def copied_problems(paths: Iterable[Path], folder: Path) -> Iterator[Problem]:
    """Say which files share a run of words with a source text."""
    theirs = source_runs(folder)
    for path in paths:
        for run in sorted(own_runs(prose(path)) & theirs):
            what = f"these words stand in a source as well: {' '.join(run)!r}; say it in your own"
            yield Problem(f"{path.parent.name}/{path.name}", 1, "text", what)
