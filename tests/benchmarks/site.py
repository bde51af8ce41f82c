"""Measure how soon a site's first card can be used, and what goes over the wire for it.

Run ``python tests/benchmarks/site.py`` on a calm machine. Beside each first visit stands bare
Python for browsers, loaded in the same run from the same host: compare the two, not either
with a clock elsewhere.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers.browser import CHROMIUM, until
from helpers.site_pages import until_remembered
from helpers.sites import Silent, make_site, pyodide
from playwright.sync_api import sync_playwright

ROUNDS = 5
SAVES = 30
LESSON = "lessons/07-advice/1-four-principles.html#all"
BARE = """<!doctype html><title>bare</title><script type="module">
import { loadPyodide } from "./pyodide.mjs";
await loadPyodide({ indexURL: "./" });
document.title = performance.now();
</script>"""
LINE_BYTES = 4e6 / 8  # a second
PIECE = 8192
LARGE = 30_000  # bytes of a file that is named
# Milliseconds from the click to the receipt's words.
SAVE = """
card => new Promise(done => {
  const seen = new MutationObserver(() => {
    if (!card.querySelector('.al-status').textContent.startsWith('Saved')) return;
    seen.disconnect();
    done(performance.now() - before);
  });
  card.querySelector('.al-status').textContent = '';
  seen.observe(card.querySelector('.al-status'), { childList: true, subtree: true });
  const before = performance.now();
  card.querySelector('input:not(:checked)').click();
})
"""


def main() -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        site = make_site(Path(folder) / "site")
        bare = Path(folder) / "bare"
        bare.mkdir()
        for path in pyodide().iterdir():
            (bare / path.name).symlink_to(path)
        (bare / "index.html").write_text(BARE)
        browser = playwright.chromium.launch(**CHROMIUM)
        ours, plain = served(site), served(bare)
        wire(browser, ours)
        sides: dict[str, Callable[[], float]] = {
            "bare Python, first visit": lambda: first(browser, plain, bare_ready),
            "first visit, first card": lambda: first(browser, f"{ours}/{LESSON}", card_ready),
        }
        found: dict[str, list[float]] = {name: [] for name in sides}
        for _ in range(ROUNDS):
            for name, measure in sides.items():
                found[name].append(measure())
        found["later visit, first card"] = later(browser, f"{ours}/{LESSON}")
        for name, moments in found.items():
            print(f"{name:28}{statistics.median(moments) / 1000:8.2f} s of {len(moments)}")
        medians = [statistics.median(found[name]) for name in sides]
        print(f"first visit to bare Python: {medians[1] / medians[0]:.2f}")
        again = statistics.median(found["later visit, first card"])
        print(f"later visit to first visit: {again / medians[1]:.2f}")
        thin(browser, f"{served(site, Thin)}/{LESSON}")
        saves(browser, f"{ours}/{LESSON}")
        browser.close()


class Thin(Silent):
    """A host behind a line of 4 Mbit/s, which all that is sent shares, workers' files as well."""

    line = threading.Lock()

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send no faster than the line."""
        while piece := source.read(PIECE):
            with self.line:
                time.sleep(len(piece) / LINE_BYTES)
                outputfile.write(piece)


def served(folder: Path, handler: type[Silent] = Silent) -> str:
    """Serve a folder; return its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def bare_ready(page: Any) -> float:
    """Wait for bare Python; return when it was there."""
    until(page, "document.title !== 'bare' && document.title !== ''")
    return float(page.title())


def card_ready(page: Any) -> float:
    """Wait for the first card; return when it was there."""
    until(page, "document.querySelector('.al-card')")
    moment: float = page.evaluate("performance.now()")
    return moment


def first(browser: Any, address: str, ready: Callable[[Any], float]) -> float:
    """Return the milliseconds of somebody's first visit."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="commit")
    moment = ready(page)
    context.close()
    return moment


def later(browser: Any, address: str) -> list[float]:
    """Return the milliseconds of further visits, in a browser that has been here."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    card_ready(page)
    until_remembered(page)
    moments = []
    for _ in range(ROUNDS):
        page.reload(wait_until="commit")
        moments.append(card_ready(page))
        page.wait_for_timeout(3000)  # what comes after the cards is not part of the next visit
    context.close()
    return moments


def thin(browser: Any, address: str) -> None:
    """Print when text and first card are there, over a line as thin as a phone's."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".al-static")
    text = page.evaluate("performance.now()")
    card = card_ready(page)
    print(f"over 4 Mbit/s: text {text / 1000:.2f} s, first card {card / 1000:.2f} s")
    context.close()


def wire(browser: Any, base: str) -> None:
    """Print the bytes that a first card takes, as sent by a host that packs nothing."""
    context = browser.new_context(service_workers="block")
    page = context.new_page()
    come: list[Any] = []
    context.on("requestfinished", lambda one: come.append(one))  # noqa: PLW0108 - no built-in
    page.goto(f"{base}/{LESSON}")
    card_ready(page)
    sizes = {one.url: one.sizes()["responseBodySize"] for one in tuple(come)}
    total = sum(sizes.values()) / 1e6
    print(f"over the wire to the first card: {total:.2f} MB in {len(sizes)} files")
    for url, size in sorted(sizes.items(), key=lambda one: -one[1]):
        if size >= LARGE:
            print(f"  {url.rpartition('/')[2]:26}{size / 1e6:6.2f} MB")
    context.close()


def saves(browser: Any, address: str) -> None:
    """Print the milliseconds from an answer to its receipt."""
    page = browser.new_page()
    page.goto(address)
    card_ready(page)
    card = page.locator(".al-card.al-choice").first
    page.wait_for_timeout(1000)
    times = []
    for _ in range(SAVES):
        times.append(card.evaluate(SAVE))
        page.wait_for_timeout(50)
    low, median, high = statistics.quantiles(times, n=4)
    print(f"answer to receipt (n={SAVES}): median {median:.0f} ms, quartiles {low:.0f}, {high:.0f}")


if __name__ == "__main__":
    main()
