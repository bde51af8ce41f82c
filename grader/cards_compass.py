"""The cards of the compass: one next step, and the two questions about strengths."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import traitlets

from grader import compass, compass_questions, places, plan, render
from grader.cards_base import Card
from grader.cards_question import Question
from grader.errors import RecordError


class NextStepCard(Card):
    """Offers three steps, keeps the one that is chosen, and asks later how it went."""

    def __init__(self, found: compass.Compass) -> None:
        self.suggested = compass.next_steps(found)
        super().__init__(card="next_step")

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return {"open": self._state, "choose": self._choose, "outcome": self._outcome}

    def _state(self, *_: Any) -> dict[str, Any]:
        step = plan.current()
        asks = step is not None and date.today().isoformat() not in (step.chosen, step.answered)
        return {
            "type": "state",
            "ask": asks,
            "step": _shown(step) if step else None,
            "told": plan.OUTCOMES[step.outcome] if step and step.outcome else "",
            "outcomes": plan.OUTCOMES,
            "suggestions": [{"text": each.sentence} for each in self.suggested],
        }

    def _choose(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        step = next((each for each in self.suggested if each.sentence == message["text"]), None)
        if step is None:
            raise RecordError("This step is not offered any more; please reload this page")
        plan.choose(step.skill, step.sentence, step.practice.address, date.today())
        return self._state()

    def _outcome(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        plan.answer(str(message["outcome"]), date.today())
        return self._state()


def _shown(step: plan.Step) -> dict[str, str]:
    return {"text": step.text, "link": step.link, "day": plan.day_words(step.chosen)}


class CompassQuestionCard(Card):
    """One of the two questions; the answer stays in the journal."""

    view = traitlets.Dict().tag(sync=True)
    response = traitlets.Any(None, allow_none=True).tag(sync=True)
    feedback_now = traitlets.Bool().tag(sync=True)
    record = traitlets.Unicode().tag(sync=True)
    label = traitlets.Unicode().tag(sync=True)

    def __init__(self, name: str) -> None:
        module = compass_questions.MODULE
        view = compass_questions.views()[name]
        self.question = Question(module, places.journal_record(module), view)
        super().__init__(
            card="question",
            view=view,
            response=self.question.response,
            record=f"journal:{module}",
            label="A question for yourself",
        )

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return dict.fromkeys(("open", "save"), lambda message, _: self.question.answer(message))

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the question as plain HTML: it can be read before the card is live."""
        static = render.static_card_html(self.view)
        return self.with_static(super()._repr_mimebundle_(**kwargs), self.view["question"], static)
