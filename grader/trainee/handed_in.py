"""The note of what was handed in from a home: when it was, in which way, under whose code."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from grader import places
from grader.errors import RecordError
from grader.files import safe
from grader.files.parsing import read_json
from grader.places import Home


def _log_file(home: Home) -> Path:
    return home.folder / places.HANDED_IN


def log_of(home: Home) -> dict[str, Any]:
    """Return by module how it was last handed in; nothing of a note that is damaged."""
    try:
        known = read_json(_log_file(home))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def remember(
    home: Home, module: str, how: str, now: datetime, stamp: datetime, **whose: str
) -> None:
    """Note a hand-in: when it was, what time it bears, and of a file under whose code."""
    times = {"when": now.isoformat(timespec="seconds"), "stamp": stamp.isoformat()}
    # Handed in it is, whatever happens here; only the date of it would not be shown.
    with suppress(OSError, RecordError), safe.locked(_log_file(home)):
        log = log_of(home) | {module: times | {"how": how} | whose}
        safe.write_safely(_log_file(home), json.dumps(log, indent=1).encode())


def last_hand_in(home: Home, module: str) -> str:
    """Return what was last done to hand a module in, as a sentence, or nothing."""
    try:
        last = log_of(home)[module]
        day = day_of(datetime.fromisoformat(last["when"]))
    except (ValueError, KeyError, TypeError, OverflowError):
        return ""
    # Only the trainee knows whether a file was sent.
    return f"Hand-in file made on {day}" if last.get("how") == "file" else f"Handed in on {day}"


def day_of(when: datetime) -> str:
    """Return a day and time as they stand in a sentence, in the zone of this computer."""
    local = when.astimezone()
    return f"{local.day} {local:%B %Y, %H:%M}"


def newest_time(home: Home, module: str, now: datetime) -> datetime:
    """Return the time to hand in with: later than before, even where a clock was set back.

    The newest counts, and only this computer knows which one that is.
    """
    try:
        last = datetime.fromisoformat(log_of(home)[module]["stamp"])
        return max(now, last + timedelta(seconds=1))
    except (KeyError, TypeError, ValueError, OverflowError):
        return now
