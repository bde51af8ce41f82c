"""Python's memory, kept for later visits: used where it is whole, and without an answer in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.site_pages import FILE, FOLDER, MODULE, until_remembered
from helpers.sites import ASKING, PATIENCE_MS, StaticHost

# Looks for what is kept, and changes it; the digest can be made to fit.
KEPT = """
window.memory = async () => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const [found] = (await cache.keys()).filter(({ url }) => url.endsWith("/memory.bin"));
    if (!found) continue;
    const reply = await cache.match(found);
    const bytes = new Uint8Array(await reply.clone().arrayBuffer());
    return { cache, found, bytes, headers: Object.fromEntries(reply.headers) };
  }
  return null;
};
window.change = async (act, isFitting = true) => {
  const { cache, found, bytes, headers } = await memory();
  const changed = act(bytes, headers) ?? bytes;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", changed));
  const hex = Array.from(digest, (one) => one.toString(16).padStart(2, "0")).join("");
  if (isFitting) headers["x-digest"] = hex;
  await cache.put(found, new Response(changed, { headers }));
};
window.placeOf = (bytes, words) => {
  const wanted = new TextEncoder().encode(words);
  for (let at = bytes.indexOf(wanted[0]); at >= 0; at = bytes.indexOf(wanted[0], at + 1))
    if (wanted.every((one, far) => bytes[at + far] === one)) return at;
  return -1;
};
// What was kept first, put back.
window.restore = async () => {
  const { found, bytes, headers, cache } = window.whole;
  await cache.put(found, new Response(bytes, { headers }));
};
"""
PAGE = f"{MODULE}/1-four-principles.ipynb"
GONE = "This question is no longer here."
NONSENSE = {"act": "message", "page": PAGE, "call": 1, "message": {}, "files": []}
MARKER = "Kingfisher over quiet water"


def begin(page: Any, host: StaticHost) -> None:
    """Start the worker without a page."""
    html = (host.site / FOLDER / FILE).read_text(encoding="utf-8")
    folder = re.search(r'data-own="../../([^"]+)"', html).group(1)
    page.evaluate("window.worker?.terminate()")
    page.evaluate(f"begin({json.dumps(f'{host.base}/{FOLDER}/{folder}')})")


def ask(window: Any, **question: Any) -> Any:
    return window.evaluate("(question) => ask(question)", question)


def cards(page: Any, host: StaticHost) -> dict[str, Any]:
    """Open the lesson; return its cards by kind."""
    html = (host.site / FOLDER / FILE).read_text(encoding="utf-8")
    calls = [json.loads(unescape(call)) for call in re.findall(r"data-call='([^']*)'", html)]
    told = ask(page, act="page", page=PAGE, calls=calls)["pieces"]
    found = [piece for pieces in told for piece in pieces if isinstance(piece, dict)]
    return {card["facts"]["view"]["kind"]: card for card in found}


def is_in_memory(page: Any, words: str) -> bool:
    place: int = page.evaluate(
        "(words) => memory().then(({ bytes }) => placeOf(bytes, words))", words
    )
    return place >= 0


@pytest.fixture(scope="module")
def visitor(person: Any, host: StaticHost) -> Iterator[Any]:
    """Be somebody who was here before and has typed an answer."""
    context = person.new_context(base_url=host.base)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.told = []
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("console", lambda line: page.told.append(line.text))
    page.add_init_script(ASKING + KEPT)
    page.goto(f"{FOLDER}/LICENCES.txt")
    begin(page, host)
    card = cards(page, host)["reply"]
    message = {"type": "save", "response": MARKER, "seen": None, "seq": 1}
    told = ask(page, act="message", page=PAGE, call=card["call"], message=message, files=[])
    assert told["receipt"]["type"] == "saved"
    until_remembered(page)
    page.evaluate("memory().then((found) => { window.whole = found; })")
    yield page
    context.close()


@pytest.fixture
def page(visitor: Any) -> Any:
    """Return that somebody's window; the memory is whole."""
    visitor.evaluate("restore()")
    visitor.told.clear()  # a text has no icon, which is said once
    return visitor


def test_a_later_visit_goes_on_from_what_python_remembers(page, host):
    page.evaluate(
        f"""change((bytes) => {{
          const words = new TextEncoder().encode("That ");
          for (let at; (at = placeOf(bytes, "{GONE}")) >= 0; ) bytes.set(words, at);
        }})"""
    )
    begin(page, host)
    told = ask(page, **NONSENSE)
    assert told["receipt"]["why"].startswith("That question is no longer here.")
    assert cards(page, host)["reply"]["facts"]["response"] == MARKER
    assert page.told == []


@fault(
    HOME,
    "The course is a link, and what the browser kept for speed is broken or old",
    "It is thrown away, and the course starts as on the first visit. Answers stay.",
)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param("change((bytes) => { bytes[bytes.length >> 1] ^= 1; }, false)", id="broken"),
        pytest.param("change((_, headers) => { headers['x-maker'] = 'x'; })", id="foreign"),
        pytest.param("change((bytes) => { bytes[20] ^= 1; })", id="other-python"),
        pytest.param(
            "change((bytes) => bytes.slice(0, 1e6), false)", id="cut", marks=pytest.mark.full
        ),
        pytest.param("change(() => new Uint8Array(0))", id="empty", marks=pytest.mark.full),
    ],
)
def test_what_cannot_be_used_is_thrown_away_quietly(page, host, change):
    page.evaluate(change)
    begin(page, host)
    ask(page, act="ready")
    assert page.evaluate("memory()") is None
    assert cards(page, host)["reply"]["facts"]["response"] == MARKER
    assert page.told == []


def test_no_answer_is_in_what_is_remembered(page, host):
    page.evaluate("whole.cache.delete(whole.found)")
    begin(page, host)
    assert cards(page, host)["reply"]["facts"]["response"] == MARKER
    until_remembered(page)
    assert page.evaluate(
        "memory().then(({ headers }) => headers['x-maker'] === whole.headers['x-maker'])"
    )
    assert is_in_memory(page, GONE)
    assert is_in_memory(page, PAGE.partition("/")[0])
    assert not is_in_memory(page, MARKER)
    assert not is_in_memory(page, "\0".join(MARKER))  # as wide text
    assert page.told == []
