"""What a run of grading is to do for one module.

Apart from `grading`, which finds it out and does it: this only holds it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from grader.trainer.grading.graded_before import GradedBefore
from grader.trainer.grading.outcomes import Graded
from grader.trainer.marking.marking import MarkSummary
from grader.trainer.marking.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done for one module: ``due`` for grading, or ``standing`` as it is."""

    sheet: Sheet
    before: GradedBefore
    answered: frozenset[str]  # of whom answers were graded before
    due: list[str] = field(default_factory=list)
    standing: dict[str, MarkSummary] = field(default_factory=dict)
    expected: dict[str, Graded] = field(default_factory=dict)
    packed: dict[str, MarkSummary] = field(default_factory=dict)  # marked, not yet written
    damaged: list[str] = field(default_factory=list)  # where they lie, and kept whole
    new: list[str] = field(default_factory=list)  # that somebody put there by hand
    nothing: list[str] = field(default_factory=list)  # whose folder holds no hand-in
