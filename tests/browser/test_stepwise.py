"""A lesson in Chromium, step by step: place, keys, reload, print, and what a phone shows."""

from __future__ import annotations

import re

import pytest
from helpers.paths import REPOSITORY

PAGE = "lessons/01-definitions/1-what-it-is.ipynb"
LESSONS = sorted((REPOSITORY / "course").glob("[0-9]*/*.ipynb"))
PHONE = {"width": 360, "height": 640}
SCREENS = """
() => {
  const found = [];
  for (const step of document.querySelectorAll('.al-step:not(:has(.al-live))')) {
    location.hash = step.id;
    found.push([step.id, step.scrollHeight / innerHeight]);
  }
  return found;
}
"""
# Of a hard story what stands before it is opened counts.
SCREENS_OF_CARDS = SCREENS.replace(":not(:has(.al-live))", ":has(.al-live)")


def shown(page) -> list[str]:
    """Return the ids of the steps that can be seen."""
    page.locator(".al-step").first.wait_for(state="attached")
    return page.eval_on_selector_all(
        ".al-step", "steps => steps.filter(step => step.checkVisibility()).map(step => step.id)"
    )


def place(page) -> str:
    return page.locator(".al-pager p:visible").first.inner_text().split("\n")[0]


def test_one_step_is_shown_and_the_address_says_which(page, learn_server):
    page.goto(learn_server.url(PAGE, part=""))
    assert shown(page) == ["step-1"]
    assert re.fullmatch(r"Module 1 · lesson 1 of 5 · step 1 of 1\d", place(page))
    page.get_by_role("link", name="Next", exact=True).click()
    assert shown(page) == ["step-2"]
    page.reload()
    assert shown(page) == ["step-2"]
    page.get_by_role("link", name="Back", exact=True).click()
    assert shown(page) == ["step-1"]
    page.go_back()
    assert shown(page) == ["step-2"]
    assert page.url.endswith("#step-2")
    assert not page.errors


def test_arrow_keys_turn_outside_of_controls_only(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-3"))
    page.locator("#step-3 .al-card").wait_for()
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["step-4"]
    page.keyboard.press("ArrowLeft")
    assert shown(page) == ["step-3"]
    page.locator("#step-3 input[type=radio]").first.focus()
    page.keyboard.press("ArrowRight")  # picks the next option, as everywhere
    assert shown(page) == ["step-3"]
    assert page.locator("#step-3 input[type=radio]").nth(1).is_checked()


def test_the_skip_link_stays_at_the_step(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-4"))
    page.locator("#step-3 .al-card").wait_for(state="attached")  # the script has run
    page.locator(".al-skip").focus()
    page.keyboard.press("Enter")
    assert shown(page) == ["step-4"]
    assert page.evaluate("document.activeElement.id") == "step-4"


def test_everything_can_be_on_one_page_and_on_paper(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-2"))
    count = page.locator(".al-step").count()
    page.get_by_role("link", name="Everything on one page").locator("visible=true").click()
    assert len(shown(page)) == count
    assert not page.locator(".al-pager").first.is_visible()
    page.get_by_role("link", name="One step at a time").click()
    assert shown(page) == ["step-1"]
    page.emulate_media(media="print")
    assert len(shown(page)) == count
    assert (
        not page.locator(".al-pager, .al-button, .al-row, .al-help, .al-whole")
        .locator("visible=true")
        .count()
    )


def test_a_step_that_is_gone_leads_to_the_nearest(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-99"))
    page.wait_for_url(re.compile(r"#step-1\d$"))
    assert len(shown(page)) == 1


def test_the_last_step_leads_on_and_the_first_to_the_map(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-99"))
    page.wait_for_url(re.compile(r"#step-1\d$"))
    page.get_by_role("link", name="Next: 1.2 Who is a peer?").click()
    page.wait_for_url(re.compile(r"2-who-is-a-peer"))
    assert shown(page) == ["step-1"]
    page.locator("#step-1 .al-back").click()
    page.wait_for_url(re.compile(r"index\.ipynb"))


def test_a_lesson_ends_with_what_was_learned_what_to_try_and_where_to_go(page, learn_server):
    page.goto(learn_server.url(PAGE, part="step-99"))
    page.wait_for_url(re.compile(r"#step-1\d$"))
    last = page.locator(".al-step:visible")
    last.get_by_role("heading", name="You have come to the end of this lesson").wait_for()
    assert last.get_by_text("Peer support needs two things").is_visible()
    assert last.get_by_text("Watch for second cups.").is_visible()
    sources = last.get_by_text("Peer support: a brief guide")
    assert not sources.is_visible()
    last.get_by_text("Where this comes from").click()
    assert sources.is_visible()
    page.goto(learn_server.url(PAGE))  # all steps: once is enough
    page.get_by_role("heading", name="Key points").wait_for()
    assert page.get_by_text("Peer support needs two things").locator("visible=true").count() == 1
    page.goto(learn_server.url(PAGE, part="step-99"))
    page.wait_for_url(re.compile(r"#step-1\d$"))
    page.get_by_role("link", name="1.2 Who is a peer?", exact=True).click()
    page.wait_for_url(re.compile(r"2-who-is-a-peer"))


def test_an_exercise_asks_one_question_at_a_time(page, learn_server):
    page.goto(learn_server.url("lessons/exercises/07-advice/exercise.ipynb", part="step-2"))
    page.locator("#step-2 .al-card").wait_for()
    assert page.locator(".al-card:visible").count() == 1
    assert place(page).startswith("Module 7 · exercise · step 2 of ")


def too_long(page, learn_server, path, screens=SCREENS) -> tuple[list, int]:
    """Return the steps of a lesson that fill more than two screens, and how many it has."""
    page.goto(learn_server.url(f"lessons/{path.parent.name}/{path.name}", part=""))
    page.locator(".al-live > div > .al-card").last.wait_for(state="attached")
    found = page.evaluate(screens)
    return [(path.stem, *step) for step in found if step[1] > 2], page.locator(".al-step").count()


@pytest.mark.parametrize("path", LESSONS[::9], ids=lambda path: path.stem)
def test_a_step_to_read_is_at_most_two_screens_of_a_phone(page, learn_server, path):
    page.set_viewport_size(PHONE)
    long, count = too_long(page, learn_server, path)
    assert len(long) <= 0.1 * count, long


@pytest.mark.full
def test_of_all_steps_hardly_any_to_read_is_longer_than_two_screens(page, learn_server):
    page.set_viewport_size(PHONE)
    found = [too_long(page, learn_server, path) for path in LESSONS]
    long = [step for steps, _ in found for step in steps]
    assert len(long) <= 0.05 * sum(count for _, count in found), long


@pytest.mark.parametrize("path", LESSONS[::10], ids=lambda path: path.stem)
def test_a_step_with_a_card_is_at_most_two_screens_of_a_phone(page, learn_server, path):
    page.set_viewport_size(PHONE)
    long, count = too_long(page, learn_server, path, SCREENS_OF_CARDS)
    assert len(long) <= 0.1 * count, long


@pytest.mark.full
def test_of_all_steps_hardly_any_with_a_card_is_longer_than_two_screens(page, learn_server):
    page.set_viewport_size(PHONE)
    found = [too_long(page, learn_server, path, SCREENS_OF_CARDS) for path in LESSONS]
    long = [step for steps, _ in found for step in steps]
    assert len(long) <= 0.05 * sum(count for _, count in found), long
