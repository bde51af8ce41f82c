"""Learn and measure the models from labelled replies; not part of what is installed.

Uses the models and the items. Needs the ``dev`` extra.
"""

__all__ = ["danger", "learn", "points", "report", "typed"]
