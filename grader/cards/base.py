"""What all cards are made of: a widget whose page gets one receipt for each message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from grader.cards import script
from grader.errors import AlongsideError, in_words, sentence
from grader.surroundings import LOG

UNFORESEEN = "Something went wrong here. Please reload this page and try again."


class Card(anywidget.AnyWidget):
    """One of our widgets; every message from the page gets exactly one receipt."""

    _esm = script.script()
    _css = script.STATIC / "cards.css"
    card = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, buffers: list[memoryview]) -> None:
        seq = message.get("seq") if isinstance(message, dict) else None
        try:
            reply = self.handlers()[message["type"]](message, buffers)
            attached = reply.pop("bytes", None)
            self.send({**reply, "seq": seq}, [attached] if attached else None)
        except Exception as error:  # without a receipt the page would wait for ever
            self.send({**_refusal(error), "seq": seq})

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        raise NotImplementedError

    @staticmethod
    def with_static(bundle: Any, text: str, html: str) -> Any:
        """Add what can be read before a card is live to its MIME bundle."""
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        if data is not None:
            data["text/plain"], data["text/html"] = text, html
        return bundle


def _refusal(error: Exception) -> dict[str, Any]:
    """Return the receipt that says why; what was not foreseen is logged."""
    why = sentence(in_words(error))
    if not isinstance(error, AlongsideError):
        LOG.exception("a card's message could not be answered")
        why = why if isinstance(error, OSError) and error.strerror else UNFORESEEN
    return {"type": "refused", "why": why, "lines": [why]}
