"""Every picture of the course, drawn from made-up numbers."""

from __future__ import annotations

from grader.content.items import Skill
from grader.html import charts, style_chart
from grader.html.pictures import Picture
from grader.skills.intervals import wilson
from grader.skills.mirror import GROUPS
from grader.skills.profile import SkillProfile
from grader.skills.style import History, Style

NAMES = ("Listening", "Asking", "Resting", "Waiting", "Singing")
SKILLS = {name.lower(): Skill(name.lower(), name, "D", ("x", "y", "z"), "S") for name in NAMES}


def shown(name: str, share: float, n: int, graded: int = 0) -> SkillProfile:
    return SkillProfile(name, n - graded, graded, share if n else None, *wilson(share * n, n))


PROFILES = (
    shown("listening", 0.5, 20),
    shown("asking", 0.9, 20, graded=4),
    shown("resting", 0.0, 0),
    shown("waiting", 0.2, 20),
    shown("singing", 1.0, 2),
)
RATINGS = {"listening": 1, "asking": 0, "resting": 2, "waiting": 2, "singing": None}


def style(name: str, *counts: int, replies: int = 9) -> Style:
    return Style(name, tuple(zip(GROUPS, counts, strict=True)), replies, counts[0])


HISTORY = History(
    modules=(style("01-a", 4, 1, 0, 2, 3), style("07-b", 2, 2, 0, 0, 1)),
    early=style("early", 4, 1, 0, 2, 3),
    late=style("late", 2, 2, 0, 0, 1, replies=1),
    sentence="Your open questions keep up.",
)


def every_picture() -> list[Picture]:
    return [
        charts.compass_bars(PROFILES, RATINGS, SKILLS),
        style_chart.style_small_multiples(HISTORY),
    ]
