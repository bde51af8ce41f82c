"""Tests of cards in JupyterLab and Notebook 7: typing in a card never touches the notebook."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from helpers.kinds import MODULE, make_course
from helpers.servers import Server, serving

NOTEBOOK = f"{MODULE}/1-cards.ipynb"
OPEN = "window.jupyterapp?.shell.currentWidget?.context?.sessionContext.isReady"
RUN = "jupyterapp.commands.execute('notebook:run-all-cells')"
CELLS = """
(({ activeCellIndex, model }) =>
  [activeCellIndex, ...[...model.cells].map(cell => cell.sharedModel.source)]
)(jupyterapp.shell.currentWidget.content)
"""
CONTROLS = (
    ".al-order .al-move",
    ".al-sort input",
    ".al-match select",
    ".al-spot input",
    ".al-reflection .al-starters button",
    ".al-choice .al-row button",
    ".al-reply textarea",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    base = tmp_path_factory.mktemp("lab")
    course = make_course(base / "course")
    settings = ("--allow-root", f"--ServerApp.root_dir={course}", "--ServerApp.port=8865")
    shown = [f"--{app}.expose_app_in_browser=True" for app in ("LabApp", "JupyterNotebookApp")]
    environment = {"ALONGSIDE_COURSE": str(course), "JUPYTER_CONFIG_DIR": str(base / "none")}
    with serving(base / "home", *settings, *shown, module="jupyterlab", **environment) as running:
        yield running


@pytest.mark.parametrize("door", ["lab/tree", "notebooks"])
def test_keys_pressed_in_a_card_change_no_cell(page, server, door):
    shutil.rmtree(server.home / "practice", ignore_errors=True)
    page.goto(server.url(f"{door}/{NOTEBOOK}"))
    page.wait_for_function(OPEN)
    page.evaluate(RUN)
    page.wait_for_selector(".al-reply textarea", timeout=60_000)
    for control in CONTROLS:
        page.locator(control).first.focus()
        before = page.evaluate(CELLS)
        for key in ("ArrowDown", "ArrowUp", "ArrowRight", "d", "d", "Enter", "x", "a"):
            page.keyboard.press(key)
        assert page.evaluate(CELLS) == before, control
    assert page.locator(".al-reply textarea").input_value() == "dd\nxa"
    assert len(before) == 20

    # Outside a card the same keys do delete a cell: so the test above can fail.
    page.evaluate("jupyterapp.shell.currentWidget.content.mode = 'command'")
    page.locator(".jp-Notebook .jp-RenderedMarkdown h1").click()
    page.keyboard.press("d")
    page.keyboard.press("d")
    page.wait_for_function(f"{CELLS.strip()}.length === {len(before) - 1}")
