"""What may go wrong around a site: its host, an old browser, a full one, a phone that sleeps."""

from __future__ import annotations

from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.site_pages import FOLDER, LESSON, answer, choice, chosen, visit
from helpers.sites import PATIENCE_MS, Silent, adding, hosted

FAILED = "The cards could not be made ready"
# A browser that knows workers, but none that is a module.
CLASSIC = """
const Known = self.Worker;
self.Worker = class extends Known { constructor(address) { super(address); } };
"""


class WithoutWorker(Silent):
    """A host that was renewed: the worker of an older page is gone."""

    def send_head(self) -> Any:
        if self.path.endswith("worker.js"):
            return self.send_error(404)
        return super().send_head()


class WithoutTypes(Silent):
    """A host that calls each script a plain text, so that no browser runs it."""

    def guess_type(self, path: Any) -> str:
        return "text/plain" if str(path).endswith(".js") else super().guess_type(path)


def read_alone(page: Any, address: str, words: str) -> None:
    """Open a lesson whose cards never come: it says so, and its text can be read."""
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.locator("#ready", has_text=words).wait_for()
    assert page.locator(".al-static li").first.is_visible()
    assert page.get_by_text("Saved", exact=True).count() == 0


@fault(
    HOME,
    "The course is a link, and a page stays open while a new version is put in its place",
    "All can be read. The page says that its cards did not come, and to load it again.",
)
def test_an_old_page_whose_worker_is_gone_says_so(person, place):
    with hosted(place, WithoutWorker) as host:
        context = person.new_context()
        page = context.new_page()
        read_alone(page, f"{host.base}/{FOLDER}/{LESSON}", FAILED)
        page.get_by_role("link", name="Course map").first.click()
        page.wait_for_url("**/lessons/index.html")
        page.locator("#ready", has_text=FAILED).wait_for()
        context.close()


def test_a_browser_without_module_workers_is_told_so(window, host):
    window.add_init_script(CLASSIC)
    read_alone(window, f"{host.base}/{FOLDER}/{LESSON}", FAILED)


def test_a_host_that_calls_scripts_plain_text_leaves_a_page_to_read(person, place):
    with hosted(place, WithoutTypes) as host:
        context = person.new_context()
        read_alone(context.new_page(), f"{host.base}/{FOLDER}/{LESSON}", "newer browser")
        context.close()


@fault(
    HOME,
    "The course is a link, and the browser clears what it kept while a page is open",
    "What was kept there is gone. What is answered afterwards is kept again.",
)
def test_what_says_saved_after_the_browser_cleared_all_is_kept(window, host):
    visit(window)
    answer(window)
    line = window.context.new_cdp_session(window)
    asked = {"origin": host.base, "storageTypes": "indexeddb,cache_storage,service_workers"}
    line.send("Storage.clearDataForOrigin", asked)
    card = choice(window)
    for _ in range(2):  # the first may be asked about, as where another window answered
        card.locator("input:not(:checked)").first.check()
        window.wait_for_timeout(1000)
    is_saved = card.get_by_text("Saved", exact=True).count() == 1
    said = chosen(window)
    visit(window)
    assert is_saved
    assert chosen(window) == said


@fault(
    HOME,
    "The course is a link, and a private window keeps no files for speed",
    "Cards come as on a first visit. Answers are kept as long as the window lasts.",
)
@pytest.mark.parametrize(
    "lack",
    [
        "Object.defineProperty(self, 'caches', {"
        " get() { throw new DOMException('', 'SecurityError') } })",
        pytest.param(
            "CacheStorage.prototype.open = CacheStorage.prototype.match = async () => {"
            " throw new DOMException('', 'SecurityError') }",
            marks=pytest.mark.full,
        ),
        pytest.param("Object.defineProperty(self, 'caches', {})", marks=pytest.mark.full),
    ],
    ids=["throws", "refuses", "absent"],
)
def test_a_private_window_without_kept_files_has_its_cards_all_the_same(person, place, lack):
    with hosted(place, adding("settings.js", lack)) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        told: list[str] = []
        page.on("pageerror", lambda error: told.append(str(error)))
        page.on("console", lambda line: told.append(line.text))
        visit(page)
        said = answer(page)
        visit(page)
        assert chosen(page) == said
        assert told == []
        context.close()


def test_a_tab_that_a_phone_froze_goes_on(window):
    visit(window)
    line = window.context.new_cdp_session(window)
    line.send("Page.setWebLifecycleState", {"state": "frozen"})
    window.wait_for_timeout(4000)  # longer than a card waits for its receipt
    line.send("Page.setWebLifecycleState", {"state": "active"})
    said = answer(window)
    visit(window)
    assert chosen(window) == said


def test_a_copy_that_is_broken_changes_nothing_and_says_why(person, host):
    page = person.new_context(base_url=host.base).new_page()
    page.set_default_timeout(PATIENCE_MS)
    visit(page, "lessons/record.html")
    file = {"name": "copy.zip", "mimeType": "application/zip", "buffer": b"PK\x03\x04 broken"}
    page.get_by_label("Open a copy that you made elsewhere").set_input_files(file)
    page.get_by_text("not a copy of everything").first.wait_for()
    assert page.get_by_text("Your answers are here now").count() == 0
    page.context.close()
