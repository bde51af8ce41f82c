"""The trainer's desk: one place to see who waits, to read, to mark, and to send.

Everything is done by the functions of `grader.trainer`, on nbgrader's gradebook.
"""

__all__ = ["pages", "runs"]
