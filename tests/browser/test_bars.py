"""The bars of a page in Chromium: low, still, never over what is needed, and one dark button."""

from __future__ import annotations

import pytest

CHOICE = "lessons/01-definitions/1-what-it-is.ipynb"
STEP = "step-6"  # a reply to Bette, on a bench
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 360, "height": 640}


def opened(page, learn_server, size: dict[str, int]):
    page.set_viewport_size(size)
    page.goto(learn_server.url(CHOICE, STEP))
    card = page.locator(".al-card:visible")
    card.get_by_role("radio").first.wait_for()
    page.wait_for_load_state("networkidle")
    return card


def under_the_bar(page, node) -> bool:
    bar = page.locator(".al-pager:visible").bounding_box()
    box = node.bounding_box()
    return box["y"] + box["height"] > bar["y"] + 1


@pytest.mark.parametrize(("size", "pick"), [(DESK, 1), (PHONE, 2)])
def test_the_button_of_a_card_is_in_sight_once_a_reply_is_picked(page, learn_server, size, pick):
    card = opened(page, learn_server, size)
    card.get_by_role("radio").nth(pick).check()
    see = card.get_by_role("button", name="See feedback")
    assert not under_the_bar(page, see)
    ground = "node => getComputedStyle(node).backgroundColor"
    on = page.locator(".al-next:visible")
    before = see.evaluate(ground)
    assert on.evaluate(ground) != before
    see.click()
    card.locator(".al-headline").wait_for()
    again = card.get_by_role("button", name="Try again")
    if again.count():
        again.click()
        assert page.evaluate("document.activeElement.type") == "radio"
        card.get_by_text("Choose again, then press “See feedback”.").wait_for()
        see.click()
        card.locator(".al-headline").wait_for()
    assert on.evaluate(ground) == before
    assert see.evaluate(ground) != before
    assert page.errors == []


def test_on_a_phone_the_bars_are_low_and_stand_still(page, learn_server):
    opened(page, learn_server, PHONE)
    bar = page.locator(".al-pager:visible")
    page.evaluate("scrollTo(0, 200)")
    before = bar.bounding_box()
    assert before["height"] <= 56
    assert before["y"] + before["height"] == PHONE["height"]
    page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
    assert bar.bounding_box() == pytest.approx(before, abs=1)  # less than a point is rounding
    reach = page.locator(".al-reach").bounding_box()
    assert reach["y"] + reach["height"] + before["height"] <= 0.17 * PHONE["height"]
    for node in page.locator(".al-pager:visible > a, .al-reach > button, .al-reach summary").all():
        assert node.bounding_box()["height"] >= 44


def test_ones_own_record_is_in_the_menu_of_a_phone_and_at_the_top_of_a_wide_window(
    page, learn_server
):
    opened(page, learn_server, PHONE)
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("dialog").get_by_role("link", name="Your record").click()
    page.get_by_role("heading", name="Your record").wait_for()
    page.set_viewport_size(DESK)
    top = page.locator(".al-top nav").get_by_role("link", name="Your record")
    assert top.is_visible()
    menu = page.get_by_role("button", name="Menu").bounding_box()
    assert top.bounding_box()["y"] < menu["y"] + menu["height"]  # all in one line
    page.set_viewport_size({"width": 660, "height": 640})
    top.wait_for(state="hidden")
    assert page.locator(".al-top").bounding_box()["height"] < 60
