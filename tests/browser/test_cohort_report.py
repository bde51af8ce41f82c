"""The report as a trainer sees it: readable on any screen, on paper, and by any ear."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.kinds import look_at

from grader.demo.demo import run_demo
from grader.trainer.report.report import make_report

MODULES = ["06-conversation", "07-advice"]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "demo"
    run_demo(folder, modules=MODULES)
    lines = [f"trainee-{n:03},{'west' if n > 27 else 'north'}\n" for n in range(1, 31)]
    (folder / "roster.csv").write_text("id,group\n" + "".join(lines))
    return make_report(folder).page


@pytest.fixture
def shown(page, report: Path):
    page.goto(report.as_uri())
    return page


def test_the_page_is_easy_to_use_at_any_size(shown):
    look = look_at(shown, "cohort-report")
    assert (look.axe, look.too_wide, look.cut, look.unnamed) == ([], [], [], [])


def test_the_page_asks_no_address_and_its_pictures_are_there(shown):
    sizes = shown.evaluate("[...document.images].map(one => one.naturalWidth)")
    assert len(sizes) == 3
    assert min(sizes) > 300
    assert [url for url in shown.requests if not url.startswith("data:")] == [shown.url]
    assert shown.errors == []


def test_wide_tables_scroll_by_keyboard(shown):
    shown.set_viewport_size({"width": 400, "height": 900})
    table = shown.get_by_role("region", name="Skills of each trainee", exact=True).last
    table.focus()
    shown.keyboard.press("ArrowRight")
    # The page's policy lets no script wait in it, so that the waiting is done here.
    for _ in range(100):
        if shown.evaluate("document.activeElement.scrollLeft") > 0:
            break
        shown.wait_for_timeout(50)
    assert shown.evaluate("document.activeElement.scrollLeft") > 0
    assert shown.evaluate("document.activeElement.getAttribute('role')") == "region"


def test_on_paper_nothing_is_cut_off(shown):
    shown.emulate_media(media="print")
    shown.set_viewport_size({"width": 1030, "height": 700})  # A4 across, without its margins
    too_wide = shown.evaluate(
        "[...document.querySelectorAll('table, img')]"
        ".filter(one => one.getBoundingClientRect().right > innerWidth).length"
    )
    assert too_wide == 0
    paper = shown.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841." in paper  # A4 across
    assert len(paper) < 1_000_000
