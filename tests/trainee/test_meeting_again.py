"""Cards that went less well come back after some days, a few a day, and nobody is pushed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from helpers.content import items_of
from helpers.exercise import MODULE as EXERCISE
from helpers.exercise import NOON
from helpers.wire import Wire

from grader.cards import meeting_again as cards
from grader.cards.calls import Context, pieces
from grader.cards.question import QuestionCard
from grader.formats import answers
from grader.places import ITEMS, own_course, own_home, this_learner
from grader.trainee import calendar_file, hand_in, meeting_again, record

MODULE = "07-advice"
HARD = "05-boundaries"  # has stories with a note
DAY = date(2026, 3, 1)
ITEMS_OF = items_of(own_course().lessons / MODULE / ITEMS)
CHOICES = [item for item in ITEMS_OF.values() if item.kind == "choice"]


def reply_of(item, *, well: bool) -> str:
    pick = max if well else min
    return pick(item.options, key=lambda option: option.points).id


def practise(item, *, well: bool) -> None:
    """Answer a card in its lesson, as the page does."""
    context = Context(this_learner(), own_course().lessons / MODULE)
    (card,) = pieces(context, "card", [item.id])
    assert isinstance(card, QuestionCard)
    Wire(card).ask(type="check", response=reply_of(item, well=well), seen=None)


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch):
    """Let the cards live on a day of their own."""

    class Day(date):
        now = DAY

        @classmethod
        def today(cls) -> date:
            return cls.now

    monkeypatch.setattr(cards, "date", Day)
    monkeypatch.setattr("grader.cards.question.date", Day)
    return Day


def names(day: date) -> list[str]:
    return [card.item.id for card in meeting_again.waiting(this_learner(), day)]


def test_only_what_went_less_well_comes_back_and_not_on_the_same_day(today):
    practise(CHOICES[0], well=False)
    practise(CHOICES[1], well=True)
    assert names(DAY) == []
    assert names(DAY + timedelta(1)) == [CHOICES[0].id]


def test_a_card_moves_through_its_boxes_and_is_settled(today):
    practise(CHOICES[0], well=False)
    day, name = DAY, meeting_again.key(MODULE, CHOICES[0].id)
    for days in meeting_again.DAYS:
        assert names(day + timedelta(days - 1)) == []
        day += timedelta(days)
        assert names(day) == [CHOICES[0].id]
        meeting_again.met(own_home(), name, day, well=True)
    assert names(day + timedelta(400)) == []


def test_what_is_still_hard_begins_anew(today):
    practise(CHOICES[0], well=False)
    name = meeting_again.key(MODULE, CHOICES[0].id)
    for well in (True, True, False):
        place = meeting_again.met(own_home(), name, DAY, well=well)
    assert (place.box, place.due) == (0, DAY + timedelta(1))


def test_three_cards_a_day_are_the_most_and_their_minutes_are_said(today):
    for item in CHOICES[:5]:
        practise(item, well=False)
    day = DAY + timedelta(9)
    found = meeting_again.waiting(this_learner(), day)
    assert len(found) == 3
    assert meeting_again.words(found).startswith("3 cards to meet again today, about ")
    meeting_again.met(own_home(), found[0].name, day, well=True)
    assert len(names(day)) == 2  # and no fourth comes up
    assert len(names(day + timedelta(1))) == 3


def test_a_record_without_days_is_read_as_well():
    item = CHOICES[0]
    response = reply_of(item, well=False)
    place = own_home().practice_record(MODULE)
    answers.save_response(place, MODULE, item.id, "choice", response, tried=True)
    assert names(DAY) == [item.id]


def test_not_today_is_one_message_and_lasts_one_day(today):
    practise(CHOICES[0], well=False)
    today.now = DAY + timedelta(1)
    (card,) = pieces(Context(this_learner(), own_course().lessons), "again_today", [])
    assert card.facts()["words"].startswith("1 card to meet again today, about ")
    assert Wire(card).ask(type="later")["type"] == "done"
    assert names(today.now) == []
    assert names(DAY + timedelta(2)) == [CHOICES[0].id]


def test_a_meeting_begins_blank_and_leaves_the_first_answer_alone(today):
    item = CHOICES[0]
    practise(item, well=False)
    kept = own_home().practice_record(MODULE).read_bytes()
    of = meeting_again.key(MODULE, item.id)
    for days in (1, 4):
        today.now = DAY + timedelta(days)
        card = cards.MeetAgainCard(this_learner())
        (shown,) = card.facts()["questions"]
        assert (shown["of"], shown["response"]) == (of, None)
        wire = Wire(card)
        assert wire.ask(type="open", of=of)["response"] is None
        said = wire.ask(type="check", of=of, response=reply_of(item, well=True), seen=None)
        assert said["type"] == "saved"
        assert said["result"]["reasons"]
        assert cards.MeetAgainCard(this_learner()).facts()["questions"] == []
    assert own_home().practice_record(MODULE).read_bytes() == kept
    assert names(DAY + timedelta(4 + 6)) == []
    assert names(DAY + timedelta(4 + 7)) == [item.id]


def test_a_card_can_be_left_out_for_good(today):
    practise(CHOICES[0], well=False)
    of = meeting_again.key(MODULE, CHOICES[0].id)
    today.now = DAY + timedelta(1)
    assert Wire(cards.MeetAgainCard(this_learner())).ask(type="leave", of=of)["type"] == "done"
    assert names(DAY + timedelta(99)) == []


def test_a_hard_story_keeps_its_note(today):
    items = items_of(own_course().lessons / HARD / ITEMS).values()
    hard = next(item for item in items if item.content_note and item.kind == "choice")
    response = reply_of(hard, well=False)
    place = own_home().practice_record(HARD)
    answers.save_response(place, HARD, hard.id, "choice", response, tried=True)
    (shown,) = cards.MeetAgainCard(this_learner()).facts()["questions"]
    assert shown["view"]["content_note"]
    assert shown["view"]["gentle"]


@pytest.mark.parametrize("name", ["07-advice/no-such", "../07-advice/x", "x", "", 7])
def test_what_is_no_card_gets_plain_words(name):
    card = cards.MeetAgainCard(this_learner())
    for kind in ("open", "save", "check", "leave"):
        assert Wire(card).ask(type=kind, of=name, response="a")["type"] == "refused"


def test_a_damaged_list_of_days_is_set_aside_and_a_clock_may_be_wrong(today):
    practise(CHOICES[0], well=False)
    own_home().again_record.write_text("{broken")
    assert names(DAY) == [CHOICES[0].id]  # its day is gone, so it waits now
    meeting_again.met(own_home(), meeting_again.key(MODULE, CHOICES[0].id), DAY, well=False)
    assert own_home().again_record.with_name("again.json.damaged-1").is_file()
    entry = json.loads(own_home().again_record.read_text())
    (kept,) = entry["items"].values()
    kept["response"]["due"] = "2090-01-01"  # of a clock that was wrong
    own_home().again_record.write_text(json.dumps(entry))
    assert names(DAY) == [CHOICES[0].id]


def test_days_are_private_copied_and_deleted(today, folder):
    practise(CHOICES[0], well=False)
    sent = hand_in.contents(this_learner(), EXERCISE, "trainee-017", NOON)
    assert not [name for name, content in sent.items() if CHOICES[0].id.encode() in content]
    assert [module for module in record.journal(this_learner()) if module == "again"] == []
    kept = [path.name for path in record.own_files(own_home())]
    assert "again.json" in kept
    assert record.delete_everything(this_learner()) == []
    assert not own_home().again_record.exists()


def test_a_reminder_is_one_quiet_day():
    lines = calendar_file.reminder(DAY, datetime(2026, 2, 28, 9, 5, tzinfo=UTC)).decode()
    assert lines.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20260301\r\nDTEND;VALUE=DATE:20260302\r\n" in lines
    assert "DTSTAMP:20260228T090500Z" in lines
    assert "VALARM" not in lines
    assert "RRULE" not in lines
    assert max(map(len, lines.encode().split(b"\r\n"))) <= 75
