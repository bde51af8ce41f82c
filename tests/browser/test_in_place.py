"""Feedback where the answer stands, in Chromium: at the option, with a nudge first; and pairs."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.content import items_of
from helpers.kinds import CARDS, MODULE, cards, make_course, open_fresh
from helpers.paths import REPOSITORY
from helpers.servers import Server, own_port, serving

LESSON = "lessons/07-advice/2-watch-outs.ipynb"
ITEMS = items_of(REPOSITORY / "course" / "07-advice" / "items.yaml")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("in-place")
    course = make_course(base / "course")
    with serving(base / "home", "learn", *own_port(), ALONGSIDE_COURSE=str(course)) as running:
        yield running


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving(tmp_path_factory.mktemp("lessons") / "home", "learn", *own_port()) as running:
        yield running


def first_choice(page):
    """Return the first choice of the lesson and its item: its options say which one it is."""
    card = cards(page, "choice").first
    texts = set(card.locator(".al-option").all_inner_texts())
    items = (item for item in ITEMS.values() if item.kind == "choice")
    return card, next(item for item in items if {each.text for each in item.options} == texts)


def choose(card, option) -> None:
    card.locator(f".al-option:has(input[value='{option.id}'])").click()


def ask(card) -> None:
    card.get_by_role("button", name="See feedback").click()


def test_a_low_choice_is_nudged_and_then_explained_at_the_option(page, lessons):
    open_fresh(page, lessons, LESSON)
    card, item = first_choice(page)
    low, other = sorted(item.options, key=lambda option: option.points)[:2]
    choose(card, low)
    ask(card)
    card.get_by_text("Look again at what").wait_for()
    assert low.feedback not in card.inner_text()
    card.get_by_role("button", name="Try again").click()
    assert page.evaluate("document.activeElement.value") == low.id
    assert card.get_by_text("Look again at what").count() == 0
    choose(card, other)
    ask(card)
    at = card.locator(f".al-option:has(input[value='{other.id}']) + .al-feedback")
    at.locator(".al-headline").wait_for()
    assert other.feedback in at.inner_text()
    assert other.better in at.inner_text()
    assert card.inner_text().count(other.text) == 1  # not printed again below
    assert "points" not in card.inner_text()
    record = json.loads((lessons.home / "practice" / "07-advice.json").read_text())
    kept = record["items"][item.id]
    assert (kept["tries"], kept["first_response"], kept["response"]) == (2, low.id, other.id)


def test_who_wants_the_reason_at_once_gets_it(page, lessons):
    open_fresh(page, lessons, LESSON)
    card, item = first_choice(page)
    low = min(item.options, key=lambda option: option.points)
    choose(card, low)
    ask(card)
    card.get_by_role("button", name="Show me why").click()
    card.get_by_text(low.feedback).wait_for()
    assert card.get_by_role("button", name="Try again").count() == 0


@pytest.mark.parametrize("which", [min, max], ids=["low", "best"])
def test_a_choice_is_told_by_a_sign_a_word_and_a_tint(page, lessons, which):
    open_fresh(page, lessons, LESSON)
    card, item = first_choice(page)
    option = which(item.options, key=lambda each: each.points)
    choose(card, option)
    ask(card)
    if which is min:
        card.get_by_role("button", name="Show me why").click()
    card.get_by_text(option.feedback).wait_for()
    told = card.locator(".al-verdict")
    sign = told.locator(".al-headline").evaluate("n => getComputedStyle(n, '::before').content")
    assert sign.startswith('"✓' if which is max else '"↺')
    assert told.locator(".al-headline").inner_text()
    tint, plain = (
        node.evaluate("n => getComputedStyle(n).backgroundColor") for node in (told, card)
    )
    assert tint != plain
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []


def test_of_several_to_tick_each_has_its_reason_below_it(page, lessons):
    open_fresh(page, lessons, "lessons/01-definitions/1-what-it-is.ipynb")
    card = cards(page, "choices").first
    card.locator(".al-option").first.click()
    ask(card)
    card.locator(".al-headline").wait_for()
    options = card.locator(".al-option").count()
    assert card.locator(".al-option + .al-part-note:not(:empty)").count() == options
    assert f"of {options} fit so far" in card.locator(".al-feedback").inner_text()


def test_a_pair_is_made_by_two_taps_from_either_side(page, server):
    open_fresh(page, server, CARDS)
    card = cards(page, "match").first
    lefts, rights = card.locator(".al-pair"), card.locator(".al-right")
    lefts.nth(0).locator(".al-pair-text").click()
    assert "al-picked" in lefts.nth(0).get_attribute("class")
    rights.nth(1).click()
    rights.nth(2).click()
    lefts.nth(1).locator(".al-pair-text").click()
    card.get_by_text("Saved", exact=True).wait_for()
    item = items_of(server.home.parent / "course" / MODULE / "items.yaml")["kinds-match-three"]
    texts = {right.text: right.id for right in item.rights}
    wanted = [rights.nth(at).locator("span").nth(1).inner_text() for at in (1, 2)]
    wanted = [words.removesuffix("used").strip() for words in wanted]
    record = json.loads((server.home / "practice" / f"{MODULE}.json").read_text())
    made = record["items"]["kinds-match-three"]["response"]
    assert list(made.values()) == [texts[words] for words in wanted]
    assert card.locator(".al-partner:not(:empty)").all_inner_texts() == wanted
    assert card.locator(".al-picked").count() == 0


PHONE = {"viewport": {"width": 360, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.mark.parametrize("size", ["", "largest"])
def test_on_a_phone_the_partners_stand_at_the_line_and_lines_stay_as_high(chromium, lessons, size):
    context = chromium.new_context(**PHONE)
    page = context.new_page()
    open_fresh(page, lessons, "lessons/02-values/1-six-values.ipynb")
    page.goto(lessons.url("lessons/02-values/1-six-values.ipynb", part="step-3"))
    page.evaluate(f"document.documentElement.dataset.text = '{size}'")
    card = cards(page, "match").first
    row = card.locator(".al-pair").last
    row.locator(".al-pair-text").scroll_into_view_if_needed()
    before = row.bounding_box()["height"]
    row.locator(".al-pair-text").tap()
    near = row.locator(".al-near li")
    words = card.locator(".al-right > span:last-child").all_inner_texts()
    assert [one.strip() for one in near.locator("span:last-child").all_inner_texts()] == words
    assert page.evaluate(IN_SIGHT)
    near.nth(1).tap()
    card.get_by_text("Saved", exact=True).wait_for()
    assert row.locator(".al-slot").inner_text() == "B"
    assert card.locator(".al-near li").count() == 0
    assert row.bounding_box()["height"] == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


# Nothing lies above the words of the line that was tapped, nor above the first partner at it.
IN_SIGHT = """
() => ['.al-picked .al-pair-text', '.al-near li'].every((name) => {
  const node = document.querySelector(`.al-step:target ${name}`);
  const box = node.getBoundingClientRect();
  return node.contains(document.elementFromPoint(box.x + 20, box.y + box.height / 2));
})
"""


def test_on_a_phone_the_next_line_stays_where_it_was_tapped(chromium, lessons):
    context = chromium.new_context(**PHONE | {"viewport": {"width": 360, "height": 800}})
    page = context.new_page()
    open_fresh(page, lessons, "lessons/01-definitions/1-what-it-is.ipynb")
    page.goto(lessons.url("lessons/01-definitions/1-what-it-is.ipynb", part="step-14"))
    page.locator("#step-14 > .al-fold > summary").wait_for()  # the page has its height
    card = cards(page, "match").first
    lines, rows = card.locator(".al-pair-text"), card.locator(".al-pair")
    lines.nth(0).tap()
    rows.nth(1).evaluate("node => scrollBy(0, node.getBoundingClientRect().top - 130)")
    before = rows.nth(1).bounding_box()["y"]
    lines.nth(1).tap()
    page.wait_for_timeout(200)
    assert "al-picked" in rows.nth(1).get_attribute("class")
    # What it moves at most is what brings its last partner in sight; the other list was 200 high.
    assert abs(rows.nth(1).bounding_box()["y"] - before) <= 12
    context.close()


def test_a_second_tap_on_the_same_takes_it_back(page, server):
    open_fresh(page, server, CARDS)
    card = cards(page, "match").first
    for _ in range(2):
        card.locator(".al-pair-text").first.click()
    assert card.locator(".al-picked").count() == 0
    card.locator(".al-right").first.click()
    card.locator(".al-right").nth(1).click()
    assert card.locator(".al-picked").count() == 1
    assert card.locator(".al-partner:not(:empty)").count() == 0


def test_the_menu_of_a_pair_holds_whole_words_and_shows_its_focus(page, server):
    open_fresh(page, server, CARDS)
    card = cards(page, "match").first
    menu = card.get_by_role("combobox").first
    menu.focus()
    page.keyboard.press("b")
    assert (
        card.locator(".al-pick").first.evaluate("n => getComputedStyle(n).outlineStyle") == "solid"
    )
    shown = card.locator(".al-partner").first
    assert shown.inner_text() in menu.evaluate("n => n.selectedOptions[0].text")
    assert (
        shown.evaluate("n => n.scrollWidth <= n.clientWidth && getComputedStyle(n).overflow")
        == "visible"
    )
    box = card.locator(".al-pick").first.bounding_box()
    assert min(box["width"], box["height"]) >= 24


def test_on_a_phone_many_cards_are_sorted_by_letters_whose_names_stay_in_sight(page, lessons):
    page.set_viewport_size({"width": 360, "height": 640})
    open_fresh(page, lessons, "lessons/02-values/3-seeing-the-person.ipynb")
    card = cards(page, "sort").first
    last = card.locator(".al-sort-card").last
    last.locator(".al-pile").first.click()
    assert last.locator("input").first.is_checked()
    tally = card.locator(".al-tally")
    assert tally.bounding_box()["y"] >= -1
    assert tally.locator(".al-badge").first.is_visible()
    name = last.locator("input").first.evaluate("n => n.labels[0].textContent")
    assert name.startswith("A")
    assert len(name) > 2
    box = last.locator(".al-pile .al-badge").first.bounding_box()
    assert min(box["width"], box["height"]) >= 24
