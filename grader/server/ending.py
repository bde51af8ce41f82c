"""The end of a lesson as a page: what was learned and what to try, and its sources folded away.

Apart from `lesson`, which makes the page: a notebook has all of it in its own order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_SECTION = r'<div class="al-prose">\n<h2>{}</h2>\n(.*?)\n*</div>\n'
_LEARNED = re.compile(_SECTION.format("Key points"), re.DOTALL)
_TO_TRY = re.compile(_SECTION.format("Try this week"), re.DOTALL)
_SOURCES = re.compile(_SECTION.format("Sources"), re.DOTALL)
_FOLDED = (
    r'<details class="al-prose al-fold al-sources"><summary>Where this comes from</summary>'
    r"\1</details>"
)


@dataclass(frozen=True, slots=True)
class Ending:
    """What stands at the end once more, as HTML; nothing where a lesson has no such part."""

    learned: str = ""
    to_try: str = ""


def ending_of(steps: Iterable[Sequence[Any]]) -> Ending:
    """Return what a lesson says under "Key points" and "Try this week"."""
    prose = "".join(part for step in steps for part in step if isinstance(part, str))
    found = [section.search(prose) for section in (_LEARNED, _TO_TRY)]
    return Ending(*(match[1] if match else "" for match in found))


def with_folded_sources(html: str) -> str:
    """Return prose with its sources folded: whoever wants them finds them."""
    return _SOURCES.sub(_FOLDED, html)
