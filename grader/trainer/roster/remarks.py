"""What a trainer should know of a roster that can be read, wherever a command reads it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from grader.errors import GradingError, one_line, sentence
from grader.trainer.roster.roster import roster_remarks, unread_rosters


def roster_notes(root: Path) -> Iterator[str]:
    """Yield a line about each; what keeps it from being read is said where it is read."""
    with suppress(GradingError):
        yield from (sentence(one_line(line)) for line in unread_rosters(root))
        yield from map(one_line, roster_remarks(root))
