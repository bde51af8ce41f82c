"""What the top of every page keeps: how it looks, and where somebody paused.

Apart from `calls`, which gives it to every page; no notebook calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.cards.card import Card, Handler
from grader.errors import RecordError
from grader.places import Learner
from grader.trainee import settings


class SettingsCard(Card):
    """Keeps the settings of one person's pages."""

    name = "settings"

    def __init__(self, learner: Learner) -> None:
        self._home = learner.home

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"keep": self._keep}

    def _keep(self, message: dict[str, Any], _buffers: Sequence[bytes]) -> dict[str, Any]:
        changes = message.get("settings")
        if not isinstance(changes, dict) or not all(isinstance(name, str) for name in changes):
            raise RecordError("There is nothing to keep; please reload this page")
        settings.keep(self._home, **changes)
        return {"type": "saved"}
