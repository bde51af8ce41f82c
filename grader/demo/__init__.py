"""A made-up cohort that goes through the whole cycle."""

__all__ = ["answers", "demo"]
