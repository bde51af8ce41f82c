"""The cards of the compass: one next step, and the two questions about strengths.

Apart from `calls`, which only shows them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from grader.cards.card import Card, Handler
from grader.cards.desk import private_desk
from grader.cards.question import AskingCard, Question
from grader.errors import RecordError
from grader.places import Learner
from grader.trainee import compass, compass_questions, plan


class NextStepCard(Card):
    """Offers three steps, keeps the one that is chosen, and asks later how it went."""

    name = "next_step"

    def __init__(self, found: compass.Compass) -> None:
        self.home = found.learner.home
        self.suggested = compass.next_steps(found)

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return {"open": self._state, "choose": self._choose, "outcome": self._outcome}

    def _state(self, *_: Any) -> dict[str, Any]:
        step = plan.current(self.home)
        asks = step is not None and date.today().isoformat() not in (step.chosen, step.answered)
        return {
            "type": "state",
            "ask": asks,
            "step": _shown(step) if step else None,
            "told": plan.OUTCOMES[step.outcome] if step and step.outcome else "",
            "outcomes": plan.OUTCOMES,
            "suggestions": [{"text": each.sentence} for each in self.suggested],
        }

    def _choose(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        step = next((each for each in self.suggested if each.sentence == message["text"]), None)
        if step is None:
            raise RecordError("This step is not offered any more; please reload this page")
        plan.choose(self.home, step.skill, step.sentence, step.practice.address, date.today())
        return self._state()

    def _outcome(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        plan.answer(self.home, str(message["outcome"]), date.today())
        return self._state()


def _shown(step: plan.Step) -> dict[str, str]:
    return {"text": step.text, "link": step.link, "day": plan.day_words(step.chosen)}


class CompassQuestionCard(AskingCard):
    """One of the two questions; the answer stays in the journal."""

    def __init__(self, learner: Learner, name: str) -> None:
        module, view = compass_questions.MODULE, compass_questions.views()[name]
        question = Question(private_desk(learner, module), view)
        super().__init__(question, f"journal:{module}", "A question for yourself")

    def facts(self) -> dict[str, Any]:
        """Return what any question has; the page itself says who sees it."""
        return super().facts() | {"privacy_said": True}
