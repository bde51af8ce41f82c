"""A trainee's own side: home, hand-in, feedback, compass, record, certificate.

Runs on any system. It never uses `grader.trainer`; what both need lies in `grader.formats`.
"""

__all__ = ["certificate", "compass", "course_map", "hand_in", "home", "inbox", "record"]
