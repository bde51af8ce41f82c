"""What the buttons of formgrader do, pressed without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.cohort import MODULE
from traitlets.config import Config, PyFileConfigLoader


def configuration(course: Path) -> Config:
    return PyFileConfigLoader("nbgrader_config.py", str(course)).load_config()


def press_autograde(course: Path, trainee: str) -> dict[str, Any]:
    """Do what formgrader's button does."""
    from nbgrader.apps.api import NbGraderAPI

    return NbGraderAPI(config=configuration(course)).autograde(MODULE, trainee)


def press_feedback(course: Path, trainee: str) -> dict[str, Any]:
    """Do what formgrader's button does."""
    from nbgrader.apps.api import NbGraderAPI

    return NbGraderAPI(config=configuration(course)).generate_feedback(MODULE, trainee)
