"""Measure how soon a lesson of twelve cards can be read and used, and how soon feedback shows.

Run ``python tests/benchmarks/pages.py`` on a calm machine. Beside our page stands the same
notebook in Voilà's own page, opened in turn with ours in the same run: compare the two, not
either with a clock elsewhere. Requests to outside addresses are refused at once in both.
"""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers.browser import CHROMIUM
from helpers.kinds import MODULE, make_course
from helpers.servers import Server, serving
from playwright.sync_api import sync_playwright

ROUNDS = 7  # pages opened of each sort
CLICKS = 40
CARDS = 12
LESSON = f"{MODULE}/twelve.ipynb"
SPARE_KERNEL = 15_000  # milliseconds in which the spare kernel is ready again
# When a question can first be read, and when the first card is live; both since the page was
# asked for. The first byte is the browser's own.
WATCH = """
window.moments = {};
new MutationObserver(() => {
  const found = { readable: '.al-ask, .al-static', usable: '.al-card' };
  for (const [name, selector] of Object.entries(found))
    if (!(name in moments) && document.querySelector(selector)) moments[name] = performance.now();
}).observe(document, { childList: true, subtree: true });
"""
MOMENTS = """
({ ...moments, first: performance.getEntriesByType('navigation')[0].responseStart })
"""
# Milliseconds from the click to the frame after which feedback stands on the page.
CLICK = """
card => new Promise(done => {
  const feedback = card.querySelector('.al-feedback');
  const seen = new MutationObserver(() => {
    if (!feedback.childNodes.length) return;
    seen.disconnect();
    requestAnimationFrame(() => done(performance.now() - before));
  });
  seen.observe(feedback, { childList: true });
  const before = performance.now();
  card.querySelector('.al-row > .al-button').click();
})
"""


@contextlib.contextmanager
def plain_voila(course: Path, places: dict[str, str]) -> Iterator[Server]:
    """Run Voilà as it comes, on the same folder."""
    command = [sys.executable, "-m", "voila", "--no-browser", "--port=8965", str(course)]
    process = subprocess.Popen(
        command, env={**os.environ, **places}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    server = Server("http://127.0.0.1:8965/?token=none", course, process)
    try:
        for _ in range(100):
            time.sleep(0.2)
            with contextlib.suppress(OSError):
                server.fetch("")
                break
        yield server
    finally:
        process.terminate()
        process.wait(20)


def twelve_cards(course: Path) -> None:
    """Write a lesson of twelve cards, two of each of six kinds."""
    notebook = json.loads((course / MODULE / "1-cards.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = notebook["cells"][: 2 + CARDS]
    (course / LESSON).write_text(json.dumps(notebook), encoding="utf-8")


def opened(browser: Any, server: Server, address: str) -> dict[str, float]:
    """Open a page in a fresh window; return its moments in milliseconds."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    context.route(lambda url: not url.startswith(server.base), lambda route: route.abort())
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(server.url(address), wait_until="commit")
    page.wait_for_function("window.moments?.usable", timeout=120_000)
    page.wait_for_timeout(500)
    moments = page.evaluate(MOMENTS)
    context.close()
    return moments


def clicked(browser: Any, server: Server) -> dict[str, list[float]]:
    """Return the milliseconds from click to feedback, of a choice and of a typed reply."""
    page = browser.new_page()
    page.goto(server.url(f"voila/render/{MODULE}/1-cards.ipynb"))
    spent: dict[str, list[float]] = {"choice": [], "reply": []}
    for kind, times in spent.items():
        card = page.locator(f".al-card.al-{kind}")
        card.wait_for()
        for number in range(CLICKS):
            if kind == "choice":
                card.locator("input").nth(number % 2).check()
            else:
                card.locator("textarea").fill(f"What nearly kept you? It was {number} today.")
            page.wait_for_timeout(700)  # let the save of the answer itself be done
            times.append(card.evaluate(CLICK))
    page.close()
    return spent


def main() -> None:
    """Print a table of medians."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        base = Path(folder)
        course = make_course(base / "course")
        twelve_cards(course)
        browser = playwright.chromium.launch(**CHROMIUM)
        places = {"ALONGSIDE_COURSE": str(course), "JUPYTER_CONFIG_DIR": str(base / "none")}
        with (
            serving(base / "ours", "learn", **places) as ours,
            plain_voila(course, places) as theirs,
        ):
            spent = clicked(browser, ours)
            pairs = []
            for _ in range(ROUNDS):
                browser.new_page().wait_for_timeout(SPARE_KERNEL)
                mine = opened(browser, ours, f"voila/render/{LESSON}")
                pairs.append((mine, opened(browser, theirs, f"voila/render/{LESSON}")))
        browser.close()
    report(spent, pairs)


def report(spent: dict[str, list[float]], pairs: list[tuple[dict, dict]]) -> None:
    """Print what was measured, in seconds."""
    for kind, times in spent.items():
        low, median, high = statistics.quantiles(times, n=4)
        print(f"click to feedback, {kind} (n={len(times)}): median {median:.0f} ms,", end=" ")
        print(f"quartiles {low:.0f} and {high:.0f}")
    print(f"\na lesson of {CARDS} cards, opened {len(pairs)} times, medians in seconds")
    print(f"{'':34}{'ours':>8}{'Voilà':>8}")
    for name, since in (("readable", "first"), ("usable", "first"), ("usable", "")):
        ours, theirs = (
            statistics.median(pair[side][name] - pair[side].get(since, 0) for pair in pairs) / 1000
            for side in (0, 1)
        )
        title = f"{name}, since {'the first byte' if since else 'it was asked for'}"
        print(f"{title:34}{ours:8.2f}{theirs:8.2f}   ratio {ours / theirs:.2f}")


if __name__ == "__main__":
    main()
