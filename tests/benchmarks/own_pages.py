"""Measure how soon the compass, the skills page and the record can be read and used.

Run ``python tests/benchmarks/own_pages.py`` on a calm machine. The home is of somebody who
answered every second card of the course.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers.browser import CHROMIUM, until
from helpers.content import course_skills
from helpers.servers import Server, serving
from playwright.sync_api import sync_playwright

from grader.places import own_course

ROUNDS = 5
# What has to be there, in milliseconds since the page was asked for.
PAGES = {"compass": ".al-picture svg", "skills": ".al-static, .al-card", "record": ".al-rows"}
WATCH = """
window.moments = {};
new MutationObserver(() => {
  const found = { readable: '%s', whole: 'footer', usable: '.al-card' };
  for (const [name, selector] of Object.entries(found))
    if (!(name in moments) && document.querySelector(selector)) moments[name] = performance.now();
}).observe(document, { childList: true, subtree: true });
"""


def fill() -> None:
    """Answer every second card, and rate every skill twice."""
    from grader import places
    from grader.formats import answers
    from grader.kinds.registry import is_scored
    from grader.kinds.scoring import model_response
    from grader.skills import bank
    from grader.trainee import ratings

    practice = bank.practice_bank(own_course())
    for module, items in practice.modules.items():
        for item in list(items.values())[::2]:
            if is_scored(item.kind):
                place, said = places.own_home().practice_record(module), model_response(item)
                answers.save_response(place, module, item.id, item.kind, said, tried=True)
    for one in ratings.asked(course_skills(), practice):
        if one.moment != "then":
            record = places.own_home().journal_record(one.module)
            answers.save_response(record, one.module, one.item_id, "rating", "b")


def opened(browser: Any, server: Server, name: str) -> dict[str, float]:
    """Open a page in a fresh window; return its moments in milliseconds."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH % PAGES[name])
    page.goto(server.url(f"lessons/{name}.ipynb"), wait_until="commit")
    until(page, "window.moments?.usable && window.moments.whole")
    moments = page.evaluate("moments")
    context.close()
    return moments


def main() -> None:
    """Print a table of medians, in seconds."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        home = Path(folder) / "home"
        os.environ["ALONGSIDE_HOME"] = str(home)
        fill()
        browser = playwright.chromium.launch(**CHROMIUM)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in PAGES}
        with serving(home, "learn", JUPYTER_CONFIG_DIR=str(home / "no-config")) as server:
            for _ in range(ROUNDS):
                for name, moments in found.items():
                    moments.append(opened(browser, server, name))
        browser.close()
    print(f"medians of {ROUNDS}, seconds since the page was asked for")
    print(f"{'':10}{'readable':>10}{'whole page':>12}{'first card':>12}")
    for name, moments in found.items():
        readable, whole, usable = (
            statistics.median(one[moment] for one in moments) / 1000
            for moment in ("readable", "whole", "usable")
        )
        print(f"{name:10}{readable:10.2f}{whole:12.2f}{usable:12.2f}")


if __name__ == "__main__":
    main()
