"""Cards to meet again: practice that went less well comes back, in Leitner's boxes.

A card whose first answer earned less than `LESS` waits in box 0, and is due after the days of
its box (`DAYS`). Each time it goes well it moves one box on, else it begins anew; after the
last box it is settled. At most `MOST` are offered a day. Nothing of it is a mark.

The boxes are Leitner's (So lernt man lernen, 1972). The days follow Cepeda et al. 2008
(doi:10.1111/j.1467-9280.2008.02209.x): the best gap was 20 to 40 % of the time until it is
needed where that was a week, and 5 to 10 % where it was a year: a day or three, then three
weeks. FSRS would fit its many numbers to hundreds of ratings of how hard a recall felt. Here
are a few dozen cards and no such ratings, so it would have nothing to learn from.

Records have no days, so these stand in the journal, in the form of an answer record: saved,
set aside where damaged, copied, brought back and deleted as every other. Talks are left out:
one of them would be the whole time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from grader.content.items import Item
from grader.errors import AlongsideError
from grader.formats import answers
from grader.kinds.minutes import item_minutes
from grader.kinds.reading import load_course_items
from grader.kinds.registry import is_typed
from grader.kinds.talk.graph import ConversationItem
from grader.places import AGAIN, ITEMS, Course, Home, Learner
from grader.skills.profile import practice_evidence
from grader.trainee.course_map import Lesson, lessons, modules

DAYS = (1, 3, 7, 21)  # until a card of each box is due
LESS = 2 / 3  # share of the points below which an answer went less well
MOST = 3  # cards a day
TODAY = "not today"  # under which name a day is kept on which somebody said so


@dataclass(frozen=True, slots=True)
class Place:
    """In which box a card waits, when it is due, and the day on which it was met last."""

    box: int
    due: date
    met: date = date.min

    @property
    def settled(self) -> bool:
        """Whether it has gone through all boxes, or was left out for good."""
        return self.box >= len(DAYS)

    def is_due(self, today: date) -> bool:
        """Tell whether it is due; a day that no box reaches to is another clock's."""
        far = today + timedelta(max(DAYS))
        return not self.settled and (self.due <= today or self.due > far)


NEW = Place(0, date.min)  # of cards that were answered before days were kept


@dataclass(frozen=True, slots=True)
class Waiting:
    """A card to meet again, and the lesson that shows it."""

    module: str
    item: Item
    lesson: Lesson

    @property
    def name(self) -> str:
        """What it is called among the cards of all modules."""
        return key(self.module, self.item.id)


def key(module: str, item_id: str) -> str:
    """Return what a card is called among those of all modules."""
    return f"{module}/{item_id}"


# --- what waits


def waiting(learner: Learner, today: date) -> tuple[Waiting, ...]:
    """Return the cards to meet today, those that wait longest first."""
    kept = _kept(learner.home)
    if _said_not_today(learner.home, today):
        return ()
    room = MOST - sum(place.met == today for place in kept.values())
    due = [each for each in _offered(learner, kept) if each[1].is_due(today)]
    due.sort(key=lambda each: each[1].due)
    return tuple(card for card, _ in due[: max(0, room)])


def next_day(learner: Learner, today: date) -> date | None:
    """Return the next day after today on which a card is due; None where none waits."""
    tomorrow = today + timedelta(1)
    offered = _offered(learner, _kept(learner.home))
    days = [
        tomorrow if place.is_due(today) else place.due for _, place in offered if not place.settled
    ]
    return min(days, default=None)


def words(cards: tuple[Waiting, ...]) -> str:
    """Say how many cards there are and how long they take; nothing where there is none."""
    if not cards:
        return ""
    minutes = max(1, round(sum(item_minutes(each.item) for each in cards)))
    things = "1 card" if len(cards) == 1 else f"{len(cards)} cards"
    time = "1 minute" if minutes == 1 else f"{minutes} minutes"
    return f"{things} to meet again today, about {time}"


def _offered(learner: Learner, kept: Mapping[str, Place]) -> Iterator[tuple[Waiting, Place]]:
    """Yield every card of the course that waits, in the order of the course."""
    for module in modules(learner.course):
        record = learner.home.practice_record(module)
        if record.is_file():
            found = answers.read_record_or_empty(record, module)
            yield from _of_module(learner.course, found, kept)


def _of_module(
    course: Course, record: answers.Record, kept: Mapping[str, Place]
) -> Iterator[tuple[Waiting, Place]]:
    items = _items(course, record.module)
    places = dict.fromkeys(_less_well(record, items), NEW)
    places |= {
        name: kept[key(record.module, name)] for name in items if key(record.module, name) in kept
    }
    if not places:
        return
    for lesson in lessons(course, record.module):
        for name in lesson.cards:
            if name in places:
                yield Waiting(record.module, items[name], lesson), places[name]


def _items(course: Course, module: str) -> dict[str, Item]:
    """Return the cards of a module that can come back; none where they cannot be read."""
    with suppress(AlongsideError):  # the lesson's own page says it
        found = load_course_items(course, course.lessons / module / ITEMS)
        return {name: item for name, item in found.items() if _may_return(item)}
    return {}


def _may_return(item: Item) -> bool:
    return not isinstance(item, ConversationItem)


def _less_well(record: answers.Record, items: Mapping[str, Item]) -> Iterator[str]:
    """Yield what went less well before days were kept: to read typed words takes long."""
    picked = {name: item for name, item in items.items() if not is_typed(item.kind)}
    for each in practice_evidence([record], picked):
        if each.fraction < LESS:
            yield each.item


# --- what is kept


def remember(home: Home, module: str, item: Item, answer: answers.Answer, today: date) -> None:
    """Let a practice card come back whose first answer went less well.

    Raises
    ------
    RecordError
        Where that could not be kept.
    """
    if answer.tries != 1 or not _may_return(item) or key(module, item.id) in _kept(home):
        return
    record = answers.Record(module, {item.id: answer})
    evidence = practice_evidence([record], {item.id: item})
    if any(each.fraction < LESS for each in evidence):
        _keep(home, key(module, item.id), Place(0, today + timedelta(DAYS[0])))


def met(home: Home, name: str, today: date, *, well: bool) -> Place:
    """Move a card that was met: one box on where it went well, else back to the first.

    Raises
    ------
    RecordError
        Where that could not be kept.
    """
    box = _kept(home).get(name, NEW).box + 1 if well else 0
    days = DAYS[min(box, len(DAYS) - 1)]
    place = Place(box, today + timedelta(days), today)
    _keep(home, name, place)
    return place


def leave_out(home: Home, name: str, today: date) -> None:
    """Let a card never come back.

    Raises
    ------
    RecordError
        Where that could not be kept.
    """
    _keep(home, name, Place(len(DAYS), today, today))


def not_today(home: Home, today: date) -> None:
    """Offer nothing more on this day.

    Raises
    ------
    RecordError
        Where that could not be kept.
    """
    answers.save_response(home.again_record, AGAIN, TODAY, AGAIN, today.isoformat())


def is_due(home: Home, name: str, today: date) -> bool:
    """Tell whether a card was not met yet since it came back."""
    return _kept(home).get(name, NEW).is_due(today)


def _said_not_today(home: Home, today: date) -> bool:
    record = answers.read_record_or_empty(home.again_record, AGAIN)
    return bool(record.response(TODAY, AGAIN) == today.isoformat())


def _kept(home: Home) -> dict[str, Place]:
    record = answers.read_record_or_empty(home.again_record, AGAIN)
    found = {name: _place(answer.response) for name, answer in record.answers.items()}
    return {name: place for name, place in found.items() if place}


def _place(kept: Any) -> Place | None:
    """Return what was kept of a card, None where it is something else."""
    try:
        due, last = (date.fromisoformat(kept[name]) for name in ("due", "met"))
        return Place(int(kept["box"]), due, last) if int(kept["box"]) >= 0 else None
    except (TypeError, KeyError, ValueError):
        return None


def _keep(home: Home, name: str, place: Place) -> None:
    kept = {"box": place.box, "due": place.due.isoformat(), "met": place.met.isoformat()}
    answers.save_response(home.again_record, AGAIN, name, AGAIN, kept)
