"""Feedback as it comes back to a trainee: the file, and the numbers kept from it."""

from __future__ import annotations

import io
import json
import zipfile

from helpers.exercise import MODULE

from grader import places
from grader.places import own_home
from grader.trainee import released


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, content in files.items():
            bundle.writestr(name.replace("_", "."), content)
    return packed.getvalue()


NUMBERS = {
    "format": 1,
    "trainee": "trainee-001",
    "module": MODULE,
    "points": 5.5,
    "max_points": 10,
    "waiting": 1,
    "items": {"first-move": {"points": 2.5, "max_points": 3, "skills": ["demeanour"]}},
}


def feedback_zip(**changes: object) -> bytes:
    numbers = json.dumps({**NUMBERS, **changes}).encode()
    return zipped(feedback_json=numbers, feedback_html=b"<h1>Hello</h1>")


def keep(module: str, **changes: object) -> None:
    numbers = {**NUMBERS, "module": module, "waiting": 0, **changes}
    released.keep(own_home(), module, json.dumps(numbers).encode())


def every_module() -> list[str]:
    return sorted(
        path.parent.name for path in places.own_course().exercises.glob("*/exercise.ipynb")
    )
