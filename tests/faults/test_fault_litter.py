"""What computers put into ``submitted/`` is nobody, wherever people are listed."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from fault_page import GRADE, fault
from helpers.aftermath import book
from helpers.cohort import FULL, MODULE, answers_json, submit, write_bundle
from traitlets.config import PyFileConfigLoader

from grader.cli import main
from grader.files.litter import is_nobody
from grader.formats.trainee_code import is_trainee_code
from grader.trainer.collect.collect import REFUSED, collect
from grader.trainer.gradebook.gradebook import default_db_url, gradebook_session
from grader.trainer.grading.grading import grade
from grader.trainer.report.tables import read_cohort
from grader.trainer.roster.trainees import who_handed_in

LITTER = (
    "@eaDir", "@Recycle", "#recycle", "#snapshot", "~snapshot", "$RECYCLE.BIN", "RECYCLER",
    "System Volume Information", ".Trash-1000", ".Trashes", "lost+found", "FOUND.000", ".stfolder",
    ".stversions", ".sync", ".dropbox.cache", ".DS_Store", "._trainee-017", "__MACOSX", "Thumbs.db",
    "desktop.ini", "~$trainee-017", ".ipynb_checkpoints", "__pycache__", ".~lock", "Icon\r",
)  # fmt: skip
COPIES = (
    "trainee-017 (conflicted copy 2026-03-01)", "trainee-017 (Anna's Conflicted Copy 2026-03-01)",
    "trainee-017.sync-conflict-20260301-101500-ABCDEFG", "trainee-017_conflict-20260301-101500",
    "trainee-017 (Case Conflict 1)", "trainee-017 (In Konflikt stehende Kopie)",
    "trainee-017 (copie en conflit)", "trainee-017 [Conflict]",
)  # fmt: skip
PEOPLE = (
    "trainee-017", "conflict-group-1", "group-conflict", "recycle", "found", "temp", "a", "Thumbs",
    "macosx", "trainee-017 (1)", "Copy of trainee-017", "$(reboot)", "@home", "#1", "~", "_x",
)  # fmt: skip


@pytest.fixture
def littered(course: Path) -> Path:
    submit(course, "trainee-017", FULL)
    for name in (*LITTER, *COPIES):
        submit(course, name, FULL)
    for place in ("@eaDir", ".stversions"):  # they hold the same folders once more
        inside = course / "submitted" / place
        shutil.copytree(course / "submitted" / "trainee-017", inside / "trainee-017")
    (course / "submitted" / "Thumbs.DB").write_bytes(b"x")
    return course


@pytest.mark.parametrize("name", LITTER + COPIES)
def test_litter_is_nobody_and_no_code(name: str) -> None:
    assert is_nobody(name)
    assert not is_trainee_code(name)


@pytest.mark.parametrize("name", PEOPLE)
def test_a_person_is_never_litter(name: str) -> None:
    assert not is_nobody(name)


@fault(
    GRADE,
    "Recycle bins, folders of sync programs and of network disks in `submitted/`",
    "They are nobody: not graded, not exported, not in the report, and given no feedback.",
)
def test_litter_is_nobody_in_every_list(littered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = f"--root={littered}"
    assert [one.trainee for one in grade(littered, MODULE)] == ["trainee-017"]
    assert set(book(littered)) == {"trainee-017"}
    assert main(["feedback", MODULE, root]) == 0
    assert len(list((littered / "feedback-bundles").iterdir())) == 1
    assert main(["export", "csv", root]) == 0
    with (littered / "exports" / "marks.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["trainee"] for row in csv.DictReader(file)] == ["trainee-017"]
    assert list(read_cohort(littered, default_db_url(littered)).trainees) == ["trainee-017"]
    assert main(["grade", MODULE, root]) == 0


@fault(
    GRADE,
    "A sync program made a “conflicted copy” of a trainee’s folder",
    "Only the folder of the code counts. Grading names the copy, so that you can look.",
)
def test_a_second_copy_is_named(littered: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["grade", MODULE, f"--root={littered}"]) == 0
    said = capsys.readouterr().err
    assert all(f"submitted/{name} " in said for name in COPIES)
    assert "@eaDir" not in said


@pytest.mark.parametrize(
    "name",
    [
        "trainee-017 2", "trainee-017 (1)", "trainee-017 - Copy", "trainee-017 - Kopie (2)",
        "Copy of trainee-017", "Kopie von trainee-017", "trainee-017 copy",
    ],
)  # fmt: skip
def test_a_file_manager_s_copy_beside_the_own_folder_is_nobody_and_named(
    course: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    submit(course, "trainee-017", FULL)
    shutil.copytree(course / "submitted" / "trainee-017", course / "submitted" / name)
    assert main(["grade", MODULE, f"--root={course}"]) == 0
    assert f"submitted/{name} is a copy that a program made" in capsys.readouterr().err
    assert set(book(course)) == {"trainee-017"}
    shutil.rmtree(course / "submitted" / "trainee-017")  # alone, it may be all there is
    assert who_handed_in(course, MODULE) == [name]


def test_nbgrader_and_formgrader_see_no_litter(littered: Path) -> None:
    from nbgrader.apps.api import NbGraderAPI

    settings = PyFileConfigLoader("nbgrader_config.py", str(littered)).load_config()
    formgrader = NbGraderAPI(config=settings)
    assert formgrader.get_submitted_students(MODULE) == {"trainee-017"}
    assert formgrader.autograde(MODULE, "*")["success"]
    assert set(book(littered)) == {"trainee-017"}
    (littered / "solutions" / "@eaDir").mkdir()
    assert formgrader.get_source_assignments() == {MODULE}


def test_litter_that_was_graded_once_is_left_out_now(littered: Path) -> None:
    from nbgrader.api import Gradebook

    grade(littered, MODULE)
    with Gradebook(default_db_url(littered), "alongside") as nbgrader:
        nbgrader.add_student("@eaDir")
        nbgrader.add_submission(MODULE, "@eaDir")
    assert [one.trainee for one in grade(littered, MODULE)] == ["trainee-017"]
    assert main(["feedback", MODULE, f"--root={littered}"]) == 0
    assert list(read_cohort(littered, default_db_url(littered)).trainees) == ["trainee-017"]
    with gradebook_session(default_db_url(littered)) as session:  # nothing is thrown away
        from nbgrader.api import Student

        assert session.get(Student, "@eaDir")


def test_a_folder_without_any_module_is_nobody_unless_the_roster_has_it(course: Path) -> None:
    (course / "submitted" / "backup").mkdir(parents=True)
    (course / "submitted" / "trainee-001" / "old-module").mkdir(parents=True)
    (course / "submitted" / "notes.txt").write_text("x")
    assert who_handed_in(course, MODULE) == []
    (course / "roster.csv").write_text("id\ntrainee-001\n")
    assert list(read_cohort(course, default_db_url(course)).trainees) == ["trainee-001"]


def test_a_code_that_reads_as_litter_is_refused(course: Path, tmp_path: Path) -> None:
    (refused,) = collect(course, [write_bundle(tmp_path / "x", "Thumbs.db", answers_json(FULL))])
    assert refused.outcome == REFUSED
    assert "is not a trainee's code" in refused.reason
