"""An author sees one item, and each save at once: ``alongside show`` in Chromium."""

from __future__ import annotations

import shutil
import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.paths import REPOSITORY, SCREENSHOTS
from helpers.servers import serving

from grader.author.new import template

MODULE = "07-advice"


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """Show a new conversation of a copied course."""
    folder = tmp_path_factory.mktemp("author")
    course = folder / "course"
    shutil.copytree(REPOSITORY / "course", course)
    items = course / MODULE / "items.yaml"
    new = template("conversation").replace("NEW-ID", "late-bus")
    items.write_text(f"{items.read_text()}\n{new}")
    with serving(folder / "home", "show", "late-bus", ALONGSIDE_COURSE=str(course)) as server:
        yield server, items


def test_an_author_sees_the_item_and_how_it_branches(page, shown):
    server, _ = shown
    page.goto(server.address)
    page.wait_for_selector(".al-card")
    page.wait_for_selector(".al-sketch svg")
    page.screenshot(path=SCREENSHOTS / "show.png", full_page=True)
    page.locator(".al-card").get_by_text("I nearly didn’t come today.").first.wait_for()
    drawn = page.locator(".al-sketch").get_by_role("img")
    assert "4 turns and 2 endings" in drawn.get_attribute("aria-label")
    page.get_by_text("The same as text").click()
    assert page.get_by_text("[goodbye] phase 4").is_visible()
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    assert page.errors == []


def test_the_page_follows_each_save_and_says_what_is_wrong(page, shown):
    server, items = shown
    page.goto(server.address)
    page.wait_for_selector(".al-card")
    items.write_text(items.read_text().replace("I nearly didn’t come", "I almost stayed at home"))
    page.locator(".al-card").get_by_text("I almost stayed at home").first.wait_for()
    items.write_text(items.read_text().replace("peer: Noor\n", "pear: Noor\n"))
    page.get_by_text("pear: is not a field here").wait_for()
    items.write_text(items.read_text().replace("pear: Noor\n", "peer: Noor\n"))
    page.locator(".al-card").get_by_text("I almost stayed at home").first.wait_for()


def test_a_save_while_the_page_fills_is_not_missed(page, shown):
    """The page begins with one version; the next save comes before its last line has run."""
    server, items = shown
    before = items.read_text()
    changed = before.replace("I almost stayed at home", "I nearly turned round")
    changed = changed.replace("I nearly didn’t come", "I nearly turned round")

    def save_first(route):
        if items.read_text() != changed:
            items.write_text(changed)
            time.sleep(1)  # by the time the page asks, the server has the new version
        route.continue_()

    page.route("**/show/version", save_first)
    page.goto(server.address)
    page.locator(".al-card").get_by_text("I nearly turned round").first.wait_for()
    items.write_text(before)
