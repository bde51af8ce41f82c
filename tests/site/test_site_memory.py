"""Python's memory, kept for later visits: used where it is whole, and without an answer in it."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from fault_page import HOME, fault
from helpers.site_pages import FILE, FOLDER, MODULE, answer, choice, chosen, visit
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
"""
GONE = "This question is no longer here."
NONSENSE = {"act": "message", "page": f"{MODULE}/1-x.ipynb", "call": 1, "message": {}, "files": []}
MARKER = "Kingfisher over quiet water"


def remembered(page: Any, but: object = None) -> dict[str, str]:
    """Wait until the browser keeps Python's memory, not the one given; tell what it says."""
    look = "memory().then((found) => found && [found.headers, found.bytes.length])"
    for _ in range(PATIENCE_MS // 500):
        found = page.evaluate(look)
        if found and found != but:
            return dict(found[0])
        page.wait_for_timeout(500)
    raise AssertionError("nothing was remembered")


def begin(page: Any, host: StaticHost) -> None:
    """Start the worker without a page."""
    html = (host.site / FOLDER / FILE).read_text(encoding="utf-8")
    folder = re.search(r'data-own="../../([^"]+)"', html).group(1)
    page.goto(f"{FOLDER}/LICENCES.txt")
    page.evaluate(f"begin({json.dumps(f'{host.base}/{FOLDER}/{folder}')})")


def first_visit(page: Any, host: StaticHost) -> dict[str, str]:
    page.add_init_script(ASKING + KEPT)
    begin(page, host)
    page.evaluate("ask({ act: 'page', page: 'index.ipynb', calls: [] })")
    return remembered(page)


def test_a_later_visit_goes_on_from_what_python_remembers(window, host):
    first_visit(window, host)
    window.evaluate(
        f"""change((bytes) => {{
          const words = new TextEncoder().encode("That ");
          for (let at; (at = placeOf(bytes, "{GONE}")) >= 0; ) bytes.set(words, at);
        }})"""
    )
    begin(window, host)
    told = window.evaluate(f"ask({json.dumps(NONSENSE)})")
    assert told["receipt"]["why"].startswith("That question is no longer here.")


@fault(
    HOME,
    "The course is a link, and what the browser kept for speed is broken or old",
    "It is thrown away, and the course starts as on the first visit. Answers stay.",
)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param("change((bytes) => { bytes[bytes.length >> 1] ^= 1; }, false)", id="broken"),
        pytest.param("change((bytes) => bytes.slice(0, 1e6), false)", id="cut"),
        pytest.param("change((_, headers) => { headers['x-maker'] = 'x'; })", id="foreign"),
        pytest.param("change((bytes) => { bytes[20] ^= 1; })", id="other-python"),
        pytest.param("change(() => new Uint8Array(0))", id="empty"),
    ],
)
def test_what_cannot_be_used_is_thrown_away_quietly(window, host, change):
    window.add_init_script(ASKING + KEPT)
    visit(window)
    said = answer(window)
    before = remembered(window)
    window.evaluate(change)
    changed = window.evaluate("memory().then(({ headers, bytes }) => [headers, bytes.length])")
    visit(window)
    choice(window).get_by_text("Your saved answer").wait_for()
    assert chosen(window) == said
    assert remembered(window, but=changed)["x-maker"] == before["x-maker"]
    assert window.evaluate("memory().then(({ bytes }) => bytes.length)") > 2e7
    assert window.told == []


def test_no_answer_is_in_what_is_remembered(window):
    window.add_init_script(ASKING + KEPT)
    visit(window)
    typed = window.locator(".al-card textarea").first
    typed.fill(MARKER)
    typed.blur()
    window.locator(".al-status", has_text="Saved").first.wait_for()
    remembered(window)
    window.evaluate("memory().then(({ cache, found }) => cache.delete(found))")
    visit(window)  # by somebody who has answered before
    assert window.locator(".al-card textarea").first.input_value() == MARKER
    remembered(window)
    look = "memory().then(({ bytes }) => placeOf(bytes, %s))"
    assert window.evaluate(look % json.dumps(GONE)) > 0
    assert window.evaluate(look % json.dumps(MARKER)) == -1
    wide = "memory().then(({ bytes }) => placeOf(bytes, [...%s].join('\\0')))"
    assert window.evaluate(wide % json.dumps(MARKER)) == -1
