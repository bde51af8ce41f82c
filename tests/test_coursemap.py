"""Tests of grader.coursemap: what the course map shows."""

from __future__ import annotations

from grader import answers, coursemap, places
from grader.items import load_items
from grader.scoring import is_scored, model_response

MODULE = "07-advice"


def save(number: int) -> None:
    items = load_items(places.course_folder() / MODULE / "items.yaml")
    for name in first_lesson().cards[:number]:
        item = items[name]
        kept = places.practice_record if is_scored(item.kind) else places.journal_record
        answers.save_response(kept(MODULE), MODULE, name, item.kind, model_response(item))


def first_lesson() -> coursemap.Lesson:
    return coursemap.lessons(MODULE)[0]


def number_of_rows() -> int:
    return coursemap.map_html().count("<li>")


def test_lessons_come_in_their_order_with_title_and_length():
    found = coursemap.lessons(MODULE)
    assert [lesson.number for lesson in found] == ["7.1", "7.2", "7.3", "7.4", "7.5", "7.6"]
    assert all(10 <= lesson.minutes <= 15 for lesson in found)
    assert all(len(lesson.cards) >= 5 for lesson in found)


def test_a_new_trainee_has_started_nothing():
    assert coursemap.map_html().count("Not started") == number_of_rows() > 1


def test_progress_counts_answered_cards():
    save(2)
    total = len(first_lesson().cards)
    assert f"2 of {total} practice cards" in coursemap.map_html()


def test_a_finished_lesson_is_done_when_its_private_cards_are_too():
    total = len(first_lesson().cards)
    save(total)
    assert f"Done, all {total} practice cards" in coursemap.map_html()


def test_a_blank_reply_is_no_progress():
    items = load_items(places.course_folder() / MODULE / "items.yaml")
    typed = next(item.id for item in items.values() if item.kind == "reply")
    answers.save_response(places.practice_record(MODULE), MODULE, typed, "reply", "  ")
    assert coursemap.map_html().count("Not started") == number_of_rows()


def test_a_damaged_record_does_not_take_the_map_away():
    path = places.practice_record(MODULE)
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert "Module 7" in coursemap.map_html()
    assert path.read_text() == "{"


def test_feedback_is_linked_once_it_is_there():
    assert "Read your feedback" not in coursemap.map_html()
    answers.write_safely(places.feedback_page(MODULE), b"x")
    assert "Read your feedback" in coursemap.map_html()
