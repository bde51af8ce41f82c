"""Feedback: pages and files for trainees, how far each is, and who has passed."""

__all__ = ["exchange", "feedback", "passes", "signing", "states"]
