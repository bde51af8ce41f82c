"""Marking: from an answer record to marks and a graded notebook, without a kernel."""

__all__ = ["marking", "marks", "sheet"]
