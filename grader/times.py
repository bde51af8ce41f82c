"""Times of hand-ins, as nbgrader and bundles write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

_OUR_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} UTC")


def time_text(when: datetime) -> str:
    """Return a time as nbgrader writes it."""
    return f"{when.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def parse_time(text: Any) -> datetime:
    """Read a time as nbgrader or a bundle writes it; raise ValueError for anything else."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Za-z:+. -]{8,64}", text):
        raise ValueError(text)
    if _OUR_TIME.fullmatch(text):  # as we write it: ten times as fast
        return datetime.fromisoformat(f"{text.removesuffix(' UTC')}+00:00")
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValueError(text) from error


def timestamp_of(text: str) -> datetime | None:
    """Return the time that such a text gives, None where it gives none."""
    try:
        return parse_time(text) if text else None
    except ValueError:
        return None
