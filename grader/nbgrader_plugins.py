"""The name by which the ``nbgrader_config.py`` of a course finds what it needs.

Courses that were set up earlier hold this name too, so it stays; the plug-ins themselves are
in `grader.trainer.nbgrader`.
"""

from grader.trainer.nbgrader.plugins import configure

__all__ = ["configure"]
