"""The cards that send an exercise off, and that take a trainer's feedback in.

Apart from `calls`, which only shows them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.cards.card import Card, Handler
from grader.formats import exchange
from grader.places import Learner
from grader.trainee import course_map, hand_in, inbox, map_page
from grader.trainee.released import released

LETTER = """Hello,

here is my hand-in for {title}. My code is {code}.
The file is {file}.

Thank you for reading it.
"""


class HandInCard(Card):
    """Shows what will be sent, asks once for a code, and hands in."""

    name = "hand_in"

    def __init__(self, learner: Learner, module: str) -> None:
        self.learner, self.module = learner, module

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"open": self._open, "code": self._code, "hand_in": self._hand_in}

    def _open(self, *_: Any) -> dict[str, Any]:
        return {"type": "state", **self._state()}

    def _state(self) -> dict[str, Any]:
        learner, module = self.learner, self.module
        return hand_in.overview(learner, module) | {
            "rule": course_map.module_rule(learner.course, module),
            "open": course_map.open_questions(learner.course, learner.home, module),
        }

    def _code(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        code, same_person = str(message["code"]), message.get("same_person") is True
        try:
            hand_in.save_trainee(self.learner.home, code, same_person=same_person)
        except hand_in.OtherCodeError as asks:
            return self._open() | {"code": asks.code, "earlier": asks.earlier}
        return self._open()

    def _hand_in(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        ticked = {str(part): str(seen) for part, seen in message.get("share", {}).items()}
        seen = str(message.get("seen", ""))
        may_teach = message.get("may_teach") is True
        done = hand_in.hand_in(
            self.learner, self.module, seen=seen, share=ticked, may_teach=may_teach
        )
        content = done.bundle.read_bytes() if done.bundle else None
        state = self._state()
        return {
            "type": "done",
            "lines": list(done.lines),
            "file": done.bundle.name if done.bundle else "",
            "bytes": content,
            "save": done.save,
            "letter": self._letter(state["trainee"], done.bundle.name) if done.bundle else None,
            "next": self._next(),
            "state": state,
        }

    def _letter(self, code: str, file: str) -> dict[str, str]:
        """Return an email to go with the file, ready to send."""
        title = course_map.module_title(self.learner.course, self.module)
        text = LETTER.format(title=title, code=code, file=file)
        return {"subject": f"Hand-in: {title}", "text": text}

    def _next(self) -> dict[str, str] | None:
        """Return where the map says that one goes on; None where all is done."""
        where = map_page.where_next(self.learner)
        return {"title": where["title"], "link": f"../../{where['address']}"} if where else None


class FeedbackCard(Card):
    """Takes a feedback file from the trainer, or fetches it from the exchange."""

    name = "feedback"

    def __init__(self, learner: Learner) -> None:
        self.learner = learner

    def facts(self) -> dict[str, Any]:
        """Return whether there is an exchange to fetch from."""
        try:
            found = exchange.find_exchange() is not None
        except ImportError:  # said when somebody asks it for feedback
            found = True
        return {"exchange": found}

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"bundle": self._bundle, "fetch": self._fetch}

    def _bundle(self, _message: dict[str, Any], files: Sequence[bytes]) -> dict[str, Any]:
        return self._reply(inbox.keep_feedback(self.learner, files[0] if files else b""))

    def _fetch(self, *_: Any) -> dict[str, Any]:
        return self._reply(inbox.fetch_feedback(self.learner))

    def _reply(self, modules: list[str]) -> dict[str, Any]:
        lines = [self._arrived(module) for module in modules]
        link = f"../feedback/{modules[0]}" if modules else ""
        lines = lines or ["There is no new feedback yet."]
        return {"type": "done", "lines": lines, "link": link}

    def _arrived(self, module: str) -> str:
        title = course_map.module_title(self.learner.course, module)
        found = released(self.learner.home, module)
        if found and found.draft:
            draft = f"A draft of the feedback on {title} is here."
            return f"{draft} A person has still to read some of it."
        signed = inbox.signed_words(self.learner, module)
        return f"Feedback on {title} is here. {signed}".rstrip()
