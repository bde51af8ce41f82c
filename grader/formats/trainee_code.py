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
# Cannot be seen at the ends of what people type, and no code has it.
UNSEEN = " \t\r\n\v\f\u00a0\u2007\u202f\ufeff\u200b\u200c\u200d\u2060\u200e\u200f"
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


def trimmed(typed: str) -> str:
    """Return what was typed as a code without blanks around it: they make no second person."""
    return typed.strip(UNSEEN)


def trimmed_words(typed: str) -> str:
    """Return what is to be said of a code with blanks around it; empty where there are none."""
    code = trimmed(typed)
    return f"the spaces around {code} are left out." if code != typed else ""
