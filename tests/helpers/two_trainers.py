"""Two trainers share a course as the manual says, and a third account looks; prints JSON.

Called by test_fault_sharing.py in a world of its own. ``turn LINES`` is what each types.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # a script finds the others as tests do
# ruff: noqa: E402

from helpers.cohort import (
    FULL,
    LATER,
    MODULE,
    WHEN,
    answers_json,
    make_course,
    mark_by_hand,
    write_bundle,
)
from helpers.paths import REPOSITORY

from grader.cli import main as alongside
from grader.formats.feedback import parse
from grader.formats.statement import PUBLIC_KEY, check_signatures, read_public_key

COURSE, INBOX = Path("/srv/course"), Path("/srv/inbox")
MANUAL = REPOSITORY / "solutions" / "FOR-TRAINERS.md"
HEADING = "## Grade together with other trainers\n"
ONE, TWO, STRANGER = "trainer-1", "trainer-2", "stranger"
MARK = "mark "  # begins what is done in formgrader
WORK = (
    "collect /srv/inbox/{inbox}",
    "grade --all",
    MARK + "{inbox}.5",
    "feedback --all",
    "export",
    "report",
    "release",
    "certify",
)


def manual_steps() -> list[str]:
    """Return the lines to type, as they stand in the manual."""
    section = MANUAL.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]
    blocks = re.findall(r"```\n(.*?)```", section, re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines() if line.strip()]


def make_accounts() -> None:
    for name, mask in ((ONE, "022"), (TWO, "077"), (STRANGER, "022")):
        home = Path("/srv") / name
        subprocess.run(["useradd", "--create-home", "--home-dir", home, name], check=True)
        path = Path(sys.executable).parent
        (home / ".profile").write_text(f"export PATH={path}:$PATH\numask {mask}\n")


def follow_manual() -> None:
    """Type every line as the one whom the manual names; some work before they share."""
    for line in manual_steps():
        if "ACCOUNT" in line:
            for name in (ONE, TWO):
                as_root(line.replace("ACCOUNT", name))
        elif line.startswith("sudo "):
            as_root(line)
        elif line.startswith("find "):
            share_own(line)
        elif line.startswith("export "):
            work_early()
            for name in (ONE, TWO):
                with (Path("/srv") / name / ".profile").open("a") as profile:
                    profile.write(f"{line}\n")
        else:
            done = typed(ONE, line)
            assert not done.returncode, done.stderr


def work_early() -> None:
    """Leave things in the course that their owners keep to themselves."""
    for name, line in ((ONE, "export"), (TWO, "collect /srv/inbox/early")):
        done = works(name, line)
        assert done[line.split()[0]][0] == 0, done


def share_own(line: str) -> None:
    """Let each share what is their own; the first may not look everywhere before the second."""
    for name in (ONE, TWO, ONE):
        done = typed(name, line)
    assert not done.returncode, done.stderr


def as_root(line: str) -> None:
    words = line.removeprefix("sudo ").split()
    subprocess.run(words, check=True)


def typed(account: str, line: str, folder: Path = COURSE) -> subprocess.CompletedProcess[str]:
    """Run a line in a fresh login of an account."""
    command = ["runuser", "--login", account, "--command", f"cd {folder} && {line}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def works(account: str, *lines: str, folder: Path = COURSE) -> dict[str, list[Any]]:
    """Run some of our commands in one login; return code, output and errors of each."""
    done = typed(account, f"python {__file__} turn '{json.dumps(lines)}'", folder)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


def turn(lines: list[str]) -> None:
    """Do what one trainer does in one sitting: starting Python for each line takes seconds."""
    print(json.dumps({line.split()[0]: done(line) for line in lines}))


def done(line: str) -> list[Any]:
    out, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
        if line.startswith(MARK):
            points = float(line.removeprefix(MARK))
            code: Any = mark_by_hand(COURSE, "own-words-mark", points, f"Read, {points}.")
        else:
            code = alongside(line.split())
    return [code or 0, out.getvalue(), errors.getvalue()]


def send_three_times() -> None:
    """Put hand-ins of one trainee again and again, and of another each time, to be collected."""
    write_bundle(INBOX / "early", "trainee-030", answers_json(FULL), WHEN)
    for inbox, when in enumerate((WHEN, LATER, LATER.replace("-02T", "-03T"))):
        for trainee in ("trainee-017", f"trainee-02{inbox}"):
            write_bundle(INBOX / str(inbox), trainee, answers_json(FULL), when)


def signed_points(trainee: str) -> list[str]:
    """Return trainee and points that the newest feedback vouches for with the course's key."""
    with zipfile.ZipFile(
        COURSE / "feedback-bundles" / f"{MODULE}-{trainee}-feedback.zip"
    ) as bundle:
        signed = parse(bundle.read("feedback.json")).signed
    check_signatures([signed], read_public_key(COURSE / PUBLIC_KEY))
    return [signed.statement.trainee, signed.statement.points]


def open_to(account: str) -> list[str]:
    """Return all in the course that an account can read."""
    find = f"find {COURSE} -readable 2>/dev/null"
    return typed(account, find, Path("/srv")).stdout.split()


def main() -> None:
    os.umask(0o022)
    make_accounts()
    make_course(COURSE)
    for path in (COURSE, *COURSE.rglob("*")):
        shutil.chown(path, ONE, ONE)
    send_three_times()
    follow_manual()
    told = {"key": works(ONE, "certify --new-key")}
    for inbox, name in enumerate((ONE, TWO, ONE)):
        lines = WORK if name == TWO else WORK[:4]  # starting Python and reading take seconds
        told[f"turn {inbox}"] = works(name, *(line.format(inbox=inbox) for line in lines))
        told[f"signed {inbox}"] = signed_points("trainee-017")
    told["stranger"] = works(STRANGER, f"certify --root {COURSE}", folder=Path("/srv"))
    told["open"] = {name: open_to(name) for name in (ONE, TWO, STRANGER)}
    told["all"] = [str(path) for path in (COURSE, *COURSE.rglob("*"))]
    print(json.dumps(told))


if __name__ == "__main__":
    turn(json.loads(sys.argv[2])) if sys.argv[1:] else main()
