"""A talk as a chat in Chromium: what can be said is in sight at every turn, one tap says it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import ready, until
from helpers.content import items_of
from helpers.kinds import ASK, MODULE, TALKS, cards, make_course, open_fresh, say
from helpers.paths import REPOSITORY
from helpers.servers import Server, own_port, serving

SCREENS = {"phone": (360, 640), "desk": (1366, 768)}
LONGEST = "06-conversation/3-phase-one.ipynb"  # a talk with the longest replies to choose from
MOST_SHIFT = 0.02

# The part of what can be said that cannot be seen: cut off by the window, or under another thing.
HIDDEN = """
() => {
  const dock = document.querySelector('.al-card.al-conversation .al-dock');
  const out = [];
  const all = '.al-say, textarea, .al-turn .al-button, .al-undo button';
  for (const node of dock.querySelectorAll(all)) {
    const box = node.getBoundingClientRect();
    const on = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (box.top < 0 || box.bottom > innerHeight || !(node === on || node.contains(on)))
      out.push(node.textContent.slice(0, 40));
  }
  const log = dock.parentNode.querySelector('.al-log');
  if (log.clientHeight < 80) out.push(`the lines have ${log.clientHeight} px`);
  if (dock.scrollHeight > dock.clientHeight + 1) out.push('the dock is too full');
  return out;
}
"""
TOO_WIDE = """
[...document.querySelectorAll('.al-conversation *')].filter(node =>
  node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1
).map(node => node.outerHTML.slice(0, 80))
"""
SHIFTS = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: 'layout-shift' });
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("chat")
    course = make_course(base / "course")
    with serving(base / "home", "learn", *own_port(), ALONGSIDE_COURSE=str(course)) as running:
        yield running


def step_of_the_talk(page) -> str:
    return page.evaluate("document.querySelector('.al-conversation').closest('.al-step').id")


def turns_in_sight(page) -> list[tuple[int, list[str]]]:
    """Take every turn of the first talk, and return what could not be seen at each."""
    card = cards(page, "conversation").first
    card.locator(".al-turn > *").first.wait_for()
    card.locator(".al-chat").evaluate("node => node.scrollIntoView({ block: 'nearest' })")
    found = [(0, page.evaluate(HIDDEN))]
    while card.locator(".al-turn button").count():
        say(card, option=len(found) % 2)
        found.append((len(found), page.evaluate(HIDDEN)))
    return found


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("part", ["", "all"])
def test_what_can_be_said_is_in_sight_at_every_turn(page, learn_server, screen, part):
    page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
    for path in (LONGEST, "07-advice/5-three-wordings.ipynb"):
        ready(page, learn_server.url(f"lessons/{path}", part="all"))
        if not part:
            page.goto(learn_server.url(f"lessons/{path}", part=step_of_the_talk(page)))
            cards(page, "conversation").first.wait_for()
        again = cards(page, "conversation").first.get_by_role("button", name="Start again")
        cards(page, "conversation").first.locator(".al-turn > *").first.wait_for()
        if again.count():
            again.click()
            page.get_by_role("button", name="Yes, start again").click()
            cards(page, "conversation").first.locator(".al-from-you").first.wait_for(
                state="detached"
            )
        found = turns_in_sight(page)
        assert len(found) > 4
        assert [turn for turn in found if turn[1]] == []


FIRST = "01-definitions/3-is-and-is-not.ipynb"  # its story is of a usual length


def opened_at_first_turn(page, learn_server, screen: str):
    page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
    ready(page, learn_server.url(f"lessons/{FIRST}"))
    page.goto(learn_server.url(f"lessons/{FIRST}", part=step_of_the_talk(page)))
    card = cards(page, "conversation").first
    card.locator(".al-say").first.wait_for()
    return card


def test_the_first_answers_are_in_sight_without_scrolling(page, learn_server):
    opened_at_first_turn(page, learn_server, "desk")
    assert page.evaluate("scrollY") == 0
    assert page.evaluate(HIDDEN) == []


@pytest.mark.parametrize("screen", SCREENS)
def test_the_page_scrolls_on_where_the_lines_of_a_talk_end(page, learn_server, screen):
    card = opened_at_first_turn(page, learn_server, screen)
    card.locator(".al-log").scroll_into_view_if_needed()
    page.evaluate("scrollTo(0, 0)")
    card.locator(".al-log").hover(position={"x": 20, "y": 5})
    before = page.evaluate("scrollY")
    page.mouse.wheel(0, 60)
    until(page, f"scrollY > {before}")


def test_the_newest_lines_are_in_sight_from_their_beginning(page, server):
    page.set_viewport_size({"width": 360, "height": 640})
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").nth(1)
    for _ in range(4):
        say(card)
        newest = card.locator(".al-from-peer").last.bounding_box()
        log = card.locator(".al-log").bounding_box()
        assert log["y"] - 1 <= newest["y"] < log["y"] + log["height"] - 20


def test_nothing_jumps_while_a_talk_goes_on(page, server):
    open_fresh(page, server, TALKS)
    page.evaluate(SHIFTS)
    card = cards(page, "conversation").nth(1)
    for _ in range(4):
        say(card)
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifted") <= MOST_SHIFT


@pytest.mark.parametrize("screen", SCREENS)
def test_nothing_jumps_when_a_talk_comes(page, learn_server, screen):
    page.set_viewport_size(dict(zip(("width", "height"), SCREENS[screen], strict=True)))
    page.add_init_script(SHIFTS)
    page.goto(learn_server.url("lessons/07-advice/5-three-wordings.ipynb", part="step-13"))
    cards(page, "conversation").locator(".al-turn > *").first.wait_for()
    page.wait_for_timeout(300)
    assert page.evaluate("window.shifted") <= MOST_SHIFT


def test_how_the_peer_is_has_words_and_a_sign_beside_each_bar(page, server):
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").first
    say(card)
    moved = card.locator(".al-meters :is(.al-rising, .al-falling)")
    assert moved.count() >= 1
    for item in moved.all():
        assert item.inner_text().endswith(("rising", "falling"))
        sign = item.locator(".al-meter-name").evaluate(
            "n => getComputedStyle(n, '::after').content"
        )
        assert "↑" in sign or "↓" in sign
    heard = card.locator(".al-heard[role=status]").inner_text()
    assert " says: " in heard
    assert "rising" in heard or "falling" in heard


def test_an_empty_reply_is_not_said(page, server):
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").first
    while not card.get_by_role("textbox").count():
        say(card)
    before = card.locator(".al-from-you").count()
    card.get_by_role("button", name="Say", exact=True).click()
    card.get_by_text("Type what you say first.").wait_for()
    assert card.locator(".al-from-you").count() == before
    assert card.get_by_role("textbox").get_attribute("dir") == "auto"
    card.get_by_role("textbox").fill(ASK)
    card.get_by_role("button", name="Say", exact=True).click()
    until(page, "document.querySelectorAll('.al-from-you').length > 0")
    assert card.locator(".al-from-you").last.get_attribute("dir") == "auto"


def test_the_path_not_taken_can_be_looked_at_fork_by_fork(page, server):
    open_fresh(page, server, TALKS)
    item = items_of(server.home.parent / "course" / MODULE / "items.yaml")["kinds-talk-short"]
    card = cards(page, "conversation").first
    while card.locator(".al-turn button").count():
        say(card)
    assert card.locator(".al-way").count() == 0
    card.get_by_role("button", name="Look back at this talk").click()
    card.locator(".al-way > summary").click()
    assert card.locator(".al-way-map .al-not-taken").count() >= 1
    said = card.locator(".al-from-you").count()
    assert card.locator(".al-way-map .al-taken").count() == said
    assert card.locator(".al-way-turns > li:not(.al-way-end)").count() == said
    numbered = card.locator(".al-log .al-turn-number")
    assert numbered.all_inner_texts() == [f"Turn {number}" for number in range(1, said + 1)]
    card.get_by_role("button", name="See it in the talk").first.click()
    log, line = card.locator(".al-log").bounding_box(), numbered.first.bounding_box()
    assert log["y"] <= line["y"] < log["y"] + log["height"] - 20
    fork = card.locator(".al-way-turns details").first
    fork.locator("summary").click()
    first = item.graph.turn(item.graph.start)
    for option in first.options[1:]:
        assert fork.get_by_text(f"“{option.text}”").is_visible()
    page.emulate_media(forced_colors="active")
    assert Axe().run(page).response["violations"] == []


def test_a_talk_lives_without_movement_and_with_large_text(page, server):
    page.emulate_media(reduced_motion="reduce")
    open_fresh(page, server, TALKS)
    card = cards(page, "conversation").first
    say(card)
    assert page.evaluate("document.getAnimations().length") == 0
    for width, size in ((320, "106.25%"), (360, "200%")):
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate(f"document.documentElement.style.fontSize = '{size}'")
        assert page.evaluate(TOO_WIDE) == []
        last = card.locator(".al-turn button").last
        last.scroll_into_view_if_needed()
        last.click(trial=True)  # nothing lies above it


def test_the_longest_talk_is_one_of_the_longest():
    """The page above is chosen by measure, not by hand."""
    most = {}
    for path in sorted((REPOSITORY / "course").glob("*/items.yaml")):
        for item in items_of(path).values():
            if item.kind == "conversation":
                turns = [sum(len(o.text) for o in turn.options) for turn in item.graph.turns]
                most[item.id] = max(turns)
    lesson = (REPOSITORY / "course" / LONGEST).read_text(encoding="utf-8")
    longest = sorted(most, key=most.get, reverse=True)[:2]
    assert any(name in lesson for name in longest), longest
