"""The people of a cohort: who is a trainee, and what tables say of them."""

__all__ = ["codes", "roster", "trainees"]
