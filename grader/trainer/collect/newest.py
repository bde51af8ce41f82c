"""Decide which hand-in of a trainee counts, so that no clock, zone or damage can upset it.

All hand-ins of one module stand in a row, the newest last. A time that can be right decides
the place. One that cannot be right decides nothing: then what was seen first is older.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

MOST = 20  # hand-ins kept of one trainee and module
SLACK = timedelta(hours=26)  # by which a time may be ahead through zones alone
MINUTES = timedelta(minutes=10)  # by which a time with its zone may be ahead
FIRST = datetime(1990, 1, 1, tzinfo=UTC)  # a clock that lost its time says 1970 or 1980
OLDEST = datetime(2020, 1, 1, tzinfo=UTC)  # before this course; some clocks say 2000 or 2001
LONG = timedelta(days=180)  # no mail takes so long, so such a time is wrong
LAST = datetime(9999, 1, 1, tzinfo=UTC)  # some room is left before no later time can be told
AHEAD, BEHIND = "ahead", "behind"


@dataclass(frozen=True, slots=True)
class Kept:
    """One hand-in as it came; numbers say in which order they were first seen.

    ``stamp`` is the time as its sender wrote it, ``claimed`` what that means, ``seen`` when
    it was first collected, and ``when`` the time that it goes by here: no two have the same.
    ``doubt`` says why the time cannot be right; ``content`` is a digest of what was sent.
    """

    number: int
    stamp: str
    content: str
    claimed: datetime
    seen: datetime
    when: datetime
    source: str
    answers: int = 0
    damage: str = ""
    doubt: str = ""
    problem: str = ""
    secret: str = ""
    found: bool = False  # was in submitted/ already, so nobody knows how it came
    chosen: bool = False  # by a trainer
    marked: bool = False
    dropped: bool = False  # only its name is kept, so that it is never taken for a new one
    device: str = ""  # the mark under which it came, where one is known
    under: str = ""  # the code under which it came, where the trainer gave it another
    chosen_at: str = ""  # when, as an ISO text; empty where an older course noted no time
    may_teach: bool = False  # typed words may be used to improve the reading

    @property
    def counts(self) -> bool:
        """Tell whether a trainer wants it to be used before a damaged one."""
        return not self.dropped and (self.chosen or not self.damage)


Row = tuple[Kept, ...]


def doubt_of(row: Row, claimed: datetime, now: datetime, slack: timedelta = SLACK) -> str:
    """Say in which way a time cannot be right; empty where it can."""
    if claimed > latest_clock(row, now) + slack:
        return AHEAD
    if claimed < FIRST:
        return BEHIND
    times = [one.claimed for one in row if _decides(one)]
    return BEHIND if times and max(times) - claimed > LONG else ""


def latest_clock(row: Row, now: datetime) -> datetime:
    """Return the time it is at least: this computer's clock may have been set back."""
    return max([now, *(one.seen for one in row if not one.found)])


def own_time(row: Row, claimed: datetime, now: datetime, doubt: str) -> datetime:
    """Return the time that a hand-in goes by, which no other one has."""
    known = max([latest_clock(row, now), *(one.when for one in row)])
    clock_was_set_back = known > now + timedelta(minutes=1)  # no judge of another clock then
    when = claimed if clock_was_set_back else min(claimed, now)
    if doubt == BEHIND and row:
        when = max(one.when for one in row)
    return free_time(row, min(when, LAST))


def free_time(row: Row, when: datetime) -> datetime:
    """Return a time, or the next one after it that nothing in the row goes by."""
    taken = {one.when for one in row}
    while when in taken:
        when += timedelta(microseconds=1)
    return when


def insert(row: Row, new: Kept, *, known: int = 0) -> Row:
    """Return the row with one more hand-in at its place.

    Of the same time the new one is later; only those up to the number ``known`` stay later.
    What a trainer chose gives way to nothing that is older, or was here before the choice.
    """
    place = len(row)
    if new.doubt:
        while place and _came_with_and_is_later(row[place - 1], new):
            place -= 1
    else:
        later = (
            at
            for at, one in enumerate(row)
            if not one.doubt and (_key(one), one.number <= known) > (_key(new), False)
        )
        place = next(later, place)
    place = next((at for at, one in enumerate(row) if _was_chosen_after(one, new)), place)
    return (*row[:place], new, *row[place:])


def _decides(one: Kept) -> bool:
    return not (one.doubt or one.chosen)


def _was_chosen_after(one: Kept, new: Kept) -> bool:
    return bool(one.chosen_at) and new.seen <= datetime.fromisoformat(one.chosen_at)


def _key(one: Kept) -> tuple[datetime, datetime]:
    # Nobody hands in after it is collected: a clock some minutes ahead shows that.
    return (one.claimed if one.claimed <= one.when else one.seen, one.claimed)


def _came_with_and_is_later(one: Kept, new: Kept) -> bool:
    return one.seen == new.seen and (not one.doubt or one.claimed > new.claimed)


def in_use(row: Row) -> Kept | None:
    """Return the one that counts, where there is one."""
    return used(row) if any(not one.dropped for one in row) else None


def used(row: Row) -> Kept:
    """Return the one that counts, of a row with one: the newest that is whole, else the newest."""
    there = [one for one in row if not one.dropped]
    good = [one for one in there if one.counts]
    return (good or there)[-1]


def choose(row: Row, number: int, now: datetime | None = None) -> Row:
    """Return the row with one moved to its end, where only later hand-ins come after it."""
    at = now.isoformat() if now else ""
    others = (one for one in row if one.number != number)
    chosen = (replace(one, chosen=True, chosen_at=at) for one in row if one.number == number)
    return (*others, *chosen)


def drop_spare(row: Row, new: Kept) -> Row:
    """Return the row with as many dropped as are too many: damaged ones first, then old ones.

    One that was marked, the last good one, the one in use and the new one always stay.
    """
    kept = [one for one in row if not one.dropped]
    good = [one.number for one in kept if not one.damage][-1:]
    stays = {new.number, used(row).number, *good, *(one.number for one in kept if one.marked)}
    spare = [one for one in kept if one.number not in stays]
    spare.sort(key=lambda one: not one.damage)
    gone = {one.number for one in spare[: max(0, len(kept) - MOST)]}
    return tuple(replace(one, dropped=True) if one.number in gone else one for one in row)
