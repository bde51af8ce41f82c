"""Tests of conversations in Chromium: walked, taken back, lost, found again, looked back at."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.browser import press_button, ready, tab_to, until
from helpers.content import items_of
from helpers.kinds import ASK, MODULE, TALKS, cards, look_at, make_course, open_fresh, say
from helpers.servers import Server, own_port, serving

from grader.formats import answers
from grader.kinds.views import public_json


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("talks")
    course = make_course(base / "course")
    with serving(base / "home", "learn", *own_port(), ALONGSIDE_COURSE=str(course)) as running:
        yield running


# What a screen reader is told of the talk that the focus is in.
NEWS = "querySelector('.al-heard[role=status]').textContent"
HEARD = f"document.activeElement.closest('.al-card').{NEWS}"


def steps(server: Server, talk: str = "kinds-talk-long") -> list[dict[str, str]]:
    """Return the steps on disk."""
    record = json.loads((server.home / "practice" / f"{MODULE}.json").read_text())
    return record["items"][talk]["response"]


def jotted(server: Server) -> str:
    """Return what is typed and not said, as it stands on disk."""
    return "".join(path.read_text() for path in (server.home / "jotted").glob("*.json"))


def until_kept(page, server: Server, words: str) -> None:
    for _ in range(100):
        if words in jotted(server):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"{words} were not kept")


def second_click(page, button: Any) -> None:
    """Click as the second half of a slow double click does."""
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)


def test_a_talk_is_had_by_keyboard_alone_and_looked_back_at(page, server):
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").first
    before = look_at(page, "talk-before")
    for says in ("I lie there and think", "My sister says", "I think I have to go", "See you"):
        if card.locator(".al-say").count():
            tab_to(page, "node.className === 'al-say' && node.value === 'a'")
            page.keyboard.press("Enter")
        else:
            tab_to(page, "node.tagName === 'TEXTAREA'")
            page.keyboard.type("You miss the old flat. What goes through your mind?")
            press_button(page, "Say")
        until(page, f"{HEARD}.includes({json.dumps(says)})")
        assert page.evaluate("document.activeElement.matches('.al-dock, .al-dock textarea')")
    assert "Own ideas some" in " ".join(card.locator(".al-meters").inner_text().split())
    assert card.locator(".al-trail [aria-current=step]").inner_text().endswith("Closing")
    press_button(page, "Look back at this talk")
    card.get_by_role("heading", name="What opened Noor up").wait_for()
    card.locator(".al-mirror summary").click()
    assert card.get_by_role("table").count() == 2
    asking = card.get_by_role("table").first.get_by_role("row").first.inner_text().split()
    assert asking == ["Asking", "4"]
    assert card.locator(".al-acts").first.inner_text().endswith("naming a strength, open question")
    after = look_at(page, "talk-after")
    for look in (before, after):
        assert (look.axe, look.too_wide, look.cut, look.unnamed) == ([], [], [], [])
    assert card.get_by_role("log", name="Your talk with Noor").is_visible()
    assert page.errors == []


def test_ten_turns_outlive_a_stopped_course_and_go_on_at_the_same_turn(page, server):
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").nth(1)
    for _ in range(6):
        say(card)
    assert len(steps(server)) == 6
    card.get_by_role("textbox").fill("What would you")
    until_kept(page, server, "What would you")
    server.restart()
    ready(page, server.url(TALKS))
    card.get_by_text("My sister says that I should join a club.").wait_for()
    assert card.locator(".al-from-you").count() == 6
    assert card.get_by_role("textbox").input_value() == "What would you"
    with server.away():
        card.get_by_role("textbox").fill(ASK)
        card.get_by_role("button", name="Say", exact=True).click()
        card.get_by_text("Not saved.").wait_for(timeout=10_000)
    assert card.get_by_role("textbox").input_value() == ASK
    ready(page, server.url(TALKS))
    assert card.get_by_role("textbox").input_value() == "What would you"
    say(card)
    assert "What would you" not in jotted(server)
    card.get_by_text("There is a choir in the church next door.").wait_for()
    for _ in range(3):
        say(card)
    assert [step["turn"] for step in steps(server)] == [f"t{number}" for number in range(1, 11)]
    card.get_by_role("button", name="Look back at this talk").click()
    card.get_by_role("heading", name="What you did").wait_for()


def test_a_turn_can_be_taken_back_and_a_talk_started_again(page, server):
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").nth(1)
    say(card)
    say(card, option=1)
    card.get_by_role("button", name="Go back one turn").click()
    card.locator(".al-from-you").nth(1).wait_for(state="detached")
    until(page, f"{HEARD}.includes('I moved here in spring.')")
    second_click(page, card.get_by_role("button", name="Go back one turn"))
    page.wait_for_timeout(300)
    assert len(steps(server)) == 1
    other = page.context.new_page()
    ready(other, server.url(TALKS))
    theirs = cards(other, "conversation").nth(1)
    theirs.get_by_text("I moved here in spring.").wait_for()
    say(card)
    theirs.locator(".al-say[value=b]").click()
    theirs.get_by_text("You answered this in another window").wait_for()
    theirs.get_by_role("button", name="Show the other one").click()
    theirs.get_by_text("Too quiet, sometimes.").wait_for()
    other.close()
    card.get_by_role("button", name="Start again").click()
    card.get_by_role("button", name="No, keep it").click()
    assert len(steps(server)) == 2
    card.get_by_role("button", name="Start again").click()
    card.get_by_role("button", name="Yes, start again").click()
    card.locator(".al-from-you").first.wait_for(state="detached")
    assert steps(server) == []
    until(page, f"{HEARD}.includes('Is this the right room?')")


def test_steps_that_no_longer_fit_are_said_and_those_before_them_go_on(page, server):
    open_fresh(page, server, "lessons/index.ipynb")
    odd = [{"turn": "t1", "pick": "a"}, {"turn": "t2", "pick": "gone"}, {"turn": "t9", "pick": "a"}]
    path = server.home / "practice" / f"{MODULE}.json"
    answers.save_response(path, MODULE, "kinds-talk-long", "conversation", odd)
    ready(page, server.url(TALKS))
    card = cards(page, "conversation").nth(1)
    card.get_by_text("This conversation has changed since you had it.").wait_for()
    say(card)
    card.locator(".al-log").get_by_text("Too quiet, sometimes.").wait_for()
    assert steps(server) == [{"turn": "t1", "pick": "a"}, {"turn": "t2", "pick": "a"}]


def test_a_graded_talk_runs_without_its_key(page, server):
    course = server.home.parent / "course" / MODULE
    folder = server.home / "exercises" / MODULE
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(course / "2-talks.ipynb", folder / "exercise.ipynb")
    talks = [
        item for item in items_of(course / "items.yaml").values() if item.kind == "conversation"
    ]
    (folder / "items.json").write_text(public_json(MODULE, talks))
    ready(page, server.url(f"lessons/exercises/{MODULE}/exercise.ipynb"))
    card = cards(page, "conversation").first
    for _ in range(4):
        say(card)
    card.get_by_text("See you on Tuesday?").first.wait_for()
    assert card.get_by_role("button", name="Look back").count() == 0
    way = card.locator(".al-way")
    way.locator("summary").click()
    assert way.locator(".al-way-turns li").count() == 4 + 1  # own turns, and the end
    assert way.locator(".al-taken").count() == 4
    assert way.locator("details, .al-not-taken, .al-dot:not(.al-dot-mine)").count() == 0
    saved = json.loads((folder / "answers.json").read_text())["items"]["kinds-talk-short"]
    assert len(saved["response"]) == 4
    sent = page.content() + (folder / "items.json").read_text()
    for secret in ("You welcome Noor", "It can be a big step", '"points": 3', "one more silence"):
        assert secret not in sent
