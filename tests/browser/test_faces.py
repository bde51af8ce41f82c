"""Faces, places and letters in Chromium: only what a page shows is fetched, and nothing moves."""

from __future__ import annotations

import gzip

import pytest

ELIN = "lessons/05-boundaries/1-five-risks.ipynb"
STEP = "step-5"  # where Elin speaks
MOST = 250_000  # bytes of a lesson, compressed, without its letters
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


def names(addresses) -> set[str]:
    return {address.rpartition("/")[2].partition("?")[0] for address in addresses}


def test_who_speaks_has_their_face_beside_the_words_and_no_other_is_fetched(page, learn_server):
    page.goto(learn_server.url(ELIN, part=STEP))
    face = page.locator(f"#{STEP} .al-face")
    face.wait_for()
    assert face.get_attribute("aria-hidden") == "true"
    assert page.locator(f"#{STEP} .al-says figcaption").inner_text() == "Elin says"
    page.wait_for_load_state("networkidle")
    assert {name for name in names(page.requests) if name.endswith(".svg")} == {"elin.svg"}
    assert face.evaluate("node => getComputedStyle(node).backgroundImage").endswith('elin.svg")')
    assert not page.errors


@pytest.mark.parametrize("width", [360, 1366])
def test_a_lesson_weighs_little_and_nothing_moves_when_its_letters_come(page, learn_server, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(SHIFTS)
    found = []

    def came(answer):  # a list's own method takes no mark, which the driver puts on listeners
        found.append(answer)

    page.on("response", came)
    page.goto(learn_server.url(ELIN, part=STEP))
    page.locator(f"#{STEP} .al-face").wait_for()
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    files = [each for each in found if each.status == 200]
    letters = {name for name in names(each.url for each in files) if name.endswith(".woff2")}
    assert letters == {"fraunces.woff2", "atkinson.woff2"}
    rest = [each.body() for each in files if not each.url.endswith(".woff2")]
    assert sum(len(gzip.compress(body)) for body in rest) <= MOST
    assert page.evaluate("window.shifted") <= 0.02


def test_a_wide_window_shows_the_outline_and_a_narrow_one_does_not(page, learn_server):
    page.set_viewport_size({"width": 1300, "height": 800})
    page.goto(learn_server.url(ELIN, part=STEP))
    here = page.locator(".al-outline [aria-current]")
    here.wait_for()
    page.wait_for_load_state("load")
    assert here.get_attribute("href") == f"#{STEP}"
    page.get_by_role("link", name="Next", exact=True).click()
    page.locator(".al-outline [aria-current][href='#step-6']").wait_for()
    outline, main = page.locator(".al-outline").bounding_box(), page.locator("main").bounding_box()
    assert outline["x"] >= 0
    assert outline["x"] + outline["width"] <= main["x"] + 20
    page.set_viewport_size({"width": 1100, "height": 800})
    assert not page.locator(".al-outline").is_visible()


def test_a_step_whose_card_is_answered_is_marked_in_the_outline_at_once(page, learn_server):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(learn_server.url("lessons/02-values/2-five-essentials.ipynb", part="step-2"))
    card = page.locator(".al-card.al-choice").first
    card.wait_for(state="attached")
    step = card.evaluate("node => node.closest('.al-step').id")
    page.locator(f".al-outline a[href='#{step}']").click()
    done = page.locator(".al-outline a").filter(has=page.locator(".al-done"))
    assert done.count() == 0
    card.locator(".al-option").first.click()
    done.wait_for()
    assert done.get_attribute("href") == f"#{step}"
    assert done.text_content().endswith(" done")
    assert "●" in done.locator(".al-done").evaluate("n => getComputedStyle(n, '::after').content")
    page.reload()
    done.wait_for()
    assert done.get_attribute("href") == f"#{step}"


def test_cards_of_which_some_have_no_place_yet_leave_their_step_unmarked(page, learn_server):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(learn_server.url("lessons/01-definitions/1-what-it-is.ipynb", part="all"))
    card = page.locator(".al-card.al-sort").first
    card.wait_for()
    step = card.evaluate("node => node.closest('.al-step').id")
    mark = page.locator(f".al-outline a[href='#{step}'] .al-done")
    rows = card.locator(".al-sort-card")
    for number in range(rows.count()):
        assert mark.count() == 0
        rows.nth(number).locator(".al-pile").first.click()
        card.get_by_text("Saved", exact=True).wait_for()
    mark.wait_for(state="attached")


def test_a_talk_that_has_only_begun_and_a_step_to_read_have_no_mark(page, learn_server):
    page.set_viewport_size({"width": 1366, "height": 768})
    page.goto(learn_server.url("lessons/02-values/4-bearing-witness.ipynb", part="step-18"))
    card = page.locator("#step-18 .al-conversation")
    card.locator(".al-say").first.click()
    card.locator(".al-from-you").wait_for()
    card.get_by_text("Saved", exact=True).wait_for()
    assert page.locator(".al-outline .al-done").count() == 0


def test_the_words_of_a_step_stand_right_of_it_and_cover_nothing(page, learn_server):
    page.set_viewport_size({"width": 1200, "height": 800})
    page.goto(learn_server.url("lessons/06-conversation/1-four-phases.ipynb", part="step-2"))
    words = page.locator("#step-2 .al-margin")
    words.wait_for()
    box, main = words.bounding_box(), page.locator("main").bounding_box()
    assert box["x"] >= main["x"] + main["width"] - 22
    assert box["x"] + box["width"] <= 1200
    page.set_viewport_size({"width": 1100, "height": 800})
    assert not words.is_visible()


@pytest.mark.parametrize("width", [320, 768, 1366])
def test_the_map_is_a_way_of_places_in_which_rows_stay_links(page, learn_server, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(learn_server.url("lessons/index.ipynb", part=""))
    assert page.locator(".al-module .al-scene").count() == 10
    assert page.locator(".al-footsteps").count() == 9
    assert page.locator(".al-map svg:not([aria-hidden=true])").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    row = page.locator(".al-module[open] .al-lessons li").first
    row.scroll_into_view_if_needed()
    box = row.bounding_box()
    lesson = row.locator("a").first.get_attribute("href").split("#")[0].split("/")[-1]
    page.mouse.click(box["x"] + box["width"] - 6, box["y"] + 6)
    page.wait_for_url(f"**/{lesson}*")
