"""The host that needs no server, run here without a browser: what it answers and what it keeps."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY

from grader.places import Course
from grader.site.browser import Browser, start
from grader.site.pack import course_pack

PAGE = "07-advice/1-four-principles.ipynb"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpack a pack, as a worker does."""
    folder = tmp_path_factory.mktemp("pack")
    course = Course(REPOSITORY / "course", REPOSITORY / "exercises")
    pack = gzip.decompress(course_pack(course, exercises=True, keys=False))
    zipfile.ZipFile(io.BytesIO(pack)).extractall(folder)
    return folder


@pytest.fixture
def browser(root: Path, tmp_path: Path) -> Browser:
    found = start(str(root), str(tmp_path / "home"))
    found.take({})
    return found


def call(item: str = "advice-all-at-once") -> dict:
    return {"name": "card", "arguments": [item]}


def ask(browser: Browser, card: dict, page: str = PAGE, **message: object) -> dict:
    asked = {"page": page, "call": card, "message": {**message, "seq": 1}}
    receipt, _ = browser.message(json.dumps(asked))
    return json.loads(receipt)


def card_on(browser: Browser, item: str = "advice-all-at-once", page: str = PAGE) -> dict:
    shown = json.loads(browser.page(json.dumps({"page": page, "calls": [call(item)]})))
    return shown["pieces"][0][0]


def save(browser: Browser, option: int) -> str:
    card = card_on(browser)
    said = card["facts"]["view"]["options"][option]["id"]
    assert ask(browser, card["call"], type="save", response=said, seen=None)["type"] == "saved"
    return said


def test_what_is_rehearsed_leaves_nothing_of_anybody_s(browser):
    asked = {"page": PAGE, "calls": [call()]}
    browser.rehearse(json.dumps(asked))
    assert [name for name, _ in browser.changed()[0]] in ([], ["order-seed"])


def test_the_help_card_comes_apart(browser):
    assert "help" not in json.loads(browser.page(json.dumps({"page": PAGE, "calls": []})))
    top = json.loads(browser.top())
    assert "in danger now" in top["help"]
    assert set(top["settings"]) >= {"text", "lines", "theme"}


def test_only_what_was_written_is_told(browser):
    save(browser, 0)
    written, gone = browser.changed()
    assert sorted(name for name, _ in written) == ["order-seed", "practice/07-advice.json"]
    assert gone == []
    assert browser.changed() == ([], [])


def test_memory_becomes_what_the_browser_kept(browser):
    said = save(browser, 0)
    kept = dict(browser.changed()[0])
    other = card_on(browser)["facts"]["view"]["options"][1]["id"]
    ask(browser, card_on(browser)["call"], type="save", response=other, seen=said)
    browser.take(kept)  # that change could not be kept
    assert card_on(browser)["facts"]["response"] == said
    assert browser.changed() == ([], [])
    browser.take({})
    assert card_on(browser)["facts"]["response"] is None


def test_what_was_deleted_is_told(browser):
    save(browser, 0)
    browser.changed()
    card = {"name": "delete_everything", "arguments": [], "number": 0}
    ask(browser, card, page="record.ipynb", type="delete", word="delete")
    written, gone = browser.changed()
    assert "practice/07-advice.json" in gone
    assert written == []


@pytest.mark.parametrize(
    ("page", "card"),
    [
        (PAGE, {"name": "card", "arguments": ["gone-since"], "number": 0}),
        (PAGE, {"name": "sing", "arguments": [], "number": 0}),
        (PAGE, {"name": "card", "arguments": [], "number": 0}),
        (PAGE, {"name": "card", "arguments": ["advice-all-at-once"], "number": 9}),
        (PAGE, {}),
        ("99-gone/1-x.ipynb", {"name": "card", "arguments": ["x"], "number": 0}),
        ("../../etc/x.ipynb", {"name": "card", "arguments": ["x"], "number": 0}),
    ],
)
def test_a_card_of_an_older_page_is_told_to_reload(browser, page, card):
    receipt = ask(browser, card, page=page, type="open")
    assert receipt["type"] == "refused"
    assert "reload the page" in receipt["why"]


def test_a_page_of_an_older_course_still_gets_its_other_pieces(browser):
    asked = {"page": PAGE, "calls": [call("gone-since"), {"name": "sing"}, call()]}
    gone, unknown, there = json.loads(browser.page(json.dumps(asked)))["pieces"]
    assert "gone-since" in gone[0]
    assert unknown == []
    assert there[0]["facts"]["view"]["id"] == "advice-all-at-once"


@pytest.mark.parametrize("asked", ["", "[]", "null", '{"page": 1}', '{"call": {}}', "[" * 5000])
def test_nonsense_gets_one_receipt(browser, asked):
    receipt, files = browser.message(asked)
    assert json.loads(receipt)["type"] == "refused"
    assert files == []


def test_nothing_leads_to_a_folder_that_nobody_can_open(browser):
    page = "exercises/07-advice/exercise.ipynb"
    card = {"name": "hand_in", "arguments": [], "number": 0}
    ask(browser, card, page=page, type="code", code="trainee-017")
    done = ask(browser, card, page=page, type="hand_in", share={})
    assert done["type"] == "done"
    assert str(browser.learner.home.folder) not in json.dumps(done)
