"""What a trainer has released to this person: its numbers, kept beside the page in the home."""

from __future__ import annotations

from grader.errors import RecordError
from grader.files import safe
from grader.formats.feedback import MAX_BYTES, Released, parse
from grader.places import Home


def keep(home: Home, module: str, raw: bytes | None) -> None:
    """Keep the numbers of a module beside its page; older ones give way, also to none."""
    path = home.feedback_numbers(module)
    if raw is None:
        path.unlink(missing_ok=True)
    else:
        safe.write_safely(path, raw)


def released(home: Home, module: str) -> Released | None:
    """Return what a trainer has released on a module, None where there is nothing to read."""
    try:
        raw = safe.read_regular_file(home.feedback_numbers(module), MAX_BYTES)
        found = parse(raw) if raw else None
    except (RecordError, ValueError):
        return None
    return found if found and found.module == module else None
