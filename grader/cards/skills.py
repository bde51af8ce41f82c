"""The card with all self-ratings: one page for a whole framework of skills.

Apart from `calls`, which only shows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.cards.card import Card, Handler
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

    name = "ratings"
    text = "Your self-ratings"

    def __init__(self, learner: Learner) -> None:
        skills = load_skills(learner.course.lessons / SKILLS)
        self.ratings = asked(skills, practice_bank(learner.course))
        self.said = read_ratings(learner.home, self.ratings)
        self.questions = {
            f"{each.moment}-{each.skill.id}": Question(
                private_desk(learner, each.module), each.view
            )
            for each in self.ratings
        }

    def facts(self) -> dict[str, Any]:
        """Return the ratings by moment; the moment that comes next is open."""
        now = _moment_now(self.said, len(self.ratings) // len(MOMENTS))
        return {"groups": [self._group(moment, self.ratings, now) for moment in MOMENTS]}

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
                    "privacy_said": True,
                }
                for name in names
            ],
        }

    def handlers(self) -> dict[str, Handler]:
        """Return what answers each type of message."""
        return dict.fromkeys(("open", "save"), self._answer)

    def _answer(self, message: dict[str, Any], _files: Any) -> dict[str, Any]:
        return self.questions[message["of"]].answer(message)

    def static_html(self) -> str:
        """Return the skills as plain HTML."""
        views = [each.view for each in self.ratings if each.moment == MOMENTS[0]]
        skills = [(view["question"].split(":")[0], view["stem"]["setting"]) for view in views]
        return render_template("cards/skills.html.j2", skills=skills)


def _moment_now(said: Ratings, total: int) -> str:
    """Return the first moment that is not rated through; the second time where all are."""
    return next((moment for moment in MOMENTS if len(said[moment]) < total), "after")
