"""Files on disk: who may open them, and which of them nobody made.

Uses the errors only.
"""

__all__ = ["litter", "privacy"]
