"""Several windows on one site, and windows that end in the middle of a save."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from fault_page import HOME, fault
from helpers.site_pages import FILE, FOLDER, MODULE, answer, choice, chosen, visit
from helpers.sites import ASKING

ENDS = 0.1  # of all saves, those in whose middle the worker is ended
SEED = 9  # with 20 saves, both windows end at least once


@fault(
    HOME,
    "The course is a link, and the same question is open in two windows",
    "Each answer is kept. The window that knows an older one asks which shall stay.",
)
def test_two_windows_of_one_browser(window):
    visit(window)
    other = window.context.new_page()
    visit(other)
    said = answer(window)
    choice(other).locator("input").nth(0).check()
    choice(other).get_by_text("You answered this in another window as well").wait_for()
    choice(other).get_by_role("button", name="Show the other one").click()
    assert chosen(other) == said
    # Another question of the same record: neither window loses what the other one saved.
    second = other.locator(".al-card textarea").first
    second.fill("What would help you tonight?")
    second.blur()
    other.locator(".al-status", has_text="Saved").first.wait_for()
    visit(window)
    assert chosen(window) == said
    assert window.locator(".al-card textarea").first.input_value() == "What would help you tonight?"


@fault(
    HOME,
    "The course is a link, and the browser ends a page while it saves an answer",
    "The answer before it is there, or the new one. No other answer is lost.",
)
@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.full)])
def test_an_end_in_the_middle_loses_no_answer_with_a_receipt(window, host, count):
    """Two windows save answers to one record, each to questions of its own."""
    page = f"{MODULE}/1-four-principles.ipynb"
    windows = [window, window.context.new_page()]
    for number, one in enumerate(windows):
        one.add_init_script(ASKING)
        one.goto(f"{FOLDER}/LICENCES.txt")
        html = (host.site / FOLDER / FILE).read_text(encoding="utf-8")
        folder = re.search(r'data-own="../../([^"]+)"', html).group(1)
        own = f"{host.base}/{FOLDER}/{folder}"
        found = re.findall(r"class=\"al-place\" data-call='([^']*)'", html)
        calls = [json.loads(unescape(call)) for call in found]
        one.evaluate(
            """async ([own, page, calls, number]) => {
              begin(own);
              const { pieces } = await ask({ act: "page", page, calls });
              const cards = pieces.flat().filter((piece) => piece.facts?.view?.kind === "choice");
              window.choices = cards.filter((_, at) => at % 2 === number);
            }""",
            [own, page, calls, number],
        )
        asked = json.dumps([own, page, count, ENDS, SEED + number])[1:-1]
        one.evaluate(f"window.result = hurry({asked}); 0")
    told = [one.evaluate("window.result") for one in windows]
    assert [each["wrong"] for each in told] == [[], []]
    assert sum(each["ended"] for each in told) > 0
    assert one.evaluate("choices.length") > 0
