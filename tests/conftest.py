"""Fixtures for all tests: made-up homes, running servers, and a browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

pytest.register_assert_rewrite("helpers")  # those that assert say what they found
# ruff: noqa: E402 - that has to be said before the first of them is imported

from helpers.browser import CHROMIUM, driver
from helpers.paths import REPOSITORY
from helpers.servers import Server, serving

HERE = Path(__file__).parent
# The same inputs in each run, and no clock: a busy machine is not a fault.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")


# Where servers, browsers and other accounts are started. These folders come first, so that no
# process is left alone at the end with a long file; the others fill what is left.
SLOW = ("files", "browser", "demo", "faults", "trainer", "course", "project", "site", "journeys")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long; the tests of a file stay together, in their order."""
    rooms = {name: number for number, name in enumerate(SLOW)}
    items.sort(key=lambda item: rooms.get(item.path.relative_to(HERE).parts[0], len(rooms)))


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test away from the user's own folder and Jupyter configuration."""
    monkeypatch.setenv("ALONGSIDE_HOME", str(tmp_path / "own-home"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "no-config"))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "no-data"))  # what is deleted there


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Make a trainer's course folder."""
    folder = tmp_path / "course"
    folder.mkdir()
    for name in ("solutions", "exercises"):
        shutil.copytree(REPOSITORY / name, folder / name)
    shutil.copy(REPOSITORY / "nbgrader_config.py", folder)
    return folder


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small course with an empty gradebook: making that takes nbgrader seconds."""
    from helpers.cohort import MODULE, make_course

    from grader.trainer.grading.grading import grade

    course = make_course(tmp_path_factory.mktemp("prepared") / "course")
    grade(course, MODULE)
    return course


@pytest.fixture
def course(prepared: Path, tmp_path: Path) -> Path:
    """Copy the small course, to be graded in."""
    return Path(shutil.copytree(prepared, tmp_path / "course"))


@pytest.fixture(scope="session")
def learn_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for tests that only look, each with answers of its own page."""
    home = tmp_path_factory.mktemp("learn") / "home"
    with serving(home, "learn", JUPYTER_CONFIG_DIR=str(home / "no-config")) as server:
        yield server


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    browser = driver().chromium.launch(**CHROMIUM)
    yield browser
    browser.close()


def pytest_unconfigure() -> None:
    """End Playwright where a test has started it."""
    if driver.cache_info().currsize:
        driver().stop()


@pytest.fixture
def page(chromium):
    """Open a fresh page that notes every request and every script error."""
    context = chromium.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.requests = []
    page.errors = []
    context.on("request", lambda request: page.requests.append(request.url))
    page.on("pageerror", lambda error: page.errors.append(str(error)))
    yield page
    context.close()


@pytest.fixture
def no_kernel(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no kernel start."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a kernel was started")

    monkeypatch.setattr("jupyter_client.manager.KernelManager.start_kernel", refuse)
    monkeypatch.setattr("nbclient.client.NotebookClient.execute", refuse)
