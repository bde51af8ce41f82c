"""A new module is a folder and a line in modules.yaml: no code of the course names its modules."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from helpers.cohort import answers_json, exercise_notebook, write_bundle
from helpers.content import items_of
from helpers.paths import REPOSITORY

NEW, TITLE = "11-night-shift", "The night shift"
RUN = "import sys; from grader.cli import main; sys.exit(main(sys.argv[1:]))"

MAP = "from grader.trainee.map_page import map_html; print(map_html(this_learner()))"


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the course with its program, and add a module of its own."""
    root = tmp_path_factory.mktemp("clone") / "Alongside"
    leave = shutil.ignore_patterns("__pycache__", "replies", "pictures")
    for name in ("grader", "course", "solutions", "exercises"):
        shutil.copytree(REPOSITORY / name, root / name, ignore=leave)
    for name in ("pyproject.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / name, root)
    path = root / "course" / "modules.yaml"
    line = f"  - slug: {NEW}\n    title: {TITLE}\n"
    path.write_text(path.read_text(encoding="utf-8").replace("\n# Half", f"{line}\n# Half"))
    run(root, "new", "order", f"{NEW}/night-practice")
    run(root, "new", "order", f"{NEW}/night-graded", "--graded")
    lesson = notebook(root / "course" / NEW)
    nbformat.write(lesson, root / "course" / NEW / "1-the-first-hours.ipynb")
    nbformat.write(notebook(root / "solutions" / NEW), root / "solutions" / NEW / "exercise.ipynb")
    return root


def notebook(folder: Path) -> nbformat.NotebookNode:
    """Make a notebook with a module's items, as an author does in JupyterLab."""
    made = exercise_notebook(items_of(folder / "items.yaml").values())
    made.metadata |= {
        "title": TITLE,
        "alongside": {"lesson": "11.1", "minutes": 2, "facts": ["F001"]},
    }
    return made


def run(root: Path, *words: str, code: str = RUN) -> str:
    """Run a command of the copy, and return what it says."""
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_new_module_goes_the_whole_way(clone, tmp_path):
    assert "11 modules" in run(clone, "check")
    assert f"exercises/{NEW}/exercise.ipynb: written" in run(clone, "release")
    page = run(clone, code="from grader.places import this_learner; " + MAP)
    assert f"<h2>Module 11: {TITLE}</h2>" in page
    assert f"exercises/{NEW}/exercise.ipynb" in page
    assert page.index("Module 10:") < page.index("Module 11:")
    inbox = tmp_path / "inbox"
    write_bundle(inbox, "trainee-017", answers_json({}, NEW), module=NEW)
    assert f"trainee-017 {NEW}: collected" in run(clone, "collect", str(inbox))
    assert f"trainee-017  {NEW}" in run(clone, "grade", NEW)
    run(clone, "certify", "--new-key")
    run(clone, "feedback", NEW)
    assert f"{NEW} ({TITLE}): 0 of " in run(clone, "certify")
    assert f"10-capstone, {NEW}." in run(clone, "certify")


def test_no_code_names_a_module_of_the_course():
    slugs = {path.parent.name for path in REPOSITORY.glob("solutions/*/exercise.ipynb")}
    named = {
        (path.name, node.value)
        for path in (REPOSITORY / "grader").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value in slugs
    }
    assert named == set()
