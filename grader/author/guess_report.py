"""Say how far the best replies can be guessed without story: ``alongside check --guess``.

A learned guesser (`grader.author.guess`) and fixed habits ("take the longest", "take the question")
pick among the options; limits say how much they may find and earn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from grader.author.guess import (
    GRADED,
    PRACTICE,
    SENTENCE,
    Guess,
    Pick,
    guesses,
    guesses_from_practice,
)
from grader.content.items import BEST
from grader.errors import Problem
from grader.places import ITEMS

ENOUGH = 20  # fewer places to choose than this say nothing about habits
MOST_GUESSABLE = 20  # picks listed
EARLY = 1  # points of a reply that is too early or closed; fewer are harmful
# The most that may be found or earned without the story; by chance about .25 and .50.
MAX_FOUND, MAX_TWINS, MAX_SINGLE, MAX_HABIT = 0.45, 0.40, 0.50, 0.60
# The least share of best replies without a question, and of early or harmful ones with one.
MIN_PLAIN_BEST, MIN_ASKING_LOW = 1 / 3, 1 / 3
_HEDGE = re.compile(r"\b(maybe|perhaps|might|could|would)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shares:
    """How often a guesser found the best of some picks, and what it earned, 0 to 1."""

    name: str
    number: int
    found: float
    points: float
    limit: float | None = None  # on what was found

    @property
    def holds(self) -> bool:
        """Tell whether the limit is kept."""
        return self.limit is None or self.number < ENOUGH or self.found <= self.limit


# --- habits

Habit = Callable[[Sequence[str]], Iterable[bool]]  # which of the options it would take


def _most(measure: Callable[[str], float]) -> Habit:
    def takes(options: Sequence[str]) -> Iterable[bool]:
        most = max(map(measure, options))
        return (measure(option) == most for option in options)

    return takes


def _place(wanted: int) -> Habit:
    return lambda options: (
        at % len(options) == wanted % len(options) for at in range(len(options))
    )


def _like(pattern: str) -> Habit:
    found = re.compile(pattern, re.IGNORECASE)
    return lambda options: (bool(found.search(option)) for option in options)


HABITS: Mapping[str, Habit] = {
    "the longest": _most(len),
    "the shortest": _most(lambda text: -len(text)),
    "most sentences": _most(lambda text: len(SENTENCE.findall(text))),
    "fewest sentences": _most(lambda text: -len(SENTENCE.findall(text))),
    "most commas": _most(lambda text: text.count(",")),
    "ends in a question": _like(r"\?[”’]?$"),
    "asks nothing": lambda options: ("?" not in option for option in options),
    "a statement, then a question": _like(r"[.!…][”’]? [^.!…?]+\?[”’]?$"),
    "only a question": _like(r"^[^.!…?]+\?[”’]?$"),
    "how or what": _like(r"\b(how|what)\b[^.!]*\?"),
    "says you": _most(lambda text: len(re.findall(r"\byou(r|rs)?\b", text, re.IGNORECASE))),
    "says I": _most(lambda text: len(re.findall(r"\b(I|my|me)\b", text))),
    "hedged": _most(lambda text: len(_HEDGE.findall(text))),
    "first place": _place(0),
    "last place": _place(-1),
}


def habit_shares(picks: Sequence[Pick]) -> list[Shares]:
    """Return what each habit finds and earns; where it takes several, their mean."""
    every = [("anything", lambda options: [True] * len(options)), *HABITS.items()]
    return [_habit(name, habit, picks) for name, habit in every]


def _habit(name: str, habit: Habit, picks: Sequence[Pick]) -> Shares:
    taken = [(pick, _taken(habit, pick)) for pick in picks]
    return Shares(
        name,
        len(picks),
        _mean(mean(pick.is_best(at) for at in places) for pick, places in taken),
        _mean(mean(pick.points[at] for at in places) / BEST for pick, places in taken),
    )


def _taken(habit: Habit, pick: Pick) -> list[int]:
    """Return the places that a habit takes; all of them where it sees no difference."""
    places = [at for at, taken in enumerate(habit(pick.options)) if taken]
    return places or list(range(len(pick.options)))


def _mean(numbers: Iterable[float]) -> float:
    found = list(numbers)
    return mean(found) if found else 0.0


# --- the whole


@dataclass(frozen=True, slots=True)
class Findings:
    """All that can be guessed without the stories."""

    guessers: tuple[Shares, ...]
    habits: tuple[Shares, ...]
    plain_best: float  # share of best replies without a question
    asking_low: float  # share of early and harmful replies with one
    paired: tuple[tuple[str, float, int], ...]  # module, share in pairs, pairs across both parts
    guessable: tuple[Guess, ...]


def findings(picks: Sequence[Pick]) -> Findings:
    """Guess everything, and count what gives the best away."""
    found = guesses(picks)
    by_lead = sorted(found, key=lambda guess: (-guess.found, -guess.lead, guess.pick.id))
    return Findings(
        guessers=tuple(_guessers(found, guesses_from_practice(picks))),
        habits=tuple(habit_shares(picks)),
        plain_best=_mean("?" not in text for text in _texts(picks, BEST, BEST)),
        asking_low=_mean("?" in text for text in _texts(picks, 0, EARLY)),
        paired=tuple(_paired(picks)),
        guessable=tuple(guess for guess in by_lead[:MOST_GUESSABLE] if guess.found),
    )


def _guessers(found: Sequence[Guess], from_practice: Sequence[Guess]) -> Iterator[Shares]:
    yield _shares("all", found, MAX_FOUND)
    yield _shares("graded", [g for g in found if g.pick.part == GRADED], MAX_FOUND)
    yield _shares("in pairs", [g for g in found if g.pick.twin], MAX_TWINS)
    single = [g for g in found if not g.pick.twin and not g.pick.in_talk]
    yield _shares("single", single, MAX_SINGLE)
    yield _shares("turns of talks", [g for g in found if g.pick.in_talk], MAX_SINGLE)
    yield _shares("graded, after learning all practice", from_practice, MAX_FOUND)


def _shares(name: str, found: Sequence[Guess], limit: float) -> Shares:
    right, points = _mean(guess.found for guess in found), _mean(guess.share for guess in found)
    return Shares(name, len(found), right, points, limit)


def _texts(picks: Iterable[Pick], low: int, high: int) -> Iterator[str]:
    for pick in picks:
        for text, points in zip(pick.options, pick.points, strict=True):
            if low <= points <= high:
                yield text


def _paired(picks: Sequence[Pick]) -> Iterator[tuple[str, float, int]]:
    part = {pick.id: pick.part for pick in picks}
    for module in dict.fromkeys(pick.module for pick in picks):
        choices = [pick for pick in picks if pick.module == module and not pick.in_talk]
        across = sum(part.get(p.twin) == GRADED for p in choices if p.part == PRACTICE)
        yield module, _mean(bool(pick.twin) for pick in choices), across


def guess_problems(picks: Sequence[Pick]) -> Iterator[Problem]:
    """Say which limits do not hold; too few picks say nothing."""
    if len(picks) < ENOUGH:
        return
    found = findings(picks)
    for what in _broken(found):
        text = f"{what}; see 'alongside check --guess', and let only the story decide"
        yield Problem(ITEMS, 1, "options", text)


def _broken(found: Findings) -> Iterator[str]:
    for shares in found.guessers:
        if not shares.holds:
            what = f"a guesser finds {_percent(shares.found)} of the best replies"
            yield f"{what} ({shares.name}) without their story; at most {_percent(shares.limit)}"
    for habit in found.habits:
        if habit.points > MAX_HABIT:
            what = f"the habit {habit.name!r} earns {_percent(habit.points)} of the points"
            yield f"{what}; at most {_percent(MAX_HABIT)}"
    if found.plain_best < MIN_PLAIN_BEST:
        yield f"only {_percent(found.plain_best)} of the best replies do without a question"
    if found.asking_low < MIN_ASKING_LOW:
        yield f"only {_percent(found.asking_low)} of the replies with 0 or 1 point hold a question"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def findings_lines(found: Findings) -> Iterator[str]:
    """Give the findings as text."""
    yield f"{'a guesser that sees no story':42}{'picks':>6}{'found':>8}{'points':>8}{'at most':>9}"
    yield from (_line(shares) for shares in found.guessers)
    yield ""
    yield f"{'a habit':42}{'picks':>6}{'found':>8}{'points':>8}"
    yield from (_line(shares) for shares in found.habits)
    yield ""
    yield f"Best replies without a question: {_percent(found.plain_best)}"
    yield f"Replies with 0 or 1 point that hold a question: {_percent(found.asking_low)}"
    yield ""
    yield from (
        f"{module}: {_percent(share)} in pairs, {across} across practice and exercise"
        for module, share, across in found.paired
    )
    yield ""
    yield "Guessed most surely, and what gave each away:"
    yield from (
        f"  {guess.pick.module}/{guess.pick.id}: {', '.join(guess.clues) or 'little'}"
        for guess in found.guessable
    )


def _line(shares: Shares) -> str:
    limit = "" if shares.limit is None else f"{_percent(shares.limit):>9}"
    numbers = f"{_percent(shares.found):>8}{_percent(shares.points):>8}"
    return f"{shares.name:42}{shares.number:>6}{numbers}{limit}"
