"""The page's end of the line to a card, without a page."""

from __future__ import annotations

from grader.cards import base


class Wire:
    """Stands for the page: sends messages to a card and keeps its receipts."""

    def __init__(self, card: base.Card) -> None:
        self.card = card
        self.receipts: list[dict] = []
        card.send = lambda message, buffers=None: self.receipts.append(message)

    def ask(self, **message: object) -> dict:
        self.card._receive(self.card, {**message, "seq": len(self.receipts)}, [])
        return self.receipts[-1]
