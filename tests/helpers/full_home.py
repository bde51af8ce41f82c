"""Start the course for a trainee whose disk is full; prints what was told as JSON.

Called by test_fault_disk.py: DISK, where DISK is small.
"""

from __future__ import annotations

import json
import os
import sys
from html import escape
from pathlib import Path
from typing import Any

sys.path[0] = str(Path(__file__).parents[1])  # a script finds the others as tests do
# ruff: noqa: E402

from helpers.cohort import MODULE
from helpers.full_disk import filled
from helpers.servers import serving

from grader import places
from grader.errors import AlongsideError
from grader.formats import answers
from grader.places import this_learner
from grader.trainee.home import prepare_home

HOME = Path(sys.argv[1]) / "home"
PAGE = f"exercises/{MODULE}/exercise.ipynb"
OLD = b'"note": "of last time",\n "items"'


def released() -> dict[str, bytes]:
    files = sorted((HOME / "exercises").glob("*/*.*"))
    return {str(path.relative_to(HOME)): path.read_bytes() for path in files}


def age() -> None:
    """Let all items be those of an earlier version of the course."""
    for path in (HOME / "exercises").glob("*/items.json"):
        path.write_bytes(path.read_bytes().replace(b'"items"', OLD, 1))


def start() -> str:
    try:
        return prepare_home(this_learner())
    except AlongsideError as error:
        return f"refused: {error}"


def save() -> str:
    path = places.own_home().exercise_folder(MODULE) / places.ANSWERS
    try:
        answers.save_response(path, MODULE, "any", "reply", "words " * 20_000)
    except AlongsideError as error:
        return str(error)
    return "saved"


def page_of_exercise(log: Path) -> tuple[str, dict[str, Any]]:
    """Serve the course from the full disk, where Jupyter would also keep its own files.

    Return the page, and the receipt for an answer that is to be saved.
    """
    environment = {"HOME": str(HOME), "ALONGSIDE_HOME": str(HOME), "JUPYTER_CONFIG_DIR": ""}
    with serving(log / "log", "learn", "--home", str(HOME), **environment) as server:
        page = server.fetch(f"lessons/{PAGE}")
        message = {"type": "save", "response": "Tell me more.", "seen": None, "seq": 7}
        typed = next(view["id"] for view in views() if view["kind"] == "reply")
        call = {"name": "card", "arguments": [typed], "number": 0}
        said = {"page": PAGE, "call": call, "message": message}
        return page, json.loads(server.fetch("cards", "POST", json.dumps(said)))["receipt"]


def views() -> list[dict[str, Any]]:
    folder = places.own_home().exercise_folder(MODULE)
    return json.loads((folder / "items.json").read_bytes())["items"]


def main() -> None:
    os.environ[places.HOME_VARIABLE] = str(HOME)
    told: dict[str, Any] = {}
    HOME.mkdir()
    with filled(HOME.parent, 0):
        told["nothing there"] = start()
    told["first"] = start()
    new = released()
    age()
    old = released()
    with filled(HOME.parent, 0):
        told["full"] = start()
        told["kept"] = released() == old
        told["saved"] = save()
        page, told["receipt"] = page_of_exercise(Path(sys.argv[2]))
        told["page"] = ["al-live" in page, escape(views()[0]["question"], quote=False) in page]
        told["left"] = sorted(path.name for path in HOME.rglob(".*"))
    told["again"] = start()
    told["newest"] = released() == new
    before = {path: path.stat().st_ino for path in (HOME / "exercises").glob("*/*")}
    start()
    told["untouched"] = before == {path: path.stat().st_ino for path in before}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
