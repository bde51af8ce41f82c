"""Every kind of page of a site on a phone: axe and the console find nothing, none asks outside."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import LIVE, until
from helpers.site_pages import FILE, FOLDER, MODULE
from helpers.sites import PATIENCE_MS

PAGES = {
    "map": "lessons/index.html",
    "lesson": FILE,
    "exercise": f"lessons/exercises/{MODULE}/exercise.html",
    "record": "lessons/record.html",
}
MORE = {
    "all of a lesson": f"{FILE}#all",
    "compass": "lessons/compass.html",
    "skills": "lessons/skills.html",
    "find": "lessons/find.html",
    "meet again": "lessons/again.html",
    "words": "lessons/glossary.html",
}


@pytest.fixture(
    params=[*PAGES.values(), *(pytest.param(one, marks=pytest.mark.full) for one in MORE.values())],
    ids=[*PAGES, *MORE],
)
def opened(request: pytest.FixtureRequest, window: Any) -> Any:
    """Open a page, and note warnings too."""
    said = window.said = []
    window.on("console", lambda line: said.append((line.type, line.text)))
    window.goto(f"{FOLDER}/{request.param}")
    until(window, LIVE)
    window.wait_for_selector("#ready", state="hidden", timeout=2 * PATIENCE_MS)
    window.wait_for_load_state("networkidle")
    return window


@pytest.mark.slow
def test_a_page_is_easy_to_use_and_says_and_asks_nothing_beside(opened: Any, host: Any) -> None:
    for scheme in ("light", "dark"):
        opened.emulate_media(color_scheme=scheme)
        found = Axe().run(opened).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == [], scheme
    assert opened.said == []
    assert opened.told == []
    own = (host.base, "data:", "blob:", "about:")
    assert [url for url in opened.elsewhere if not url.startswith(own)] == []
