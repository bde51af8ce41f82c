"""A trainer marks on the desk by keyboard, with scene and reply in view; nothing typed runs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fault_page import TEXT, fault
from helpers.browser import tab_to, until
from helpers.cohort import MODULE
from helpers.desks import (
    DANGER,
    REPLIES,
    TYPED,
    desk_with,
    let_two_mark_all,
    mark_of,
    reading_of,
)
from helpers.payloads import payloads
from helpers.servers import Server, serving

from grader.desk.deciding import MARK, Wish, decide
from grader.desk.place import Desk
from grader.desk.queue import queue_of
from grader.desk.reading import read
from grader.formats.shared import NAME, write_shared
from grader.places import COMMENTS

HERE = f"desk/mark/{MODULE}/{TYPED}"
LAPTOP = {"width": 1366, "height": 768}
LONG = "You had an idea for the flat, and it matters to you. " * 16  # more than most people write
BACK = "desk/trainee?code=trainee-005"
SEVERAL = (f"desk/alike/{MODULE}/{TYPED}", f"desk/sure/{MODULE}/{TYPED}")
PAGES = ("desk", HERE, *SEVERAL, "desk/send", BACK)
ARABIC = "\u0645\u0631\u062d\u0628\u0627 " * 40
IN_VIEW = """() => ['#scene', '#reply'].every(name => {
  const box = document.querySelector(name).getBoundingClientRect();
  return box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth
    && document.elementFromPoint(box.left + 20, box.bottom - 6)?.closest(name) !== null;
})"""


@pytest.fixture(scope="module")
def desk(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    course = tmp_path_factory.mktemp("desk-browser") / "course"
    shutil.copytree(prepared, course)
    (course / COMMENTS).write_text(
        f"{MODULE}:\n- Warm. Which word of his could you take up?\n- Short.\n"
    )
    desk = desk_with(course, REPLIES | {"trainee-005": LONG, "trainee-009": DANGER})
    lines = [{"question": "w" * 300, "answer": ARABIC}]
    shared = write_shared(MODULE, {"plan": lines, "reflections": lines})
    (course / "submitted" / "trainee-005" / MODULE / NAME).write_bytes(shared)
    return desk


@pytest.fixture(scope="module")
def server(desk: Desk) -> Iterator[Server]:
    with serving(desk.root.parent / "home", "teach", "--root", str(desk.root)) as running:
        yield running


@pytest.fixture
def trainer(page: Any, server: Server) -> Any:
    page.set_viewport_size(LAPTOP)
    page.goto(server.address)
    return page


def show(page: Any, server: Server, desk: Desk, trainee: str) -> str:
    notebook = reading_of(desk, trainee).notebook
    page.goto(f"{server.base}/{HERE}/{notebook}")
    return notebook


def press(page: Any, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def left(page: Any, notebook: str) -> None:
    page.wait_for_url(lambda url: notebook not in url)


def undo(page: Any, notebook: str) -> None:
    press(page, "u")
    page.wait_for_url(lambda url: notebook in url and "Taken" in url)


def test_from_the_first_page_to_the_first_reply_is_one_button(trainer: Any, server: Server) -> None:
    tab_to(trainer, "node.matches('.al-button')")
    press(trainer, "Enter")
    trainer.wait_for_url(f"**/{HERE}/**")
    assert "Please read first" in trainer.inner_text(".dk-left")


def test_points_with_a_half_are_three_keys_and_the_next_reply_is_there(
    trainer: Any, server: Server, desk: Desk
) -> None:
    notebook = show(trainer, server, desk, "trainee-003")
    press(trainer, "2", ".", "Enter")
    left(trainer, notebook)
    assert mark_of(desk, "trainee-003").points == 2.5
    undo(trainer, notebook)
    assert mark_of(desk, "trainee-003").waits


def test_a_comment_to_use_again_makes_it_four_keys(
    trainer: Any, server: Server, desk: Desk
) -> None:
    notebook = show(trainer, server, desk, "trainee-003")
    press(trainer, "3", "k", "1", "Enter")
    left(trainer, notebook)
    mark = mark_of(desk, "trainee-003")
    assert (mark.points, mark.comment) == (3, "Warm. Which word of his could you take up?")
    undo(trainer, notebook)


def test_a_comment_of_one_s_own_is_typed_without_a_mouse(
    trainer: Any, server: Server, desk: Desk
) -> None:
    notebook = show(trainer, server, desk, "trainee-003")
    press(trainer, "1", "c")
    trainer.keyboard.type("n 3 u: keys are letters here")
    press(trainer, "Control+Enter")
    left(trainer, notebook)
    mark = mark_of(desk, "trainee-003")
    assert (mark.points, mark.comment) == (1, "n 3 u: keys are letters here")
    undo(trainer, notebook)


def test_enter_alone_accepts_a_suggestion_and_never_a_guess(
    trainer: Any, server: Server, desk: Desk
) -> None:
    sure = next(who for who in REPLIES if reading_of(desk, who).suggested is not None)
    notebook = show(trainer, server, desk, sure)
    press(trainer, "Enter")
    left(trainer, notebook)
    assert mark_of(desk, sure).points == reading_of(desk, sure).suggested
    undo(trainer, notebook)
    for who in ("trainee-003", "trainee-009"):
        assert reading_of(desk, who).suggested is None
        show(trainer, server, desk, who)
        press(trainer, "Enter")
        until(trainer, "document.querySelector('.dk-said')?.textContent.includes('Choose points')")
        assert mark_of(desk, who).waits


def test_a_key_out_of_range_is_refused_in_words(trainer: Any, server: Server, desk: Desk) -> None:
    show(trainer, server, desk, "trainee-003")
    press(trainer, "4", ".")
    assert trainer.inner_text(".dk-said") == "Points here go from 0 to 4."
    press(trainer, "7")
    assert trainer.input_value("#points") == "4"


def test_f_flags_and_n_goes_on(trainer: Any, server: Server, desk: Desk) -> None:
    notebook = show(trainer, server, desk, "trainee-003")
    with trainer.expect_navigation():
        press(trainer, "f")
    assert "flagged for a colleague" in trainer.inner_text(".dk-left")
    undo(trainer, notebook)
    press(trainer, "n")
    left(trainer, notebook)
    assert f"/{HERE}/" in trainer.url


def test_scene_and_reply_are_wholly_in_view_at_every_jump(
    trainer: Any, server: Server, desk: Desk
) -> None:
    for notebook in queue_of(desk, MODULE, TYPED).everybody:
        trainer.goto(f"{server.base}/{HERE}/{notebook}")
        assert trainer.evaluate(IN_VIEW), trainer.inner_text(".dk-left")
        assert trainer.evaluate("document.documentElement.scrollHeight <= innerHeight")
    trainer.goto(f"{server.base}/{HERE}/{reading_of(desk, 'trainee-005').notebook}")
    trainer.set_viewport_size({"width": 1366, "height": 400})
    assert not trainer.evaluate(IN_VIEW)  # it could fail


def test_a_code_is_typed_and_the_way_leads_to_the_trainee_and_to_their_reply(
    trainer: Any, server: Server, desk: Desk
) -> None:
    trainer.focus("#code")
    trainer.keyboard.type("trainee-005")
    press(trainer, "Enter")
    trainer.wait_for_url("**/desk/trainee?code=trainee-005")
    tab_to(trainer, "node.matches('#waiting ~ ul a')")
    press(trainer, "Enter")
    trainer.wait_for_url(f"**/{HERE}/{reading_of(desk, 'trainee-005').notebook}")


def test_long_and_right_to_left_words_stay_in_their_page(trainer: Any, server: Server) -> None:
    trainer.set_viewport_size({"width": 360, "height": 640})
    trainer.goto(f"{server.base}/{BACK}")
    for summary in trainer.locator("details summary").all():
        summary.focus()
        press(trainer, "Enter")
    assert trainer.locator("dd").first.is_visible()
    assert trainer.evaluate("getComputedStyle(document.querySelector('dd')).direction") == "rtl"
    assert trainer.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(trainer).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(trainer: Any, server: Server, path: str, scheme: str) -> None:
    trainer.emulate_media(color_scheme=scheme)
    trainer.goto(f"{server.base}/{path}")
    found = Axe().run(trainer).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    assert trainer.errors == []


def one_marked(prepared: Path, tmp_path: Path) -> Desk:
    """Make a desk with two replies that Ana marked, of which each goes to a second trainer."""
    course = tmp_path / "course"
    shutil.copytree(prepared, course)
    desk = desk_with(course, {"trainee-001": REPLIES["trainee-001"], "trainee-002": "Call him."})
    let_two_mark_all(desk)
    for trainee in ("trainee-001", "trainee-002"):
        shown = reading_of(desk, trainee)
        wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 3.0, "Warm.", ("boundary",))
        decide(desk, "Ana", MARK, [wish])
    return desk


def no_violation(page: Any) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
    page.emulate_media(color_scheme="light")


def test_a_second_mark_and_what_two_settle_need_no_mouse(
    page: Any, prepared: Path, tmp_path: Path
) -> None:
    desk = one_marked(prepared, tmp_path)
    page.set_viewport_size(LAPTOP)
    with serving(tmp_path / "home", "teach", "--root", str(desk.root)) as server:
        page.goto(server.address)
        tab_to(page, f"node.matches('[href$=\"desk/second/{MODULE}/{TYPED}\"]')")
        press(page, "Enter")
        page.wait_for_url("**/desk/second/**")
        page.wait_for_selector(".dk-form")
        assert page.evaluate(IN_VIEW)
        first = page.url
        press(page, "f", "Enter")  # nothing to flag here, and no points yet
        until(page, "document.querySelector('.dk-said')?.textContent === 'Choose points first.'")
        press(page, "a", "Space")
        until(page, "document.querySelector('[name=act]').checked")
        no_violation(page)
        press(page, "a", "1", ".", "c")
        page.keyboard.type("n u: only words")
        press(page, "Control+Enter")
        page.wait_for_url(lambda url: url != first and "/desk/second/" in url)
        with page.expect_navigation():
            press(page, "u")
        assert "Taken back: 1 decision." in page.inner_text(".dk-said")
        press(page, "1", "Enter")
        page.wait_for_url(lambda url: "/desk/second/" in url and "Second" in url)
        page.goto(f"{server.base}/desk")
        no_violation(page)
        tab_to(page, "node.matches('[href*=\"desk/differ/\"]')")
        press(page, "Enter")
        page.wait_for_url("**/desk/differ/**")
        no_violation(page)
        tab_to(page, "node.matches('#points')")
        page.keyboard.type("2,5")
        press(page, "Enter")
        page.wait_for_url("**/desk?said=Settled**")
        assert {mark_of(desk, name).points for name in ("trainee-001", "trainee-002")} == {2.5, 3.0}
        tab_to(page, "node.matches('[href$=\"desk/agreement\"]')")
        press(page, "Enter")
        page.wait_for_url("**/desk/agreement")
        assert "Too few to say" in page.inner_text("table")
        no_violation(page)
    assert page.errors == []


@fault(
    TEXT,
    "One of these 96 texts stands on your desk, in a reply or in a comment",
    "It is shown as plain text. Nothing runs, and no request leaves.",
)
def test_nothing_that_was_typed_runs_or_asks_another_address(
    page: Any, prepared: Path, tmp_path: Path
) -> None:
    course = tmp_path / "course"
    shutil.copytree(prepared, course)
    texts = payloads()
    hostile = {f"trainee-{number:03}": text for number, text in enumerate(texts, 1)}
    desk = desk_with(course, hostile)
    for notebook in queue_of(desk, MODULE, TYPED).everybody:
        shown = read(desk, MODULE, TYPED, notebook)
        comment = hostile[shown.trainee]
        wish = Wish(notebook, shown.queue.cell, shown.state.seen, 1.0, comment)
        decide(desk, "<img src=x onerror=alert(1)>", MARK, [wish])
    rung: list[str] = []
    page.on("dialog", lambda dialog: (rung.append(dialog.message), dialog.dismiss()))
    with serving(tmp_path / "home", "teach", "--root", str(course)) as server:
        page.goto(server.address)
        for notebook in queue_of(desk, MODULE, TYPED).everybody:
            page.goto(f"{server.base}/{HERE}/{notebook}")
            assert page.locator("#reply .dk-words").count() == 1
        assert len(page.requests) > len(texts)
        assert {url for url in page.requests if not url.startswith((server.base, "data:"))} == set()
    assert rung == []
