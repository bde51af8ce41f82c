"""Learn and measure the models from labelled replies; not part of what is installed."""

__all__ = ["danger", "learn", "points", "report", "typed"]
