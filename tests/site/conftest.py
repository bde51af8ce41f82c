"""Fixtures for the tests of a site: one site, its plain host, and somebody's window on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.site_pages import FOLDER, until_remembered, visit
from helpers.sites import PATIENCE_MS, StaticHost, hosted, shared_site


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a host's root, with the site in a folder below."""
    base = tmp_path_factory.getbasetemp()
    site = shared_site(base.parent if base.name.startswith("popen-") else base)
    root = tmp_path_factory.mktemp("host")
    (root / "peers").mkdir()
    (root / FOLDER).symlink_to(site)
    return root


@pytest.fixture(scope="module")
def host(place: Path) -> Iterator[StaticHost]:
    with hosted(place) as running:
        yield running


@pytest.fixture(scope="module")
def person(chromium: Any) -> Any:
    """Take the one browser; each test is somebody of their own in it."""
    return chromium


@pytest.fixture(scope="module")
def been_here(person: Any, host: StaticHost) -> Iterator[Any]:
    """Have a browser in which somebody was here before: Python is ready sooner there."""
    context = person.new_context(viewport={"width": 360, "height": 640}, base_url=host.base)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    visit(page)
    until_remembered(page)
    clear(page, host)
    page.close()
    yield context
    context.close()


@pytest.fixture
def window(been_here: Any, host: StaticHost) -> Iterator[Any]:
    """Open a window of somebody new, which notes script errors and addresses elsewhere."""
    page = been_here.new_page()
    page.told, page.elsewhere = [], []
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("console", lambda line: page.told.append(line.text) if line.type == "error" else None)
    been_here.on("request", note := lambda one: page.elsewhere.append(one.url))
    yield page
    been_here.remove_listener("request", note)
    for other in been_here.pages[1:]:
        other.close()
    clear(page, host)
    page.close()


def clear(page: Any, host: StaticHost) -> None:
    """Take what a browser keeps of a person; what it keeps of the course stays."""
    page.goto("about:blank")
    line = page.context.new_cdp_session(page)
    asked = {"origin": host.base, "storageTypes": "indexeddb,local_storage,service_workers"}
    line.send("Storage.clearDataForOrigin", asked)
