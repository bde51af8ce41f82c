"""Pieces of pages: every word of a person is escaped, and every picture has its words.

Uses `grader.skills` and what lies below.
"""

__all__ = [
    "charts",
    "header",
    "help_card",
    "pictures",
    "render",
    "sketch",
    "style_chart",
    "templating",
]
