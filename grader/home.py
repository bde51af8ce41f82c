"""The trainee's own folder: made, and given the newest exercises."""

from __future__ import annotations

import shutil

from grader import places
from grader.errors import PagesError


def prepare_home() -> None:
    """Make the trainee's folder and put the newest exercises there; answers are never touched.

    Raises
    ------
    PagesError
        Where the folder cannot be written to.
    """
    home = places.home_folder()
    try:
        for name in ("practice", "journal"):
            (home / name).mkdir(parents=True, exist_ok=True)
        for released in sorted(places.exercises_folder().glob("*/*")):
            if released.name in ("exercise.ipynb", "items.json"):
                folder = home / "exercises" / released.parent.name
                folder.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(released, folder / released.name)
    except OSError as error:
        message = f"The folder {home} cannot be used ({error.strerror}); choose another with --home"
        raise PagesError(message) from error
