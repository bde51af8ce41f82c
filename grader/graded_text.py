"""Write a graded notebook fast: all that is the same for everybody becomes JSON only once."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence

from grader.scoring import is_automatic
from grader.sheet import Marks, Sheet, fill_places, shown_html


class GradedText:
    """The text of a module's graded notebook, with a gap for each thing that differs.

    It gives the text of ``json.dumps(fill(sheet, marks), …)`` byte for byte, in a tenth of
    the time: a gap is a marker that nobody can know beforehand, so no answer can hold one.
    """

    def __init__(self, sheet: Sheet) -> None:
        self._automatic = [is_automatic(place.item) for place in sheet.places]
        marker = secrets.token_hex(16)
        shown = [f"{marker}:{2 * place}" for place in range(len(sheet.places))]
        scores = [f"{marker}:{2 * place + 1}" for place in range(len(sheet.places))]
        text = notebook_text(fill_places(sheet, shown, scores))
        # Constant pieces stand at even places, the numbers of the gaps between them.
        self._pieces = re.split(rf'"{marker}:([0-9]+)"', text)

    def of(self, marks: Marks) -> bytes:
        """Return the notebook of one trainee as the bytes of its file."""
        gaps: list[str | float | None] = []
        for mark, automatic in zip(marks.marks, self._automatic, strict=True):
            gaps.append(shown_html(mark, marks.problem))
            gaps.append(repr(mark.auto_score) if automatic else mark.auto_score)
        return "".join(self._filled(gaps)).encode()

    def _filled(self, gaps: Sequence[str | float | None]) -> list[str]:
        filled = list(self._pieces)
        for at in range(1, len(filled), 2):
            filled[at] = json.dumps(gaps[int(filled[at])], ensure_ascii=False)
        return filled


def notebook_text(notebook: dict) -> str:
    """Return a notebook as nbformat writes it."""
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
