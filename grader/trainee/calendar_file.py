"""A calendar file with one gentle reminder, for whoever asks for it (RFC 5545).

Apart from the card that offers it. Written by hand: it is one event of one day, which needs
none of what the package icalendar brings, and the course in a browser has nothing but Python's
own library. The words are plain, as others may see a calendar. It has no alarm, and does not
repeat.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

KIND = "text/calendar"
WORDS = "Alongside: a few cards to meet again, if you like"


def reminder(day: date, now: datetime) -> bytes:
    """Return a file with a reminder that stands at a day and takes none of its time.

    Parameters
    ----------
    day : date
        When the cards are due. A second reminder for the same day takes the first one's place.
    now : datetime
        When it is made, in UTC.
    """
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Alongside//Meet again//EN",
        "BEGIN:VEVENT",
        f"UID:meet-again-{day:%Y%m%d}@alongside.invalid",
        f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{day + timedelta(1):%Y%m%d}",
        "TRANSP:TRANSPARENT",
        f"SUMMARY:{WORDS}",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def file_name(day: date) -> str:
    """Return what the file is called."""
    return f"meet-again-{day:%Y-%m-%d}.ics"
