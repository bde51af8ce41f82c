"""What is in reach on every page, in Chromium: the help card, a pause, and the menu."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from fault_page import HOME, fault
from helpers.browser import tab_to, until
from helpers.servers import Server, own_port, serving

LESSON = "lessons/07-advice/4-four-rules.ipynb"
PHONE = {"width": 360, "height": 640}
SCREENS = (PHONE, {"width": 320, "height": 568}, {"width": 1366, "height": 768})
REGION = """
organisation: Example Group
checked_on: "2026-01-31"
lines:
  - name: Evening line
    number: "000 000"
    web: https://example.org/chat
"""
# Chromium has no voice where the system has none; one of these needs the network.
VOICES = """
const voices = [
  { name: 'Far', lang: 'en-GB', localService: false, default: true },
  { name: 'Near', lang: 'en-GB', localService: true, default: false },
  { name: 'Nah', lang: 'de-DE', localService: true, default: false },
];
window.read = [];
window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
Object.defineProperty(window, 'speechSynthesis', { value: {
  getVoices: () => voices,
  speak: (words) => window.read.push(words),
  cancel: () => { window.stopped = true; },
  addEventListener: () => {}, removeEventListener: () => {},
} });
"""
NO_STORAGE = """
for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('off'); } });
"""
SEEN = "document.querySelector('main').checkVisibility({ visibilityProperty: true })"
HAS_FOCUS = "document.activeElement.textContent"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("reach") / "home"
    home.mkdir(mode=0o700)
    (home / "region.yaml").write_text(REGION)
    with serving(home, "learn", *own_port()) as running:
        yield running


@pytest.fixture
def opened(page, server):
    """Open a step of a lesson, as it comes, on a screen of this size."""
    for kept in ("settings.json", "practice/07-advice.json"):  # of the test before
        (server.home / kept).unlink(missing_ok=True)
    page.set_default_timeout(8000)

    def go(size=PHONE, part="step-3", script="", path=LESSON):
        page.set_viewport_size(size)
        if script:
            page.add_init_script(script)
        page.goto(server.url(path, part=part))
        page.locator(".al-live > div").first.wait_for(state="attached")  # the script has run
        return page

    return go


def press(page, name):
    page.locator(".al-reach").get_by_role("button", name=name).click()


def widest(page):
    return page.evaluate(
        "Math.max(...[...document.querySelectorAll('.al-top *, dialog *')].map("
        "node => node.getBoundingClientRect().right))"
    )


def test_all_of_it_stays_in_reach_wherever_the_page_is_scrolled(opened):
    page = opened(part="all")
    for size in SCREENS:
        page.set_viewport_size(size)
        page.evaluate("scrollTo(0, 2000)")
        for node in page.locator(".al-reach :is(summary, button)").all():
            box = node.bounding_box()
            assert 0 <= box["y"] < 70 - box["height"]
            assert box["height"] >= 36
        assert widest(page) <= size["width"]
        page.locator(".al-reach summary").click()
        panel = page.locator(".al-reach .al-help > div").bounding_box()
        assert panel["y"] + panel["height"] <= size["height"]
        assert 0 <= panel["x"] <= size["width"] - panel["width"]
        page.keyboard.press("Escape")


def test_the_help_card_opens_and_closes_by_key_and_calls_by_a_tap(opened):
    page = opened()
    tab_to(page, "node.matches('.al-reach summary')")
    page.keyboard.press("Enter")
    until(page, "document.activeElement.matches('.al-reach .al-help > div')")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.href") == "tel:000000"
    page.keyboard.press("Escape")
    assert not page.locator(".al-reach .al-help > div").is_visible()
    assert page.evaluate("document.activeElement.matches('.al-reach summary')")
    page.keyboard.press("Enter")
    page.mouse.click(5, 600)
    assert not page.locator(".al-reach .al-help > div").is_visible()
    assert not [url for url in page.requests if "example.org" in url]


def test_a_care_note_opens_the_help_card(opened):
    page = opened(part="step-7")
    box = page.locator("#step-7 .al-card textarea")
    box.fill("Some days I can't go on.")
    box.blur()
    care = page.locator(".al-care:not(:empty)")
    page.locator(".al-reach .al-help > div").wait_for()  # it opens by itself, and the focus stays
    assert not page.evaluate("document.activeElement.closest('.al-help')")
    page.keyboard.press("Escape")
    care.get_by_role("button", name="Show the help card").click()
    assert page.locator(".al-reach .al-help > div").is_visible()
    page.keyboard.press("Escape")
    assert page.evaluate(HAS_FOCUS) == "Show the help card"


@fault(
    HOME,
    "Somebody pauses, and the browser loads the page anew meanwhile",
    "The page stays put away until they go on, and what they typed is there.",
)
def test_a_pause_hides_the_story_and_loses_nothing(opened):
    page = opened(part="step-7")
    page.locator("#step-7 .al-card textarea").fill("How was the night?")
    title = page.title()
    tab_to(page, "node.dataset?.opens === 'pause'")
    page.keyboard.press("Enter")
    assert not page.evaluate(SEEN)
    assert page.title() == "A pause · Alongside"
    assert page.get_by_role("heading").all_inner_texts() == ["Take the time you need"]
    page.keyboard.press("ArrowRight")  # turns no step behind it
    page.get_by_role("button", name="Look at the help card").click()
    assert page.get_by_role("dialog").get_by_role("link", name="000 000").is_visible()
    page.reload()  # as a phone does with a page that has waited for long
    assert not page.evaluate(SEEN)
    page.get_by_role("button", name="Go on with the course").click()
    until(page, SEEN)
    assert page.title() == title
    assert page.url.endswith("#step-7")
    assert page.locator("#step-7 .al-card textarea").input_value() == "How was the night?"


def test_who_comes_back_later_finds_the_same_step(opened, server):
    page = opened(part="step-4")
    press(page, "Pause")
    page.get_by_role("button", name="Come back later").click()
    page.get_by_text("Your place is kept: step 4 of").wait_for()
    page.context.clear_cookies()
    other = page.context.browser.new_context().new_page()
    other.goto(server.url("lessons/index.ipynb"))
    other.get_by_role("link", name="You paused in 7.4").click()
    assert other.locator("#step-4").is_visible()
    other.wait_for_load_state("networkidle")
    other.goto(server.url("lessons/index.ipynb"))
    assert not other.get_by_role("link", name="You paused").count()
    other.context.close()


@fault(
    HOME,
    "Somebody goes from their feedback back to the course, or to a pause",
    "They are still signed in, though nothing on the page of the feedback may run.",
)
def test_a_page_that_may_run_nothing_leads_to_a_pause(page, server):
    kept = server.home / "feedback" / "07-advice.html"
    kept.parent.mkdir(exist_ok=True)
    kept.write_text("<title>x</title><header class='al-top'></header><h1>x</h1>")
    page.goto(server.url("feedback/07-advice"))
    page.get_by_role("link", name="Pause, this is a lot").click()
    page.get_by_role("button", name="Go on with the course").click()
    until(page, SEEN)
    assert not page.url.endswith("#pause")


def test_breathing_is_a_circle_or_words_that_count(opened):
    page = opened()
    press(page, "Pause")
    for motion in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=motion)
        page.get_by_role("button", name="Breathe slowly").click()
        page.get_by_role("status").filter(has_text="Breathe in").wait_for()
        still = motion == "reduce"
        assert page.locator(".al-breath").count() == (not still)
        assert page.locator(".al-breath-count").count() == still
        page.get_by_role("button", name="Back").click()
        assert page.evaluate(HAS_FOCUS) == "Breathe slowly"


def test_the_menu_is_remembered_on_the_next_page_and_in_the_next_run(opened, server):
    page = opened()
    tab_to(page, "node.dataset?.opens === 'menu'")
    page.keyboard.press("Enter")
    before = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        tab_to(page, "node.name && node.closest('fieldset').textContent.startsWith('Text size')")
        page.keyboard.press("ArrowDown")
    with page.expect_response(lambda reply: reply.request.method == "POST"):
        page.get_by_role("radio", name="Dark").check()
    page.keyboard.press("Escape")
    assert page.evaluate(HAS_FOCUS) == "Menu"
    looks = """() => [parseFloat(getComputedStyle(document.documentElement).fontSize),
      getComputedStyle(document.body).backgroundColor]"""
    assert page.evaluate(looks) == [before * 1.25 / 1.0625, "rgb(18, 24, 28)"]
    other = page.context.browser.new_context().new_page()
    other.goto(server.url("lessons/index.ipynb"))  # as after a new start: nothing is in the browser
    assert other.evaluate(looks) == page.evaluate(looks)
    other.context.close()
    page.reload()
    press(page, "Menu")
    for name in ("Normal", "As on this device"):
        page.get_by_role("radio", name=name).first.check()
    assert page.evaluate(looks)[1] == "rgb(248, 245, 239)"


def test_without_storage_and_without_a_voice_all_else_works(opened):
    page = opened(script=NO_STORAGE)
    press(page, "Menu")
    assert page.get_by_text("Your device has no English voice of its own.").is_visible()
    assert not page.get_by_role("button", name="Read").count()
    page.get_by_role("radio", name="Most").check()
    assert page.evaluate("document.documentElement.dataset.lines") == "widest"
    page.get_by_role("radio", name="Normal").nth(1).check()
    page.keyboard.press("Escape")
    press(page, "Pause")
    page.get_by_role("button", name="Go on with the course").click()
    until(page, SEEN)
    assert page.errors == []


def test_a_page_is_read_aloud_by_a_voice_of_the_device(opened):
    page = opened(part="step-4", script=VOICES)
    page.locator("#step-4 .al-card").wait_for()
    press(page, "Menu")
    assert page.get_by_label("Which voice?").locator("option").all_inner_texts() == ["Near"]
    page.get_by_role("button", name="Read this part aloud").click()
    assert page.evaluate(HAS_FOCUS) == "Stop reading"
    words = page.evaluate("read.map(each => each.text)")
    assert page.evaluate("read.every(each => each.voice.name === 'Near')")
    peer = page.locator("#step-4 .al-card figcaption").inner_text().removesuffix(" says")
    assert words[0].startswith(f"{peer} says: ")
    page.keyboard.press("Enter")
    assert page.evaluate("stopped && !document.querySelector('.al-stop')")
    assert page.evaluate(HAS_FOCUS) == "Menu"
    press(page, "Menu")
    assert not page.get_by_label("Which voice?").count()  # it is asked once


def test_axe_finds_nothing_in_what_opens(opened):
    page = opened()
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        for name in ("", "Pause", "Menu"):
            if name:
                press(page, name)
            assert widest(page) <= PHONE["width"]
            report = Axe().run(page).response["violations"]
            found += [(scheme, name, each["id"], each["nodes"][0]["html"]) for each in report]
            page.keyboard.press("Escape")
    assert found == []


def test_twice_the_text_and_the_system_s_own_colours_keep_the_top_whole(opened):
    page = opened()
    page.emulate_media(forced_colors="active")
    page.evaluate("document.documentElement.style.fontSize = '212.5%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert widest(page) <= PHONE["width"]
    edges = "[...document.querySelectorAll('.al-next, .al-button')].map("
    widths = page.evaluate(f"{edges}node => getComputedStyle(node).borderTopWidth)")
    assert set(widths) == {"1px"}
