"""What must hold after each fault, and ways to bring one about."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from helpers.cohort import MODULE
from helpers.tools import missing

from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.marking.marks import Entry

# Root may read and write everything; without these powers root is like anybody.
POWERS = "-dac_override,-dac_read_search,-fowner"
EACH = """
import contextlib, io, json, sys
from grader.cli import main
told = []
for line in json.loads(sys.argv[1]):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = main(line)
    told.append((code, said.getvalue()))
print(json.dumps(told))
"""


def is_whole(course: Path) -> bool:
    """Tell whether SQLite finds the gradebook whole."""
    with closing(sqlite3.connect(course / "gradebook.db")) as database:
        return database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def book(course: Path) -> dict[str, Entry]:
    """Return all marks."""
    return read_gradebook(default_db_url(course), MODULE)


def by_trainer(
    course: Path, trainee: str, score: float, comment: str, cell: str = "own-words-mark"
) -> None:
    """Set a mark and write a comment as formgrader does."""
    from nbgrader.api import Gradebook

    where = (cell, "exercise", MODULE, trainee)
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        mark = nbgrader.find_grade(*where)
        mark.manual_score, mark.needs_manual_grade = score, False
        nbgrader.find_comment(*where).manual_comment = comment
        nbgrader.db.commit()


def without_rights(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one of our commands as somebody for whom the rights of files count."""
    return _without_rights("-m", "grader.cli", *arguments, **environment)


def all_without_rights(*lines: list[str]) -> list[str]:
    """Run several, and return all that each said: starting Python for each takes seconds."""
    return [said for _, said in each_without_rights(*lines)]


def each_without_rights(*lines: list[str], **environment: str) -> list[tuple[int, str]]:
    """Do the same, and return how each ended as well."""
    done = _without_rights("-c", EACH, json.dumps(lines), **environment)
    assert done.returncode == 0, done.stderr
    return [(code, said) for code, said in json.loads(done.stdout.splitlines()[-1])]


def _without_rights(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    if os.geteuid() == 0:
        if shutil.which("setpriv") is None:
            missing("root may read everything, and setpriv is not here to change that")
        command = ["setpriv", f"--bounding-set={POWERS}", f"--inh-caps={POWERS}", *command]
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
