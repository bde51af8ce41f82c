"""Fixtures for the tests of a site: one site, its plain host, and somebody's window on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from helpers.site_pages import FOLDER
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


@pytest.fixture
def window(person: Any, host: StaticHost) -> Iterator[Any]:
    """Open a window that notes script errors and addresses elsewhere."""
    context = person.new_context(viewport={"width": 360, "height": 640}, base_url=host.base)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.told, page.elsewhere = [], []
    page.on("pageerror", lambda error: page.told.append(str(error)))
    page.on("console", lambda line: page.told.append(line.text) if line.type == "error" else None)
    context.on("request", lambda one: page.elsewhere.append(one.url))
    yield page
    context.close()
