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
    assert places.course_folder() == REPOSITORY / "course"
    assert places.exercises_folder() == REPOSITORY / "exercises"
    assert places.solutions_folder() == REPOSITORY / "solutions"


def test_a_checkout_comes_before_the_copy_in_the_package(monkeypatch, tmp_path):
    package = pretend(monkeypatch, tmp_path, checkout=True)
    assert places.course_folder() == package.parent / "course"
    assert places.exercises_folder() == package.parent / "exercises"
    assert places.solutions_folder() == package.parent / "solutions"


def test_an_installed_package_uses_its_own_copy(monkeypatch, tmp_path):
    package = pretend(monkeypatch, tmp_path, checkout=False)
    assert places.course_folder() == package / "_course"
    assert places.exercises_folder() == package / "_exercises"


def test_a_stranger_s_solutions_folder_beside_the_package_is_not_ours(monkeypatch, tmp_path):
    pretend(monkeypatch, tmp_path, checkout=False)
    assert places.solutions_folder() is None


def test_another_course_can_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv(places.COURSE_VARIABLE, str(tmp_path))
    assert places.course_folder() == tmp_path.resolve()
    monkeypatch.setenv(places.COURSE_VARIABLE, "")
    assert places.course_folder() == REPOSITORY / "course"


def test_the_home_folder_can_be_set(monkeypatch, tmp_path):
    monkeypatch.setenv(places.HOME_VARIABLE, str(tmp_path))
    assert places.home_folder() == tmp_path
    assert places.exercise_folder("01-sample") == tmp_path / "exercises" / "01-sample"
    assert places.practice_record("01-sample") == tmp_path / "practice" / "01-sample.json"
    assert places.feedback_page("01-sample") == tmp_path / "feedback" / "01-sample.html"


@pytest.mark.parametrize("value", [None, ""])
def test_without_a_setting_the_home_folder_is_alongside(monkeypatch, value):
    if value is None:
        monkeypatch.delenv(places.HOME_VARIABLE, raising=False)
    else:
        monkeypatch.setenv(places.HOME_VARIABLE, value)
    assert places.home_folder() == Path.home() / "Alongside"
