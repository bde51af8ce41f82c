"""nbgrader's gradebook: read and written in one transaction, copied, and brought back."""

__all__ = ["backups", "gradebook", "marks", "rows", "tables"]
