"""Other engines than Chromium's: Firefox, and WebKitGTK, which is next to Safari's but not it.

Each opens addresses in windows of one profile, and tells the value of an expression there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from helpers.paths import REPOSITORY, TESTS
from helpers.sites import PATIENCE_MS
from helpers.tools import missing

PUPPETEER = REPOSITORY / "node_modules" / "puppeteer-core"
MINI_BROWSERS = "/usr/lib/*/webkit2gtk-4.*/MiniBrowser"
SECONDS = 60  # for a page to be read; its cards are waited for apart


def tool(name: str, what: str) -> str:
    """Return where a program is."""
    return shutil.which(name) or missing(f"{name} is not here, {what}")


class Firefox:
    """Debian's Firefox, driven by puppeteer over WebDriver BiDi."""

    patience = PATIENCE_MS / 1000

    def __init__(self, node: subprocess.Popen[str]) -> None:
        self._node = node
        self._reply()  # its version, once it has started

    def go(self, window: str, address: str) -> None:
        self._ask(window=window, address=address)

    def value(self, window: str, expression: str) -> Any:
        return self._ask(window=window, expression=expression).get("value")

    def _ask(self, **asked: str) -> dict[str, Any]:
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._node.stdout.readline() or '{"failed": "it ended"}')
        assert "failed" not in told, told
        return told


class WebKit:
    """WebKitGTK's small browser, driven by selenium."""

    patience = 180  # it takes three times as long as others to make machine code of Python

    def __init__(self, driver: Any) -> None:
        self._driver, self._windows = driver, {}

    def go(self, window: str, address: str) -> None:
        self._to(window)
        self._driver.get(address)

    def value(self, window: str, expression: str) -> Any:
        self._to(window)
        return self._driver.execute_script(f"return {expression}")

    def _to(self, window: str) -> None:
        if not self._windows:
            self._windows[window] = self._driver.current_window_handle
        elif window not in self._windows:
            self._driver.switch_to.new_window("window")
            self._windows[window] = self._driver.current_window_handle
        self._driver.switch_to.window(self._windows[window])


@contextmanager
def firefox(_folder: Path) -> Iterator[Firefox]:
    """Start Firefox without a screen."""
    program = tool("firefox-esr", "the browser")
    node = tool("node", "which runs JavaScript")
    if not PUPPETEER.is_dir():
        missing("puppeteer-core is not here, which drives Firefox; npm ci installs it")
    command = [node, str(TESTS / "js" / "firefox.mjs"), program]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, cwd=REPOSITORY, **pipes) as running:
        yield Firefox(running)
        running.stdin.close()
        running.wait(SECONDS)


@contextmanager
def webkit(folder: Path) -> Iterator[WebKit]:
    """Start WebKitGTK's browser on a screen that nobody sees."""
    from selenium.webdriver import WebKitGTK, WebKitGTKOptions
    from selenium.webdriver.webkitgtk.service import Service

    service = tool("WebKitWebDriver", "which drives WebKitGTK")
    program = next(Path("/").glob(MINI_BROWSERS[1:]), None)
    options = WebKitGTKOptions()
    options.binary_location = str(program or missing("WebKitGTK's MiniBrowser is not here"))
    options.add_argument("--automation")
    with screen() as display:
        env = {"DISPLAY": display, "HOME": str(folder), "PATH": "/usr/bin:/bin"}
        driver = WebKitGTK(options, Service(service, env={**env, "XDG_RUNTIME_DIR": str(folder)}))
        driver.set_page_load_timeout(SECONDS)
        try:
            yield WebKit(driver)
        finally:
            driver.quit()


@contextmanager
def screen() -> Iterator[str]:
    """Start a screen in memory; give its name."""
    program = tool("Xvfb", "a screen in memory")
    command = [program, "-displayfd", "1", "-screen", "0", "800x900x24", "-nolisten", "tcp"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        try:
            yield f":{running.stdout.readline().strip()}"
        finally:
            running.terminate()


ENGINES = {"firefox": firefox, "webkitgtk": webkit}
