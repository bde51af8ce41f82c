"""What people do on the pages of a site, and how a test follows them."""

from __future__ import annotations

from typing import Any

from helpers.browser import LIVE, until
from helpers.sites import IS_REMEMBERED, PATIENCE_MS

FOLDER = "peers/course"  # a site need not stand at the root of its host
MODULE = "07-advice"
FILE = f"lessons/{MODULE}/1-four-principles.html"
LESSON = f"{FILE}#all"


def visit(page: Any, name: str = LESSON) -> None:
    """Open a page of the site and wait until its cards are live."""
    page.goto("about:blank")  # else only the place on the page would change
    page.goto(f"{FOLDER}/{name}")
    page.wait_for_selector(".al-card")
    until(page, LIVE)
    page.wait_for_selector("#ready", state="hidden", timeout=2 * PATIENCE_MS)


def until_remembered(page: Any) -> None:
    """Wait until the browser keeps Python's memory for later visits."""
    for _ in range(PATIENCE_MS // 500):
        if page.evaluate(IS_REMEMBERED):
            return
        page.wait_for_timeout(500)
    raise AssertionError("nothing was remembered")


def choice(page: Any) -> Any:
    return page.locator(".al-card.al-choice:has(> .al-answers:not([hidden]))").first


def chosen(page: Any) -> str:
    found: str = choice(page).locator("input:checked").get_attribute("value")
    return found


def answer(page: Any, which: int = 1) -> str:
    choice(page).locator("input").nth(which).check()
    choice(page).get_by_text("Saved", exact=True).wait_for()
    return chosen(page)
