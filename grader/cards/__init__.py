"""What notebooks call, and the cards behind it.

Notebooks import from here and from nowhere else. Uses everything of a trainee's side.
"""

from grader.cards.face import (
    again_today,
    begin,
    card,
    copy_everything,
    course_map,
    delete_everything,
    find,
    glossary,
    hand_in,
    meet_again,
    my_certificate,
    my_journal,
    my_plan,
    my_progress,
    my_skills,
    my_style,
    next_step,
    record,
    sketch,
    skill_ratings,
    two_questions,
)

__all__ = [
    "again_today",
    "begin",
    "card",
    "copy_everything",
    "course_map",
    "delete_everything",
    "find",
    "glossary",
    "hand_in",
    "meet_again",
    "my_certificate",
    "my_journal",
    "my_plan",
    "my_progress",
    "my_skills",
    "my_style",
    "next_step",
    "record",
    "sketch",
    "skill_ratings",
    "two_questions",
]
