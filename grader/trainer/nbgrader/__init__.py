"""Plain nbgrader, and formgrader's buttons, made to do what our own commands do."""

__all__ = ["exchange", "plugins"]
