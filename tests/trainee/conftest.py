"""A trainee's exercise, and the exchange of an organisation."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.exercise import MODULE

from grader import places
from grader.places import own_home, this_learner
from grader.server.pages import prepare_home
from grader.trainee import hand_in


@pytest.fixture
def folder() -> Path:
    prepare_home(this_learner())
    hand_in.save_trainee(own_home(), "trainee-017")
    return places.own_home().exercise_folder(MODULE)


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Set up nbgrader's exchange as an organisation does: a folder and a configuration."""
    root = tmp_path / "exchange"
    for name in ("inbound", "feedback", f"outbound/{MODULE}"):
        (root / "example-course" / name).mkdir(parents=True)
    config = tmp_path / "config"
    config.mkdir()
    (config / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.course_id = 'example-course'\n"
        f"c.Exchange.root = {str(root)!r}\n"
        f"c.Exchange.cache = {str(tmp_path / 'cache')!r}\n"
    )
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(config))
    return root / "example-course"
