"""Other engines than Chromium's: Firefox.

It opens addresses in windows of one profile, and tells the value of an expression there.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from helpers.paths import REPOSITORY, TESTS
from helpers.tools import missing

PUPPETEER = REPOSITORY / "node_modules" / "puppeteer-core"
SECONDS = 60  # for a page to be read; its cards are waited for apart


def tool(name: str, what: str) -> str:
    """Return where a program is."""
    return shutil.which(name) or missing(f"{name} is not here, {what}")


class Firefox:
    """Debian's Firefox, driven by puppeteer over WebDriver BiDi."""

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


@contextmanager
def firefox() -> Iterator[Firefox]:
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


ENGINES = {"firefox": firefox}
