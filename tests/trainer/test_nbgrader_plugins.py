"""Plain nbgrader and formgrader's button give our marks and start no kernel."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
from fault_page import GRADE, fault
from helpers.cohort import BEST, FULL, MODULE, answers_json, make_course, submit
from helpers.formgrader import configuration, press_autograde, press_feedback

from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
from grader.trainer.grading.grading import grade
from grader.trainer.marking.marks import Entry
from grader.trainer.nbgrader.plugins import KNOWN, MarksPlugin
from grader.trainer.report.exports import export_csv

COHORT: dict[str, Any] = {
    "trainee-001": FULL,
    "trainee-002": {},
    "trainee-003": b'{"format": 1, "modu',
    "trainee-004": {"first-move": "tell", "what-fits": ["ask", "fix"], "own-words": "<b>x</b>"},
    "trainee-005": BEST | {"own-words": "  "},
}


def book(course: Path) -> dict[str, Entry]:
    return read_gradebook(default_db_url(course), MODULE)


@pytest.mark.usefixtures("no_kernel")
def test_the_button_gives_the_marks_and_flags_of_our_own_grading(course: Path) -> None:
    for trainee, answers in COHORT.items():
        submit(course, trainee, answers)
        done = press_autograde(course, trainee)
        assert done["success"], done
    theirs = book(course)
    (course / "gradebook.db").unlink()
    shutil.rmtree(course / "autograded")
    grade(course, MODULE)
    assert theirs == book(course)
    assert [entry.points for entry in theirs.values()] == [6.0, 0.0, 0.0, 1.0, 6.0]


def test_nbgrader_on_the_command_line_works_in_a_fresh_course(tmp_path: Path) -> None:
    course = make_course(tmp_path / "course")
    submit(course, "trainee-001", FULL)
    command = [sys.executable, "-m", "nbgrader", "autograde", MODULE]
    elsewhere = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}  # no activated environment
    done = subprocess.run(
        command, cwd=course, env=elsewhere, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert book(course)["trainee-001"].points == 6.0


@pytest.mark.usefixtures("no_kernel")
def test_the_trainees_own_cells_are_put_away_unread(course: Path) -> None:
    folder = submit(course, "trainee-001", FULL)
    own = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("open('x', 'w')")])
    nbformat.write(own, folder / "exercise.ipynb")
    assert press_autograde(course, "trainee-001")["success"]
    graded = (course / "autograded" / "trainee-001" / MODULE / "exercise.ipynb").read_text()
    assert "open('x'" not in graded
    assert book(course)["trainee-001"].points == 6.0


@pytest.mark.usefixtures("no_kernel")
def test_answers_lying_in_solutions_give_nobody_full_marks(course: Path) -> None:
    (course / "solutions" / MODULE / "answers.json").write_bytes(answers_json(FULL))
    submit(course, "trainee-002", {})
    assert press_autograde(course, "trainee-002")["success"]
    assert book(course)["trainee-002"].points == 0.0
    kept = course / "autograded" / "trainee-002" / MODULE / "answers.json"
    assert kept.read_bytes() == answers_json({})


@pytest.mark.usefixtures("no_kernel")
def test_the_key_stays_at_home(course: Path) -> None:
    submit(course, "trainee-001", FULL)
    press_autograde(course, "trainee-001")
    names = {path.name for path in (course / "autograded" / "trainee-001" / MODULE).iterdir()}
    assert "items.yaml" not in names


STRANGE = (
    "page.svg",
    "x.xhtml",
    "x.mht",
    "x.lnk",
    "x.htm",
    "x",
    "sub/answers.json",
    "answers.JSON",
)


@fault(
    GRADE,
    "Files that no hand-in of the course holds lie in a folder of `submitted/`",
    "They stay there. Plain nbgrader and formgrader copy only what belongs to a hand-in.",
)
@pytest.mark.usefixtures("no_kernel")
def test_nothing_else_that_somebody_put_there_is_copied_or_shown(course: Path) -> None:
    source = course / "solutions" / MODULE / "picture.png"
    source.write_bytes(b"ours")
    own = submit(course, "trainee-001", FULL)
    _put(own)
    assert press_autograde(course, "trainee-001")["success"]
    graded = course / "autograded" / "trainee-001" / MODULE
    assert _names(graded) <= {"picture.png", "exercise.ipynb", *KNOWN}
    assert (graded / source.name).read_bytes() == b"ours"
    _put(graded)  # as an earlier version of the course copied them
    assert press_feedback(course, "trainee-001")["success"]
    page = course / "feedback" / "trainee-001" / MODULE
    assert _names(page) <= {"exercise.html", *KNOWN}
    assert (page / "exercise.html").is_file()
    assert all((own / name).is_file() for name in STRANGE)


def _put(folder: Path) -> None:
    (folder / "sub").mkdir()
    for name in STRANGE:
        (folder / name).write_text("<script>fetch('/')</script>")


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("no_kernel")
def test_pressing_the_button_again_keeps_the_trainers_mark(course: Path) -> None:
    from nbgrader.api import Gradebook

    submit(course, "trainee-001", FULL)
    press_autograde(course, "trainee-001")
    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        mark = nbgrader.find_grade("own-words-mark", "exercise", MODULE, "trainee-001")
        mark.manual_score, mark.needs_manual_grade = 3.0, False
        nbgrader.db.commit()
    assert press_autograde(course, "trainee-001")["success"]
    assert (book(course)["trainee-001"].points, book(course)["trainee-001"].waiting) == (9.0, 0)


def test_the_configuration_fits_whatever_folder_holds_it(course: Path, tmp_path: Path) -> None:
    moved = Path(shutil.move(course, tmp_path / "moved"))
    folders = configuration(moved).CourseDirectory
    assert folders.root == str(moved)
    assert (folders.source_directory, folders.release_directory) == ("solutions", "exercises")
    assert "*.yaml" in folders.ignore
    assert folders.max_dir_size < 10_000  # kilobytes


# Feedback -------------------------------------------------------------------------------


def test_nbgraders_feedback_is_the_course_s_own_page(course: Path) -> None:
    submit(course, "trainee-001", FULL)
    grade(course, MODULE)
    make_feedback(course, MODULE)
    page = course / "feedback" / "trainee-001" / MODULE / "exercise.html"
    ours = page.read_bytes()
    assert press_feedback(course, "trainee-001")["success"]
    assert page.read_bytes() == ours


def test_no_page_of_nbgraders_stands_where_ours_cannot_be_written(course: Path) -> None:
    folder = submit(course, "trainee-001", FULL)
    grade(course, MODULE)
    (folder / "timestamp.txt").write_text("2026-03-05 09:00:00.000000 UTC")
    done = press_feedback(course, "trainee-001")
    assert "handed in again after grading; grade first" in done["log"]
    assert not (course / "feedback" / "trainee-001" / MODULE / "exercise.html").exists()


# Export ---------------------------------------------------------------------------------


def nbgrader_export(course: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nbgrader", "export", *arguments]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def press_export(course: Path, **settings: Any) -> None:
    """Do what ``nbgrader export`` does, in this process."""
    from nbgrader.api import Gradebook

    config = configuration(course)
    config.ExportPlugin.update(settings)
    with Gradebook(default_db_url(course), "alongside") as gradebook:
        MarksPlugin(config=config).export(gradebook)


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_nbgraders_export_has_a_row_for_everybody_and_says_what_waits(course: Path) -> None:
    submit(course, "trainee-001", FULL)
    submit(course, "trainee-003", b"{")
    (course / "roster.csv").write_text("id\ntrainee-004\n")
    grade(course, MODULE)
    done = nbgrader_export(course)
    assert done.returncode == 0, done.stderr
    assert "MarksPlugin" in done.stderr
    rows = {row["trainee"]: row for row in table(course / "grades.csv")}
    assert {name: row["status"] for name, row in rows.items()} == {
        "trainee-001": "waiting for trainer",
        "trainee-003": "damaged",
        "trainee-004": "nothing handed in",
    }
    assert rows["trainee-001"]["waiting_for_trainer"] == "1"
    export_csv(course, course / "ours.csv")
    assert (course / "ours.csv").read_bytes() == (course / "grades.csv").read_bytes()


def test_a_formula_in_the_gradebook_is_exported_as_text(course: Path) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(default_db_url(course), "alongside") as nbgrader:
        nbgrader.update_or_create_student("=cmd()")
        nbgrader.update_or_create_submission(MODULE, "=cmd()")
    press_export(course, to=str(course / "out.csv"))
    assert [row["trainee"] for row in table(course / "out.csv")] == ["'=cmd()"]


def test_nbgraders_export_can_be_narrowed(course: Path) -> None:
    for trainee in ("trainee-001", "trainee-002"):
        submit(course, trainee, FULL)
    out = course / "out.csv"
    press_export(course, to=str(out), student=["trainee-002"], assignment=[MODULE])
    assert [row["trainee"] for row in table(out)] == ["trainee-002"]


def test_a_module_that_is_not_there_is_said_without_a_traceback(course: Path) -> None:
    done = nbgrader_export(course, "--assignment=['07-advise']")
    assert done.returncode == 1
    assert "07-advise" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (course / "grades.csv").exists()
