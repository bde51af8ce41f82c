"""A trainee's way through the course, page by page: what both halves of it share."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from helpers.browser import ready
from helpers.content import items_of
from helpers.kinds import answer_by_pointer, look_for_feedback
from helpers.paths import REPOSITORY, SCREENSHOTS
from helpers.servers import Server, serving

from grader.cli import main
from grader.content.items import Item
from grader.content.syllabus import load_syllabus
from grader.kinds.registry import is_scored
from grader.places import own_course
from grader.trainee.course_map import card_ids

MODULES = tuple(load_syllabus(own_course()).titles)
MAP = "lessons/index.ipynb"
TRAINEE = "trainee-017"
PHONE, DESK = 400, 1400
PATIENCE = 90_000  # milliseconds: a busy machine is not a fault
WIDEST_LINE = 75  # average characters


def lessons(modules: Iterable[str]) -> list[Path]:
    return [
        path for name in modules for path in sorted((REPOSITORY / "course" / name).glob("*.ipynb"))
    ]


def lessons_to_read(modules: Iterable[str]) -> list[Any]:
    """Give each lesson as a test's parameter; of each module the first is read in every run."""
    return [
        path if path.name.startswith("1-") else pytest.param(path, marks=pytest.mark.full)
        for path in lessons(modules)
    ]


def exercise(module: str) -> Path:
    return REPOSITORY / "exercises" / module / "exercise.ipynb"


def exercise_title(module: str) -> str:
    facts = json.loads(exercise(module).read_text(encoding="utf-8"))["metadata"]
    return facts["title"].removeprefix("Exercise: ")


def title(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@contextmanager
def one_home(folder: Path) -> Iterator[Server]:
    """Serve the course to one trainee, who has answered nothing yet."""
    with serving(folder / "home", "learn", JUPYTER_CONFIG_DIR=str(folder / "none")) as server:
        yield server


@cache
def loaded(path: Path, graded: bool) -> dict[str, Item]:
    return items_of(path, graded=graded)


@cache
def items_on(path: Path) -> tuple[Item, ...]:
    """Return the items of a page in their order."""
    graded = path.name == "exercise.ipynb"
    folder = REPOSITORY / "solutions" / path.parent.name if graded else path.parent
    items = loaded(folder / "items.yaml", graded)
    return tuple(items[name] for name in card_ids(json.loads(path.read_text(encoding="utf-8"))))


@cache
def chosen() -> dict[Path, int]:
    """Choose one card of each lesson: a talk, or the kind chosen least in those before."""
    found, seen = {}, Counter()
    for path in lessons(MODULES):
        kinds = [item.kind for item in items_on(path)]
        kind = min(kinds, key=lambda each: -1 if each == "conversation" else seen[each])
        seen[kind] += 1
        found[path] = kinds.index(kind)
    return found


def picture_name(path: Path) -> str:
    return title(path).strip("/").replace("/", "-")


def photograph(page, card: Any, name: str) -> None:
    """Take a picture of a card; of one taller than the window, where its feedback begins."""
    SCREENSHOTS.mkdir(exist_ok=True)
    card.locator(".al-feedback").evaluate(
        "node => scrollTo(0, scrollY + node.getBoundingClientRect().top - innerHeight * 2 / 3)"
    )
    box = card.bounding_box()
    height = page.viewport_size["height"]
    if box["height"] <= height:
        card.screenshot(path=SCREENSHOTS / name)
    else:
        page.screenshot(path=SCREENSHOTS / name, clip=box | {"y": 0, "height": height})


# --- the three stations


def read_lesson(page, server: Server, path: Path) -> None:
    """Open a lesson, answer one card and read its feedback; look at the page all along."""
    place = f"{path.parent.name}/{path.name}"
    cards = open_whole(page, server, place, path)
    item = items_on(path)[chosen()[path]]
    card = cards.nth(chosen()[path])
    answer_by_pointer(card, item.kind)
    look_for_feedback(card)
    if is_scored(item.kind):
        assert card.locator(".al-headline").inner_text()
    photograph(page, card, f"{picture_name(path)}-card.png")
    look_around(page, server, path)


def do_exercise(page, server: Server, module: str) -> None:
    """Answer all questions of an exercise but the last, and hand it in."""
    path = exercise(module)
    cards = open_whole(page, server, f"exercises/{module}/{path.name}", path)
    items = items_on(path)
    for number, item in enumerate(items[:-1]):
        answer_by_pointer(cards.nth(number), item.kind)
        cards.nth(number).get_by_text("Saved", exact=True).wait_for()
    hand_in(page, len(items) - 1, len(items))
    look_around(page, server, path)


def hand_in(page, answered: int, total: int) -> None:
    """Make a hand-in file with the buttons of the page."""
    card = page.locator(".al-hand-in")
    card.get_by_role("button").first.wait_for()
    if card.get_by_role("textbox").count():
        card.get_by_role("textbox").fill(TRAINEE)
        card.get_by_role("button", name="Keep this code").click()
    card.get_by_text("You pass this exercise with half of the points.").wait_for()
    card.get_by_role("button", name="See what will be sent").click()
    card.locator("ol.al-sending").wait_for()
    assert card.locator("ol.al-sending li").count() == total
    card.get_by_role("button", name="Make my hand-in file").click()
    card.get_by_text("Your file is ready").wait_for()
    assert card.get_by_text(f"You have answered {answered} of {total} questions.").is_visible()


def bring_feedback_back(page, server: Server, root: Path) -> None:
    """Collect, grade and give feedback on all that was handed in; open each from the map."""
    bundles = list((server.home / "hand-in").glob("*.zip"))
    assert main(["collect", str(server.home / "hand-in"), "--root", str(root)]) == 0
    assert main(["grade", "--all", "--root", str(root)]) == 0
    assert main(["feedback", "--all", "--root", str(root)]) == 0
    written = sorted((root / "feedback-bundles").glob("*.zip"))
    assert len(written) == len(bundles) > 0
    for bundle in written:
        module = bundle.name.partition(f"-{TRAINEE}-")[0]
        open_feedback(page, server, bundle, module)
    ready(page, server.url(MAP))
    assert page.get_by_text("Hand-in file made on").count() == len(bundles)
    assert page.locator(".al-state a", has_text="Read your feedback").count() == len(written)
    look_around(page, server, REPOSITORY / "course" / "index.ipynb")
    # The server lets no script run on a feedback page, so that axe needs the trainer's copy.
    page.goto((root / "feedback" / TRAINEE / module / "exercise.html").as_uri())
    assert violations(page) == []


def open_feedback(page, server: Server, bundle: Path, module: str) -> None:
    """Open a feedback file from the map and read its page."""
    ready(page, server.url(MAP))
    page.locator("input[type=file]").set_input_files(bundle)
    page.get_by_role("link", name="Read the feedback").click()
    page.get_by_role("heading", level=1, name="Your feedback").wait_for()
    total = len(items_on(exercise(module)))
    assert page.get_by_role("heading", level=2, name="Question").count() == total
    about = "Draft: your feedback" if bundle.name.endswith("-DRAFT.zip") else "Your feedback"
    assert page.inner_text("h1") == f"{about}: {exercise_title(module)}"
    assert "could not be" not in page.inner_text("main")
    assert page.get_by_text("You left this question open.").count() == 1
    assert page.errors == []


# --- what every page must be


def open_whole(page, server: Server, place: str, path: Path) -> Any:
    """Open a page, and return its questions: as many as its notebook has, and no raw word."""
    page.set_default_timeout(PATIENCE)
    ready(page, server.url(f"lessons/{place}"))
    cards = page.locator(".al-card:not(.al-hand-in)")
    items = items_on(path)
    assert cards.count() == len(items)
    assert page.locator("input:checked").count() == 0
    text = page.inner_text("body")
    names = [item.id for item in items]
    raw = ("could not be shown", "card(", "record(", "import ", "ipynb", "In [", path.parent.name)
    assert [word for word in (*raw, *names) if word in text] == []
    return cards


def look_around(page, server: Server, path: Path) -> None:
    """Check that a page is quiet, readable and accessible, also on a phone."""
    assert page.locator("header summary").bounding_box()["y"] < 60
    page.locator("header summary").click()
    assert page.get_by_text("call your local emergency number").first.is_visible()
    assert page.locator("h1:visible").count() == 1
    assert violations(page) == []
    SCREENSHOTS.mkdir(exist_ok=True)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=SCREENSHOTS / f"{picture_name(path)}-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(LINE) <= WIDEST_LINE
    own = (server.base, "data:", "blob:")
    assert [url for url in page.requests if not url.startswith(own)] == []
    assert page.errors == []


def violations(page) -> list[tuple[str, str]]:
    found = Axe().run(page).response["violations"]
    return [(rule["id"], rule["nodes"][0]["html"]) for rule in found]


# The widest line of text in average characters of its own font; where a list shows marks
# instead of its words, as the phases of a talk do on a phone, nothing is measured.
LINE = """
Math.max(...[...document.querySelectorAll('main p, main li')].filter(
  node => node.offsetWidth > 0 && !node.hidden).map(node => {
  const probe = document.createElement('span');
  probe.textContent = 'the people we walk beside often have their own ideas';
  probe.style.cssText = 'position:absolute;visibility:hidden;white-space:nowrap';
  node.append(probe);
  const average = probe.offsetWidth / probe.textContent.length;
  probe.remove();
  return average ? node.offsetWidth / average : 0;
}))
"""
