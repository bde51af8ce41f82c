"""Tests of the trainer's pages: formgrader and JupyterLab, as ``alongside teach`` opens them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY
from helpers.servers import serving

from grader.demo import demo
from grader.kinds.keys import load_key

MODULE = "07-advice"


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teach") / "demo"
    demo.run_demo(folder, modules=[MODULE])
    shutil.copytree(REPOSITORY / "course", folder / "course")
    return folder


@pytest.fixture(scope="module")
def teach_server(graded: Path):
    with serving(graded.parent / "home", "teach", "--root", str(graded)) as server:
        yield server


def notebooks(server) -> dict[str, dict]:
    found = json.loads(server.fetch(f"formgrader/api/submitted_notebooks/{MODULE}/exercise"))
    return {one["student"]: one for one in found}


def test_formgrader_knows_the_exercise_and_its_trainees(teach_server):
    assignments = json.loads(teach_server.fetch("formgrader/api/assignments"))
    assert [one["name"] for one in assignments] == [MODULE]
    assert assignments[0]["num_submissions"] == 29
    assert notebooks(teach_server)["trainee-001"]["needs_manual_grade"]


@pytest.mark.parametrize(
    "path", ["manage_assignments", "gradebook", f"manage_submissions/{MODULE}", "manage_students"]
)
def test_formgrader_pages_open(teach_server, path):
    assert "nbgrader" in teach_server.fetch(f"formgrader/{path}").lower()


def test_formgrader_shows_answers_as_text_and_runs_none_of_them(page, teach_server):
    notebook = notebooks(teach_server)["trainee-027"]["id"]
    page.on("dialog", lambda dialog: page.errors.append(dialog.message))
    page.goto(teach_server.url(f"formgrader/submissions/{notebook}"))
    page.wait_for_selector(".al-record")
    text = page.inner_text("body")
    assert "<script>" in text
    assert page.locator(".al-record script").count() == 0
    assert page.locator(".al-record").count() == len(load_key(REPOSITORY, MODULE))
    assert page.errors == []


def test_no_trainers_page_reaches_another_address(page, teach_server):
    blocked = []
    page.on("requestfailed", lambda request: blocked.append((request.url, request.failure)))
    notebook = notebooks(teach_server)["trainee-001"]["id"]
    for path in (f"formgrader/submissions/{notebook}", "formgrader/gradebook", "lab"):
        page.goto(teach_server.url(path))
        page.wait_for_timeout(1500)
    own = (teach_server.base, teach_server.base.replace("http", "ws"), "data:", "blob:")
    stopped = {url for url, failure in blocked if failure == "csp"}
    assert {url for url in page.requests if not url.startswith(own)} <= stopped


def test_a_lesson_opens_in_jupyterlab_and_its_cards_work(page, teach_server):
    page.goto(teach_server.url(f"lab/tree/course/{MODULE}/5-three-wordings.ipynb"))
    page.wait_for_selector(".jp-Notebook .jp-CodeCell", timeout=60_000)
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for(timeout=60_000)
    for _ in range(40):  # JupyterLab draws only what is in view: look for a card from the top
        page.locator(".jp-WindowedPanel-outer").first.evaluate("view => { view.scrollTop = 0; }")
        page.wait_for_timeout(250)
        if page.locator(".al-card input").count():
            break
    page.locator(".al-option input").first.check()
    page.get_by_text("Saved", exact=True).first.wait_for()
    before = page.evaluate(CELL_COUNT)
    for key in ("ArrowDown", "d", "d", "x"):
        page.keyboard.press(key)
    assert page.evaluate(CELL_COUNT) == before


CELL_COUNT = "document.querySelectorAll('.jp-Notebook .jp-Cell').length"
