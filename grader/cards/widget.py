"""A card as a widget, for JupyterLab and Notebook 7: the kernel carries its messages.

Apart from `face`, so that pages without a kernel load no widgets.
"""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from grader.cards import script
from grader.cards.card import Card, facts_of, refusal
from grader.html.render import card_style


class CardWidget(anywidget.AnyWidget):
    """One card; ``facts`` holds all that its script asks for."""

    _esm = script.script("widget")
    _css = card_style()
    facts = traitlets.Dict().tag(sync=True)

    def __init__(self, card: Card) -> None:
        self.shown = card
        super().__init__(facts=facts_of(card))
        self.on_msg(self._receive)

    def _receive(self, _widget: Any, message: Any, buffers: list[memoryview]) -> None:
        receipt, attached = self.shown.receive(message, [bytes(each) for each in buffers])
        self.facts = facts_of(self.shown)
        try:
            self.send(receipt, attached or None)
        except Exception as error:  # without a receipt the page would wait for ever
            self.send({**refusal(error), "seq": receipt["seq"]})

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add what can be read before the card is live."""
        bundle = super()._repr_mimebundle_(**kwargs)
        data = bundle[0] if isinstance(bundle, tuple) else bundle
        static = self.shown.static_html()
        if data is not None and static:
            data["text/plain"], data["text/html"] = self.shown.text, static
        return bundle
