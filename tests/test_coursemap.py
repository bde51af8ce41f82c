"""Tests of grader.coursemap: what the course map shows."""

from __future__ import annotations

from grader import answers, coursemap, places
from grader.items import load_items
from grader.kinds import PRIVATE
from grader.scoring import model_response

MODULE = "07-advice"


def save(number: int) -> None:
    lesson = coursemap.lessons(MODULE)[0]
    items = load_items(places.course_folder() / MODULE / "items.yaml")
    for name in lesson.cards[:number]:
        kind = items[name].kind
        response = model_response(items[name]) or "a"
        record = places.journal_record if kind in PRIVATE else places.practice_record
        answers.save_response(record(MODULE), MODULE, name, kind, response)


def test_lessons_come_in_their_order_with_title_and_length():
    found = [lesson for module in coursemap.modules() for lesson in coursemap.lessons(module)]
    numbers = [tuple(map(int, lesson.number.split("."))) for lesson in found]
    assert numbers == sorted(set(numbers))
    assert all(10 <= lesson.minutes <= 15 for lesson in found)
    assert all(len(lesson.cards) >= 5 for lesson in found)


def rows() -> int:
    """Count the lessons and exercises that the map shows."""
    lessons = sum(len(coursemap.lessons(module)) for module in coursemap.modules())
    return lessons + len(list(places.exercises_folder().glob("*/exercise.ipynb")))


def test_a_new_trainee_has_started_nothing():
    assert coursemap.map_html().count("Not started") == rows()


def test_progress_counts_answered_cards():
    save(2)
    total = len(coursemap.lessons(MODULE)[0].cards)
    assert f"2 of {total} practice cards" in coursemap.map_html()


def test_progress_counts_private_answers_as_well():
    first, second, *rest = coursemap.lessons(MODULE)[0].cards
    answers.save_response(places.journal_record(MODULE), MODULE, first, "reflection", "Mine.")
    steps = [{"turn": "hello", "pick": "a"}]
    answers.save_response(places.practice_record(MODULE), MODULE, second, "conversation", steps)
    assert f"2 of {2 + len(rest)} practice cards" in coursemap.map_html()


def test_a_finished_lesson_is_done():
    total = len(coursemap.lessons(MODULE)[0].cards)
    save(total)
    assert f"Done, all {total} practice cards" in coursemap.map_html()


def test_a_blank_reply_is_no_progress():
    items = load_items(places.course_folder() / MODULE / "items.yaml")
    typed = next(item.id for item in items.values() if item.kind == "reply")
    answers.save_response(places.practice_record(MODULE), MODULE, typed, "reply", "  ")
    assert coursemap.map_html().count("Not started") == rows()


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


def test_the_pass_rule_is_there_before_anybody_begins():
    page = coursemap.map_html()
    rule = (
        "You pass an exercise with half of the points. "
        "To pass the course, hand in the exercise of each module and pass it."
    )
    assert rule in page
    assert page.index(rule) < page.index("Module 1:")


def test_a_rule_of_ones_own_is_told_on_the_map_and_at_the_exercise(tmp_path, monkeypatch):
    lines = [f"  - slug: {name}\n    title: <b>T\n" for name in coursemap.modules()]
    text = f"modules:\n{''.join(lines)}pass:\n  share: 60\n  must_hand_in: [05-boundaries]\n"
    (tmp_path / "05-boundaries").mkdir()
    (tmp_path / "modules.yaml").write_text(text)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    page = coursemap.map_html()
    assert "60 % of the points. To pass the course, hand in and pass module 5." in page
    assert "Module 5: &lt;b&gt;T" in page
    assert "Module 7" not in page  # named in the file, and not there
    said = coursemap.module_rule("05-boundaries")
    assert said == "You pass this exercise with 60 % of the points."
    said = coursemap.module_rule("07-advice")
    assert said == "You do not need this exercise to pass the course."


def test_a_course_without_the_file_tells_the_usual_rule(tmp_path, monkeypatch):
    (tmp_path / "07-advice").mkdir()
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    page = coursemap.map_html()
    assert "You pass an exercise with half of the points." in page
    assert "Module 7: Advice" in page
