"""Fixtures for all tests: made-up homes, running servers, and a browser."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import hypothesis
import pytest

# The same inputs in each run, and no clock: a busy machine is not a fault.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True)
hypothesis.settings.load_profile("steady")

Result = TypeVar("Result")
APART = ThreadPoolExecutor(1)  # always the same thread, as databases ask
REPOSITORY = Path(__file__).resolve().parent.parent
SCREENSHOTS = REPOSITORY / "tests" / "screenshots"
# Chromium looks for its maker's servers in the background; here no page may ask outside.
CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ],
}
sys.path.append(str(REPOSITORY / "tests" / "faults"))  # helpers there that others use as well
pytest.register_assert_rewrite("kinds", "walk")  # helpers that assert say what they found


def missing(what: str) -> NoReturn:
    """Skip a test for want of a tool, aloud; fail it where CI promises to have them all."""
    if os.environ.get("ALONGSIDE_CI"):
        pytest.fail(f"{what}; .ci/run has to see to it")
    pytest.skip(what)


@pytest.fixture(autouse=True)
def _own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep every test away from the user's own folder and Jupyter configuration."""
    monkeypatch.setenv("ALONGSIDE_HOME", str(tmp_path / "own-home"))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "no-config"))


@dataclass(frozen=True)
class Server:
    """A running ``alongside learn`` or ``teach``."""

    address: str  # of the first page, with token
    home: Path
    process: subprocess.Popen

    @property
    def base(self) -> str:
        """The server's address without page and token."""
        return re.match(r"http://127\.0\.0\.1:\d+", self.address).group()

    @property
    def token(self) -> str:
        """The token of the address."""
        return self.address.split("token=")[1]

    def url(self, path: str) -> str:
        """Return the address of one page, with token."""
        return f"{self.base}/{path}?token={self.token}"

    def fetch(self, path: str, method: str = "GET") -> str:
        """Return what the server answers to a program."""
        headers = {"Authorization": f"token {self.token}"}
        request = urllib.request.Request(f"{self.base}/{path}", method=method, headers=headers)
        with urllib.request.urlopen(request, timeout=60) as reply:
            return reply.read().decode()

    def kernels(self) -> list[dict]:
        """Return the running kernels."""
        return json.loads(self.fetch("api/kernels"))

    def stop_kernels(self) -> None:
        """Stop every kernel, as a crash would."""
        for kernel in self.kernels():
            with contextlib.suppress(urllib.error.HTTPError):  # a page that is left ends its own
                self.fetch(f"api/kernels/{kernel['id']}", method="DELETE")


@contextlib.contextmanager
def serving(
    home: Path,
    *arguments: str,
    python: Path | str = sys.executable,
    module: str = "grader.cli.main",
    **environment: str,
) -> Iterator[Server]:
    """Run a command that prints an address, and end it afterwards."""
    home.mkdir(parents=True, exist_ok=True)
    if "BROWSER" not in environment:
        arguments = (*arguments, "--no-browser")
    log = home.parent / f"{home.name}-server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [python, "-m", module, *arguments],
            cwd=home,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, "ALONGSIDE_HOME": str(home), "PYTHONUNBUFFERED": "1", **environment},
        )
        try:
            yield Server(_address(log, process), home, process)
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _address(log: Path, process: subprocess.Popen) -> str:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        found = re.search(r"http://127\.0\.0\.1:\S+token=\w+", log.read_text())
        if found:
            return found.group()
        time.sleep(0.05)
    raise AssertionError(f"no address was printed:\n{log.read_text()}")


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
    from cohort import MODULE, make_course

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
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**CHROMIUM)
        yield browser
        browser.close()


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


def run_apart(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in another thread: a browser's driver keeps a loop in this one."""
    return APART.submit(asyncio.run, coroutine).result()


def pick_by_keyboard(page, wanted: str) -> None:
    """Go to the next list of radio buttons and down to the option with this id.

    Each person has an order of their own, so its place is not known.
    """
    tab_to(page, "node.type === 'radio'")
    page.keyboard.press("Space")
    for _ in range(12):
        if page.evaluate("document.activeElement.value") == wanted:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no option {wanted!r} in the list")


def tab_to(page, what: str) -> None:
    """Press Tab until the focus is on an element of which a script expression holds."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate(f"(node => {what})(document.activeElement)"):
            return
    raise AssertionError(f"Tab never reached {what}")


def press_button(page, name: str) -> None:
    """Go to the next button of that name by Tab, and press it."""
    tab_to(page, f"node.tagName === 'BUTTON' && node.textContent === {json.dumps(name)}")
    page.keyboard.press("Enter")


def ready(page, url: str) -> None:
    """Open a page and wait until every card on it is live."""
    page.goto(url)
    page.wait_for_selector(".al-card")
    page.wait_for_function(
        "[...document.querySelectorAll('.al-live')].every(live => live.querySelector('.al-card'))"
    )
