"""A course that is closed, signs nobody in or cannot write, in Chromium: no word is lost."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.browser import ready
from helpers.old_port import another_account, another_program
from helpers.servers import Server, own_port, serving

MODULE = "07-advice"
LESSON = f"lessons/{MODULE}/4-four-rules.ipynb"
EXERCISE = f"lessons/exercises/{MODULE}/exercise.ipynb"
MAP = "lessons/index.ipynb"
NOT_SENT = ("host", "connection", "content-length")  # what a line says of itself
MOVED = "Open the course by its new address, and copy your words there."
GONE = "If you closed it, start it again. It has a new address then."
WORDS = "What have you thought of so far?"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "home", "learn", *own_port()) as running:
        yield running


def opened(page, address: str) -> None:
    """Open a page, and wait until each card has looked at its record."""
    ready(page, address)
    page.wait_for_load_state("networkidle")


def reply(page):
    return page.locator(".al-reply").first


def write(page, words: str = WORDS) -> None:
    reply(page).locator("textarea").fill(words)


def not_saved(page, why: str) -> None:
    """See that the words still stand there, and why they are not saved."""
    told = reply(page).locator(".al-not-saved")
    told.get_by_text("Not saved.").wait_for()
    assert why in told.inner_text()
    assert "Your answer still stands here." in told.inner_text()
    assert reply(page).locator("textarea").input_value() == WORDS


def comes_back(page, server: Server, words: str = WORDS) -> None:
    """See that the words are in their place again, and on disk."""
    page.wait_for_selector(".al-card")
    status = reply(page).locator(".al-status")
    status.get_by_text("aved").wait_for()
    assert status.inner_text() in ("Saved", "Your saved answer")
    assert reply(page).locator("textarea").input_value() == words
    assert words in typed(server)


def typed(server: Server) -> list[str]:
    """Return all replies on disk."""
    kept = [*(server.home / "practice").glob("*.json"), *server.home.rglob("answers.json")]
    items = [item for path in kept for item in json.loads(path.read_text())["items"].values()]
    return [item["response"] for item in items if item["kind"] == "reply"]


@pytest.mark.parametrize("address", [LESSON, EXERCISE])
def test_words_typed_while_the_course_is_closed_stay_in_view_and_can_be_taken_along(
    page, server, address
):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened(page, server.url(address))
    with server.away():
        write(page)
        not_saved(page, "Keep this page open until you have copied your words.")
        assert typed(server) == []
    reply(page).get_by_role("button", name="Copy my words").click()
    reply(page).get_by_role("button", name="Copied").wait_for()
    other = page.context.new_page()
    opened(other, server.url(address))
    reply(other).locator("textarea").press("Control+v")
    comes_back(other, server)
    assert reply(page).locator("textarea").input_value() == WORDS
    assert page.errors == []


def test_words_come_back_in_their_window_as_long_as_the_course_runs(page, server):
    opened(page, server.url(LESSON))
    with unreachable(page):
        write(page)
        not_saved(page, "Keep this page open")
        assert typed(server) == []
    page.reload()
    comes_back(page, server)


@contextmanager
def unreachable(page) -> Iterator[None]:
    """Let no message of a page reach the course for a while."""
    page.route("**/cards", lambda route: route.abort())
    yield
    page.unroute("**/cards")


@fault(
    HOME,
    "The course was closed and started again, and an old page is still open",
    "Nothing is sent from it. Its words stay in view, to be copied to the new address.",
)
def test_an_open_page_is_led_to_the_new_address_of_a_course_that_was_started_again(page, server):
    opened(page, server.url(LESSON))
    server.restart()
    write(page)
    not_saved(page, GONE)  # nobody is at its address any more
    assert reply(page).get_by_role("button", name="Copy my words").is_visible()
    assert typed(server) == []
    opened(page, server.url(LESSON))
    write(page)
    comes_back(page, server)


def test_a_page_without_its_cookies_says_so_and_signs_in_again_by_its_address(page, server):
    opened(page, server.url(LESSON))
    page.context.clear_cookies()
    write(page)
    not_saved(page, "This page is no longer signed in. Open the course again by its whole address.")
    page.get_by_role("button", name="Reload the page").click()
    comes_back(page, server)


def test_words_of_a_page_that_is_no_longer_signed_in_wait_in_its_window(page, server):
    opened(page, server.url(MAP))
    opened(page, f"{server.base}/{LESSON}#all")  # as a link leads there, without the token
    page.context.clear_cookies()
    write(page)
    not_saved(page, "This page is no longer signed in.")
    page.get_by_role("button", name="Reload the page").click()
    page.get_by_text("Please use the full address").wait_for()
    assert page.locator(".al-card").count() == 0
    opened(page, server.url(MAP))
    opened(page, f"{server.base}/{LESSON}#all")
    comes_back(page, server)


def test_two_windows_that_could_not_save_ask_which_answer_stays(page, server):
    opened(page, server.url(LESSON))
    other = page.context.new_page()
    opened(other, server.url(LESSON))
    with unreachable(page), unreachable(other):
        write(page, "the long answer")
        reply(page).get_by_text("Keep this page open").wait_for()
        write(other, "a short one")
        reply(other).get_by_text("Keep this page open").wait_for()
    page.reload()
    reply(page).get_by_text("aved").wait_for()
    other.reload()
    other.get_by_text("You answered this in another window").wait_for()
    assert typed(server) == ["the long answer"]
    other.get_by_role("button", name="Keep the answer here").click()
    reply(other).get_by_text("Saved", exact=True).wait_for()
    assert typed(server) == ["a short one"]


@fault(
    HOME,
    "Another program, or another account, listens where a closed course was",
    "It is sent no answer, and what it gets opens nothing.",
)
@pytest.mark.parametrize("program", [another_program, another_account])
def test_another_program_at_the_address_of_the_course_gets_nothing(page, server, program):
    """It says yes to all, and keeps what it gets; the next run stands elsewhere."""
    opened(page, server.url(LESSON))
    host, port = server.host, server.port
    server.stop()
    with program(host, port) as kept:
        write(page)
        not_saved(page, MOVED)
        reply(page).get_by_role("button", name="See feedback").click()
        page.wait_for_timeout(700)
        server.start(*own_port())
        other = page.context.new_page()
        opened(other, server.url(MAP))  # the browser has cookies of the next run now
        page.reload()
        asked = kept.requests
        assert WORDS not in kept.text
    assert len(asked) >= 3
    # What it was given is of the run that has ended: nothing of it opens this one.
    assert any("Cookie" in each["headers"] for each in asked)
    assert [status for status in tried_at(server, asked) if status < 300] == []


LEFT_IN_TAB = """() => JSON.stringify([
  { ...sessionStorage }, { ...localStorage }, name, history.state,
  Object.values(sessionStorage).map((text) => text.split(" ").map((part) => {
    try { return atob(part); } catch { return ""; }
  }))])"""


@fault(
    HOME,
    "Another program listens at the address of a closed course, and an old window is loaded again",
    "Words that were typed there and not saved are locked. What it finds in the window tells it "
    "nothing.",
)
@pytest.mark.parametrize("address", [LESSON, EXERCISE])
def test_what_an_old_window_keeps_tells_another_program_nothing(page, server, address):
    opened(page, server.url(address))
    with unreachable(page):
        write(page)
        not_saved(page, "Keep this page open")
    page.wait_for_function("Object.keys(sessionStorage).length > 0")
    host, port = server.host, server.port
    server.stop()
    with another_program(host, port):
        page.goto(f"{server.origin}/trap")  # in this very window
        page.wait_for_function("document.title === 'left'")
        left = page.evaluate(LEFT_IN_TAB)
        assert "alongside:" in left
        assert WORDS not in left
        assert WORDS.rsplit(maxsplit=1)[-1] not in left


def tried_at(server: Server, requests: list[dict[str, Any]]) -> list[int]:
    """Send what another program got to a later run, under its own path too."""
    done = []
    for each in requests:
        headers = {n: v for n, v in each["headers"].items() if n.lower() not in NOT_SENT}
        for path in (each["path"], f"{server.path}/{LESSON}", f"{server.path}/cards"):
            line = http.client.HTTPConnection(server.host, server.port, timeout=60)
            line.request("GET", path, headers=headers)
            done.append(line.getresponse().status)
            line.close()
    return done


def test_an_answer_that_cannot_be_written_is_said_and_can_be_saved_later(page, server):
    opened(page, server.url(LESSON))
    practice = server.home / "practice"
    practice.rename(server.home / "away") if practice.exists() else None
    practice.write_text("a file where the folder should be")
    write(page)
    not_saved(page, "")
    assert "Traceback" not in page.content()
    practice.unlink()
    page.get_by_role("button", name="Reload the page").click()
    comes_back(page, server)


def test_a_hand_in_asked_of_a_closed_course_says_that_it_does_not_answer(page, server):
    opened(page, server.url(EXERCISE))
    card = page.locator(".al-hand-in")
    card.get_by_role("textbox").wait_for()
    with server.away():
        card.get_by_role("textbox").fill("trainee-017")
        card.get_by_role("button", name="Keep this code").click()
        card.get_by_text("The course does not answer.").wait_for()
    card.get_by_role("button", name="Keep this code").click()
    card.get_by_text("The course does not answer.").wait_for()
    assert card.get_by_role("textbox").input_value() == "trainee-017"
    opened(page, server.url(EXERCISE))
    card.get_by_role("textbox").fill("trainee-017")
    card.get_by_role("button", name="Keep this code").click()
    card.get_by_role("button", name="See what will be sent").wait_for()


def test_a_late_first_receipt_takes_back_neither_answer_nor_feedback(page, server):
    """Receipts over HTTP may come in another order than their messages."""
    late = []

    def hold_back(route) -> None:
        sent = json.loads(route.request.post_data or '{"message": {"type": "none"}}')
        if sent["message"]["type"] == "open":
            late.append((route, route.fetch()))  # answered, and on its way for long
        else:
            route.continue_()

    page.route("**/cards", hold_back)
    ready(page, server.url(LESSON))
    taken = -1
    while taken < len(late):  # each is fetched here, one after the other
        taken = len(late)
        page.wait_for_timeout(500)
    write(page)
    reply(page).get_by_role("button", name="See feedback").click()
    told = reply(page).locator(".al-headline").first
    told.wait_for()
    said = told.inner_text()
    for route, answer in late:
        route.fulfill(response=answer)
    page.wait_for_timeout(500)
    assert late
    assert reply(page).locator("textarea").input_value() == WORDS
    assert told.inner_text() == said
