"""The two questions that source 001 asks after its list of skills, as private reflections."""

from __future__ import annotations

from grader.kinds.reflection import ReflectionView

MODULE = "compass"  # their record in the journal; they belong to no module of the course
QUESTIONS = {
    "strongest": (
        "Which of these skills are you strongest in? How do you know?",
        ("I am strongest in", "It showed when"),
    ),
    "develop": (
        "Which of these skills do you want to build up, or need to?",
        ("I would like to get better at", "It would help me when"),
    ),
}


def views() -> dict[str, ReflectionView]:
    """Return what the cards show, by id, in the form of `grader.kinds.views.public_view`."""
    return {
        name: {
            "id": name,
            "kind": "reflection",
            "stem": {"setting": "", "speaker": "", "says": ""},
            "question": question,
            "points": 0.0,
            "content_note": "",
            "gentle": None,
            "prompts": list(prompts),
        }
        for name, (question, prompts) in QUESTIONS.items()
    }
