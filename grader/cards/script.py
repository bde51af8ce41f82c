"""The cards' script for the browser, put together from one file per idea."""

from __future__ import annotations

import re

from grader.places import PACKAGE

STATIC = PACKAGE / "cards" / "static"
# The browser gets one module: these files in this order, each after what it imports.
SCRIPTS = (
    "dom",
    "wire",
    "story",
    "parts",
    "counts",
    "feedback",
    "look_back",
    "ticks",
    "order",
    "sort",
    "match",
    "spot",
    "typed",
    "sources",
    "talk",
    "question",
    "ratings",
    "next_step",
    "my_record",
    "hand_in",
    "open_feedback",
    "cards",
)
_JOINTS = re.compile(r"^import .*\n|^export (?!default)", re.MULTILINE)


def script() -> str:
    """Return the cards' script: anywidget takes one module and cannot find its neighbours."""
    files = (STATIC / f"{name}.js" for name in SCRIPTS)
    return _JOINTS.sub("", "\n".join(file.read_text(encoding="utf-8") for file in files))
