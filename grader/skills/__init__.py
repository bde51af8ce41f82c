"""What answers show of a person: marks, skills with their intervals, and a way of talking.

Uses `grader.formats` and what lies below; draws nothing.
"""

__all__ = ["bank", "earned", "mirror", "next_steps", "profile", "style"]
