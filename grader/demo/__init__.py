"""A made-up cohort that goes through the whole cycle.

Uses the trainer's side, and the formats in which trainees send.
"""

__all__ = ["answers", "demo"]
