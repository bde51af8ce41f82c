"""A lesson from elsewhere in Chromium: nothing of it runs, and ours is as it was."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.browser import ready
from helpers.kinds import MODULE, make_course, open_fresh
from helpers.payloads import OUTSIDE, payloads
from helpers.servers import Server, serving

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAIAQAAAADsdIMmAAAAC0lEQVQI12NgQAcAABIAAe+JVKQAAAAASUVORK5CYII="
)
DRAWING = b"""<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert('svg')">
<script>alert('svg')</script><rect width="9" height="9"/></svg>"""
PRETENDING = """
<div class="al-live">not one of ours</div>
<div class="al-live" data-call='{"name": "delete_everything", "arguments": [], "number": 0}'
 data-facts='{"card": "delete"}'>not one of ours</div>
<!--alongside 0--> <!--alongside 99-->
<p id="lesson">x</p> <h2 id="root">x</h2>
<a href="data:text/html,<script>alert('link')</script>">a page of its own</a>
<style>main { display: none }</style>
"""
OUTPUTS = {
    "text/html": "<script>alert('output')</script><img src=x onerror=alert('output')>",
    "image/svg+xml": DRAWING.decode(),
    "application/javascript": "alert('javascript')",
    "text/markdown": "<script>alert('markdown')</script>[x](javascript:alert('markdown'))",
    "text/latex": "$\\href{javascript:alert('latex')}{x}$",
    "text/plain": "<script>alert('plain')</script>",
    "application/vnd.jupyter.widget-view+json": {"model_id": "x"},
}
# Rings for every script that runs, whatever it calls.
WATCH = """
window.rung = [];
for (const name of ['alert', 'confirm', 'prompt', 'print', 'open']) {
  window[name] = (...what) => { window.rung.push(what.join()); };
}
"""
ODD = """
[...document.querySelectorAll('main .al-prose *')].filter(node =>
  /^(script|style|iframe|object|embed|svg|math|form|input|button|link|meta|base|video)$/
    .test(node.localName) ||
  [...node.attributes].some(({name, value}) =>
    /^(on|style|data-|srcset)/.test(name) || /^\\s*(javascript|vbscript):/i.test(value) ||
    name === 'href' && /^\\s*data:/i.test(value))
).map(node => node.outerHTML)
"""


def cell(kind: str, source: str, number: int = 0, **more: Any) -> dict[str, Any]:
    made = {"cell_type": kind, "id": f"{kind}-{number}", "metadata": {}, "source": source}
    return made | ({"outputs": [], "execution_count": None} if kind == "code" else {}) | more


def attached(name: str, kind: str, content: bytes) -> dict[str, Any]:
    return {name: {kind: base64.b64encode(content).decode()}}


def lesson() -> str:
    """Return a notebook that tries everything, around two cards of ours."""
    loud = [
        {"output_type": "display_data", "metadata": {}, "data": {kind: content}}
        for kind, content in OUTPUTS.items()
    ]
    tags = {"tags": ["x' onmouseover='alert(1)"], "slideshow": "<script>alert('meta')</script>"}
    picture = attached("grey.png", "image/png", PIXEL)
    drawing = attached("drawing.svg", "image/svg+xml", DRAWING)
    page = attached("page.html", "text/html", b"<script>alert('attached')</script>")
    show = "![A grey square](attachment:grey.png) ![A drawing](attachment:drawing.svg) "
    cells = [
        cell("markdown", "# A lesson from elsewhere", 1),
        cell("markdown", show, 2, attachments=picture | drawing),
        cell("markdown", "[x](attachment:page.html)", 3, attachments=page),
        cell("markdown", PRETENDING, 4),
        cell("code", "from grader.cards import card\ncard('kinds-order-three')", 5, outputs=loud),
        cell("code", "from grader.cards import begin", 6, outputs=loud, metadata=tags),
        cell("raw", "<script>alert('raw')</script>", 7),
        *(cell("markdown", text, 10 + at) for at, text in enumerate(payloads())),
        cell("code", "from grader.cards import card\ncard('kinds-sort-two')", 8),
    ]
    state = {"state": {"</script><script>alert('state')</script>": {}}, "version_major": 2}
    metadata = {
        "title": "</title><script>alert('title')</script>",
        "widgets": {"application/vnd.jupyter.widget-state+json": state},
    }
    book = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    return json.dumps(book)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("elsewhere")
    course = make_course(base / "course")
    (course / MODULE / "4-strange.ipynb").write_text(lesson(), encoding="utf-8")
    with serving(base / "home", "learn", ALONGSIDE_COURSE=str(course)) as running:
        yield running


@pytest.fixture(params=["as served", "without its policy"])
def watched(request: pytest.FixtureRequest, chromium: Any) -> Iterator[Any]:
    """Open a page that notes each script, request and line of the console."""
    context = chromium.new_context(bypass_csp=request.param != "as served")
    page = context.new_page()
    page.errors, page.away, page.said = [], [], []
    page.on("dialog", lambda dialog: (page.errors.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    page.on("console", lambda line: page.said.append((line.type, line.text)))
    page.on("request", lambda sent: page.away.append(sent.url))
    page.add_init_script(WATCH)
    yield page
    context.close()


def test_nothing_of_a_lesson_from_elsewhere_runs(watched, server):
    ready(watched, server.url(f"lessons/{MODULE}/4-strange.ipynb"))
    watched.wait_for_timeout(1000)
    for what in ("focus", "mouseover"):
        watched.evaluate(f"document.querySelectorAll('*').forEach(n => n.{DO[what]})")
    assert watched.evaluate("window.rung") == []
    assert watched.errors == []
    assert watched.evaluate(ODD) == []
    assert [url for url in watched.away if not url.startswith((server.base, "data:"))] == []
    assert [url for url in watched.away if OUTSIDE in url] == []
    assert watched.said == []


DO = {
    "focus": "focus?.()",
    "mouseover": "dispatchEvent(new MouseEvent('mouseover', {bubbles: false}))",
}


def test_its_pictures_show_and_our_cards_work_around_it(watched, server):
    open_fresh(watched, server, f"lessons/{MODULE}/4-strange.ipynb")
    for name, width in {"A grey square": 8, "A drawing": 9}.items():
        picture = watched.get_by_role("img", name=name)
        assert picture.evaluate("node => node.naturalWidth") == width
    assert watched.title() == "</title><script>alert('title')</script> · Alongside"
    assert watched.locator(".al-card").count() == 2
    assert watched.get_by_role("button", name="Delete everything").count() == 0
    card = watched.locator(".al-order")
    card.get_by_role("button", name="This order is right for me").click()
    card.get_by_text("Saved", exact=True).wait_for()
    assert watched.locator("h1").first.is_visible()
    assert watched.errors == []
