"""Tests of grader.trainee.course_map: what the course map shows."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import urljoin

from helpers.content import items_of

from grader import places
from grader.cards.sending import HandInCard
from grader.content.steps import cards_of, steps_of
from grader.files import safe
from grader.formats import answers
from grader.kinds.registry import KINDS
from grader.kinds.scoring import model_response
from grader.places import own_course, own_home, this_learner
from grader.trainee import course_map, map_page
from grader.trainee.code import save_trainee
from grader.trainee.home import prepare_home

MODULE = "07-advice"


def save(number: int) -> None:
    lesson = course_map.lessons(own_course(), MODULE)[0]
    items = items_of(places.own_course().lessons / MODULE / "items.yaml")
    for name in lesson.cards[:number]:
        kind = items[name].kind
        response = model_response(items[name]) or "a"
        home = own_home()
        record = home.journal_record if KINDS[kind].private else home.practice_record
        answers.save_response(record(MODULE), MODULE, name, kind, response)


def test_lessons_come_in_their_order_with_title_and_length():
    found = [
        lesson
        for module in course_map.modules(own_course())
        for lesson in course_map.lessons(own_course(), module)
    ]
    numbers = [tuple(map(int, lesson.number.split("."))) for lesson in found]
    assert numbers == sorted(set(numbers))
    assert all(10 <= lesson.minutes <= 60 for lesson in found)
    assert all(len(lesson.cards) >= 5 for lesson in found)


def rows() -> int:
    """Count the lessons and exercises that the map shows."""
    lessons = sum(
        len(course_map.lessons(own_course(), module)) for module in course_map.modules(own_course())
    )
    return lessons + len(list(places.own_course().exercises.glob("*/exercise.ipynb")))


def test_a_new_trainee_has_started_nothing():
    assert map_page.map_html(this_learner()).count("Not started") == rows()


def test_progress_counts_answered_cards():
    save(2)
    total = len(course_map.lessons(own_course(), MODULE)[0].cards)
    assert f"2 of {total} practice cards" in map_page.map_html(this_learner())


def test_progress_counts_private_answers_as_well():
    first, second, *rest = course_map.lessons(own_course(), MODULE)[0].cards
    answers.save_response(
        places.own_home().journal_record(MODULE), MODULE, first, "reflection", "Mine."
    )
    steps = [{"turn": "hello", "pick": "a"}]
    answers.save_response(
        places.own_home().practice_record(MODULE), MODULE, second, "conversation", steps
    )
    assert f"2 of {2 + len(rest)} practice cards" in map_page.map_html(this_learner())


def test_a_finished_lesson_is_done():
    total = len(course_map.lessons(own_course(), MODULE)[0].cards)
    save(total)
    assert f"Done, all {total} practice cards" in map_page.map_html(this_learner())


def test_a_blank_reply_is_no_progress():
    items = items_of(places.own_course().lessons / MODULE / "items.yaml")
    typed = next(item.id for item in items.values() if item.kind == "reply")
    answers.save_response(places.own_home().practice_record(MODULE), MODULE, typed, "reply", "  ")
    assert map_page.map_html(this_learner()).count("Not started") == rows()


def test_a_damaged_record_does_not_take_the_map_away():
    path = places.own_home().practice_record(MODULE)
    path.parent.mkdir(parents=True)
    path.write_text("{")
    assert "Module 7" in map_page.map_html(this_learner())
    assert path.read_text() == "{"


def test_feedback_is_linked_once_it_is_there():
    assert "Read your feedback" not in map_page.map_html(this_learner())
    safe.write_safely(places.own_home().feedback_page(MODULE), b"x")
    assert "Read your feedback" in map_page.map_html(this_learner())


def test_the_pass_rule_is_there_before_anybody_begins():
    page = map_page.map_html(this_learner())
    rule = (
        "You pass an exercise with half of the points. "
        "To pass the course, hand in the exercise of each module and pass it."
    )
    assert rule in page
    assert page.index(rule) < page.index("Module 1:")


def test_a_rule_of_ones_own_is_told_on_the_map_and_at_the_exercise(tmp_path, monkeypatch):
    lines = [f"  - slug: {name}\n    title: <b>T\n" for name in course_map.modules(own_course())]
    text = f"modules:\n{''.join(lines)}pass:\n  share: 60\n  must_hand_in: [05-boundaries]\n"
    (tmp_path / "05-boundaries").mkdir()
    (tmp_path / "modules.yaml").write_text(text)
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    page = map_page.map_html(this_learner())
    assert "60 % of the points. To pass the course, hand in and pass module 5." in page
    assert "Module 5: &lt;b&gt;T" in page
    assert "Module 7" not in page  # named in the file, and not there
    said = course_map.module_rule(own_course(), "05-boundaries")
    assert said == "You pass this exercise with 60 % of the points."
    said = course_map.module_rule(own_course(), "07-advice")
    assert said == "You do not need this exercise to pass the course."


def test_a_course_without_the_file_tells_the_usual_rule(tmp_path, monkeypatch):
    (tmp_path / "07-advice").mkdir()
    monkeypatch.setenv("ALONGSIDE_COURSE", str(tmp_path))
    page = map_page.map_html(this_learner())
    assert "You pass an exercise with half of the points." in page
    assert "Module 7: Advice" in page


# --- where to go on


def first_lesson() -> course_map.Lesson:
    return course_map.lessons(own_course(), MODULE)[0]


def test_a_new_trainee_begins_with_the_first_lesson():
    page = map_page.map_html(this_learner())
    assert '<a class="al-button" href="01-definitions/1-what-it-is.ipynb">Begin 1.1 ' in page
    assert page.count(" open>") == 1


def test_somebody_goes_on_at_the_step_after_their_last_card():
    save(2)
    cells = json.loads((own_course().lessons / first_lesson().address).read_text())["cells"]
    steps = steps_of(cells)
    cards = first_lesson().cards
    (last,) = (n for n, step in enumerate(steps, 1) if cards[1] in cards_in(step))
    page = map_page.map_html(this_learner())
    assert f'href="{first_lesson().address}#step-{last + 1}">Go on with 7.1 ' in page
    assert re.search(rf"Step {last + 1}\. About \d+ minutes left\.", page)


def answer(module: str, *names: str) -> None:
    items = items_of(own_course().lessons / module / "items.yaml")
    for name in names:
        response, kind = model_response(items[name]), items[name].kind
        answers.save_response(own_home().practice_record(module), module, name, kind, response)


def scored_cards() -> list[str]:
    items = items_of(own_course().lessons / MODULE / "items.yaml")
    return [name for name in first_lesson().cards if KINDS[items[name].kind].scored]


def minutes_left(page: str) -> int:
    return int(re.search(r"About (\d+) minutes? left", page)[1])


def test_a_card_that_was_passed_by_is_offered_and_does_not_pull_back():
    first, _, third, fourth, *_ = scored_cards()
    answer(MODULE, first, fourth)
    steps = steps_of(
        json.loads((own_course().lessons / first_lesson().address).read_text())["cells"]
    )
    (reached,) = (n for n, step in enumerate(steps, 1) if fourth in cards_in(step))
    page = map_page.map_html(this_learner())
    here = int(re.search(rf'href="{first_lesson().address}#step-(\d+)">Go on with 7.1 ', page)[1])
    assert here > reached
    assert "2 cards left out." in page
    before = minutes_left(page)
    answer(MODULE, scored_cards()[4])
    assert minutes_left(map_page.map_html(this_learner())) < before
    answer(MODULE, third)
    assert "1 card left out." in map_page.map_html(this_learner())


def test_where_nothing_lies_ahead_the_next_lesson_comes_and_left_out_cards_are_named():
    answer(MODULE, scored_cards()[-1])
    second = course_map.lessons(own_course(), MODULE)[1]
    page = map_page.map_html(this_learner())
    assert f'href="{second.address}">Begin {second.number} ' in page
    assert f"{len(scored_cards()) - 1} cards left out." in page


def test_after_a_hand_in_map_and_card_say_the_same_next_lesson():
    answer("01-definitions", course_map.lessons(own_course(), "01-definitions")[2].cards[0])
    save_trainee(own_home(), "trainee-017")
    prepare_home(this_learner())
    card = HandInCard(this_learner(), "01-definitions")
    reply = card.handlers()["hand_in"]({}, ())
    first = course_map.lessons(own_course(), "02-values")[0]
    assert reply["next"] == {
        "title": f"{first.number} {first.title}",
        "link": f"../../{first.address}",
    }
    assert f'href="{first.address}">Begin 2.1 ' in map_page.map_html(this_learner())


def cards_in(step: list[dict]) -> list[str]:
    return [name for cell in step for name in cards_of(cell)]


def test_a_lesson_is_done_without_its_private_thoughts():
    items = items_of(places.own_course().lessons / MODULE / "items.yaml")
    cards = first_lesson().cards
    scored = [name for name in cards if KINDS[items[name].kind].scored]
    assert len(scored) < len(cards)
    for name in scored:
        kind = items[name].kind
        response = model_response(items[name])
        answers.save_response(own_home().practice_record(MODULE), MODULE, name, kind, response)
    page = map_page.map_html(this_learner())
    assert f"Done, {len(scored)} of {len(cards)} practice cards" in page
    second = course_map.lessons(own_course(), MODULE)[1]
    assert f'href="{second.address}">Begin {second.number} ' in page


def test_a_module_whose_lessons_are_done_asks_for_its_exercise(monkeypatch):
    assert "Hand in the exercise" not in map_page.map_html(this_learner())
    everything = set(course_map.lessons_of_cards(own_course()))
    monkeypatch.setattr(map_page, "answered", lambda *_: everything)
    assert "Hand in the exercise of module 7" in map_page.map_html(this_learner())


def test_a_damaged_file_of_items_takes_nothing_away(monkeypatch, tmp_path):
    save(1)
    copy = Path(shutil.copytree(own_course().lessons, tmp_path / "course"))
    (copy / MODULE / "items.yaml").write_text("- [")
    monkeypatch.setenv("ALONGSIDE_COURSE", str(copy))
    assert "Go on with 7.1" in map_page.map_html(this_learner())


def test_feedback_is_found_below_the_path_of_a_proxy():
    page = own_home().feedback_page(MODULE)
    page.parent.mkdir(parents=True)
    page.write_text("<!doctype html>")
    (link,) = set(re.findall(r'href="([^"]*feedback[^"]*)"', map_page.map_html(this_learner())))
    address = urljoin("http://127.0.0.1/course/lessons/index.ipynb", link)
    assert address == f"http://127.0.0.1/course/feedback/{MODULE}"
