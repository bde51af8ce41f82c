"""Put the same exercise and answers before otter-grader: one cell and one test for each item.

Its tests call our own scoring, so that only the two ways of grading are compared.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from grader.formats.answers import read_record_or_empty
from grader.kinds.keys import load_key

TEST = """
OK_FORMAT = True
test = {{
    "name": {name!r},
    "points": {points},
    "suites": [{{"cases": [{{"code": {code!r}, "hidden": False, "locked": False}}]}}],
}}
"""
CODE = """>>> from pathlib import Path
>>> from grader.kinds.keys import load_key
>>> from grader.kinds.scoring import score_response
>>> item = load_key(Path({root!r}), {module!r})[{item!r}]
>>> score_response(item, {answer}).points == item.points
True
"""
GRADE = """
import sys
from otter.api import grade_submission
for path in sys.argv[2:]:
    print(path, grade_submission(path, sys.argv[1], quiet=True).total)
"""


def is_installed() -> bool:
    """Tell whether otter-grader can be imported."""
    return importlib.util.find_spec("otter") is not None


def prepare(folder: Path, course: Path, module: str, trainees: list[str]) -> list[str]:
    """Make otter's autograder and a notebook of each trainee; return the command to grade."""
    items = load_key(course, module)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    for number, item in enumerate(items.values()):
        facts = {"root": str(course), "module": module, "item": item.id}
        code = CODE.format(**facts, answer=f"answer_{number}")
        test = TEST.format(name=f"q{number}", points=float(item.points), code=code)
        (tests / f"q{number}.py").write_text(test)
    autograder = folder / "autograder.zip"
    make = ["-m", "otter", "generate", "-t", tests, "-o", autograder, "--no-environment"]
    subprocess.run([sys.executable, *make], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    notebooks = [_notebook(folder, course, module, trainee) for trainee in trainees]
    return [sys.executable, "-c", GRADE, str(autograder), *notebooks]


def _notebook(folder: Path, course: Path, module: str, trainee: str) -> str:
    record = read_record_or_empty(course / "submitted" / trainee / module / "answers.json", module)
    responses = [record.response(item.id, item.kind) for item in load_key(course, module).values()]
    cells = [new_code_cell("import json")]
    for number, response in enumerate(responses):
        cells.append(new_code_cell(f"answer_{number} = json.loads({json.dumps(response)!r})"))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    path = folder / f"{trainee}.ipynb"
    nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return str(path)
