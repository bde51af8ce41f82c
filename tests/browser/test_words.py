"""Tests of the words of the course in Chromium: found from the map, linked into, readable."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import ready, until

MAP = "lessons/index.ipynb"
WORDS = "lessons/glossary.ipynb"


def open_words(page, server, place: str = "") -> None:
    page.goto(server.url(WORDS) + place)
    page.wait_for_selector("footer")


def test_the_map_leads_to_the_words_and_back(page, learn_server):
    ready(page, learn_server.url(MAP))
    page.get_by_role("link", name="words of the course").click()
    page.wait_for_selector(".al-words > div >> nth=50")
    assert page.inner_text("h1") == "Words of the course"
    assert page.errors == []
    page.locator("main").get_by_role("link", name="course map").click()
    page.wait_for_selector(".al-map")


def test_a_link_from_a_lesson_ends_at_its_word(page, learn_server):
    open_words(page, learn_server, "#term-informed-consent")
    word = page.locator(".al-words > div:target")
    assert word.locator("dt").inner_text() == "informed consent"
    until(page, "document.querySelector(':target').getBoundingClientRect().top < 100")


def test_a_word_leads_to_the_next_by_keyboard(page, learn_server):
    open_words(page, learn_server)
    page.locator("#term-informed-consent a").first.press("Enter")
    assert page.locator(".al-words > div:target dt").inner_text() == "self-determination"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [400, 1400])
def test_axe_finds_nothing_and_nothing_is_cut_off(page, learn_server, scheme, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    open_words(page, learn_server, "#term-peer")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    heights = page.locator(".al-words a").evaluate_all(
        "links => links.map(link => link.getBoundingClientRect().height)"
    )
    assert min(heights) >= 24
