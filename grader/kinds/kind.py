"""What a kind of item is: how it is read, scored, shown without its key and put into words.

Each kind fills one `Kind` in a module of its own, and `grader.kinds.registry` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from grader.content.items import Item, Skill
from grader.content.strict_yaml import Entry
from grader.kinds.public import PartView, View
from grader.kinds.scores import Score

ItemT = TypeVar("ItemT", bound=Item)
ViewT = TypeVar("ViewT", bound=View)
PartT = TypeVar("PartT", bound=PartView)

Common = dict[str, Any]  # what all items share, as arguments of an item
Skills = Mapping[str, Skill]


class Shuffle(Protocol):
    """Puts parts into the order drawn for a person; ``name`` tells one draw from another."""

    def __call__(self, parts: list[PartT], name: str) -> list[PartT]:
        """Return the parts in their drawn order."""


def _at_once(_item: Item) -> bool:
    return True


def _nothing(_view: View) -> Iterable[str]:
    return ()


def _all_offered(_view: View, _response: Any) -> Iterable[str]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind(Generic[ItemT, ViewT]):
    """One kind of item.

    Parameters
    ----------
    name : str
        As authors write it, and as records and pages have it.
    read : callable
        Makes the item from its entry, from what all items share, and from the skills.
    score : callable
        Scores any response; of what is not of the right form, what fits counts.
    model : callable
        Gives a response that earns full marks.
    answered : callable
        Tells whether a response is of the right form and not a blank.
    view : callable
        Adds the kind's own part to the view that all items have.
    words : callable
        Puts an answer of the right form into words, from the view alone.
    to_read : callable
        Gives what the item offers to read before its card is live.
    strange : callable
        Names what makes a response none that its card could save, from the view alone.
    automatic : callable
        Tells whether an item is marked without a trainer.
    drawn : callable, optional
        Shuffles the view for a person; None where the order is part of the question.
    scored : bool
        Otherwise it is only practised: no marks, no right or wrong, never handed in.
    private : bool
        Kept in the trainee's journal, which nothing ever sends or collects.
    typed : bool
        The answer is a text as the trainee typed it.
    own_words : bool
        The answer can be told without its question, so no words are kept beside it.
    any_order : bool
        The answer is a list whose order makes no difference.
    """

    name: str
    read: Callable[[Entry, Common, Skills], ItemT]
    score: Callable[[ItemT, Any], Score]
    model: Callable[[ItemT], Any]
    answered: Callable[[Any], bool]
    view: Callable[[ItemT, View], ViewT]
    words: Callable[[ViewT, Any], Iterable[str]]
    to_read: Callable[[ViewT], Iterable[str]] = _nothing
    strange: Callable[[ViewT, Any], Iterable[str]] = _all_offered
    automatic: Callable[[ItemT], bool] = _at_once
    drawn: Callable[[ViewT, Shuffle], ViewT] | None = None
    scored: bool = True
    private: bool = False
    typed: bool = False
    own_words: bool = False
    any_order: bool = False
