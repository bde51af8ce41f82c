"""Say what became of a hand-in, so that a trainer hears of everything that is not plain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from grader.errors import one_line, sentence
from grader.formats.times import zone_letters
from grader.trainer.collect.bundles import HandIn
from grader.trainer.collect.newest import AHEAD, BEHIND, LONG, OLDEST, SLACK, Kept, Row, used

COLLECTED = "collected"
OLDER = "older than what is there"
KEPT = "kept, not used"
ASIDE = "kept aside"
DAMAGED = "damaged, not used"
REFUSED = "refused"
DAY = timedelta(days=1)
SHOWN = 3  # questions named in one line


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one hand-in; ``reason`` is a plain sentence, empty where all is well.

    ``typed`` is what stands in the place of a code, where it can be none; ``shut`` names the
    folder of the course that may only be read, where that alone is the reason.
    """

    source: str
    outcome: str
    trainee: str = ""
    module: str = ""
    reason: str = ""
    typed: str = ""
    shut: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A hand-in that came, and as what it is kept; ``is_new`` where it never came before."""

    hand_in: HandIn
    kept: Kept
    is_new: bool


def same_again(hand_in: HandIn) -> Collected:
    """Return the outcome of one that is known: it is never newer than itself."""
    reason = "The same hand-in, or a newer one, is here already."
    return Collected(hand_in.source, OLDER, hand_in.trainee, hand_in.module, reason)


def told(arrival: Arrival, row: Row, before: Kept | None, now: datetime) -> Collected:
    """Return the outcome of one that came now.

    Parameters
    ----------
    arrival : Arrival
        What came.
    row : tuple of Kept
        All that are kept, the newest last.
    before : Kept or None
        Which one was in use before.
    now : datetime
        When it was collected.
    """
    sent, use = arrival.hand_in, used(row)
    one = _as_kept(arrival, row)
    if one.number == use.number:
        outcome, words = COLLECTED, _once(_in_use(one, row, before, sent))
    else:
        outcome, words = _not_used(arrival, one, row, use)
        if outcome == OLDER:
            return same_again(sent)
    reason = " ".join([*words, *filter(None, [sent.guess, sent.remark, sent.shared_problem])])
    return Collected(sent.source, outcome, sent.trainee, sent.module, reason)


def told_of_first_mark(arrival: Arrival, row: Row, before: Kept | None, now: datetime) -> Collected:
    """Return the outcome of one from the first computer with a mark, after others without."""
    done = told(arrival, row, before, now)
    if done.outcome != COLLECTED or not before or before.content == arrival.kept.content:
        return done
    words = f"It bears a mark of its computer, and number {before.number} bears none."
    doubt = "It may be another person's."
    way_back = _way_back(before, arrival.hand_in)
    return replace(done, reason=_first(f"{words} {doubt}", way_back, done.reason))


def told_aside(arrival: Arrival, row: Row, _before: Kept | None, _now: datetime) -> Collected:
    """Return the outcome of one that is kept aside: no number of it can be used yet."""
    sent, one = arrival.hand_in, _as_kept(arrival, row)
    if not arrival.is_new:
        return same_again(sent)
    damage = f"{sentence(one.damage)} Ask for it to be sent again." if one.damage else ""
    said = [clock_words(one), sent.guess, sent.remark, damage, sent.shared_problem]
    words = " ".join(filter(None, said))
    return Collected(sent.source, ASIDE, sent.trainee, sent.module, words)


def _once(words: Iterator[str]) -> list[str]:
    """Return sentences in order; one that comes again, such as a way back, stands last alone."""
    return list(dict.fromkeys([*words][::-1]))[::-1]


def _as_kept(arrival: Arrival, row: Row) -> Kept:
    return next(kept for kept in row if kept.number == arrival.kept.number)


def _in_use(one: Kept, row: Row, before: Kept | None, sent: HandIn) -> Iterator[str]:
    if one.damage:
        yield f"{sentence(one.damage)} Ask for it to be sent again."
    if one.doubt == AHEAD:
        yield f"{clock_words(one)} It counts from when you collected it."
    if one.doubt == BEHIND:
        last = " It came last, so it counts as the newest." if len(row) > 1 else ""
        yield f"{clock_words(one)}{last}"
    if not one.doubt and one.claimed < OLDEST:
        yield f"A clock was behind: it says {_day(one.claimed)}."
    yield from _fewer(one, row, sent)
    for other in row:
        if other.seen == one.seen and other.counts and one.claimed - other.claimed > LONG:
            yield f"{_number(other)} came with it and says {_day(other.claimed)}."
    if before and before.number != one.number and not before.damage:
        yield from _instead_of(before, one, sent)
        if before.marked:
            yield f"{_number(before)} was marked, and is kept."
            yield _way_back(before, sent)
    if before and before.chosen and before.number != one.number:
        yield f"You had chosen number {before.number}."
        yield _way_back(before, sent)


def _instead_of(before: Kept, one: Kept, sent: HandIn) -> Iterator[str]:
    """Say of what was in use until now what nobody could see from the times."""
    if _same_time(before, one) and not before.chosen:
        yield f"{_number(before)} gives the same time."
        yield _way_back(before, sent)
    elif before.seen == one.seen and not before.found:
        yield f"{_number(before)} came with it, and is not used."
        yield _way_back(before, sent)
    elif one.doubt or before.doubt:
        yield from _gave_way(before, one)
        yield _way_back(before, sent)
    elif sent.guess and _may_be_newer(before, one):
        yield f"{_number(before)} may be newer."
        yield _way_back(before, sent)


def _may_be_newer(before: Kept, one: Kept) -> bool:
    """Tell whether a guessed zone decides; the same letters are always guessed alike."""
    is_near = one.claimed - before.claimed <= SLACK
    return is_near and zone_letters(before.stamp) != zone_letters(one.stamp)


def _gave_way(before: Kept, one: Kept) -> Iterator[str]:
    """Say of two that a clock kept from being compared which one counts, and why."""
    if not one.doubt:
        says = f"{_number(before)} says {_day(before.claimed)}, which cannot be right"
        yield f"{says}, so what came first is taken for the older one."
    yield f"{_number(one)} counts now, and number {before.number} gave way."


def _same_time(one: Kept, other: Kept) -> bool:
    return one.claimed.replace(microsecond=0) == other.claimed.replace(microsecond=0)


def _fewer(one: Kept, row: Row, sent: HandIn) -> Iterator[str]:
    most = max(
        (other for other in row if other.counts), key=lambda other: other.answers, default=one
    )
    if not one.damage and 2 * one.answers < most.answers:
        yield f"It has {_count(one.answers)}, and number {most.number} has {most.answers}."
        yield _way_back(most, sent)


def _not_used(arrival: Arrival, one: Kept, row: Row, use: Kept) -> tuple[str, list[str]]:
    stays = f"{_number(use)} stays in use."
    if one.damage and row.index(one) > row.index(use):
        return DAMAGED, [f"{sentence(one.damage)} {stays} Ask for it to be sent again."]
    if not arrival.is_new:
        return OLDER, []
    why = clock_words(one) or "It says that it was made earlier."
    if not one.doubt and _same_time(one, use):
        why = f"It gives the same time as number {use.number}."
    damage = f" {sentence(one.damage)}" if one.damage else ""
    return KEPT, [f"{why}{damage} {stays} {_way_back(one, arrival.hand_in)}"]


def with_unread(arrival: Arrival, names: Sequence[str], other: Kept | None, reason: str) -> str:
    """Say first which answers of a hand-in cannot be read, and which other one has them."""
    said = _unread(names)
    if other is None:
        return f"{said} Ask for it to be sent again. {reason}".rstrip()
    said = f"{said} {_number(other)} has {_them(names)}."
    return _first(said, f"{_way_back(other, arrival.hand_in)}.", reason)


def _first(words: str, way_back: str, reason: str) -> str:
    """Return a reason with words before it, and the way back once: it may stand in the reason."""
    is_said = re.search(rf"{re.escape(way_back.rstrip('.'))}(?!\d)", reason)
    return f"{words} {'' if is_said else f'{way_back} '}{reason}".rstrip()


def less_than_before(names: Sequence[str], other: int) -> str:
    """Say which answers cannot be read, and the number of the hand-in that has them."""
    return f"{_unread(names)} Number {other} has {_them(names)}."


def _unread(names: Sequence[str]) -> str:
    shown = ", ".join(one_line(name[:80]) for name in names[:SHOWN])
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{_count(len(names))} cannot be read: {shown}{more}."


def _them(names: Sequence[str]) -> str:
    return "it" if len(names) == 1 else "them"


def clock_words(one: Kept) -> str:
    """Say what is wrong with the time of a hand-in; empty where nothing is."""
    if not one.doubt:
        return ""
    way = "ahead" if one.doubt == AHEAD else "behind"
    hour = f", {one.claimed:%H:%M} UTC" if abs(one.claimed - one.seen) < 2 * DAY else ""
    return f"A clock was {way}: it says {_day(one.claimed)}{hour}."


def _way_back(one: Kept, sent: HandIn) -> str:
    command = f"alongside collect --use {sent.trainee} {sent.module} {one.number}"
    return f"To use number {one.number}: {command}"


def _number(one: Kept) -> str:
    return f"Number {one.number}"


def _count(answers: int) -> str:
    return "1 answer" if answers == 1 else f"{answers} answers"


def _day(when: datetime) -> str:
    return f"{when.day} {when:%B %Y}"
