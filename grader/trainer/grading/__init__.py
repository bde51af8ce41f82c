"""Grading: everybody in ``submitted/`` gets an outcome, and only what changed is graded anew."""

__all__ = ["changes", "grading"]
