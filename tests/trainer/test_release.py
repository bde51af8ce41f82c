"""Exercises are derived from solutions, byte for byte, and never hold a key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.cohort import MODULE, make_course
from helpers.keys_of_items import secrets_of, texts_in
from helpers.paths import REPOSITORY

from grader.errors import GradingError
from grader.kinds.talk.conditions import STATES
from grader.trainer.release import modules_of, release

PUBLIC = {  # with all that a conversation needs to run on the trainee's side
    *("id", "kind", "stem", "setting", "speaker", "says", "question", "points", "content_note"),
    *("gentle", "options", "text", "parts", "piles", "cards", "lefts", "rights", "lines", "pick"),
    *("peer", "starts_with", "start", "turns", "endings", "phase", "asks", "flags", "rules", "if"),
    *("acts", "effects", "goes_to", *STATES),
}


@pytest.fixture
def course(tmp_path: Path) -> Path:
    return make_course(tmp_path / "course")


def leaks(root: Path, module: str) -> set[str]:
    """Return the texts of a key, and the fields of a key, that occur in its exercise."""
    folder = root / "exercises" / module
    # As written and as read: a text may be escaped in a notebook.
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    plain = " ".join(text + json.dumps(json.loads(text), ensure_ascii=False) for text in texts)
    items = json.loads((folder / "items.json").read_text(encoding="utf-8"))["items"]
    # A better wording may stand in the text of another option, which everybody sees.
    shown = " | ".join(text for name, text in texts_in(items) if name == "text")
    told = {text for text in secrets_of(root, module) if text in plain and text not in shown}
    return told | (set(names_in(items)) - PUBLIC)


def names_in(value: Any) -> Iterator[str]:
    """Give the name of every field of nested data."""
    parts = value.values() if isinstance(value, dict) else value
    yield from value if isinstance(value, dict) else ()
    for part in parts if isinstance(value, dict | list) else ():
        yield from names_in(part)


@pytest.mark.parametrize("module", modules_of(REPOSITORY))
def test_no_text_of_the_key_is_released(module: str) -> None:
    assert len(secrets_of(REPOSITORY, module)) > 20
    assert leaks(REPOSITORY, module) == set()


def test_a_leak_would_be_seen(course: Path) -> None:
    path = course / "exercises" / MODULE / "items.json"
    path.write_text(path.read_text().replace("Before you answer.", "KEYWORD-FEEDBACK-BEST"))
    assert leaks(course, MODULE) == {"KEYWORD-FEEDBACK-BEST"}
    path.write_text(path.read_text().replace('"text":', '"fits": true, "text":', 1))
    assert "fits" in leaks(course, MODULE)


def test_the_released_exercises_are_in_step() -> None:
    result = release(REPOSITORY, check=True)
    assert result.in_step, f"run 'alongside release': {result}"


def test_an_exercise_is_exactly_two_files(course: Path) -> None:
    names = {path.name for path in (course / "exercises" / MODULE).iterdir()}
    assert names == {"exercise.ipynb", "items.json"}


def test_releasing_twice_changes_nothing(course: Path) -> None:
    result = release(course)
    assert result.in_step
    assert result.modules == (MODULE,)


@pytest.mark.parametrize(
    "name",
    [f"exercises/{MODULE}/exercise.ipynb", f"exercises/{MODULE}/items.json",
     f"solutions/{MODULE}/items.json"],
)  # fmt: skip
def test_a_check_finds_one_changed_byte_and_writes_nothing(course: Path, name: str) -> None:
    path = course / name
    before = path.read_bytes()
    changed = before.replace(b"id", b"iD", 1)
    path.write_bytes(changed)
    assert release(course, check=True).changed == (name,)
    assert path.read_bytes() == changed
    assert release(course).changed == (name,)
    assert path.read_bytes() == before


def test_a_missing_file_is_found_by_a_check(course: Path) -> None:
    (course / "exercises" / MODULE / "items.json").unlink()
    assert not release(course, check=True).in_step


def test_a_file_too_many_is_found_and_removed(course: Path) -> None:
    extra = course / "exercises" / MODULE / "items.yaml"
    extra.write_text("the key")
    name = f"exercises/{MODULE}/items.yaml"
    assert release(course, check=True).extra == (name,)
    assert extra.exists()
    assert release(course).extra == (name,)
    assert not extra.exists()


def test_a_folder_too_many_is_named_but_kept(course: Path) -> None:
    (course / "exercises" / "99-old").mkdir()
    assert release(course).extra == ("exercises/99-old",)
    assert (course / "exercises" / "99-old").is_dir()


def test_an_unknown_module_gets_the_nearest_name(course: Path) -> None:
    with pytest.raises(GradingError, match="did you mean '07-advice'"):
        release(course, ["07-advise"])


def test_a_folder_without_solutions_is_said(tmp_path: Path) -> None:
    with pytest.raises(GradingError, match="go to the course folder"):
        release(tmp_path)


def test_a_notebook_that_is_none_is_said(course: Path) -> None:
    (course / "solutions" / MODULE / "exercise.ipynb").write_text("{}")
    with pytest.raises(GradingError, match="cannot be used"):
        release(course)


def test_nbgrader_itself_would_release_the_same_bytes(course: Path) -> None:
    ours = {path.name: path.read_bytes() for path in (course / "exercises" / MODULE).iterdir()}
    nbgrader = [sys.executable, "-m", "nbgrader", "generate_assignment", MODULE, "--force"]
    done = subprocess.run(nbgrader, cwd=course, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    theirs = {path.name: path.read_bytes() for path in (course / "exercises" / MODULE).iterdir()}
    assert theirs == ours
