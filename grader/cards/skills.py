"""The card with all self-ratings: one page for a whole framework of skills.

Apart from `face`, which only shows it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import traitlets

from grader.cards.base import Card
from grader.cards.desk import private_desk
from grader.cards.question import Question
from grader.content.items import load_skills
from grader.html.templating import render_template
from grader.kinds.rating import MOMENTS
from grader.places import SKILLS, Learner
from grader.skills.bank import practice_bank
from grader.trainee.ratings import Asked, Ratings, asked, read_ratings

TITLES = {
    "before": "Today, for the first time",
    "after": "Today, once more",
    "then": "Thinking back",
}
NOTES = {
    "before": "Do this before the course, or when you first come here. There is no score.",
    "after": "Do this after the course, or in a few weeks. Please do not look at your first "
    "ratings before.",
    "then": "Do this after you have rated yourself once more. Now you know the skills better. So "
    "you may see in another way who you were before. This is not about today.",
}


class RatingsCard(Card):
    """Every skill at each moment; each rating is saved as that of a lesson's card is."""

    groups: traitlets.List[dict[str, Any]] = traitlets.List().tag(sync=True)

    def __init__(self, learner: Learner) -> None:
        home, course = learner.home, learner.course
        ratings = asked(load_skills(course.lessons / SKILLS), practice_bank(course))
        said = read_ratings(home, ratings)
        self.questions = {
            f"{each.moment}-{each.skill.id}": Question(
                private_desk(learner, each.module), each.view
            )
            for each in ratings
        }
        now = _moment_now(said, len(ratings) // len(MOMENTS))
        super().__init__(
            card="ratings", groups=[self._group(moment, ratings, now) for moment in MOMENTS]
        )

    def _group(self, moment: str, ratings: Iterable[Asked], now: str) -> dict[str, Any]:
        names = [f"{moment}-{each.skill.id}" for each in ratings if each.moment == moment]
        return {
            "title": TITLES[moment],
            "note": NOTES[moment],
            "open": moment == now,
            "questions": [
                {
                    "of": name,
                    "view": self.questions[name].view,
                    "response": self.questions[name].response,
                    "record": f"journal:{self.questions[name].module}",
                    "label": "Self-rating",
                    "feedback_now": False,
                }
                for name in names
            ],
        }

    def handlers(self) -> dict[str, Callable[..., dict[str, Any]]]:
        """Return what answers each type of message."""
        return dict.fromkeys(("open", "save"), self._answer)

    def _answer(self, message: dict[str, Any], _buffers: Any) -> dict[str, Any]:
        return self.questions[message["of"]].answer(message)

    def _repr_mimebundle_(self, **kwargs: Any) -> Any:
        """Add the skills as plain HTML: they can be read before the card is live."""
        first = [question["view"] for question in self.groups[0]["questions"]]
        skills = [(view["question"].split(":")[0], view["stem"]["setting"]) for view in first]
        html = render_template("cards/skills.html.j2", skills=skills)
        return self.with_static(super()._repr_mimebundle_(**kwargs), "Your self-ratings", html)


def _moment_now(said: Ratings, total: int) -> str:
    """Return the first moment that is not rated through; the second time where all are."""
    return next((moment for moment in MOMENTS if len(said[moment]) < total), "after")
