"""The pass rule: how much of which modules it takes, and what somebody still lacks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import sentence

if TYPE_CHECKING:
    from fractions import Fraction

MAX_TEXT = 4000  # characters: what a signed rule may take
NONE = "none"
_TEXT = re.compile(r"at least ([0-9]{1,3}) % of the points in each of these modules: (\S.*)")
_SLUG = re.compile(r"[A-Za-z0-9._+-]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class PassRule:
    """What it takes to pass: a share of the points, in percent, in each of these modules."""

    share: int
    modules: tuple[str, ...]

    @property
    def text(self) -> str:
        """The rule in words that `parse_rule` reads back, also years later."""
        modules = ", ".join(self.modules) or NONE
        return f"at least {self.share} % of the points in each of these modules: {modules}"

    def is_reached(self, points: str, max_points: str) -> bool:
        """Tell whether points are enough in one module; exact, as the numbers are written."""
        if not (_NUMBER.fullmatch(points) and _NUMBER.fullmatch(max_points)):
            return False
        from fractions import Fraction  # here, so that cards are ready without it

        return Fraction(points) >= self._needed(max_points)

    def needed(self, max_points: str) -> str:
        """Return how many points of one module are enough."""
        return f"{float(self._needed(max_points)):g}"

    def _needed(self, max_points: str) -> Fraction:
        from fractions import Fraction

        return Fraction(max_points) * self.share / 100


def parse_rule(text: str) -> PassRule:
    """Read what `PassRule.text` gives.

    Raises
    ------
    ValueError
        For anything else.
    """
    found = _TEXT.fullmatch(text) if len(text) <= MAX_TEXT else None
    if found is None:
        raise ValueError("rule")
    words = found.group(2)
    rule = PassRule(int(found.group(1)), () if words == NONE else tuple(words.split(", ")))
    if rule.text != text or not all(_SLUG.fullmatch(module) for module in rule.modules):
        raise ValueError("rule")
    return rule


@dataclass(frozen=True, slots=True)
class Standing:
    """Marks of one module as they are written, and how many answers wait for a person."""

    points: str
    max_points: str
    waiting: int = 0


def missing(
    rule: PassRule,
    found: Mapping[str, Standing | str],
    heading: Callable[[str], str],
) -> tuple[str, ...]:
    """Say in one line for each module what somebody still lacks; nothing once they have passed.

    Parameters
    ----------
    rule : PassRule
        What it takes.
    found : mapping of str to Standing or str
        For each needed module its marks, or in words why there are none yet.
    heading : callable
        Gives a module's name in words.
    """
    if not rule.modules:
        return ("No module can be handed in yet.",)
    whys = ((module, _why(rule, found[module])) for module in rule.modules)
    return tuple(sentence(f"{heading(module)}: {why}") for module, why in whys if why)


def _why(rule: PassRule, of: Standing | str) -> str:
    if isinstance(of, str):
        return of
    if of.waiting:  # it is not 0 points: a person has yet to read it
        return "1 answer still waits" if of.waiting == 1 else f"{of.waiting} answers still wait"
    if rule.is_reached(of.points, of.max_points):
        return ""
    needed = rule.needed(of.max_points)
    return f"{of.points} of {of.max_points} points, {needed} are needed"


def words_of(rule: PassRule, listed: tuple[str, ...]) -> Iterator[str]:
    """Give the rule in short sentences for trainees, before they begin.

    Parameters
    ----------
    rule : PassRule
        What it takes.
    listed : tuple of str
        All modules that can be handed in.
    """
    yield f"You pass an exercise with {share_words(rule)}."
    if set(rule.modules) >= set(listed):
        yield "To pass the course, hand in the exercise of each module and pass it."
    else:
        yield f"To pass the course, hand in and pass {numbered(rule.modules)}."


def share_words(rule: PassRule) -> str:
    """Return the share in words, such as 'half of the points'."""
    if rule.share == 100:
        return "all of the points"
    return f"{'half' if rule.share == 50 else f'{rule.share} %'} of the points"


def numbered(modules: tuple[str, ...]) -> str:
    """Return modules by their numbers, such as 'modules 1, 2 and 9'."""
    numbers = [str(int(module[:2])) for module in modules]
    if len(numbers) < 2:
        return f"module {''.join(numbers)}"
    return f"modules {', '.join(numbers[:-1])} and {numbers[-1]}"
