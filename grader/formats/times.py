"""Times of hand-ins, as nbgrader and bundles write them, the same on every computer.

nbgrader names a zone by letters, such as CEST, and several zones may share them. What they
mean is asked of the tables of zones, never of the computer that reads them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

_OUR_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} UTC")
_USUAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}[0-9:.]{0,10}) ?(\S*)")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?")
_PLAIN = {"UTC", "GMT", "Z"}
_YEARS = (2000, 2037)  # for which the zones are looked up
_NEAR = timedelta(minutes=15)  # by which a folder may be later than the time in its name
_QUARTERS = [timedelta(minutes=15) * count for count in range(-12 * 4, 14 * 4 + 1)]
_BLANKS = datetime(2000, 1, 1), datetime(2012, 2, 2)


def time_text(when: datetime) -> str:
    """Return a time as nbgrader writes it."""
    return f"{when.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def parse_time(text: Any, near: datetime | None = None) -> datetime:
    """Read a time as nbgrader or a bundle writes it.

    Parameters
    ----------
    text : object
        What was written.
    near : datetime, optional
        When it was written, as another clock has it: tells zones of the same letters apart.

    Returns
    -------
    datetime
        In UTC. What names no zone, or one that nobody knows, counts as UTC.

    Raises
    ------
    ValueError
        Where it is no time, or names no whole day.
    """
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Za-z:+. -]{8,64}", text):
        raise ValueError(text)
    if _OUR_TIME.fullmatch(text):  # as we write it: ten times as fast
        return datetime.fromisoformat(f"{text.removesuffix(' UTC')}+00:00")
    try:
        local, zone = _parts(text)
        return (local - _offset(local, zone, near)).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValueError(text) from error


def names_zone(text: str) -> bool:
    """Tell whether a time that can be read says its zone, so that nothing of it is guessed."""
    if _OUR_TIME.fullmatch(text):
        return True
    local, zone = _parts(text)
    if zone in _PLAIN or _OFFSET.fullmatch(zone):
        return True
    return len(_meanings(min(max(local.year, _YEARS[0]), _YEARS[1])).get(zone, ())) == 1


def _parts(text: str) -> tuple[datetime, str]:
    """Return what a clock on the wall showed, and the zone as it is written."""
    usual = _USUAL.fullmatch(text)
    if usual:
        return datetime.fromisoformat(usual[1]).replace(tzinfo=None), usual[2]
    return _other_parts(text)


def _other_parts(text: str) -> tuple[datetime, str]:
    """Read a time in a form that an organisation chose itself."""
    from dateutil import parser

    zone = ""

    def note(name: str | None, seconds: int | None) -> None:
        nonlocal zone
        zone = name or "" if seconds is None else _offset_text(seconds)

    # What the text leaves out must not be filled in from today: it would be new every day.
    first, second = (parser.parse(text, default=day, tzinfos=note) for day in _BLANKS)
    if first != second:
        raise ValueError(text)
    return first.replace(tzinfo=None), zone


def _offset_text(seconds: int) -> str:
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _offset(local: datetime, zone: str, near: datetime | None) -> timedelta:
    if zone in _PLAIN:
        return timedelta()
    if number := _OFFSET.fullmatch(zone):
        size = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
        return -size if number[1] == "-" else size
    known = _meanings(min(max(local.year, _YEARS[0]), _YEARS[1])).get(zone)
    return _nearest(local, known or _QUARTERS, near)


def _nearest(local: datetime, known: Collection[timedelta], near: datetime | None) -> timedelta:
    """Return the offset that fits another clock best; the one closest to UTC without."""
    if near is not None and len(known) > 1:
        there = near.astimezone(UTC).replace(tzinfo=None)
        best = min(known, key=lambda offset: (abs(local - offset - there), offset))
        if abs(local - best - there) <= _NEAR:
            return best
    return min(known, key=lambda offset: (abs(offset), offset))


@cache
def _meanings(year: int) -> dict[str, set[timedelta]]:
    """Return what letters such as CEST mean in a year, anywhere on earth."""
    seasons = [datetime(year, month, 15, tzinfo=UTC) for month in (1, 4, 7, 10)]
    found: dict[str, set[timedelta]] = {}
    for zone in map(ZoneInfo, available_timezones()):
        for when in (season.astimezone(zone) for season in seasons):
            found.setdefault(when.tzname() or "", set()).add(when.utcoffset() or timedelta())
    return found


def timestamp_of(text: str) -> datetime | None:
    """Return the time that such a text gives, None where it gives none."""
    try:
        return parse_time(text) if text else None
    except ValueError:
        return None
