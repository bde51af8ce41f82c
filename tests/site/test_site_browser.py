"""A site in Chromium, in a folder of a plain static host: cards, own pages, and what goes wrong."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest
from fault_page import HOME, fault
from helpers.browser import LIVE, until
from helpers.feedback_file import feedback_zip
from helpers.kinds import MODULE as SMALL
from helpers.kinds import make_course
from helpers.paths import REPOSITORY, SCREENSHOTS
from helpers.site_pages import FILE, FOLDER, LESSON, MODULE, answer, choice, chosen, visit
from helpers.sites import PATIENCE_MS, Silent, adding, hosted, make_site

from grader.places import Course
from grader.trainer.collect.collect import COLLECTED, collect

EXERCISE = f"lessons/exercises/{MODULE}/exercise.html#all"
# A phone, which can hand a file to its email program; headless Chromium cannot.
SHARING = """
navigator.canShare = ({ files }) => files.length === 1;
navigator.share = async ({ files }) => { window.shared = files[0].name; };
"""


def test_an_answer_is_there_again_after_reloading_and_without_a_host(window, host):
    visit(window)
    said = answer(window)
    choice(window).get_by_role("button", name="See feedback").click()
    choice(window).locator(".al-feedback p").first.wait_for()
    visit(window)
    choice(window).get_by_text("Your saved answer").wait_for()
    assert chosen(window) == said
    window.evaluate("navigator.serviceWorker.ready.then(() => true)")
    host.stop()
    try:
        visit(window)
        assert answer(window, 0) != said
        visit(window, "lessons/compass.html")
        visit(window)
        assert chosen(window) != said
    finally:
        host.start()
    assert window.told == [one for one in window.told if "ERR_CONNECTION_REFUSED" in one]
    assert {one.split("/")[2] for one in window.elsewhere if one.startswith("http")} == {
        host.base.removeprefix("http://")
    }


def test_the_next_page_is_live_without_a_new_start(window):
    visit(window)
    window.evaluate("window.stays = true")
    window.get_by_role("link", name="Course map").first.click()
    window.wait_for_url("**/lessons/index.html")
    until(window, LIVE)
    assert window.evaluate("document.activeElement.id") == "lesson"
    window.wait_for_selector("#ready", state="hidden")  # the map is the learner's own now
    window.get_by_role("heading", name="Module 7").click()  # unfolds it
    window.locator(".al-map a", has_text="Watch").first.click()
    window.wait_for_url("**/2-*.html")
    window.wait_for_selector(".al-card", state="attached")
    until(window, LIVE)
    first = window.locator(".al-card textarea, .al-card input").first
    assert first.is_enabled()
    window.go_back()
    window.wait_for_url("**/lessons/index.html")
    window.go_back()
    window.wait_for_url(f"**/{LESSON}")
    window.wait_for_selector(".al-card")
    said = answer(window)
    assert window.evaluate("window.stays") is True
    visit(window)
    assert chosen(window) == said
    assert window.told == []


def test_a_page_can_be_read_at_once_and_says_that_its_cards_come(window):
    window.goto(f"{FOLDER}/{LESSON}", wait_until="commit")
    window.wait_for_selector("h1")
    assert "getting ready" in window.inner_text("#ready")
    assert window.locator(".al-static").count() > 3
    window.screenshot(path=SCREENSHOTS / "site-getting-ready.png")


def test_without_scripts_all_can_be_read(person, host):
    context = person.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{host.base}/{FOLDER}/{LESSON}")
    assert "in a newer browser" in page.inner_text("#ready")
    assert page.locator(".al-static li").first.is_visible()
    context.close()


@pytest.mark.parametrize(
    "lacking",
    ["navigator.locks", "DecompressionStream", "indexedDB", "WebAssembly", "Worker"],
)
def test_an_older_browser_is_told_so(window, lacking):
    owner, _, name = ("self." + lacking).rpartition(".")
    window.add_init_script(
        f"Object.defineProperty({owner}, '{name}', {{ value: undefined, configurable: true }})"
    )
    window.goto(f"{FOLDER}/{LESSON}")
    window.get_by_text("This browser cannot show the cards").wait_for()
    assert window.locator(".al-static").first.is_visible()


def test_a_page_from_a_folder_says_how_to_open_it(person, place):
    page = person.new_page()
    page.goto(f"{(place / FOLDER / FILE).resolve().as_uri()}#all")
    assert "open the course by its web address" in page.inner_text("#ready")
    assert page.locator(".al-static").first.is_visible()
    page.close()


@fault(
    HOME,
    "The course is a link, and somebody makes the hand-in file and does not save it",
    "The page saves it at once. It says that the file is not sent yet, and how to save it again.",
)
def test_what_is_handed_in_is_collected_and_its_feedback_opened(window, root, tmp_path):
    window.add_init_script(SHARING)
    visit(window, EXERCISE)
    said = answer(window)
    window.get_by_label("Your code").fill("trainee-017")
    window.get_by_role("button", name="Keep this code").click()
    window.get_by_role("button", name="See what will be sent").click()
    window.get_by_text("This will be sent").wait_for()
    assert "folder" not in window.inner_text(".al-hand-in")
    with window.expect_download() as at_once:  # by itself: nobody can leave without a file
        window.get_by_role("button", name="Make my hand-in file").click()
    at_once.value.save_as(tmp_path / "at-once.zip")
    assert "It is not sent yet." in window.inner_text(".al-hand-in")
    with window.expect_download() as waiting:
        window.keyboard.press("Enter")  # the way to save it again has the focus
    bundle = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(bundle)
    assert bundle.read_bytes() == (tmp_path / "at-once.zip").read_bytes()
    assert at_once.value.suggested_filename == bundle.name
    window.get_by_role("button", name="Send it with another program").click()
    assert window.evaluate("window.shared") == bundle.name
    (result,) = collect(root, [bundle])
    assert result.outcome == COLLECTED
    record = json.loads((root / "submitted/trainee-017" / MODULE / "answers.json").read_text())
    assert said in [one["response"] for one in record["items"].values()]

    visit(window, "lessons/index.html")
    # The next module is open on the map now, and this one is folded.
    assert re.search(r"\b1 of \d+ questions", window.locator(".al-map").text_content() or "")
    window.locator(".al-file").set_input_files(
        {
            "name": "f.zip",
            "mimeType": "application/zip",
            "buffer": feedback_zip(trainee="trainee-017", module=MODULE),
        }
    )
    window.get_by_role("link", name="Read the feedback").click()
    window.frame_locator(".al-kept").get_by_role("heading").first.wait_for()
    visit(window, "lessons/index.html")
    window.get_by_role("link", name="Read your feedback on module 7").click()
    window.frame_locator(".al-kept").get_by_role("heading").first.wait_for()
    assert window.told == []


def test_everything_goes_to_another_browser_and_can_be_deleted(window, person, host, tmp_path):
    visit(window)
    said = answer(window)
    visit(window, "lessons/record.html")
    window.get_by_role("button", name="Make a copy of everything").click()
    with window.expect_download() as waiting:
        window.get_by_role("link", name="Save a copy of the file").click()
    copy = tmp_path / "copy.zip"
    waiting.value.save_as(copy)
    names = zipfile.ZipFile(io.BytesIO(copy.read_bytes())).namelist()
    assert f"raw/practice/{MODULE}.json" in names

    other = person.new_context(base_url=host.base).new_page()
    other.set_default_timeout(PATIENCE_MS)
    visit(other, "lessons/record.html")
    other.get_by_label("Open a copy that you made elsewhere").set_input_files(copy)
    other.get_by_text("Your answers are here now").wait_for()
    visit(other)
    assert chosen(other) == said
    other.context.close()

    window.get_by_role("button", name="Delete everything").click()
    window.get_by_label("To go on, type the word").fill("delete")
    window.get_by_role("button", name="Delete it all now").click()
    window.get_by_text("Everything is deleted").wait_for()
    visit(window)
    assert choice(window).locator("input:checked").count() == 0


@fault(
    HOME,
    "The course is a link, and the browser keeps nothing: it is full, or set to keep nothing",
    "All can be read and tried. Each card says “Not saved”, and why.",
)
@pytest.mark.parametrize(
    "lack",
    [
        pytest.param(
            "IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError') }",
            marks=pytest.mark.full,
        ),
        "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }",
    ],
)
def test_where_nothing_is_kept_nothing_says_saved(person, place, lack):
    with hosted(place, adding("worker.js", lack)) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        visit(page)
        choice(page).locator("input").nth(1).check()
        choice(page).get_by_role("button", name="See feedback").click()
        choice(page).get_by_text("Not saved.").wait_for()
        choice(page).locator(".al-feedback p").first.wait_for()
        assert choice(page).get_by_text("Saved", exact=True).count() == 0
        later = context.new_page()  # this one remembers what is not saved yet
        later.set_default_timeout(PATIENCE_MS)
        visit(later)
        assert choice(later).locator("input:checked").count() == 0
        context.close()


def test_an_answer_that_is_picked_waits_for_no_words(person, place):
    come = threading.Event()

    class Slow(Silent):
        """A host on whose line the words come late."""

        def do_GET(self) -> None:  # noqa: N802 - the name is the library's
            if self.path.endswith("words.bin"):
                come.wait(PATIENCE_MS / 1000)
            super().do_GET()

    with hosted(place, Slow) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        visit(page)
        assert answer(page)
        reply = page.locator(".al-card.al-reply").first
        reply.locator("textarea").fill("That sounds heavy. What would help you tonight?")
        come.set()
        reply.get_by_role("button", name="See feedback").click()
        reply.locator(".al-feedback p").first.wait_for()
        context.close()


@pytest.mark.parametrize(
    ("without", "is_ours"),
    [("no rule", True), pytest.param(" blob:", False, marks=pytest.mark.full)],
    ids=["ours", "stricter"],
)
def test_it_works_under_the_rules_that_its_headers_say(person, place, without, is_ours):
    lines = (place / FOLDER / "_headers").read_text().replace(without, "").splitlines()

    class Ruled(Silent):
        """A host that sends the headers of the site."""

        def end_headers(self) -> None:
            wanted = False
            for line in lines:
                if line.startswith("/"):
                    wanted = line.rstrip("*") in self.path
                elif wanted:
                    self.send_header(*line.strip().split(": ", 1))
            super().end_headers()

    with hosted(place, Ruled) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        told: list[str] = []
        page.on("console", lambda line: told.append(line.text) if line.type == "error" else None)
        visit(page)
        reply = page.request.get(f"{FOLDER}/{LESSON}")
        rules = reply.headers["content-security-policy"]
        assert "wasm-unsafe-eval" in rules
        assert answer(page)
        assert told == []
        worker = page.request.get(urljoin(page.url, page.workers[0].url))
        assert ("blob:" in worker.headers["content-security-policy"]) is is_ours
        context.close()


@pytest.mark.full
def test_a_host_that_knows_no_types_serves_it_all_the_same(person, place):
    class Plain(Silent):
        """A host that knows pages, scripts and styles, and nothing else."""

        def guess_type(self, path: Any) -> str:
            known = str(path).endswith((".html", ".js", ".css"))
            return super().guess_type(path) if known else "text/plain"

    with hosted(place, Plain) as host:
        context = person.new_context(base_url=host.base)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        visit(page)
        context.close()


class Links(HTMLParser):
    """Finds what a page leads to within its site."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.at, self.found = f"http://site/{name}", set[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and value and not value.startswith("data:"):
                address = urldefrag(urljoin(self.at, value)).url
                if address.startswith("http://site/"):
                    self.found.add(address.removeprefix("http://site/"))


def test_all_pages_are_there_and_lead_only_to_pages(place):
    site = (place / FOLDER).resolve()
    for path in sorted(site.rglob("*.html")):
        page = Links(path.relative_to(site).as_posix())
        page.feed(path.read_text(encoding="utf-8"))
        assert page.found
        assert {name for name in page.found if not (site / name).is_file()} == set(), path.name
    lessons = list((REPOSITORY / "course").glob("[0-9]*/[0-9]*.ipynb"))
    assert len(list(site.glob("lessons/[0-9]*/*.html"))) == len(lessons) > 30


@pytest.mark.full
@fault(
    HOME,
    "The course is a link, and a new version of it is put in its place",
    "Answers stay. Whoever was here before is told once that the course is new.",
)
def test_a_new_version_keeps_answers_and_says_once_that_it_is_new(window, tmp_path):
    course = Course(make_course(tmp_path / "course"), tmp_path / "exercises")
    course.exercises.mkdir()
    site = make_site(tmp_path / "site", course=course)
    lesson = f"lessons/{SMALL}/1-cards.html#all"
    with hosted(tmp_path / "site") as host:
        for number in range(3):
            window.goto("about:blank")  # else only the place on the page would change
            window.goto(f"{host.base}/{lesson}")
            window.wait_for_selector(".al-card")
            until(window, LIVE)
            if number == 0:
                said = answer(window)
                window.evaluate("navigator.serviceWorker.ready.then(() => true)")
                before = json.loads((site / "site.json").read_text())
                skills = course.lessons / "skills.yaml"
                skills.write_text(f"# newer\n{skills.read_text(encoding='utf-8')}")
                make_site(site, course=course)
                assert json.loads((site / "site.json").read_text()) != before
            else:
                choice(window).get_by_text("Your saved answer").wait_for()
                assert chosen(window) == said
                renewed = window.get_by_text("This course has been renewed")
                if number == 1:
                    renewed.wait_for()
                else:
                    window.wait_for_timeout(2000)
                    assert not renewed.is_visible()
