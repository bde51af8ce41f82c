"""What a trainer reads of a cohort: the report, and tables of marks."""

__all__ = ["exports", "report"]
