"""A site in other engines than Chromium's: opened, answered, reloaded, and in two windows."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from helpers.engines import ENGINES
from helpers.sites import hosted, shared_site

LESSON = "lessons/07-advice/1-four-principles.html#all"
CARD = 'document.querySelector(".al-card.al-choice > .al-answers:not([hidden])")'
VALUES = f'[...({CARD}?.querySelectorAll("input") ?? [])].map((one) => one.value)'
READY = 'document.querySelector("#ready").textContent'
CHOSEN = f'{CARD}?.querySelector("input:checked")?.value ?? null'
TOLD = f'{CARD}?.closest(".al-card").querySelector(".al-status").textContent ?? ""'


class Window:
    """One window of an engine, on one lesson."""

    def __init__(self, engine: Any, name: str, address: str) -> None:
        self._engine, self._name, self._address = engine, name, address

    def value(self, expression: str) -> Any:
        return self._engine.value(self._name, expression)

    def open(self) -> None:
        """Open the lesson, also again, and wait for its cards."""
        self._engine.go(self._name, "about:blank")
        self._engine.go(self._name, self._address)
        self.until(f"({VALUES}).length > 0")

    def until(self, expression: str) -> None:
        deadline = time.monotonic() + self._engine.patience
        while not self.value(expression):
            assert time.monotonic() < deadline, f"{expression}: {self.value(READY)}"
            time.sleep(0.1)

    def answer(self, which: int) -> str:
        """Pick an option; return it once the card says that it is saved."""
        chosen: str = self.value(VALUES)[which]
        self.value(f'{CARD}.querySelectorAll("input")[{which}].click()')
        self.until(f'({TOLD}).startsWith("Saved")')
        return chosen


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    base = tmp_path_factory.getbasetemp()
    with hosted(shared_site(base.parent if base.name.startswith("popen-") else base)) as host:
        yield f"{host.base}/{LESSON}"


@pytest.mark.parametrize("name", ["firefox", pytest.param("webkitgtk", marks=pytest.mark.full)])
def test_an_answer_stays_in_every_engine(name, address, tmp_path):
    with ENGINES[name](tmp_path) as engine:
        one, other = (Window(engine, each, address) for each in ("one", "other"))
        one.open()
        said = one.answer(1)
        one.open()
        assert one.value(CHOSEN) == said
        other.open()
        assert other.value(CHOSEN) == said
        later = other.answer(0)
        assert later != said
        one.open()
        assert one.value(CHOSEN) == later
