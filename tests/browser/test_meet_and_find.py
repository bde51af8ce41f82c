"""Meeting cards again, finding words, and notes: in Chromium, by keyboard, on a phone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import pick_by_keyboard, press_button, ready
from helpers.content import items_of
from helpers.servers import serving

from grader.formats import answers
from grader.places import ITEMS, own_course

MODULE = "07-advice"
PHONE = {"width": 360, "height": 640}
ITEMS_OF = items_of(own_course().lessons / MODULE / ITEMS)
CHOICES = [item for item in ITEMS_OF.values() if item.kind == "choice"][:2]


def reply_of(item, pick) -> str:
    return pick(item.options, key=lambda option: option.points).id


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory):
    """Serve a home in which two cards went less well, some time ago."""
    home = tmp_path_factory.mktemp("met") / "home"
    place = home / "practice" / f"{MODULE}.json"
    for item in CHOICES:
        least = reply_of(item, min)
        answers.save_response(place, MODULE, item.id, "choice", least, tried=True)
    with serving(home, "learn", JUPYTER_CONFIG_DIR=str(home / "no-config")) as running:
        yield running


def is_well_made(page) -> None:
    """See that nothing is wider than a phone, and that axe finds nothing, light or dark."""
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    page.emulate_media(color_scheme="light")


def days_of(home: Path) -> dict:
    return json.loads((home / "journal" / "again.json").read_text())["items"]


def test_cards_are_met_again_by_keyboard_and_the_rest_waits(page, server):
    ready(page, server.url("lessons/index.ipynb"))
    page.get_by_text("2 cards to meet again today, about").wait_for()
    is_well_made(page)
    page.get_by_role("link", name="Meet them").press("Enter")
    page.get_by_text("1 of 2", exact=True).wait_for()
    asked = page.locator(".al-card.al-choice:visible")
    item = next(each for each in CHOICES if each.question in asked.inner_text())
    pick_by_keyboard(page, reply_of(item, max))
    press_button(page, "See feedback")
    asked.locator(".al-headline").wait_for()
    press_button(page, "Next")
    page.get_by_text("2 of 2", exact=True).wait_for()
    is_well_made(page)
    with page.expect_download() as saved:
        press_button(page, "A reminder for my calendar")
        page.get_by_role("link", name="Save a copy of the file").press("Enter")
    assert Path(saved.value.path()).read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    press_button(page, "Not today")
    page.get_by_text("That is fine. They wait for you.").wait_for()
    assert days_of(server.home)[f"{MODULE}/{item.id}"]["response"]["box"] == 1
    ready(page, server.url("lessons/index.ipynb"))
    assert not page.get_by_text("to meet again today").is_visible()
    assert page.errors == []


LESSON = "lessons/07-advice/1-four-principles.ipynb"


def test_words_open_in_place_and_a_step_is_kept_and_found(page, server):
    page.goto(server.url(LESSON, "step-1"))
    note = page.locator(".al-beside-step:visible")
    note.locator("summary").press("Enter")
    press_button(page, "Keep this step")
    note.get_by_text("Saved", exact=True).wait_for()
    note.get_by_role("textbox").fill("My zebra words")
    note.get_by_text("✎ Your note").wait_for()
    note.get_by_text("Saved", exact=True).wait_for()
    is_well_made(page)
    ready(page, server.url(LESSON))
    page.locator(".al-prose a[href*='#term-']").first.press("Enter")
    page.locator(".al-word:popover-open").wait_for()
    assert "glossary" not in page.url
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    assert page.locator(".al-word:popover-open").count() == 0
    assert "#term-" in page.evaluate("document.activeElement.href")
    press_button(page, "Menu")  # a phone has the other links there
    page.get_by_role("link", name="Find").press("Enter")
    page.get_by_label("Which words?").fill("zebra")
    page.keyboard.press("Enter")
    page.get_by_text("1 place.", exact=True).wait_for()
    is_well_made(page)
    page.locator(".al-found a").first.press("Enter")
    page.wait_for_url("**#step-1")
    page.locator(".al-beside-step:visible", has_text="✎ Your note").wait_for()
    assert page.errors == []


def test_a_note_is_kept_by_itself_also_when_its_page_is_left_at_once(page, server):
    """No button keeps it, and words that were cut off by a new page come back in this window."""
    page.goto(server.url(LESSON, "step-2"))
    page.locator(".al-beside-step:visible summary").press("Enter")
    box = page.locator(".al-beside-step:visible textarea")
    page.route("**/cards", lambda route: route.abort())
    box.fill("An owl in the rain")
    page.locator(".al-beside-step:visible").get_by_text("Not saved.").wait_for()
    assert box.input_value() == "An owl in the rain"
    page.unroute("**/cards")
    page.reload()
    page.locator(".al-beside-step:visible", has_text="✎ Your note").wait_for()
    page.locator(".al-beside-step:visible summary").press("Enter")
    assert box.input_value() == "An owl in the rain"
    box.fill("An owl in the sun")
    page.locator(".al-next:visible").click()
    page.goto(server.url(LESSON, "step-2"))
    page.locator(".al-beside-step:visible summary").press("Enter")
    page.wait_for_function("document.querySelectorAll('.al-beside-step textarea')[1].value !== ''")
    assert box.input_value() == "An owl in the sun"
    assert page.errors == []
