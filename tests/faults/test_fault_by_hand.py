"""What is put into `submitted/` by hand obeys the rules of collecting, also in plain nbgrader."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from fault_page import GRADE, fault
from helpers.aftermath import book
from helpers.cohort import FULL, MODULE, submit

ODD = ("=cmd()", "two\nlines", "x" * 70, "a b")


def autograde(course: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", "autograde", MODULE]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


@fault(
    GRADE,
    "Plain `nbgrader autograde` finds a folder that is no trainee’s code, or a link to one",
    "It is not graded, and gets no place in the gradebook. One line says so. The others are "
    "graded.",
)
def test_plain_nbgrader_grades_no_odd_folder(course: Path, tmp_path: Path) -> None:
    for name in ODD:
        submit(course, name, FULL)
    elsewhere = Path(shutil.move(submit(course, "trainee-099", FULL).parent, tmp_path / "away"))
    (course / "submitted" / "trainee-099").symlink_to(elsewhere)
    submit(course, "trainee-017", FULL)
    done = autograde(course)
    assert set(book(course)) == {"trainee-017"}
    assert {one.name for one in (course / "autograded").glob("[!.]*")} == {"trainee-017"}
    assert "'=cmd()' is not a trainee's code; rename the folder" in done.stderr
    assert "submitted/trainee-099 is a link, not a folder; remove it" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_name_with_a_comma_is_not_marked_and_costs_nobody_a_mark(course: Path) -> None:
    for name in ("p,q", "p", "q"):
        submit(course, name, FULL)
    assert autograde(course).returncode == 1
    marked = [who for who, entry in book(course).items() if entry.points]
    assert marked == ["p", "q"]
    assert not (course / "autograded" / "p,q" / MODULE).exists()


@fault(
    GRADE,
    "Plain `nbgrader autograde` finds code beside the answers, or a link to a file elsewhere",
    "It is neither copied nor run.",
)
def test_plain_nbgrader_copies_neither_code_nor_links(course: Path, tmp_path: Path) -> None:
    folder = submit(course, "trainee-017", FULL)
    (folder / "more").mkdir()
    secret = tmp_path / "secret"
    secret.write_text("password")
    for name in ("sitecustomize.py", "more/run.py", "run.sh", "page.html", "lib.so", "x.js"):
        (folder / name).write_text(f"open({str(course / 'sprung')!r}, 'w')")
    (folder / "soft.txt").symlink_to(secret)
    os.link(secret, folder / "hard.txt")
    assert autograde(course).returncode == 0
    there = [path.name for path in (course / "autograded").rglob("*") if path.is_file()]
    endings = {Path(name).suffix for name in there}
    assert not endings & {".py", ".sh", ".html", ".so", ".js"}
    assert not {"soft.txt", "hard.txt"} & set(there)
    assert not (course / "sprung").exists()
    assert book(course)["trainee-017"].points == 6.0
