"""What all cards are made of: a widget whose page gets one receipt for each message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from grader import cards_script
from grader.errors import AlongsideError


class Card(anywidget.AnyWidget):
    """One of our widgets; every message from the page gets exactly one receipt."""

    _esm = cards_script.script()
    _css = cards_script.STATIC / "cards.css"
    card = traitlets.Unicode().tag(sync=True)

    def __init__(self, **state: Any) -> None:
        super().__init__(**state)
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, buffers: list[memoryview]) -> None:
        handlers: dict[str, Callable[..., dict[str, Any]]] = self.handlers()
        try:
            reply = handlers[message["type"]](message, buffers)
        except AlongsideError as error:
            reply = {
                "type": "refused",
                "why": f"{error}.".replace("..", "."),
                "lines": [str(error)],
            }
        attached = reply.pop("bytes", None)
        self.send({**reply, "seq": message.get("seq")}, [attached] if attached else None)

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
