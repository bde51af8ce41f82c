"""A course works in a folder of any name, or says at once why it cannot."""

from __future__ import annotations

import os
import pkgutil
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import FULL, MODULE, answers_json, write_bundle
from traitlets.config import Config, PyFileConfigLoader

from grader.cli import main
from grader.demo.demo import run_demo
from grader.errors import GradingError
from grader.files.folder_names import MAX_BYTES, require_usable
from grader.formats.nbgrader_paths import LOOKERS
from grader.trainer.gradebook.gradebook import default_db_url, local_db_url

FINE = (
    "Kurs 2026", "Kurs%202026", "Kurs [2026]", "[!a]", "*Kurs", "Kurs?mode=ro", "100%", "%s%(x)s",
    "{0}{student_id}", "ü 😀 ß", "e\u0301", "Kurs\u00a02026", "it's \"q\"", "back\\slash", "-rf",
    "kurs. ", " kurs", "~kurs", "$", "$5", "$(id)", "`id`", "a#b;c&d|e", "a@b:c", "a+b", "(?P<x>.)",
    "<b>", "{{7*7}}", "sqlite:", "x" * 240,
)  # fmt: skip
UNFIT = ("two\nlines", "tab\t", "\x1b[31m", "\u2028", "\x7f", os.fsdecode(b"k\xff"))


@pytest.fixture
def here(prepared: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Copy the course into a folder of an odd name."""
    return Path(shutil.copytree(prepared, tmp_path / request.param))


def configuration(course: Path) -> Config:
    return PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()


def hand_in(course: Path, trainee: str = "trainee-017") -> None:
    bundle = write_bundle(course.parent / "inbox", trainee, answers_json(FULL))
    assert main(["collect", str(bundle), f"--root={course}"]) == 0


def exchange_in(course: Path) -> Path:
    (course / "exchange" / "alongside" / "inbound").mkdir(parents=True)
    return course / "exchange"


@fault(
    GRADE,
    "The course folder has an odd name: `Kurs [2026]`, `Kurs%202026`, spaces, quotes, emoji",
    "Everything works there: marks, feedback, the shared folder and formgrader.",
)
@pytest.mark.parametrize("here", FINE, indirect=True)
def test_a_course_works_in_a_folder_of_any_name(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from nbgrader.apps.api import NbGraderAPI

    hand_in(here)
    assert main(["grade", MODULE, f"--root={here}"]) == 0
    assert book(here)["trainee-017"].points == 6.0
    by_trainer(here, "trainee-017", 2.5, "Well asked.")
    pages = exchange_in(here) / "alongside" / "feedback"
    shared = f"--exchange={here / 'exchange'}"
    assert main(["feedback", MODULE, f"--root={here}", shared]) == 0
    assert "1 feedback page is in the shared folder" in capsys.readouterr().out
    assert len(list(pages.iterdir())) == 1
    formgrader = NbGraderAPI(config=configuration(here))
    assert formgrader.get_source_assignments() == {MODULE}
    assert formgrader.get_submitted_students(MODULE) == {"trainee-017"}
    assert formgrader.autograde(MODULE, "trainee-017")["success"]
    assert formgrader.coursedir.db_url == local_db_url(here)
    assert book(here)["trainee-017"].points == 8.5


@fault(
    GRADE,
    "A copy of the course beside it has nearly the same name (`Kurs 2026`, `Kurs%202026`)",
    "Each keeps its own marks. Neither reads or writes the other’s.",
)
@pytest.mark.parametrize(
    ("mine", "sibling"),
    [("Kurs%202026", "Kurs 2026"), ("Kurs [2]", "Kurs 2"), ("K*", "Kurs"), ("K%41", "KA"),
     ("Kurs?x=1", "Kurs"), ("K+1", "K 1"), ("K%2F1", "K")],
)  # fmt: skip
def test_a_sibling_of_a_like_name_stays_as_it_is(
    prepared: Path, tmp_path: Path, mine: str, sibling: str
) -> None:
    for name in (mine, sibling):
        shutil.copytree(prepared, tmp_path / name)
    before = (tmp_path / sibling / "gradebook.db").read_bytes()
    hand_in(tmp_path / mine)
    assert main(["grade", MODULE, f"--root={tmp_path / mine}"]) == 0
    assert set(book(tmp_path / mine)) == {"trainee-017"}
    assert (tmp_path / sibling / "gradebook.db").read_bytes() == before
    assert configuration(tmp_path / mine).CourseDirectory.db_url == local_db_url(tmp_path / mine)


@fault(
    COLLECT,
    "The course folder’s name holds a line break or damaged letters, or its path is too long",
    "Nothing is written. One line names the folder and the sign, or the length.",
)
@pytest.mark.parametrize("name", UNFIT)
@pytest.mark.parametrize("command", ["collect x", f"grade {MODULE}", "report", "export", "release"])
def test_a_name_that_cannot_be_used_is_refused_before_anything_is_written(
    tmp_path: Path, prepared: Path, capsys: pytest.CaptureFixture[str], name: str, command: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(prepared / "nbgrader_config.py", folder)
    assert main([*command.split(), f"--root={folder}"]) == 1
    said = capsys.readouterr().err.removesuffix("\n")
    assert said.isprintable()
    odd = next(sign for sign in name if not sign.isprintable())
    assert ascii(str(folder)) in said
    assert f"cannot be used, {odd!a}" in said
    assert [path.name for path in folder.iterdir()] == ["nbgrader_config.py"]


@pytest.mark.parametrize("name", ["$HOME", "x${PATH}"])
def test_a_name_that_stands_for_a_setting_is_refused(
    tmp_path: Path, prepared: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / name))
    assert main(["grade", MODULE, f"--root={folder}"]) == 1
    assert f"{str(folder)!a} has a '$' or '%' in its name" in capsys.readouterr().err


def test_a_path_that_is_too_long_for_the_gradebook_is_refused(tmp_path: Path) -> None:
    longest = tmp_path / "/".join(["x" * 99] * 9)
    fits = Path(str(longest)[:MAX_BYTES])
    fits.mkdir(parents=True)
    require_usable(fits)
    from grader.trainer.gradebook.backups import sqlite_path
    from grader.trainer.gradebook.gradebook import gradebook_session

    with gradebook_session(local_db_url(fits), write=True) as session:
        from sqlalchemy import text

        session.execute(text("CREATE TABLE t (x)"))
    assert sqlite_path(local_db_url(fits)).is_file()
    with pytest.raises(GradingError, match=f"more than {MAX_BYTES} cannot be used"):
        require_usable(Path(f"{fits}y"))


def test_the_demo_refuses_such_a_folder_too(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="cannot be used"):
        run_demo(tmp_path / "a\nb", lambda steps, _: steps, [MODULE])
    assert list(tmp_path.iterdir()) == []


def test_nbgrader_itself_refuses_such_a_folder_in_words(tmp_path: Path, prepared: Path) -> None:
    folder = Path(shutil.copytree(prepared, tmp_path / "a\tb"))
    command = [sys.executable, "-m", "nbgrader", "autograde", MODULE]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("alongside: The folder ")
    assert "Traceback" not in done.stderr


def test_alembic_reads_no_command_in_a_path() -> None:
    from nbgrader import dbutil

    from grader.formats.nbgrader_paths import take_as_names

    take_as_names("/srv/100%")
    take_as_names("/srv/100%")
    path = Path(os.environ["ALONGSIDE_HOME"])
    dbutil.write_alembic_ini(str(path), "sqlite:////srv/100%25/gradebook.db")
    from configparser import ConfigParser

    settings = ConfigParser()
    settings.read(path)
    assert settings["alembic"]["sqlalchemy.url"] == "sqlite:////srv/100%25/gradebook.db"


def test_every_place_where_nbgrader_looks_by_a_pattern_is_known() -> None:
    import nbgrader

    package = Path(nbgrader.__file__).parent
    found = {
        one.name
        for one in pkgutil.walk_packages([str(package)], "nbgrader.", onerror=lambda _: None)
        if not one.ispkg and ".tests." not in one.name and ".docs." not in one.name
        for source in [package.parent / f"{one.name.replace('.', '/')}.py"]
        if "import glob" in source.read_text(encoding="utf-8")
    }
    # `nbgrader validate` is given files, not a folder of ours.
    assert found == {*LOOKERS, "nbgrader.apps.validateapp"}


@fault(
    GRADE,
    "`alongside feedback` finds nobody to write to, or the shared folder gets no page",
    "It says “0”, says what to do, and ends as failed.",
)
def test_feedback_that_reaches_nobody_is_a_failure(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shared = f"--exchange={exchange_in(course)}"
    assert main(["feedback", MODULE, f"--root={course}"]) == 1
    assert main(["feedback", MODULE, f"--root={course}", shared]) == 1
    out = capsys.readouterr().out
    assert "There are 0 feedback files to send" in out
    assert "0 feedback pages are in the shared folder" in out
    assert "Nobody has new feedback: run 'alongside grade' first." in out


def test_two_pages_under_one_secret_count_as_one(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for trainee in ("trainee-017", "trainee-018"):
        hand_in(course, trainee)
        secret = course / "submitted" / trainee / MODULE / "submission_secret.txt"
        secret.write_text("5ecret" * 8)
    main(["grade", MODULE, f"--root={course}"])
    for trainee in ("trainee-017", "trainee-018"):
        by_trainer(course, trainee, 2.5, "Well asked.")
    shared = f"--exchange={exchange_in(course)}"
    main(["feedback", MODULE, f"--root={course}", shared])
    assert "1 feedback page is in the shared folder" in capsys.readouterr().out


@pytest.mark.filterwarnings("ignore:Passing unrecognized arguments:DeprecationWarning")  # a slip
def test_nbgraders_own_release_of_nothing_fails(course: Path) -> None:
    from nbgrader.apps.api import NbGraderAPI

    settings = configuration(course)
    settings.Exchange.root = str(exchange_in(course))
    assert not NbGraderAPI(config=settings).release_feedback(MODULE)["success"]


@pytest.mark.parametrize("name", ["[x]", "a*", "Mine 100%"])
def test_a_trainees_folder_may_have_any_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["handin", MODULE, "--code", "trainee-017", f"--home={name}"]) == 0
    assert len(list((tmp_path / name / "hand-in").iterdir())) == 1


def test_a_trainee_hands_in_through_a_shared_folder_of_an_odd_name(
    course: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.formats import exchange
    from grader.trainer.feedback.exchange import release_to_exchange
    from grader.trainer.feedback.feedback import make_feedback
    from grader.trainer.grading.grading import grade

    shared = tmp_path / "Kurs [2026] *"
    for name in ("inbound", "outbound", "feedback"):
        (shared / "alongside" / name).mkdir(parents=True)
    (shared / "alongside" / "inbound").chmod(0o733)
    shutil.copytree(course / "exercises" / MODULE, shared / "alongside" / "outbound" / MODULE)
    for variable in ("HOME", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(variable, str(tmp_path / f"own [home] {variable}"))
    config = Config()
    config.Exchange.root = str(shared)
    config.CourseDirectory.course_id = "alongside"
    where = exchange.Exchange(shared, "alongside", config)
    files = {"answers.json": answers_json(FULL), "exercise.ipynb": b"{}"}
    exchange.submit(where, MODULE, files, "trainee-017")
    assert main(["collect", f"--exchange={shared}", f"--root={course}"]) == 0
    grade(course, MODULE)
    make_feedback(course, MODULE)
    assert release_to_exchange(course, MODULE, shared) == 1
    assert b"Your points" in exchange.fetch_feedback(where, [MODULE])[MODULE]


def test_the_address_of_a_gradebook_elsewhere_stays_as_given(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALONGSIDE_DB", "postgresql+psycopg://a:b%40c@localhost/marks")
    assert default_db_url(course) == "postgresql+psycopg://a:b%40c@localhost/marks"
    assert configuration(course).CourseDirectory.db_url == default_db_url(course)
