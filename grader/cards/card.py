"""What every card is: facts for the page, words to read before it is live, and receipts.

A card knows neither widget nor server. Whoever shows it carries its messages: `widget` in a
notebook, `grader.server` on a page. Each message gets exactly one receipt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from grader.errors import AlongsideError, in_words, missing_extra, sentence
from grader.surroundings import LOG

Handler = Callable[[dict[str, Any], Sequence[bytes]], dict[str, Any]]
UNFORESEEN = "Something went wrong here. Please reload this page and try again."


class Card:
    """One card; ``name`` tells the script in the browser which one."""

    name = ""
    text = ""  # for those who see no HTML

    def facts(self) -> dict[str, Any]:
        """Return what the page has to know to draw the card; JSON-ready."""
        return {}

    def static_html(self) -> str:
        """Return what can be read before the card is live."""
        return ""

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        raise NotImplementedError

    def receive(
        self, message: Any, buffers: Sequence[bytes] = ()
    ) -> tuple[dict[str, Any], list[bytes]]:
        """Answer one message.

        Parameters
        ----------
        message : Any
            A dictionary with ``type`` and ``seq``, if the page is ours.
        buffers : sequence of bytes
            Files that came with it.

        Returns
        -------
        tuple
            The receipt, which carries the same ``seq``, and files that go with it.
        """
        seq = message.get("seq") if isinstance(message, dict) else None
        try:
            reply = self.handlers()[message["type"]](message, buffers)
        except Exception as error:  # without a receipt the page would wait for ever
            reply = refusal(error)
        attached = reply.pop("bytes", None)
        return {**reply, "seq": seq}, [attached] if attached else []


def refusal(error: Exception) -> dict[str, Any]:
    """Return the receipt that says why; what was not foreseen is logged."""
    error = missing_extra(error) or error
    why = sentence(in_words(error))
    if not isinstance(error, AlongsideError):
        LOG.exception("a card's message could not be answered", exc_info=error)
        why = why if isinstance(error, OSError) and error.strerror else UNFORESEEN
    return refused(why)


def refused(why: str) -> dict[str, Any]:
    """Return the receipt that says no, and why."""
    return {"type": "refused", "why": why, "lines": [why]}


def facts_of(card: Card) -> dict[str, Any]:
    """Return a card's facts with its name among them."""
    return {"card": card.name, **card.facts()}
