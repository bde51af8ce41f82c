"""The kinds of items: what each one is made of, as frozen data.

`grader.kinds.reading` reads them, `grader.kinds.views` shows them without their key, and
`grader.kinds.scoring` scores them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grader.content.items import LADDER_FLAGS, Item
from grader.kinds.talk.graph import Graph
from grader.kinds.typed.scene import Exemplar, Scene, Thread

# Practised, never scored: no marks, no right or wrong, never handed in.
UNSCORED = frozenset({"rating", "reflection", "sources_differ"})
# Kept in the trainee's journal, which nothing ever sends or collects.
PRIVATE = frozenset({"rating", "reflection"})
# When the skills are rated: before the course, after it, and after it about the time before.
MOMENTS = ("before", "after", "then")
UNSEEN = "unseen"  # id of the level that every rating offers besides its own
UNSEEN_TEXT = "I have not been in this situation yet"


# --- what the kinds are made of


@dataclass(frozen=True, slots=True)
class Option:
    """A reply to choose; ``points`` is 3 best now, 2 fine, 1 premature or closed, 0 harmful."""

    id: str
    text: str
    points: int
    acts: tuple[str, ...]
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to tick or leave; ``fits`` tells whether it belongs to the answer."""

    id: str
    text: str
    fits: bool
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """Acts that a typed reply should (or should not) hold; any one of them counts."""

    acts: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True)
class Label:
    """Something that is only named: a pile, the right half of a pair, a level."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One part to put in order."""

    id: str
    text: str
    feedback: str


@dataclass(frozen=True, slots=True)
class SortCard:
    """A card to put on a pile; ``piles`` are those where it lies well, often one."""

    id: str
    text: str
    piles: tuple[str, ...]
    feedback: str


@dataclass(frozen=True, slots=True)
class Left:
    """The left half of a pair; ``match`` is the id of its right half."""

    id: str
    text: str
    match: str
    feedback: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a transcript; ``points`` (as of an `Option`) only where it can be picked."""

    id: str
    speaker: str
    text: str
    points: int | None
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class Position:
    """One of several views that sources hold; ``sources`` are their numbers."""

    id: str
    sources: tuple[str, ...]
    text: str
    feedback: str


# --- the kinds


@dataclass(frozen=True, slots=True)
class ChoiceItem(Item):
    """Choose one reply.

    ``why`` says in one line why the best is best here. ``twin`` is the id of the item that
    has the same options in another situation, with another best; empty where there is none.
    """

    options: tuple[Option, ...]
    why: str = ""
    twin: str = ""


@dataclass(frozen=True, slots=True)
class ChoicesItem(Item):
    """Tick every statement that fits."""

    options: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class OrderItem(Item):
    """Put parts in order; the order of the two in a ``free`` pair does not matter."""

    parts: tuple[Part, ...]
    order: tuple[str, ...]
    free: frozenset[frozenset[str]]
    better: str

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs of ids (earlier, later) whose mutual order matters."""
        return tuple(
            (first, then)
            for place, first in enumerate(self.order)
            for then in self.order[place + 1 :]
            if frozenset((first, then)) not in self.free
        )

    def swapped(self, given: Sequence[str]) -> tuple[tuple[str, str], ...]:
        """Return the pairs that ``given`` has the other way round, or only half of."""
        at = {name: place for place, name in enumerate(given)}
        return tuple(
            (first, then)
            for first, then in self.pairs
            if not (first in at and then in at and at[first] < at[then])
        )


@dataclass(frozen=True, slots=True)
class SortItem(Item):
    """Put cards on piles."""

    piles: tuple[Label, ...]
    cards: tuple[SortCard, ...]


@dataclass(frozen=True, slots=True)
class MatchItem(Item):
    """Find the right half of each pair."""

    lefts: tuple[Left, ...]
    rights: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class SpotItem(Item):
    """Pick the line of a transcript that the question asks for."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class ReplyItem(Item):
    """Type a reply; ``better`` is one good reply in full, ``exemplars`` are some of any worth."""

    wanted: tuple[Criterion, ...]
    avoid: tuple[Criterion, ...]
    better: str
    threads: tuple[Thread, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()

    @property
    def scene(self) -> Scene:
        """What a reply answers."""
        flags = {flag for flag in LADDER_FLAGS if getattr(self, flag)}
        return Scene(
            says=self.stem.says,
            setting=self.stem.setting,
            flags=frozenset(flags),
            wanted=tuple(frozenset(criterion.acts) for criterion in self.wanted),
            avoid=tuple(frozenset(criterion.acts) for criterion in self.avoid),
            threads=self.threads,
            exemplars=self.exemplars,
            better=self.better,
        )


@dataclass(frozen=True, slots=True)
class ConversationItem(Item):
    """Talk with a peer, turn by turn."""

    graph: Graph


@dataclass(frozen=True, slots=True)
class RatingItem(Item):
    """Rate oneself on behaviour anchors, from least to most; never scored.

    ``moment`` tells when a skill's own anchors are rated: ``before`` the course, ``after``
    it, or ``then`` (thinking back to before); empty for any other rating.
    """

    levels: tuple[Label, ...]
    skill: str
    because: str
    moment: str = ""


@dataclass(frozen=True, slots=True)
class ReflectionItem(Item):
    """Write for oneself; never scored, never sent."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcesDifferItem(Item):
    """Choose the nearest of several fair views; never scored."""

    positions: tuple[Position, ...]
    together: str
