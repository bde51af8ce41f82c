"""Files on disk: read, parsed and written safely, who may open them, and which of them nobody made.

Uses the errors only.
"""

__all__ = ["folder_names", "foreign", "litter", "parsing", "privacy", "safe", "writable"]
