"""A kit for trainees who have no terminal: a folder and a zip file that start with two clicks.

`build` writes both, `wheels` says what a system needs and gets it, and `start/` holds what
trainees double-click. Uses only what everybody may use.
"""

__all__ = ["build", "wheels"]
