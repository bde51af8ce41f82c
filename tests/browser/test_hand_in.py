"""The hand-in in Chromium: what is open, where a code comes from, and what stands out."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from helpers.browser import ready
from helpers.servers import Server, own_port, serving

MODULE = "01-definitions"
EXERCISE = f"lessons/exercises/{MODULE}/exercise.ipynb"
QUESTIONS = 13
FILLED = (
    "getComputedStyle(document.querySelector('.al-step:has(.al-hand-in) .al-next')).backgroundColor"
)
ACCENT = "getComputedStyle(document.querySelector('.al-hand-in .al-button')).backgroundColor"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home", "learn", *own_port()) as running:
        yield running


def test_a_hand_in_says_where_a_code_comes_from_and_what_is_open(page, server):
    page.goto(server.url(EXERCISE, "step-1"))
    page.get_by_text("For the hand-in you may need a code.").locator("visible=true").wait_for()
    ready(page, server.url(EXERCISE))
    last = page.locator(".al-step").last.get_attribute("id")
    page.goto(server.url(EXERCISE, last))
    card = page.locator(".al-hand-in:visible")
    card.get_by_text("You have none? Ask your trainer.").wait_for()
    card.get_by_text("Use only letters, digits, dots and dashes.").wait_for()
    card.get_by_role("textbox").fill("trainee-017")
    card.get_by_role("button", name="Keep this code").click()
    links = card.get_by_role("link", name="Question")
    links.first.wait_for()
    assert links.all_inner_texts() == [str(number) for number in range(1, QUESTIONS + 1)]
    for number in (1, QUESTIONS):
        address = links.nth(number - 1).get_attribute("href")
        heading = page.locator(f"{address} h2").inner_text()
        assert heading.rstrip("¶") == f"Question {number}"


def test_the_result_of_a_hand_in_is_what_stands_out(page, server):
    ready(page, server.url(EXERCISE))
    card = page.locator(".al-hand-in")
    card.get_by_role("textbox").fill("trainee-017")
    card.get_by_role("button", name="Keep this code").click()
    look = card.get_by_role("button", name="See what will be sent")
    look.wait_for()
    page.goto(page.url.replace("#all", f"#{page.locator('.al-step').last.get_attribute('id')}"))
    assert page.evaluate(FILLED) != page.evaluate(ACCENT)  # "Go on" waits
    look.click()
    card.get_by_role("button", name="Make my hand-in file").click()
    card.locator(".al-result", has_text="Your file is ready").wait_for()
    assert look.get_attribute("class") == "al-quiet"
    assert page.evaluate(FILLED) == page.evaluate(ACCENT)
    assert page.errors == []


def test_that_words_may_help_is_asked_anew_each_time_and_never_ticked_before(page, server):
    ready(page, server.url(EXERCISE))
    card = page.locator(".al-hand-in")
    card.get_by_role("textbox").fill("trainee-017")
    card.get_by_role("button", name="Keep this code").click()
    for ticks in (True, False):
        card.get_by_role("button", name="See what will be sent").click()
        box = card.get_by_role("checkbox", name="Yes, my typed replies may help")
        card.get_by_text("without your name or code, may be used to improve").wait_for()
        assert not box.is_checked()
        if ticks:
            box.focus()
            page.keyboard.press("Space")
        with page.expect_download() as saved:
            card.get_by_role("button", name="Make my hand-in file").click()
            card.locator(".al-result a[download]").click()
        with zipfile.ZipFile(saved.value.path()) as pack:
            assert json.loads(pack.read("handin.json")).get("may_teach", False) is ticks
    assert page.errors == []
