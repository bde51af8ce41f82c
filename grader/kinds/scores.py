"""What a score is: points, the reasons for them, and a better wording."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from grader.coding.coder import Act
from grader.content.items import Item

CHANGED = "This question has changed since it was answered."
SAFETY_FIRST = "Your safety comes first"

_PAIRED = re.compile(r'[“"]([^“”"]*)[”"]')


@dataclass(frozen=True, slots=True)
class Reason:
    """One sentence of feedback; ``quote`` holds the trainee's or the option's own words.

    Where it is about one part of the question, ``part`` is its id and ``fits`` tells
    whether the answer fits there; ``better`` may say that part another way.
    """

    text: str
    quote: str = ""
    part: str = ""
    fits: bool | None = None
    better: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """What a response earned, and why.

    ``points`` lies in [0, ``max_points``]. ``suggested`` tells that a trainer has to
    confirm it; ``unsure`` that the evidence is weak, so that the points count nowhere;
    ``read_first`` that a trainer should read it before all else; ``note`` says where an
    answer no longer fits its question.
    """

    points: float
    max_points: float
    headline: str
    reasons: tuple[Reason, ...]
    better: str
    answered: bool = True
    suggested: bool = False
    unsure: bool = False
    acts: tuple[Act, ...] = ()
    note: str = ""
    read_first: bool = False

    @property
    def fraction(self) -> float:
        """Points as a share of the maximum, 0 to 1; 0 where nothing is scored."""
        return self.points / self.max_points if self.max_points else 0.0


def is_blank(response: Any) -> bool:
    """Tell whether a response holds nothing at all."""
    if isinstance(response, str):
        return not response.strip()
    return response is None or response in ([], {})


def no_answer(item: Item, response: Any, *, better: str = "") -> Score:
    """Return the score of a blank, or of an answer of which nothing fits the item any more."""
    blank = is_blank(response)
    return Score(
        points=0.0,
        max_points=item.points,
        headline="No answer yet",
        reasons=(Reason("There is no answer here yet." if blank else CHANGED),),
        better=better,
        answered=False,
        note="" if blank else CHANGED,
    )


def without_points(headline: str, reasons: tuple[Reason, ...]) -> Score:
    """Return the answer to what is never scored: no points, no verdict."""
    return Score(points=0.0, max_points=0.0, headline=headline, reasons=reasons, better="")


def share_headline(share: float, everything: str, part: str) -> str:
    """Return the headline for a share of the points."""
    if share == 1:
        return everything
    return part if share > 0 else "Have another look"


def inner(words: str) -> str:
    """Return words as they stand within quotation marks: their own double ones are single."""
    return _PAIRED.sub(r"‘\1’", words)


def sentence(words: str) -> str:
    """End with a full stop, unless the quote at the end has its own mark."""
    return words if words[-2:-1] in ".?!…" else f"{words}."
