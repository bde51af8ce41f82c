"""Plain nbgrader's exchange commands take in and give out as ours do."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from helpers.cohort import FULL, MODULE, answers_json, make_course, submit

from grader.trainer.feedback.feedback import make_feedback
from grader.trainer.grading.grading import grade

GOOD = answers_json(FULL)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_course(tmp_path_factory.mktemp("made") / "course")


@pytest.fixture
def course(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "course"))


@pytest.fixture
def inbound(tmp_path: Path) -> Path:
    folder = tmp_path / "exchange" / "alongside" / "inbound"
    folder.mkdir(parents=True)
    return folder


def sent(inbound: Path, trainee: str, day: int = 1, content: bytes = GOOD, module=MODULE) -> Path:
    folder = inbound / f"{trainee}+{module}+2026-03-{day:02} 09:00:00.000000 UTC+abc"
    folder.mkdir()
    (folder / "answers.json").write_bytes(content)
    return folder


def nbgrader(course: Path, inbound: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    exchange = f"--Exchange.root={inbound.parent.parent}"
    command = [sys.executable, "-m", "nbgrader", *arguments, exchange]
    return subprocess.run(command, cwd=course, capture_output=True, text=True, check=False)


def taken(course: Path) -> dict[str, list[str]]:
    folders = sorted((course / "submitted").glob("*/*"))
    return {path.parent.name: sorted(one.name for one in path.iterdir()) for path in folders}


def test_one_bad_folder_stops_nobody(course: Path, inbound: Path, tmp_path: Path) -> None:
    (sent(inbound, "trainee-001") / "film.mp4").write_bytes(b"x" * 5_000_000)
    secret = tmp_path / "secret"
    secret.write_text("password")
    linked = sent(inbound, "trainee-002")
    (linked / "answers.json").unlink()
    (linked / "answers.json").symlink_to(secret)
    sent(inbound, "..")
    (inbound / "a file").touch()
    sent(inbound, "trainee-003", module="99-nothing")
    sent(inbound, "trainee-017")
    done = nbgrader(course, inbound, "collect", MODULE)
    assert done.returncode == 0, done.stderr
    plain = ["exercise.ipynb", "submission_secret.txt", "timestamp.txt"]
    assert taken(course) == {
        "trainee-001": ["answers.json", *plain],
        "trainee-002": [*plain[:1], "problem.txt", *plain[1:]],
        "trainee-017": ["answers.json", *plain],
    }
    assert "a link or a file, not a handed-in folder" in done.stderr
    assert "'..' is not a trainee's code" in done.stderr
    assert "trainee-002" in done.stderr
    assert "password" not in "".join(
        path.read_text() for path in (course / "submitted").rglob("*") if path.is_file()
    )


def press_collect(
    course: Path, inbound: Path, *, update: bool = True, only: str = "*", **about: object
) -> dict:
    """Do what formgrader's button does."""
    from nbgrader.apps.api import NbGraderAPI
    from traitlets.config import PyFileConfigLoader

    config = PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()
    config.Exchange.root = str(inbound.parent.parent)
    config.CourseDirectory.student_id = only
    config.ExchangeCollect.update(about)
    return NbGraderAPI(config=config).collect(MODULE, update=update)


def test_formgraders_button_collects_as_we_do(course: Path, inbound: Path) -> None:
    (sent(inbound, "trainee-001") / "film.mp4").write_bytes(b"x" * 5_000_000)
    sent(inbound, "trainee-017")
    done = press_collect(course, inbound)
    assert done["success"], done
    assert list(taken(course)) == ["trainee-001", "trainee-017"]


def test_what_is_there_stays_until_an_update_is_asked_for(course: Path, inbound: Path) -> None:
    sent(inbound, "trainee-017")
    press_collect(course, inbound)
    sent(inbound, "trainee-017", day=2, content=answers_json({}))
    sent(inbound, "trainee-018")
    answers = course / "submitted" / "trainee-017" / MODULE / "answers.json"
    assert press_collect(course, inbound, update=False)["success"]
    assert list(taken(course)) == ["trainee-017", "trainee-018"]
    assert answers.read_bytes() == GOOD
    assert press_collect(course, inbound)["success"]
    assert answers.read_bytes() == answers_json({})


def test_one_trainee_can_be_collected_alone(course: Path, inbound: Path) -> None:
    sent(inbound, "trainee-017")
    sent(inbound, "trainee-018")
    assert press_collect(course, inbound, only="trainee-018")["success"]
    assert list(taken(course)) == ["trainee-018"]


def test_what_this_course_does_not_do_is_said(course: Path, inbound: Path) -> None:
    sent(inbound, "trainee-017")
    done = press_collect(course, inbound, before_duedate=True)
    assert not done["success"]
    assert "leave out --before-duedate" in done["log"]
    assert not taken(course)


def test_an_exchange_without_this_course_is_said(course: Path, inbound: Path) -> None:
    shutil.rmtree(inbound)
    done = press_collect(course, inbound)
    assert not done["success"]
    assert "check the exchange folder" in done["log"]


def test_a_released_page_can_be_read_by_who_knows_its_name(course: Path, inbound: Path) -> None:
    submit(course, "trainee-017", FULL)
    grade(course, MODULE)
    make_feedback(course, MODULE)
    done = nbgrader(course, inbound, "release_feedback", MODULE)
    assert done.returncode == 0, done.stderr
    (page,) = (inbound.parent / "feedback").glob("*.html")
    assert stat.S_IMODE(page.stat().st_mode) == 0o644
    assert not page.parent.stat().st_mode & stat.S_IROTH  # nobody can list the names


def test_what_was_downloaded_by_hand_is_shut_before_it_is_unpacked(
    course: Path, inbound: Path
) -> None:
    (course / "downloaded" / MODULE / "archive").mkdir(parents=True)
    (course / "downloaded").chmod(0o755)
    nbgrader(course, inbound, "zip_collect", MODULE, "--force")
    assert stat.S_IMODE((course / "downloaded").stat().st_mode) == 0o700
