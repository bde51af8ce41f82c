"""Each file that crosses between people, and the ways by which it crosses.

Answers, hand-ins, feedback with its numbers, signed statements, tables, archives, and
nbgrader's exchange. Nothing in such a file is trusted. Uses `grader.kinds` and what lies below.
"""

__all__ = ["answers", "archives", "exchange", "feedback", "kept", "shared", "statement"]
