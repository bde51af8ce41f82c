"""Measure how soon a lesson of twelve cards can be read and used, and what its host holds.

Run ``python tests/benchmarks/pages.py`` on a calm machine. Beside our page stands the same
text as a plain page that a plain server sends, opened in turn with ours in the same run:
compare the two, not either with a clock elsewhere. ``--before PYTHON`` names the Python of an
earlier installation, whose pages are then opened in turn as well.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers.browser import CHROMIUM, until
from helpers.kinds import MODULE, make_course
from helpers.servers import Server, serving
from playwright.sync_api import sync_playwright

from grader.cards.calls import Context
from grader.places import this_learner
from grader.server.addresses import Site
from grader.server.lesson import lesson_html
from grader.trainee.home import prepare_home

ROUNDS = 25  # pages opened of each sort
STARTS = 5
CLICKS = 40
CARDS = 12
MANY = 30  # lessons open at once
VISITS = 200  # pages opened and closed again
LESSON = f"{MODULE}/twelve.ipynb"
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


def main() -> None:
    """Print what was measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--before", help="the Python of an earlier installation")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        base = Path(folder)
        course = make_course(base / "course")
        twelve_cards(course)
        browser = playwright.chromium.launch(**CHROMIUM)
        settings = {"ALONGSIDE_COURSE": str(course), "JUPYTER_CONFIG_DIR": str(base / "none")}
        starts(base, settings)
        with contextlib.ExitStack() as running:
            ours = running.enter_context(serving(base / "ours", "learn", **settings))
            plain = running.enter_context(plain_page(base, ours))
            sides: dict[str, Callable[[], dict[str, float]]] = {
                "ours": lambda: opened(browser, ours.url(f"lessons/{LESSON}"), "usable"),
                "plain": lambda: opened(browser, plain, "readable"),
            }
            if arguments.before:
                old = running.enter_context(
                    serving(base / "old", "learn", python=arguments.before, **settings)
                )
                sides["before"] = lambda: opened(browser, old.url(f"lessons/{LESSON}"), "usable")
            moments = in_turn(sides)
            spent = clicked(browser, ours)
        report(spent, moments)
        held(browser, base, settings)
        browser.close()
    rate()


def twelve_cards(course: Path) -> None:
    """Write a lesson of twelve cards, two of each of six kinds."""
    notebook = json.loads((course / MODULE / "1-cards.ipynb").read_text(encoding="utf-8"))
    notebook["cells"] = notebook["cells"][: 2 + CARDS]
    (course / LESSON).write_text(json.dumps(notebook), encoding="utf-8")


def starts(base: Path, settings: dict[str, str]) -> None:
    """Print how soon the address stands there."""
    seconds = []
    for number in range(STARTS):
        before = time.perf_counter()
        with serving(base / f"start-{number}", "learn", **settings):
            seconds.append(time.perf_counter() - before)
    print(f"address printed: median {statistics.median(seconds):.2f} s of {STARTS}", flush=True)


@contextlib.contextmanager
def plain_page(base: Path, ours: Server) -> Iterator[str]:
    """Serve the text of our page as a file, with its styles and no script."""
    html = ours.fetch(f"lessons/{LESSON}")
    style = re.search(r'<link rel="stylesheet" href="([^"]+)">', html)
    assert style
    (base / "plain").mkdir()
    (base / "plain" / "course.css").write_text(
        ours.fetch(urljoin(ours.base, style[1]).removeprefix(f"{ours.base}/")), encoding="utf-8"
    )
    html = re.sub(r"<script.*?</script>", "", html)
    html = re.sub(r"data-facts='[^']*'", "", html).replace(style[1], "course.css")
    (base / "plain" / "lesson.html").write_text(html, encoding="utf-8")
    handler = partial(Silent, directory=str(base / "plain"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/lesson.html"
        server.shutdown()


class Silent(SimpleHTTPRequestHandler):
    """A plain server that writes no log."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def in_turn(sides: dict[str, Callable[[], dict[str, float]]]) -> dict[str, list[dict]]:
    """Open a page of each side in turn; the first round does not count."""
    found: dict[str, list[dict]] = {name: [] for name in sides}
    for _ in range(ROUNDS + 1):
        for name, open_one in sides.items():
            found[name].append(open_one())
    return {name: moments[1:] for name, moments in found.items()}


def opened(browser: Any, address: str, last: str) -> dict[str, float]:
    """Open a page in a fresh window; return its moments in milliseconds."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    until(page, f"window.moments?.{last}")
    page.wait_for_timeout(500)
    moments: dict[str, float] = page.evaluate("({ ...moments })")
    context.close()
    return moments


def clicked(browser: Any, server: Server) -> dict[str, list[float]]:
    """Return the milliseconds from click to feedback, of a choice and of a typed reply."""
    page = browser.new_page()
    page.goto(server.url(f"lessons/{MODULE}/1-cards.ipynb"))
    spent: dict[str, list[float]] = {"choice": [], "reply": []}
    for kind, times in spent.items():
        card = page.locator(f".al-card.al-{kind}").first
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


def report(spent: dict[str, list[float]], moments: dict[str, list[dict]]) -> None:
    """Print what was measured, in seconds."""
    for kind, times in spent.items():
        low, median, high = statistics.quantiles(times, n=4)
        print(f"click to feedback, {kind} (n={len(times)}): median {median:.0f} ms,", end=" ")
        print(f"quartiles {low:.0f} and {high:.0f}")
    print(f"\na lesson of {CARDS} cards, opened {ROUNDS} times, medians in seconds")
    plain = middle(moments["plain"], "readable")
    print(f"{'plain page, readable':34}{plain:8.2f}")
    ours = middle(moments["ours"], "usable")
    for name, found in moments.items():
        if name != "plain":
            usable = middle(found, "usable")
            print(f"{name + ', readable':34}{middle(found, 'readable'):8.2f}")
            print(f"{name + ', first card':34}{usable:8.2f}", end="")
            print(f"   {usable / plain:.1f} of the plain page, {usable / ours:.1f} of ours")


def middle(moments: list[dict], name: str) -> float:
    """Return the median of a moment, in seconds."""
    return statistics.median(each[name] for each in moments) / 1000


def held(browser: Any, base: Path, settings: dict[str, str]) -> None:
    """Print what the host holds with one and with many lessons open, and after many visits."""
    with serving(base / "held", "learn", **{**settings, "ALONGSIDE_COURSE": ""}) as server:
        lessons = re.findall(r'href="(\d\d-[^"]+\.ipynb)"', server.fetch("lessons/index.ipynb"))
        host = psutil.Process(server.process.pid)
        pages = [visit(browser, server, lessons[0])]
        one = held_by(host)
        pages += [visit(browser, server, lesson) for lesson in lessons[1:MANY]]
        many = held_by(host)
        for page in pages:
            page.close()
        for number in range(VISITS):
            visit(browser, server, lessons[number % len(lessons)]).close()
        after = held_by(host)
    print("\nof the host           memory MB   files   threads   processes")
    for name, row in (("one lesson", one), (f"{MANY} lessons", many), (f"{VISITS} visits", after)):
        print(f"{name:20}" + "".join(f"{value:>11.0f}" for value in row))
    print(f"{MANY} lessons hold {many[0] / one[0]:.2f} of what one holds")


def visit(browser: Any, server: Server, lesson: str) -> Any:
    """Open one lesson, and wait for its first card."""
    page = browser.new_page()
    page.goto(server.url(f"lessons/{lesson}"))
    page.locator(".al-card").first.wait_for()
    return page


def held_by(host: psutil.Process) -> tuple[float, int, int, int]:
    """Return memory in MB, open files, threads and further processes of the host."""
    time.sleep(1)
    memory = host.memory_info().rss / 2**20
    return memory, host.num_fds(), host.num_threads(), len(host.children(recursive=True))


def rate() -> None:
    """Print how many lesson pages one core makes in a second, each with its answers."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["ALONGSIDE_HOME"] = folder
        learner = this_learner()
        prepare_home(learner)
        site = Site(learner)
        lessons = sorted(learner.course.lessons.glob("[0-9]*/[0-9]*.ipynb"))
        for path in lessons:  # read once; a file is read again when it changes
            lesson_html(path, path.name, Context(learner, path.parent), site.frame("/"))
        before, rounds = time.process_time(), 5
        for path in lessons * rounds:
            lesson_html(path, path.name, Context(learner, path.parent), site.frame("/"))
        spent = time.process_time() - before
    print(f"\n{len(lessons) * rounds / spent:.0f} lesson pages a second on one core")


if __name__ == "__main__":
    main()
