"""Times of hand-ins, as nbgrader and bundles write them, the same on every computer.

nbgrader names a zone by letters, such as CEST, and several zones may share them. What they
mean is asked of the tables of zones, never of the computer that reads them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

_OUR_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} UTC")
_USUAL = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}[0-9:.]{0,10}) ?(\S*)")
_OFFSET = re.compile(r"([+-])([0-9]{2}):?([0-9]{2})?")
_PLAIN = {"UTC", "GMT", "Z"}
FURTHEST = 14  # hours by which a zone differs from UTC
_YEARS = (2000, 2037)  # for which the zones are looked up
_NEAR = timedelta(minutes=15)  # by which a folder may be later than the time in its name
_QUARTERS = [timedelta(minutes=15) * count for count in range(-12 * 4, 14 * 4 + 1)]
_BLANKS = datetime(2000, 1, 1), datetime(2012, 2, 2)


def time_text(when: datetime) -> str:
    """Return a time as nbgrader writes it."""
    return f"{when.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def parse_time(text: Any, near: datetime | None = None, home: str = "") -> datetime:
    """Read a time as nbgrader or a bundle writes it.

    Parameters
    ----------
    text : object
        What was written.
    near : datetime, optional
        When it was written, as another clock has it: tells zones of the same letters apart.
    home : str
        The zone that was set where it was written, such as Asia/Kolkata: its letters are its own.

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
        return (local - _offset(local, zone, near, home)).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValueError(text) from error


def names_zone(text: str, home: str = "") -> bool:
    """Tell whether a time that can be read says its zone, so that nothing of it is guessed."""
    if _OUR_TIME.fullmatch(text):
        return True
    local, zone = _parts(text)
    if zone in _PLAIN or _OFFSET.fullmatch(zone) or _at_home(local, zone, home) is not None:
        return True
    return len(_known(local, zone)) == 1


def is_guess(text: str, near: datetime | None = None, home: str = "") -> bool:
    """Tell whether a time names a zone by letters, and neither a clock nor ``home`` says which."""
    return not names_zone(text, home) and zone_letters(text) != "" and not _fits(text, near)


def zone_doubt(text: str) -> str:
    """Say why nobody can be sure of the zone of a time that can be read; empty where one can."""
    zone = "" if _OUR_TIME.fullmatch(text) else zone_letters(text)
    number = _OFFSET.fullmatch(zone)
    if number and int(number[2]) > FURTHEST:
        return f"Its time names a zone that there is not: {zone}."
    if names_zone(text):
        return ""
    if zone:
        return f"Its time names a zone by letters that several have, or none: {zone}."
    return "Its time names no zone. It is taken for UTC."


def zone_letters(text: str) -> str:
    """Return the zone of a time as it is written."""
    return _parts(text)[1]


def _fits(text: str, near: datetime | None) -> bool:
    local, zone = _parts(text)
    return _fitting(local, _known(local, zone) or _QUARTERS, near) is not None


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


def _offset(local: datetime, zone: str, near: datetime | None, home: str) -> timedelta:
    if zone in _PLAIN:
        return timedelta()
    if number := _OFFSET.fullmatch(zone):
        size = timedelta(hours=int(number[2]), minutes=int(number[3] or 0))
        return -size if number[1] == "-" else size
    if (own := _at_home(local, zone, home)) is not None:
        return own
    known = _known(local, zone) or _QUARTERS
    if len(known) > 1 and (fitting := _fitting(local, known, near)) is not None:
        return fitting
    return min(known, key=lambda offset: (abs(offset), offset))


def _at_home(local: datetime, zone: str, home: str) -> timedelta | None:
    """Return the offset of the zone that is set, where its letters then are these."""
    from zoneinfo import ZoneInfo  # here, so that cards are ready without it

    with suppress(ValueError, KeyError, OSError):  # no zone of this name
        for fold in (0, 1):  # in the night in which clocks go back, the letters tell which hour
            there = local.replace(tzinfo=ZoneInfo(home), fold=fold)
            if there.tzname() == zone:
                return there.utcoffset()
    return None


def _fitting(
    local: datetime, known: Collection[timedelta], near: datetime | None
) -> timedelta | None:
    """Return the offset that fits another clock, where one does."""
    if near is None:
        return None
    there = near.astimezone(UTC).replace(tzinfo=None)
    best = min(known, key=lambda offset: (abs(local - offset - there), offset))
    return best if abs(local - best - there) <= _NEAR else None


def _known(local: datetime, zone: str) -> Collection[timedelta]:
    return _meanings(min(max(local.year, _YEARS[0]), _YEARS[1])).get(zone, ())


@cache
def _meanings(year: int) -> dict[str, set[timedelta]]:
    """Return what letters such as CEST mean in a year, anywhere on earth."""
    from zoneinfo import ZoneInfo, available_timezones

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
