"""Remind a trainer of a break, by when they decided: a tired reader is a strict one.

Apart from `pages`, which shows the sentence: this only knows times.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

LONG = timedelta(minutes=40)
MANY = 60  # replies
BREAK = timedelta(minutes=15)  # after which a new sitting begins
LOOKED_BACK = 4 * MANY


def reminder(times: Iterable[datetime], now: datetime) -> str:
    """Return a sentence for who has marked for long or much; empty for all others.

    Parameters
    ----------
    times : iterable of datetime
        When they decided on replies, the newest first.
    now : datetime
        The time now.
    """
    times = [now, *times]
    end = next((at for at, (one, two) in enumerate(pairwise(times)) if one - two > BREAK), None)
    here = times[1:] if end is None else times[1 : end + 1]
    if not here:
        return ""
    minutes = int((now - here[-1]).total_seconds() // 60)
    if len(here) < MANY and minutes < LONG.total_seconds() / 60:
        return ""
    read = f"{len(here)} replies" if len(here) < LOOKED_BACK else "very many replies"
    return f"You have read {read} in {minutes} minutes. A short break keeps marks fair."
