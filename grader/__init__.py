"""Alongside: lessons, cards and honest grading for peer-support training."""

__version__ = "0.1.0"
