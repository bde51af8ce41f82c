"""The page's end of the line to a card, without a page."""

from __future__ import annotations

from grader.cards.card import Card


class Wire:
    """Stands for the page: sends messages to a card and keeps its receipts."""

    def __init__(self, card: Card) -> None:
        self.card = card
        self.receipts: list[dict] = []
        self.files: list[bytes] = []

    def ask(self, **message: object) -> dict:
        receipt, self.files = self.card.receive({**message, "seq": len(self.receipts)})
        self.receipts.append(receipt)
        return receipt
