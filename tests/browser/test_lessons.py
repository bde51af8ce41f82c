"""Every lesson and exercise as a page in Chromium: whole, readable, quiet and accessible."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import REPOSITORY, SCREENSHOTS, ready

PAGES = [
    *sorted((REPOSITORY / "course").glob("[0-9][0-9]-*/*.ipynb")),
    *sorted((REPOSITORY / "exercises").glob("*/exercise.ipynb")),
]
PHONE, DESK = 400, 1400


@pytest.mark.parametrize("path", PAGES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_page_is_whole_and_accessible(page, learn_server, path):
    folder = "exercises/" if path.name == "exercise.ipynb" else ""
    address = learn_server.url(f"voila/render/{folder}{path.parent.name}/{path.name}")
    ready(page, address)
    assert page.errors == []
    assert page.locator("h1").count() == 1
    assert "could not be shown" not in page.inner_text("main")
    own = (learn_server.base, learn_server.base.replace("http", "ws"), "data:", "blob:")
    assert [url for url in page.requests if not url.startswith(own)] == []
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
    SCREENSHOTS.mkdir(exist_ok=True)
    for width in (DESK, PHONE):
        page.set_viewport_size({"width": width, "height": 900})
        name = f"{path.parent.name}-{path.stem}-{width}.png"
        page.screenshot(path=SCREENSHOTS / name, full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
