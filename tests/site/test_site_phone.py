"""A whole module on the smallest touch screen: practised, answered, handed in, and read again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from helpers import walk
from helpers.kinds import answer_by_pointer, look_for_feedback
from helpers.site_pages import FOLDER, MODULE, visit
from helpers.sites import PATIENCE_MS

from grader.cli import main

PHONE = {"width": 360, "height": 640}
LESSON = walk.lessons([MODULE])[0]


def see(page: Any, place: str, path: Path) -> Any:
    """Open a page; return its cards, each for an item of its notebook."""
    visit(page, f"lessons/{place}/{path.stem}.html#all")
    cards = page.locator(".al-card:not(.al-hand-in)")
    assert cards.count() == len(walk.items_on(path))
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    return cards


def practise(page: Any) -> None:
    cards = see(page, MODULE, LESSON)
    answer_by_pointer(cards.first, walk.items_on(LESSON)[0].kind)
    look_for_feedback(cards.first)


def hand_in(page: Any, folder: Path) -> Path:
    """Answer all questions of the exercise; return the file that is made of them."""
    path = walk.exercise(MODULE)
    cards, items = see(page, f"exercises/{MODULE}", path), walk.items_on(path)
    for number, item in enumerate(items):
        answer_by_pointer(cards.nth(number), item.kind)
        cards.nth(number).get_by_text("Saved", exact=True).wait_for()
    walk.hand_in(page, len(items), len(items))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Save a copy of the file").tap()
    bundle = folder / waiting.value.suggested_filename
    waiting.value.save_as(bundle)
    return bundle


def feedback_of(root: Path, bundle: Path) -> Path:
    """Do what a trainer does; return the file that goes back."""
    for words in (("collect", str(bundle)), ("grade", MODULE), ("feedback", MODULE)):
        assert main([*words, "--root", str(root)]) == 0
    (found,) = (root / "feedback-bundles").glob("*.zip")
    return Path(found)


@pytest.mark.full
def test_a_module_from_the_first_card_to_its_feedback(chromium, host, root, tmp_path):
    context = chromium.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, base_url=host.base
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    told: list[str] = []
    page.on("pageerror", lambda error: told.append(str(error)))
    practise(page)
    back = feedback_of(root, hand_in(page, tmp_path))
    visit(page, "lessons/index.html")
    page.locator(".al-file").set_input_files(back)
    page.get_by_role("link", name="Read the feedback").tap()
    page.wait_for_url(re.compile(rf"/{FOLDER}/feedback/{MODULE}\.html"))
    frame = page.frame_locator(".al-kept")
    frame.get_by_role("heading", level=2, name="Question").first.wait_for()
    total = len(walk.items_on(walk.exercise(MODULE)))
    assert frame.get_by_role("heading", level=2, name="Question").count() == total
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert told == []
    context.close()
