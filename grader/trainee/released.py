"""What a trainer has released to this person: its numbers, kept beside the page in the home."""

from __future__ import annotations

from contextlib import suppress
from typing import NamedTuple

from grader.errors import RecordError
from grader.files import safe
from grader.formats.feedback import MAX_BYTES, Released, parse
from grader.places import Home

MAX_PAGE = 4 << 20  # bytes; a page of feedback is about 40 KiB


class Feedback(NamedTuple):
    """One page with the numbers beside it, as they came; ``facts`` is what these say."""

    page: bytes
    numbers: bytes
    facts: Released


def keep(home: Home, module: str, raw: bytes | None) -> None:
    """Keep the numbers of a module beside its page; older ones give way, also to none."""
    path = home.feedback_numbers(module)
    if raw is None:
        path.unlink(missing_ok=True)
    else:
        safe.write_safely(path, raw)


def released(home: Home, module: str) -> Released | None:
    """Return what a trainer has released on a module, None where there is nothing to read."""
    found = _numbers(home, module)
    return found[1] if found else None


def kept(home: Home, module: str) -> Feedback | None:
    """Return the feedback that is kept on a module, None where it has no numbers."""
    found = _numbers(home, module)
    if found is None:
        return None
    page = None
    with suppress(RecordError):
        page = safe.read_regular_file(home.feedback_page(module), MAX_PAGE)
    return Feedback(page or b"", *found)


def _numbers(home: Home, module: str) -> tuple[bytes, Released] | None:
    try:
        raw = safe.read_regular_file(home.feedback_numbers(module), MAX_BYTES)
        found = parse(raw) if raw else None
    except (RecordError, ValueError):
        return None
    return (raw, found) if raw and found and found.module == module else None
