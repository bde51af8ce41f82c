"""How tests start Chromium, and what they do on a page by keyboard."""

from __future__ import annotations

import json
import shutil
from functools import cache
from typing import Any

# Chromium looks for its maker's servers in the background; here no page may ask outside. Where
# Debian's build without windows is installed it is taken: a page costs a ninth of the work there.
CHROMIUM = {
    "executable_path": shutil.which("chromium-headless-shell") or "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}


@cache
def driver() -> Any:
    """Start Playwright: one process can have it once, and its tests share it."""
    from playwright.sync_api import sync_playwright

    return sync_playwright().start()


def pick_by_keyboard(page, wanted: str) -> None:
    """Go to the next list of radio buttons and down to the option with this id.

    Each person has an order of their own, so its place is not known.
    """
    tab_to(page, "node.type === 'radio'")
    page.keyboard.press("Space")
    for _ in range(12):
        if page.evaluate("document.activeElement.value") == wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {wanted!r} in the list")


def tab_to(page, what: str) -> None:
    """Press Tab until the focus is on an element of which a script expression holds."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"(node => {what})(document.activeElement)"):
            return
    raise AssertionError(f"Tab never reached {what}")


def press_button(page, name: str) -> None:
    """Go to the next button of that name by Tab, and press it."""
    tab_to(page, f"node.tagName === 'BUTTON' && node.textContent === {json.dumps(name)}")
    page.keyboard.press("Enter")


def until(page, what: str) -> None:
    """Wait until a script expression holds; a page's own policy lets none wait within it."""
    for _ in range(600):
        if page.evaluate(what):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"it never came to {what}")


LIVE = (
    "[...document.querySelectorAll('.al-live[data-call]')]"
    ".every(live => live.querySelector('.al-card'))"
)


def ready(page, url: str) -> None:
    """Open a page and wait until every card on it is live."""
    page.goto(url)
    page.wait_for_selector(".al-card")
    until(page, LIVE)
