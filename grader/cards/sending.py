"""The cards that send an exercise off, and that take a trainer's feedback in.

Apart from `face`, which only shows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import traitlets

from grader.cards.base import Card
from grader.formats import exchange
from grader.places import Learner
from grader.trainee import course_map, hand_in, inbox
from grader.trainee.released import released


class HandInCard(Card):
    """Shows what will be sent, asks once for a code, and hands in."""

    def __init__(self, learner: Learner, module: str) -> None:
        self.learner = learner
        self.module = module
        super().__init__(card="hand_in")

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"open": self._open, "code": self._code, "hand_in": self._hand_in}

    def _open(self, *_: Any) -> dict[str, Any]:
        return {"type": "state", **self._state()}

    def _state(self) -> dict[str, Any]:
        return hand_in.overview(self.learner, self.module) | {
            "rule": course_map.module_rule(self.learner.course, self.module)
        }

    def _code(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        hand_in.save_trainee(self.learner.home, str(message["code"]))
        return self._open()

    def _hand_in(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        ticked = {str(part): str(seen) for part, seen in message.get("share", {}).items()}
        seen = str(message.get("seen", ""))
        done = hand_in.hand_in(self.learner, self.module, seen=seen, share=ticked)
        content = done.bundle.read_bytes() if done.bundle else None
        return {
            "type": "done",
            "lines": list(done.lines),
            "file": done.bundle.name if done.bundle else "",
            "bytes": content,
            "state": self._state(),
        }


class FeedbackCard(Card):
    """Takes a feedback file from the trainer, or fetches it from the exchange."""

    exchange = traitlets.Bool().tag(sync=True)

    def __init__(self, learner: Learner) -> None:
        self.learner = learner
        super().__init__(card="feedback", exchange=exchange.find_exchange() is not None)

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"bundle": self._bundle, "fetch": self._fetch}

    def _bundle(self, _message: dict[str, Any], buffers: list[memoryview]) -> dict[str, Any]:
        return self._reply(inbox.keep_feedback(self.learner, bytes(buffers[0]) if buffers else b""))

    def _fetch(self, *_: Any) -> dict[str, Any]:
        return self._reply(inbox.fetch_feedback(self.learner))

    def _reply(self, modules: list[str]) -> dict[str, Any]:
        lines = [_arrived(self.learner, module) for module in modules]
        link = f"../../feedback/{modules[0]}" if modules else ""
        return {"type": "done", "lines": lines or ["There is no new feedback yet."], "link": link}


def _arrived(learner: Learner, module: str) -> str:
    title = course_map.module_title(learner.course, module)
    found = released(learner.home, module)
    if found and found.draft:
        return f"A draft of the feedback on {title} is here. A person has still to read some of it."
    return f"Feedback on {title} is here."
