"""A made-up course with two cards of each kind, and how a browser answers them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from helpers.browser import ready
from helpers.paths import REPOSITORY, SCREENSHOTS, TESTS
from helpers.servers import Server

MODULE = "06-conversation"
CARDS = f"lessons/{MODULE}/1-cards.ipynb"
TALKS = f"lessons/{MODULE}/2-talks.ipynb"
ASK = "It sounds very quiet there. What is that like for you?"
SHARED = ("skills.yaml", "facts.yaml", "index.ipynb")


def make_course(folder: Path) -> Path:
    """Put the made-up module beside the real skills and facts."""
    shutil.copytree(TESTS / "browser" / "kinds_course", folder)
    for name in SHARED:
        shutil.copy(REPOSITORY / "course" / name, folder)
    return folder


def open_fresh(page, server: Server, address: str) -> None:
    """Open a page as somebody who has answered nothing yet."""
    for kept in ("practice", "journal"):
        shutil.rmtree(server.home / kept, ignore_errors=True)
    ready(page, server.url(address))


def cards(page, kind: str) -> Any:
    """Return the cards of one kind."""
    return page.locator(f".al-card.al-{kind}")


# --- answering by pointer


def _order(card: Any) -> None:
    card.get_by_role("button", name="Move up").nth(1).click()


def _sort(card: Any) -> None:
    rows = card.locator(".al-sort-card")
    for number in range(rows.count()):
        rows.nth(number).locator(".al-pile").nth(number % 2).click()


def _match(card: Any) -> None:
    selects = card.get_by_role("combobox")
    for number in range(selects.count()):
        selects.nth(number).select_option(index=1 + number % 2)


def _pick(card: Any) -> None:
    card.locator(".al-option").last.click()


def _write(card: Any) -> None:
    card.get_by_role("textbox").fill("What was that like for you?")


def say(card: Any, option: int = 0) -> None:
    """Take one turn of a talk, and wait for the peer's answer."""
    before = card.locator(".al-from-you").count()
    box = card.get_by_role("textbox")
    if box.count():
        box.fill(ASK)
        card.get_by_role("button", name="Say", exact=True).dblclick()
    else:
        card.locator(f".al-say[value={'abcdefgh'[option]}]").dblclick()
    card.locator(".al-from-you").nth(before).wait_for()


def _talk(card: Any) -> None:
    card.locator(".al-turn > *").first.wait_for()
    while card.locator(".al-turn button").count():
        say(card)


BY_POINTER: dict[str, Callable[[Any], None]] = {
    "order": _order,
    "sort": _sort,
    "match": _match,
    "spot": _pick,
    "rating": _pick,
    "reflection": _write,
    "sources_differ": _pick,
    "choice": _pick,
    "choices": _pick,
    "reply": _write,
    "conversation": _talk,
}


def answer_by_pointer(card: Any, kind: str) -> None:
    """Answer one card; of a hard story open the gentler version."""
    if card.locator(".al-answers").first.is_hidden():
        card.get_by_role("button", name="Show a gentler version").click()
    BY_POINTER[kind](card)


def look_for_feedback(card: Any) -> None:
    """Ask for the feedback on an answer and wait until it is there."""
    card.locator(".al-row > .al-button").click()
    card.locator(".al-feedback > *").first.wait_for()


def answer_all(page) -> None:
    """Answer every card of the page by pointer and ask for feedback."""
    for kind in BY_POINTER:
        for card in cards(page, kind).all():
            answer_by_pointer(card, kind)
            look_for_feedback(card)


# --- what a page must be


@dataclass(frozen=True)
class Look:
    """What was seen of a page at one moment; every field but ``controls`` should be empty."""

    axe: list[str]
    too_wide: list[int]
    cut: list[str]
    unnamed: list[str]
    controls: list[tuple[str, str]]


def look_at(page, name: str) -> Look:
    """Look at a page in light and dark, at a phone's width, at 200 % zoom and in full."""
    axe, too_wide, cut = [], [], []
    for scheme, rules in (("dark", COLOURS), ("light", None)):  # only colours differ
        page.emulate_media(color_scheme=scheme)
        for rule in Axe().run(page, options=rules).response["violations"]:
            axe.append(f"{scheme}: {rule['id']}: {rule['nodes'][0]['html']}")
    SCREENSHOTS.mkdir(exist_ok=True)
    for width in (400, 700, 1400):
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth") > width:
            too_wide.append(width)
        cut += page.evaluate(CUT)
        if width != 700:
            page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    controls = named_controls(page)
    return Look(axe, too_wide, cut, [role for role, words in controls if not words], controls)


# Text that does not fit its box, except words for those who hear the page. A select cuts long
# words by nature; they stand in full in the list above it.
CUT = """
[...document.querySelectorAll('.al-card *')].filter(node =>
  node.offsetWidth > 0 && !node.closest('.al-heard') && node.tagName !== 'SELECT' &&
  (node.scrollWidth > node.clientWidth + 1 && getComputedStyle(node).display !== 'inline' ||
   node.getBoundingClientRect().right > innerWidth)
).map(node => node.outerHTML.slice(0, 120))
"""
COLOURS = {"runOnly": ["color-contrast"]}
ROLES = {"button", "checkbox", "combobox", "link", "radio", "textbox", "DisclosureTriangle"}


def named_controls(page) -> list[tuple[str, str]]:
    """Return role and name of every control, as Chromium gives them to a screen reader."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        (node["role"]["value"], node.get("name", {}).get("value", "").strip())
        for node in nodes
        if not node["ignored"] and node["role"]["value"] in ROLES
    ]
