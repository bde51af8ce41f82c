"""A made-up course with two cards of each kind, and how a browser answers them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from conftest import REPOSITORY, Server, ready

MODULE = "06-conversation"
CARDS = f"voila/render/{MODULE}/1-cards.ipynb"
TALKS = f"voila/render/{MODULE}/2-talks.ipynb"
SHARED = ("skills.yaml", "facts.yaml", "index.ipynb")


def make_course(folder: Path) -> Path:
    """Put the made-up module beside the real skills and facts."""
    shutil.copytree(Path(__file__).parent / "kinds_course", folder)
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


BY_POINTER: dict[str, Callable[[Any], None]] = {
    "order": _order,
    "sort": _sort,
    "match": _match,
    "spot": _pick,
    "rating": _pick,
    "reflection": _write,
    "sources_differ": _pick,
    "choice": _pick,
    "reply": _write,
}


def answer_all(page) -> None:
    """Answer every card of the page by pointer and ask for feedback."""
    for kind, answer in BY_POINTER.items():
        for card in cards(page, kind).all():
            if card.locator(".al-answers").first.is_hidden():
                card.get_by_role("button", name="Show a gentler version").click()
            answer(card)
            card.locator(".al-row > .al-button").click()
            card.locator(".al-feedback > *").first.wait_for()
