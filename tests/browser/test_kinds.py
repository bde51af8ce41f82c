"""Tests of each kind of card in Chromium: by pointer, by keyboard, seen and heard."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from helpers.browser import press_button, ready, tab_to
from helpers.content import items_of
from helpers.kinds import CARDS, MODULE, Look, answer_all, cards, look_at, make_course, open_fresh
from helpers.servers import Server, own_port, serving

from grader.formats import answers
from grader.kinds.scoring import model_response

KINDS = ("order", "sort", "match", "spot", "rating", "reflection", "sources_differ")
PRIVATE = ("rating", "reflection")
MOMENTS = ("before", "after")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("kinds")
    course = make_course(base / "course")
    with serving(base / "home", "learn", *own_port(), ALONGSIDE_COURSE=str(course)) as running:
        yield running


def kept(server: Server, kind: str) -> dict[str, answers.Answer]:
    """Return the answers on disk to items of one kind."""
    folder = server.home / ("journal" if kind in PRIVATE else "practice")
    record = answers.read_record(folder / f"{MODULE}.json", MODULE)
    return {name: each for name, each in record.answers.items() if each.kind == kind}


@pytest.fixture(scope="module")
def looks(chromium, server) -> dict[str, Look]:
    """Look at all cards before anything is answered, and after all of it has feedback."""
    page = chromium.new_page()
    open_fresh(page, server, CARDS)
    before = look_at(page, "kinds-before")
    answer_all(page)
    after = look_at(page, "kinds-after")
    page.close()
    return {"before": before, "after": after}


@pytest.mark.parametrize("moment", MOMENTS)
def test_axe_finds_nothing(looks, moment):
    assert looks[moment].axe == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_nothing_is_cut_off_on_a_phone_or_at_double_size(looks, moment):
    assert looks[moment].too_wide == []
    assert looks[moment].cut == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_every_control_has_a_name_for_a_screen_reader(looks, moment):
    controls = looks[moment].controls
    assert looks[moment].unnamed == []
    assert ("button", "Move up: Listen to what happened.") in controls
    assert ("combobox", "“So the evenings are the worst.”") in controls
    assert len(controls) > 90


def test_a_picture_that_is_attached_to_a_lesson_is_shown(page, server):
    page.goto(server.url(CARDS))
    picture = page.get_by_role("img", name="A grey square")
    picture.wait_for()
    assert picture.evaluate("node => node.naturalWidth") == 8


def test_every_kind_is_saved_and_its_feedback_shown_at_its_parts(page, server):
    open_fresh(page, server, CARDS)
    assert page.locator("input:checked").count() == 0
    answer_all(page)
    for kind in KINDS:
        assert [answer.tries for answer in kept(server, kind).values()] == [1, 1]
    assert cards(page, "order").first.locator(".al-part-note:not(:empty)").count() == 3
    assert cards(page, "sort").first.locator(".al-part-note:not(:empty)").count() == 4
    assert cards(page, "match").first.get_by_text("It goes with").count() >= 1
    assert cards(page, "spot").first.get_by_text("He told her about his nights").is_visible()
    views = cards(page, "sources_differ").first.locator(".al-view")
    assert views.count() == 2
    assert views.nth(1).get_by_text("Nearest to how you see it").is_visible()
    for kind in ("rating", "reflection", "sources_differ"):
        assert "points" not in cards(page, kind).first.inner_text()
    assert not (server.home / "practice" / f"{MODULE}.json").read_text().count("reflection")
    assert page.errors == []


def test_everything_that_takes_the_focus_keeps_its_keys_from_the_notebook(page, server):
    ready(page, server.url(CARDS))
    bare = ".al-card :is(a, button, input, select, summary, textarea, [tabindex])"
    bare += ":not([data-lm-suppress-shortcuts])"
    assert page.locator(bare).count() == 0
    assert page.locator(".al-card select[data-lm-suppress-shortcuts]").count() == 7


def check_by_keyboard(page, kind: str, button: str = "See feedback") -> None:
    press_button(page, button)
    assert page.evaluate(f"Boolean(document.activeElement.closest('.al-{kind}'))")
    cards(page, kind).first.locator(".al-feedback > *").first.wait_for()


def test_an_order_is_made_by_keyboard_alone_and_the_focus_stays(page, server):
    open_fresh(page, server, CARDS)
    card = cards(page, "order").first
    tab_to(page, "node.textContent.includes('Move up: Listen')")
    page.keyboard.press("Enter")
    assert "is now 1 of 3" in card.locator(".al-heard[role=status]").inner_text()
    assert page.evaluate("document.activeElement.textContent.includes('Move up: Listen')")
    page.keyboard.press("Space")
    assert "stays 1 of 3" in card.locator(".al-heard[role=status]").inner_text()
    check_by_keyboard(page, "order")
    assert kept(server, "order")["kinds-order-three"].response == ["b", "a", "c"]

    tab_to(page, "node.closest('.al-sort') && node.type === 'radio'")
    for _ in range(4):
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    assert "Takes room away 4" in cards(page, "sort").first.locator(".al-tally").inner_text()
    check_by_keyboard(page, "sort")
    assert set(kept(server, "sort")["kinds-sort-two"].response.values()) == {"b"}

    tab_to(page, "node.closest('.al-match') && node.tagName === 'SELECT'")
    page.keyboard.press("b")
    page.keyboard.press("Tab")
    page.keyboard.press("b")
    card = cards(page, "match").first
    assert card.locator(".al-used").all_inner_texts() == ["", "used", ""]
    check_by_keyboard(page, "match")
    assert kept(server, "match")["kinds-match-three"].response == {"a": "r2", "b": "r2"}

    for kind, button in {"spot": None, "rating": "Done", "sources_differ": "See all views"}.items():
        tab_to(page, f"node.closest('.al-{kind}') && node.type === 'radio'")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowDown")
        check_by_keyboard(page, kind, button or "See feedback")
        if kind == "rating":
            tab_to(page, "node.closest('.al-reflection') && node.tagName === 'TEXTAREA'")
            page.keyboard.type("It was quiet.")
            press_button(page, "I noticed it when …")
            page.keyboard.type("she waited.")
            check_by_keyboard(page, "reflection", "Done for now")
    assert kept(server, "spot")["kinds-spot-five"].response == "d"
    assert kept(server, "rating")["kinds-rating-own"].response == "b"
    assert kept(server, "sources_differ")["kinds-differ-two"].response == "b"
    cards(page, "reflection").nth(1).locator("textarea").fill("Some days I want to die.")
    cards(page, "reflection").nth(1).get_by_text("you do not have to carry it alone").wait_for()
    written = kept(server, "reflection")["kinds-reflection-starters"].response
    assert written == "It was quiet.\n\nI noticed it when she waited."


def test_an_order_is_no_answer_until_it_is_moved_dragged_or_agreed_to(page, server):
    open_fresh(page, server, CARDS)
    first, second = cards(page, "order").all()
    first.get_by_role("button", name="See feedback").click()
    first.get_by_text("Move a part first").wait_for()
    assert not (server.home / "practice").exists()
    first.get_by_role("button", name="This order is right for me").click()
    first.get_by_text("Saved", exact=True).wait_for()
    assert page.evaluate("document.activeElement.textContent") == "This order is right for me"
    assert kept(server, "order")["kinds-order-three"].response == ["a", "b", "c"]

    grips = second.locator(".al-grip")
    grips.first.scroll_into_view_if_needed()
    start, end = grips.first.bounding_box(), grips.nth(2).bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(end["x"] + 5, end["y"] + 25, steps=12)
    page.mouse.up()
    second.get_by_text("Saved", exact=True).wait_for()
    assert kept(server, "order")["kinds-order-five"].response == ["b", "c", "a", "d", "e"]


def test_answers_come_back_and_one_that_no_longer_fits_is_said(page, server):
    open_fresh(page, server, "lessons/index.ipynb")
    items = items_of(server.home.parent / "course" / MODULE / "items.yaml")
    odd = {"order": ["z", "a"], "sort": {"a": "z"}, "match": {"a": "r9"}, "spot": "z"}
    odd |= {"rating": "z", "sources_differ": "z", "reflection": "Kept words."}
    for kind in KINDS:
        folder = server.home / ("journal" if kind in PRIVATE else "practice")
        good, other = [item for item in items.values() if item.kind == kind]
        for item, response in ((good, model_response(good)), (other, odd[kind])):
            answers.save_response(
                folder / f"{MODULE}.json", MODULE, item.id, kind, response, tried=True
            )
    ready(page, server.url(CARDS))
    for kind in KINDS:
        good, other = cards(page, kind).all()
        good.get_by_text("Your saved answer").wait_for()
        good.locator(".al-feedback > *").first.wait_for()
        if kind != "reflection":
            other.get_by_text("This question has changed since you answered it").wait_for()
    steps = cards(page, "order").first.locator(".al-part-text").all_inner_texts()
    assert steps[0] == "Listen to what happened."
    assert cards(page, "sort").first.locator("input:checked").count() == 4
    assert cards(page, "match").first.locator("select").first.input_value() == "r2"
    assert cards(page, "reflection").nth(1).locator("textarea").input_value() == "Kept words."


def test_a_stopped_course_and_a_second_window_lose_nothing(page, server):
    open_fresh(page, server, CARDS)
    other = page.context.new_page()
    ready(other, server.url(CARDS))
    card = cards(page, "sort").first
    card.locator(".al-pile").first.dblclick()
    card.get_by_text("Saved", exact=True).wait_for()
    theirs = cards(other, "sort").first
    theirs.locator(".al-pile").nth(1).click()
    theirs.get_by_text("You answered this in another window").wait_for()
    theirs.get_by_role("button", name="Show the other one").click()
    assert theirs.locator("input").first.is_checked()
    other.close()
    page.route("**/cards", lambda route: route.abort())  # the course is away for a moment
    card.locator(".al-pile").nth(3).click()
    card.get_by_text("Not saved.").wait_for(timeout=10_000)
    page.unroute("**/cards")
    ready(page, server.url(CARDS))
    cards(page, "sort").first.get_by_text("Saved", exact=True).wait_for()
    assert kept(server, "sort")["kinds-sort-two"].response == {"a": "a", "b": "b"}
    saved = json.loads((server.home / "practice" / f"{MODULE}.json").read_text())
    assert list(saved["items"]) == ["kinds-sort-two"]
