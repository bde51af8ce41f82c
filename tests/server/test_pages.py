"""Tests of grader.server: files, folders and settings without a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tornado.web import HTTPError

from grader import places
from grader.errors import PagesError
from grader.places import this_learner
from grader.server import pages
from grader.server.host import CourseFiles, SpareKernels

MODULE = "07-advice"


def close(files: CourseFiles) -> None:
    """Close the database that Jupyter leaves open until the process ends."""
    files.notary.store.close()


@pytest.fixture
def files() -> Iterator[CourseFiles]:
    pages.prepare_home(this_learner())
    files = CourseFiles(
        root_dir=str(places.own_course().lessons),
        home=str(places.own_home().folder),
        allow_hidden=True,
    )
    yield files
    close(files)


def get(files: CourseFiles, path: str) -> dict:
    return files.get(path)


def test_lessons_come_from_the_course_and_exercises_from_the_home(files):
    exercise = places.own_home().exercise_folder(MODULE) / "exercise.ipynb"
    assert files._get_os_path(f"{MODULE}/items.yaml").startswith(str(places.own_course().lessons))
    assert files._get_os_path(f"exercises/{MODULE}/exercise.ipynb") == str(exercise.resolve())
    assert get(files, f"{MODULE}/4-four-rules.ipynb")["type"] == "notebook"


@pytest.mark.parametrize(
    "path",
    ["../pyproject.toml", "exercises/../../x", "/../../etc/hosts", "exercises/../trainee.json"],
)
def test_nothing_outside_the_two_folders_is_served(files, path):
    with pytest.raises(HTTPError):
        get(files, path)


def test_lessons_are_read_only(files):
    lesson = get(files, f"{MODULE}/4-four-rules.ipynb")
    path = f"{MODULE}/4-four-rules.ipynb"
    for change in (
        lambda: files.save(lesson, path),
        lambda: files.delete_file(path),
        lambda: files.rename_file(path, f"{MODULE}/x.ipynb"),
    ):
        with pytest.raises(HTTPError, match="read-only"):
            change()


def test_a_page_may_ask_for_files_that_are_not_there(files):
    assert files.file_exists("index.ipynb")
    assert not files.file_exists("attachment:door.png")
    assert not files.file_exists("../pyproject.toml")


def test_a_kernel_runs_in_the_folder_of_its_notebook():
    pages.prepare_home(this_learner())
    kernels = SpareKernels(
        root_dir=str(places.own_course().lessons), home=str(places.own_home().folder)
    )
    assert kernels.cwd_for_path(MODULE) == str(places.own_course().lessons / MODULE)
    assert kernels.cwd_for_path(f"exercises/{MODULE}") == str(
        places.own_home().exercise_folder(MODULE)
    )


def test_a_new_course_never_touches_answers():
    pages.prepare_home(this_learner())
    folder = places.own_home().exercise_folder(MODULE)
    (folder / "answers.json").write_text("mine")
    (folder / "exercise.ipynb").write_text("old")
    pages.prepare_home(this_learner())
    assert (folder / "answers.json").read_text() == "mine"
    released = places.own_course().exercises / MODULE / "exercise.ipynb"
    assert (folder / "exercise.ipynb").read_bytes() == released.read_bytes()


def test_a_home_that_cannot_be_used_is_said():
    places.own_home().folder.parent.mkdir(parents=True, exist_ok=True)
    places.own_home().folder.write_text("a file")
    with pytest.raises(PagesError, match="choose another with --home"):
        pages.prepare_home(this_learner())


def test_the_server_listens_on_this_computer_only():
    config = pages.learn_config(this_learner(), 8765, 0, open_browser=False)
    assert config.ServerApp.ip == "127.0.0.1"
    assert "token" not in config.ServerApp  # Jupyter makes a new one at each start
    assert not config.ServerApp.open_browser
    policy = config.ServerApp.tornado_settings["headers"]["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'")
    assert "http" not in policy
