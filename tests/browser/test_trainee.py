"""Tests of the pages in Chromium: in the dark, out of the way, lost and found again."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import ready
from helpers.paths import SCREENSHOTS
from helpers.servers import own_port, serving
from helpers.traces import traces

MAP = "lessons/index.ipynb"
LESSONS = [
    f"lessons/07-advice/{name}.ipynb"
    for name in ("3-why-be-careful", "4-four-rules", "5-three-wordings")
]
EXERCISE = "lessons/exercises/07-advice/exercise.ipynb"
PAGES = {"map": MAP, "lesson": LESSONS[1], "exercise": EXERCISE}


@pytest.mark.parametrize(
    ("name", "scheme"),
    [("lesson", "light"), ("lesson", "dark"), ("map", "dark"), ("exercise", "dark")],
)
def test_axe_finds_nothing(page, learn_server, name, scheme):
    page.emulate_media(color_scheme=scheme)
    ready(page, learn_server.url(PAGES[name]))
    if name != "map":
        page.locator(".al-option input:visible").first.check()
    if name == "lesson":
        page.get_by_role("button", name="See feedback").first.click()
        page.wait_for_selector(".al-headline")
    page.locator("summary").first.click()
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}-{scheme}.png", full_page=True)
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_without_a_browser_the_address_is_printed_all_the_same(tmp_path):
    with serving(tmp_path / "home", "learn", BROWSER="/no/such/browser", DISPLAY="") as server:
        assert "Course map" in server.fetch(MAP)
    log = (tmp_path / "home-server.log").read_text()
    assert "Traceback" not in log


def test_a_missing_page_is_said_plainly(page, learn_server):
    page.goto(learn_server.url("lessons/07-advice/9-nothing.ipynb"))
    assert page.get_by_role("heading", name="This page is not here").is_visible()
    assert "Traceback" not in page.content()


def test_an_address_without_its_token_shows_no_course(page, learn_server):
    page.goto(f"{learn_server.base}/{MAP}")
    assert page.get_by_text("Please use the full address").is_visible()


@pytest.mark.parametrize("rounds", [6, pytest.param(200, marks=pytest.mark.full)])
def test_lessons_opened_and_left_leave_nothing(page, learn_server, rounds):
    for name in LESSONS:
        ready(page, learn_server.url(name))
    before = traces(learn_server)
    for round_ in range(rounds):
        ready(page, learn_server.url(LESSONS[round_ % 3]))
    page.goto("about:blank")
    assert traces(learn_server) == before


def test_answers_outlive_a_stopped_course(page, tmp_path):
    with serving(tmp_path / "home", "learn", *own_port()) as server:
        ready(page, server.url(LESSONS[1]))
        page.locator(".al-option input:visible").first.check()
        page.get_by_text("Saved", exact=True).first.wait_for()
        box = page.locator(".al-reply textarea").first
        box.fill("What have you thought of so far?")
        page.get_by_text("Saved", exact=True).nth(1).wait_for()
        with server.away():
            box.fill("And now?")
            page.get_by_text("Not saved.").wait_for(timeout=10_000)
            assert box.input_value() == "And now?"
        ready(page, server.url(LESSONS[1]))  # a new start has a new address
        reply = page.locator(".al-reply").first
        reply.get_by_text(re.compile("^(Saved|Your saved answer)$")).wait_for()
        assert page.locator(".al-option input").first.is_checked()
        assert (
            page.locator(".al-reply textarea").first.input_value()
            == "What have you thought of so far?"
        )
        record = json.loads((server.home / "practice" / "07-advice.json").read_text())
        typed = [item["response"] for item in record["items"].values() if item["kind"] == "reply"]
        assert typed == ["What have you thought of so far?"]


def test_a_choice_can_be_made_and_checked_by_keyboard_alone(page, tmp_path):
    with serving(tmp_path / "home", "learn") as server:
        ready(page, server.url(LESSONS[1]))
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.type") == "radio":
                break
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        assert page.locator(".al-option input").nth(1).is_checked()
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "See feedback"
        page.keyboard.press("Enter")
        page.wait_for_selector(".al-headline")
        assert page.locator(".al-option:has(:checked) + .al-feedback p").count() >= 1


def test_nothing_is_preselected(page, learn_server):
    ready(page, learn_server.url(LESSONS[2]))
    assert page.locator("input:checked").count() == 0
    page.get_by_role("button", name="See feedback").first.click()
    assert page.get_by_text("first.").first.is_visible()


def test_cards_of_one_page_share_no_names(page, learn_server):
    ready(page, learn_server.url(EXERCISE))
    groups = page.evaluate(
        "[...document.querySelectorAll('fieldset')].map(f => f.querySelector('input').name)"
    )
    assert len(set(groups)) == len(groups) >= 8


def test_a_hard_story_and_its_replies_wait_until_they_are_opened(page, learn_server):
    ready(page, learn_server.url(EXERCISE))
    closed = page.locator(".al-card").evaluate_all(
        "cards => cards.findIndex(card => card.querySelector('.al-note'))"
    )
    hard = page.locator(".al-card").nth(closed)
    assert hard.locator("fieldset").is_hidden()
    assert hard.locator("blockquote").count() == 0
    hard.get_by_role("button", name="Show a gentler version").click()
    assert hard.locator("fieldset").is_visible()
    assert hard.locator("blockquote").count() == 1


def test_two_windows_never_overwrite_each_other_unasked(page, tmp_path):
    with serving(tmp_path / "home", "learn") as server:
        ready(page, server.url(LESSONS[1]))
        other = page.context.new_page()
        ready(other, server.url(LESSONS[1]))
        page.locator(".al-reply textarea").first.fill("the long answer")
        page.get_by_text("Saved", exact=True).first.wait_for()
        other.locator(".al-reply textarea").first.fill("a short one")
        other.get_by_text("You answered this in another window").wait_for()
        record = server.home / "practice" / "07-advice.json"
        assert "the long answer" in record.read_text()
        other.get_by_role("button", name="Show the other one").click()
        assert other.locator(".al-reply textarea").first.input_value() == "the long answer"
        other.locator(".al-reply textarea").first.fill("both together")
        for _ in range(50):
            if "both together" in record.read_text():
                break
            page.wait_for_timeout(100)
        assert "both together" in record.read_text()


def test_a_reply_that_cannot_be_read_gets_no_points_and_care_goes_first(page, tmp_path):
    with serving(tmp_path / "home", "learn") as server:
        ready(page, server.url(LESSONS[1]))
        card = page.locator(".al-reply").first
        card.locator("textarea").fill("Das ist sehr schwer, ich weiß nicht weiter.")
        card.get_by_role("button", name="See feedback").click()
        card.get_by_text("The course gives no points here").wait_for()
        assert "Missing" not in card.inner_text()
        card.locator("textarea").fill("Honestly I want to die too.")
        card.get_by_role("button", name="See feedback").click()
        card.get_by_text("you do not have to carry it alone").wait_for()
