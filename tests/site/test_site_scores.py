"""A browser's Python gives the same scores as Python itself, for every item of the course."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from typing import Any

from helpers.paths import REPOSITORY, TESTS
from helpers.sites import pyodide
from helpers.tools import missing
from helpers.varied import varied_response

from grader.kinds.reading import load_course_items
from grader.kinds.scoring import model_response
from grader.places import Course
from grader.site.pack import course_pack, words_pack

COURSE = Course(REPOSITORY / "course", REPOSITORY / "exercises", REPOSITORY / "solutions")
RANDOM = 500
# The same lines here and there.
SCORE = """
import dataclasses, json
from pathlib import Path
from grader.kinds.reading import load_course_items
from grader.kinds.scoring import score_response
from grader.places import Course

def scores(root, asked):
    course, items = Course(root / "course", root / "exercises"), {}
    for path, graded in ((root / name, graded) for name, graded in json.loads(asked)["files"]):
        items |= load_course_items(course, path, graded=graded)
    found = []
    for name, response in json.loads(asked)["responses"]:
        score = score_response(items[name], response)
        found.append(json.dumps(dataclasses.asdict(score), sort_keys=True, default=str))
    return "\\n".join(found)
"""


def asked() -> dict[str, Any]:
    """Return the files of items, and responses to them: the best ones, and all sorts."""
    files = [(path, False) for path in sorted(COURSE.lessons.glob("[0-9]*/items.yaml"))]
    files += [(path, True) for path in sorted(REPOSITORY.glob("solutions/[0-9]*/items.yaml"))]
    items = {}
    for path, graded in files:
        items |= load_course_items(COURSE, path, graded=graded)
    dice = random.Random(17)  # noqa: S311 - made-up answers, no secret
    responses = [(name, model_response(item)) for name, item in items.items()]
    for number in range(RANDOM):
        item = dice.choice(list(items.values()))
        responses.append((item.id, varied_response(dice, number, item)))
    names = [(path.relative_to(REPOSITORY).as_posix(), graded) for path, graded in files]
    return {"files": names, "responses": responses}


def test_scores_are_those_of_python_itself(tmp_path):
    node = shutil.which("node") or missing("node is not here, which runs JavaScript")
    question = json.dumps(asked())
    here: dict[str, Any] = {}
    exec(SCORE, here)  # noqa: S102 - it stands above
    expected = here["scores"](REPOSITORY, question).split("\n")

    files = {"asked.json": question.encode(), "score.py": SCORE.encode()}
    files["course.bin"] = course_pack(COURSE, exercises=True, keys=True)
    files["words.bin"] = words_pack()
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    command = (node, TESTS / "js" / "scores.mjs", pyodide(), tmp_path)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found = (tmp_path / "scores.txt").read_text(encoding="utf-8").split("\n")
    assert len(found) == len(expected) > RANDOM + 300
    different = [pair for pair in zip(found, expected, strict=True) if pair[0] != pair[1]]
    assert different == []
