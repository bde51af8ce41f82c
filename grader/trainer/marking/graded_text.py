"""Write a graded notebook fast: all that is the same for everybody becomes JSON only once.

Apart from `marking`, for its speed: it knows how JSON is put together.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

from grader.kinds.scoring import is_automatic
from grader.trainer.marking.sheet import Mark, Marks, Sheet, fill_places, shown_html

KEPT = 5_000  # answers whose text is kept, so that memory stays bounded


class GradedText:
    """The text of a module's graded notebook, with a gap for each thing that differs.

    It gives the text of ``json.dumps(fill(sheet, marks), …)`` byte for byte, in a tenth of
    the time: a gap is a marker that nobody can know beforehand, so no answer can hold one.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._automatic = [is_automatic(place.item) for place in sheet.places]
        self._known: dict[tuple[int, str, str], str] = {}
        marker = secrets.token_hex(16)
        shown = [f"{marker}:{2 * place}" for place in range(len(sheet.places))]
        scores = [f"{marker}:{2 * place + 1}" for place in range(len(sheet.places))]
        text = notebook_text(fill_places(sheet, shown, scores))
        # Constant pieces stand at even places, the numbers of the gaps between them.
        self._pieces = re.split(rf'"{marker}:([0-9]+)"', text)

    def of(self, marks: Marks) -> bytes:
        """Return the notebook of one trainee as the bytes of its file."""
        gaps: list[str] = []
        for place, mark in enumerate(marks.marks):
            gaps.append(self._shown(place, mark, marks.problem))
            score = repr(mark.auto_score) if self._automatic[place] else mark.auto_score
            gaps.append(json.dumps(score))
        filled = list(self._pieces)
        for at in range(1, len(filled), 2):
            filled[at] = gaps[int(filled[at])]
        return "".join(filled).encode()

    def _shown(self, place: int, mark: Mark, problem: str) -> str:
        if not self._automatic[place]:
            return _json(shown_html(mark, problem))
        # Many trainees pick the same: what is shown follows from the answer alone.
        key = (place, repr(mark.response), mark.problem or problem)
        if key not in self._known:
            if len(self._known) == KEPT:
                self._known.clear()
            self._known[key] = _json(shown_html(mark, problem))
        return self._known[key]


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def notebook_text(notebook: Mapping[str, Any]) -> str:
    """Return a notebook as nbformat writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
