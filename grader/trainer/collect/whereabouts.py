"""Say where a hand-in went that was marked and is no longer in ``submitted/``.

What a trainer's own decision moved is not missing, and must not be looked for elsewhere.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from grader.trainer.collect.senders import FOLDER as ASIDE
from grader.trainer.collect.senders import all_senders

EMPTY = "there is a folder in submitted/, and no hand-in in it"
GONE = "what was handed in is no longer in submitted/"


class Whereabouts:
    """Where the marked hand-ins of a course went; looked up once, and only if it is asked."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def why_absent(self, trainee: str, module: str, *, marked: bool) -> str:
        """Say why there is no hand-in of a trainee, marked or not; empty where none ever was."""
        if marked:
            return self.went(trainee, module) or GONE
        is_there = os.path.lexists(self._root / "submitted" / trainee / module)
        return EMPTY if is_there else ""

    def went(self, trainee: str, module: str) -> str:
        """Say where a decision moved it to, and what to do; empty where none did."""
        if any((one / "submitted" / trainee / module).is_dir() for one in self._asides):
            return "what was marked is kept aside, and its marks still stand; see 'alongside whose'"
        if home := self._returned.get((trainee, module)):
            what = f"what was marked went back to {home}, and its marks still stand"
            way = f"nbgrader db student remove {trainee} --force"
            return f"{what}; if nobody has the code {trainee}: {way}"
        return ""

    @cached_property
    def _asides(self) -> list[Path]:
        return list((self._root / ASIDE).glob("*"))

    @cached_property
    def _returned(self) -> dict[tuple[str, str], str]:
        return {
            (code, module): home
            for home, known in all_senders(self._root).items()
            for code, modules in known.returned.items()
            for module in modules
        }
