"""The code that a trainee goes by: one rule for the trainee's side and the trainer's."""

from __future__ import annotations

import re
from typing import Any

from grader.files.litter import is_nobody

_SHAPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
# Windows keeps these names for devices; a folder cannot have them, with or without an ending.
_DEVICES = {"con", "prn", "aux", "nul"} | {
    f"{port}{n}" for port in ("com", "lpt") for n in range(10)
}
RULE = "use letters, digits, '.', '-' and '_', and start with a letter or digit"


def is_trainee_code(text: Any) -> bool:
    """Tell whether a text may be a trainee's code, and so the name of a folder anywhere."""
    return (
        isinstance(text, str)
        and _SHAPE.fullmatch(text) is not None
        and ".." not in text
        and not text.endswith(".")
        and not is_nobody(text)
        and text.split(".")[0].lower() not in _DEVICES
    )
