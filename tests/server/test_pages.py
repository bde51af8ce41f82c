"""Tests of grader.server: files, folders and settings without a browser."""

from __future__ import annotations

import json
from ipaddress import ip_address
from pathlib import Path

import pytest

from grader import places
from grader.errors import PagesError
from grader.places import this_learner
from grader.server import pages
from grader.server.addresses import RULES, Site

MODULE = "07-advice"


@pytest.fixture
def own() -> Site:
    pages.prepare_home(this_learner())
    return Site(this_learner())


def test_lessons_come_from_the_course_and_exercises_from_the_home(own):
    lesson, context = own.context(f"{MODULE}/4-four-rules.ipynb")
    assert lesson == (places.own_course().lessons / MODULE / "4-four-rules.ipynb").resolve()
    assert context.folder == lesson.parent
    exercise, context = own.context(f"exercises/{MODULE}/exercise.ipynb")
    folder = places.own_home().exercise_folder(MODULE).resolve()
    assert (exercise, context.folder) == (folder / "exercise.ipynb", folder)


@pytest.mark.parametrize(
    "path",
    [
        "../pyproject.toml",
        "../solutions/07-advice/exercise.ipynb",
        "exercises/../../x",
        "exercises/../../x.ipynb",
        "/../../etc/hosts",
        "//etc/hosts.ipynb",
        "exercises/../trainee.json",
        f"{MODULE}/items.yaml",
        f"{MODULE}",
        "",
        "x\0.ipynb",
        "\ud800.ipynb",
        f"{'long' * 100}.ipynb",
    ],
)
def test_nothing_outside_the_two_folders_is_served(own, path):
    with pytest.raises(PagesError):
        own.notebook(path)


def test_a_link_that_leads_out_of_a_folder_is_no_page(own, tmp_path):
    (tmp_path / "other.ipynb").write_text("{}")
    folder = places.own_home().exercise_folder(MODULE)
    (folder / "other.ipynb").symlink_to(tmp_path / "other.ipynb")
    with pytest.raises(PagesError, match="There is no page at this address"):
        own.notebook(f"exercises/{MODULE}/other.ipynb")


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
    config = pages.host_config(this_learner(), 8765, open_browser=False)
    assert ip_address(config.ServerApp.ip).is_loopback
    assert config.ServerApp.own_names == [config.ServerApp.ip]
    assert "token" not in config.ServerApp  # Jupyter makes a new one at each start
    assert not config.ServerApp.open_browser
    assert RULES.startswith("default-src 'none'")
    assert "http" not in RULES
    assert "unsafe" not in RULES


def test_every_call_of_the_course_is_read_without_a_kernel(own, no_kernel):
    from grader.server.lesson import Call, read_lesson

    course = places.own_course()
    notebooks = [*course.lessons.rglob("*.ipynb"), *course.exercises.rglob("*.ipynb")]
    assert len(notebooks) > 40
    for path in notebooks:
        lesson = read_lesson(path)
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        code = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
        called = [part.name for step in lesson.steps for part in step if isinstance(part, Call)]
        assert len(called) == code.count("(") > 0, path
