"""A conversation as a graph of turns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from grader.content.items import BEST, Item
from grader.kinds.talk.conditions import UNSURE, Condition
from grader.kinds.typed.scene import Exemplar, Scene, Thread

CHOICE, REPLY = "choice", "reply"  # what a turn asks for


@dataclass(frozen=True, slots=True)
class Outcome:
    """What follows from an option or a rule.

    ``points`` are 3 best now, 2 fine, 1 premature or closed, 0 harmful; None where nothing
    counts, and everywhere in a public view. ``effects`` are changes of the peer's state.
    """

    goes_to: str
    points: int | None = None
    feedback: str = ""
    better: str = ""
    effects: tuple[tuple[str, int], ...] = ()
    peer: str = ""


@dataclass(frozen=True, slots=True)
class TalkOption:
    """Something to say at a turn."""

    id: str
    text: str
    acts: tuple[str, ...]
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class TalkRule:
    """What follows where a typed turn meets a condition."""

    when: Condition
    outcome: Outcome

    @property
    def for_unsure(self) -> bool:
        """Tell whether the rule is for what the coder cannot read."""
        return self.when.text == UNSURE


@dataclass(frozen=True, slots=True)
class Turn:
    """The peer says something, and the trainee chooses or types what to say.

    ``flags`` are those of the advice ladder that are true here; ``better`` is a model
    reply of a typed turn, ``exemplars`` are replies of any worth.
    """

    id: str
    phase: int
    says: str
    asks: str
    options: tuple[TalkOption, ...] = ()
    rules: tuple[TalkRule, ...] = ()
    flags: frozenset[str] = frozenset()
    question: str = ""
    better: str = ""
    threads: tuple[Thread, ...] = ()
    exemplars: tuple[Exemplar, ...] = ()

    @property
    def scene(self) -> Scene:
        """What a typed reply answers; what is wanted are the acts of the rules for it."""
        return Scene(
            says=self.says,
            flags=self.flags,
            wanted=self._acts_of(lambda points: points == BEST),
            avoid=self._acts_of(lambda points: points == 0),
            threads=self.threads,
            exemplars=self.exemplars,
            better=self.better,
        )

    def _acts_of(self, fits: Callable[[int], bool]) -> tuple[frozenset[str], ...]:
        weighed = ((rule.when.acts, rule.outcome.points) for rule in self.rules)
        acts = (acts for acts, points in weighed if points is not None and fits(points))
        found = frozenset[str]().union(*acts)
        return (found,) if found else ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All that can follow."""
        chosen = (option.outcome for option in self.options)
        return (*chosen, *(rule.outcome for rule in self.rules))


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a conversation can end."""

    id: str
    says: str
    feedback: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """A whole conversation; ``starts_with`` is the peer's state, each 0 to 10."""

    peer: str
    starts_with: tuple[tuple[str, int], ...]
    start: str
    turns: tuple[Turn, ...]
    endings: tuple[Ending, ...]

    @property
    def has_typed_turns(self) -> bool:
        """Tell whether anything is typed in it."""
        return any(turn.asks == REPLY for turn in self.turns)

    def turn(self, name: Any) -> Turn | None:
        """Return a turn by id."""
        return next((turn for turn in self.turns if turn.id == name), None)

    def ending(self, name: str) -> Ending | None:
        """Return an ending by id."""
        return next((ending for ending in self.endings if ending.id == name), None)

    def shortest(self) -> int:
        """Return the fewest counted turns from the start to an ending; 0 where none is reached."""
        reached, count = {self.start}, 0
        while reached:
            if any(self.ending(name) for name in reached):
                return count
            turns = [self.turn(name) for name in reached]
            ways = {out.goes_to for turn in turns if turn for out in turn.outcomes}
            reached, count = ways - reached, count + 1
            if count > len(self.turns):
                break
        return 0


@dataclass(frozen=True, slots=True)
class ConversationItem(Item):
    """Talk with a peer, turn by turn."""

    graph: Graph
