"""A trainer's side: collect, mark, grade, give feedback, report.

It never uses `grader.trainee`; what both need lies in `grader.formats`.
"""

__all__ = ["collect", "feedback", "gradebook", "grading", "marking", "release", "report", "roster"]
