"""Tests of the notebooks as files: they run, and they are kept clean."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY

TYPED = {"reply", "conversation"}  # a reflection says it itself
NOTEBOOKS = sorted(
    path
    for folder in ("course", "exercises", "solutions")
    for path in (REPOSITORY / folder).rglob("*.ipynb")
)


def run_nbval(*notebooks: Path, home: Path) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-q", "-p", "no:cacheprovider"]
    command += ["-n", "0", "-c", os.devnull, *map(str, notebooks)]
    environment = {**os.environ, "ALONGSIDE_HOME": str(home)}
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=home
    )


# The cells of solutions/ are those of exercises/: a test of the release compares them.
TO_RUN = [path for path in NOTEBOOKS if "solutions" not in path.parts]
# Of each module its first lesson and its exercise: a kernel takes two seconds to start.
SOME = [path for path in TO_RUN if not re.match(r"[2-9]", path.name)]


@pytest.mark.parametrize("notebooks", [SOME, pytest.param(TO_RUN, marks=pytest.mark.full)])
def test_every_notebook_runs_from_top_to_bottom(tmp_path, notebooks):
    done = run_nbval(*notebooks, home=tmp_path)
    assert done.returncode == 0, done.stdout[-3000:]
    cells = [cell for path in notebooks for cell in _code_cells(path)]
    assert f"{len(cells)} passed" in done.stdout


def test_a_notebook_that_fails_is_noticed(tmp_path):
    broken = tmp_path / "broken.ipynb"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1 / 0")])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "x", "language": "python"}
    nbformat.write(notebook, broken)
    assert run_nbval(broken, home=tmp_path).returncode == 1


def _code_cells(path: Path) -> list[dict]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in cells if cell["cell_type"] == "code"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_notebook_is_valid_and_holds_no_output(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.title
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


def test_a_lesson_says_who_reads_along_before_its_first_typed_box():
    for path in NOTEBOOKS:
        if path.name == "exercise.ipynb" or path.parent.name == "course":
            continue
        text = _text_before_first_typed_box(path)
        assert "real" in text
        assert "name" in text
        assert "this computer" in text


def _text_before_first_typed_box(path: Path) -> str:

    items = items_of(path.parent / "items.yaml")
    typed = tuple(f'card("{item.id}")' for item in items.values() if item.kind in TYPED)
    text = ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if source in typed:
            return text
        text += source
    return "real name this computer"  # no typed box here


def test_an_exercise_says_who_reads_it_and_when_before_anything_is_typed():
    for path in REPOSITORY.glob("exercises/*/exercise.ipynb"):
        opening = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][1]["source"])
        for words in ("trainer reads", "after you hand in", "Nobody watches", "real person’s name"):
            assert words in opening
