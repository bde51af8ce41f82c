"""Places: a checkout comes first, and the trainee's folder can be set."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.paths import REPOSITORY

from grader import places


def pretend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, *, checkout: bool) -> Path:
    package = tmp_path / "site" / "grader"
    for name in ("_course", "_exercises"):
        (package / name).mkdir(parents=True)
    for name in ("course", "exercises", "solutions"):
        (package.parent / name).mkdir()
    if checkout:
        (package.parent / "pyproject.toml").touch()
    monkeypatch.setattr(places, "PACKAGE", package)
    return package


def test_the_folders_of_this_checkout_are_found():
    assert places.own_course().lessons == REPOSITORY / "course"
    assert places.own_course().exercises == REPOSITORY / "exercises"
    assert places.own_course().solutions == REPOSITORY / "solutions"


def test_a_checkout_comes_before_the_copy_in_the_package(monkeypatch, tmp_path):
    package = pretend(monkeypatch, tmp_path, checkout=True)
    assert places.own_course().lessons == package.parent / "course"
    assert places.own_course().exercises == package.parent / "exercises"
    assert places.own_course().solutions == package.parent / "solutions"


def test_an_installed_package_uses_its_own_copy(monkeypatch, tmp_path):
    package = pretend(monkeypatch, tmp_path, checkout=False)
    assert places.own_course().lessons == package / "_course"
    assert places.own_course().exercises == package / "_exercises"


def test_a_stranger_s_solutions_folder_beside_the_package_is_not_ours(monkeypatch, tmp_path):
    pretend(monkeypatch, tmp_path, checkout=False)
    assert places.own_course().solutions is None


def test_another_course_can_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv(places.COURSE_VARIABLE, str(tmp_path))
    assert places.own_course().lessons == tmp_path.resolve()
    monkeypatch.setenv(places.COURSE_VARIABLE, "")
    assert places.own_course().lessons == REPOSITORY / "course"


def test_the_home_folder_can_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    assert places.own_home().folder == tmp_path
    assert places.own_home().exercise_folder("01-sample") == tmp_path / "exercises" / "01-sample"
    assert (
        places.own_home().practice_record("01-sample") == tmp_path / "practice" / "01-sample.json"
    )
    assert places.own_home().feedback_page("01-sample") == tmp_path / "feedback" / "01-sample.html"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_setting_the_home_folder_is_alongside(monkeypatch, value):
    if value is None:
        monkeypatch.delenv(places.HOME_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(places.HOME_VARIABLE, value)
    assert places.own_home().folder == Path.home() / "Alongside"


def test_a_trainer_s_folder_has_its_own_course_or_the_one_that_comes_with_us(monkeypatch, tmp_path):
    monkeypatch.setenv(places.COURSE_VARIABLE, str(tmp_path / "of-somebody-else"))
    ours = REPOSITORY / "course"
    assert places.course_of(tmp_path).lessons == ours
    assert places.file_of(tmp_path, places.SKILLS) == ours / places.SKILLS
    own = tmp_path / "course" / places.SKILLS
    own.parent.mkdir()
    assert places.course_of(tmp_path).lessons == own.parent
    assert places.file_of(tmp_path, places.SKILLS) == ours / places.SKILLS
    own.touch()
    assert places.file_of(tmp_path, places.SKILLS) == own


def test_a_home_for_one_run_says_that_it_is_spare(monkeypatch, tmp_path):
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path / "spare" / "Alongside"))
    assert not places.own_home().spare
    monkeypatch.setenv(places.SPARE_HOME_VARIABLE, str(tmp_path / "spare"))
    assert places.own_home().spare
