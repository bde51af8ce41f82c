"""Find out how far the best reply can be guessed without its story: ``alongside check --guess``.

What a trainee picks should depend on what the peer said. So a guesser learns, from the keys
of all other modules, which words and forms best replies have, and then picks among the
options alone. Fixed habits ("take the longest", "take the question") do the same untaught.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import mean

from grader.content import BEST, Item
from grader.conversation import CHOICE
from grader.errors import Problem
from grader.kinds import ChoiceItem, ConversationItem

PRACTICE, GRADED = "practice", "graded"
ENOUGH = 20  # fewer places to choose than this say nothing about habits
SEEN = 2  # a feature seen less often is chance
SMOOTH = 0.5  # added to each count, so that nothing is certain (Jeffreys)
CLUES = 3  # features named for each pick
MOST_GUESSABLE = 20  # picks listed
EARLY = 1  # points of a reply that is too early or closed; fewer are harmful
# The most that may be found or earned without the story; by chance about .25 and .50.
MAX_FOUND, MAX_TWINS, MAX_SINGLE, MAX_HABIT = 0.45, 0.40, 0.50, 0.60
# The least share of best replies without a question, and of early or harmful ones with one.
MIN_PLAIN_BEST, MIN_ASKING_LOW = 1 / 3, 1 / 3
MIN_PAIRED = 0.80  # share of a module's choice items that have a twin

_TOKEN = re.compile(r"[a-z0-9']+|[?.!,…:;“–]")
_SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")
_HEDGE = re.compile(r"\b(maybe|perhaps|might|could|would)\b", re.IGNORECASE)

Features = frozenset[str]


@dataclass(frozen=True)
class Pick:
    """One place where a trainee picks a reply: a choice, or a turn of a talk."""

    id: str
    module: str
    part: str  # practice or graded
    options: tuple[str, ...]
    points: tuple[int, ...]
    twin: str = ""
    in_talk: bool = False

    @cached_property
    def features(self) -> tuple[Features, ...]:
        """What can be seen of each option beside the others."""
        return tuple(_features(text, self.options) for text in self.options)

    def is_best(self, at: int) -> bool:
        """Tell whether the option in this place earns all points."""
        return self.points[at] == BEST


@dataclass(frozen=True, slots=True)
class Guess:
    """What a guesser picked, and the features that spoke for it most."""

    pick: Pick
    at: int
    lead: float  # how far it was ahead of the second, in log odds
    clues: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Tell whether the guess is best."""
        return self.pick.is_best(self.at)

    @property
    def share(self) -> float:
        """Share of the points that the guess earns, 0 to 1."""
        return self.pick.points[self.at] / BEST


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


# --- what is picked from


def picks_of(module: str, part: str, items: Iterable[Item]) -> Iterator[Pick]:
    """Give every place of a module's items where one reply is picked."""
    for item in items:
        if isinstance(item, ChoiceItem):
            texts = tuple(option.text for option in item.options)
            points = tuple(option.points for option in item.options)
            yield Pick(item.id, module, part, texts, points, item.twin)
        elif isinstance(item, ConversationItem):
            yield from _turns(module, part, item)


def _turns(module: str, part: str, item: ConversationItem) -> Iterator[Pick]:
    for turn in item.graph.turns:
        texts = tuple(option.text for option in turn.options)
        points = tuple(option.outcome.points or 0 for option in turn.options)
        if turn.asks == CHOICE and BEST in points:
            yield Pick(f"{item.id}/{turn.id}", module, part, texts, points, in_talk=True)


def _features(text: str, among: Sequence[str]) -> Features:
    """Return words, pairs of words, and the form of an option beside the others."""
    words = _TOKEN.findall(text.lower().replace("’", "'"))
    sentences = [part.strip() for part in _SENTENCE.findall(text) if part.strip()]
    lengths = sorted(map(len, among))
    asking = [other for other in among if "?" in other]
    return frozenset(
        [
            *(f"word {word}" for word in words),
            *(f"words {one} {other}" for one, other in pairwise(words)),
            f"first word {words[0] if words else ''}",
            f"sentences {len(sentences)}",
            f"ends {''.join(part[-1] if part[-1] in '?!…' else '.' for part in sentences)}",
            f"length {len(text) // 25 * 25}",
            f"length rank {lengths.index(len(text)) + 1} of {len(among)}",
            *(["alone asks"] if asking == [text] else []),
            *(["alone asks nothing"] if len(asking) == len(among) - 1 and "?" not in text else []),
        ]
    )


# --- the guesser


class Guesser:
    """A naive Bayes classifier of best replies, over words, pairs of words and form.

    Each feature adds the log of how much likelier it is in best replies than in others
    (Maron 1961, doi:10.1145/321075.321084). Features seen fewer than `SEEN` times say nothing.
    """

    def __init__(self, picks: Iterable[Pick]) -> None:
        best: Counter[str] = Counter()
        rest: Counter[str] = Counter()
        bests = rests = 0
        for pick in picks:
            for at, features in enumerate(pick.features):
                (best if pick.is_best(at) else rest).update(features)
                bests, rests = bests + pick.is_best(at), rests + (not pick.is_best(at))
        self._weights = {
            name: math.log((best[name] + SMOOTH) / (bests + 2 * SMOOTH))
            - math.log((rest[name] + SMOOTH) / (rests + 2 * SMOOTH))
            for name in best | rest
            if best[name] + rest[name] >= SEEN
        }

    def weigh(self, features: Features) -> float:
        """Return how much speaks for an option, in log odds."""
        return math.fsum(self._weights.get(name, 0.0) for name in features)

    def guess(self, pick: Pick) -> Guess:
        """Pick the option for which most speaks."""
        weights = [self.weigh(features) for features in pick.features]
        at = weights.index(max(weights))
        second = max((w for place, w in enumerate(weights) if place != at), default=weights[at])
        return Guess(pick, at, weights[at] - second, self._clues(pick.features[at]))

    def _clues(self, features: Features) -> tuple[str, ...]:
        known = sorted(features, key=lambda name: (-self._weights.get(name, 0.0), name))
        return tuple(name for name in known[:CLUES] if self._weights.get(name, 0.0) > 0)


def guesses(picks: Sequence[Pick]) -> list[Guess]:
    """Guess each pick after learning from all other modules; so twins are never split."""
    found = []
    for module in dict.fromkeys(pick.module for pick in picks):
        guesser = Guesser(pick for pick in picks if pick.module != module)
        found += [guesser.guess(pick) for pick in picks if pick.module == module]
    return found


def guesses_from_practice(picks: Sequence[Pick]) -> list[Guess]:
    """Guess each graded pick after learning from all that trainees practise with its key."""
    guesser = Guesser(pick for pick in picks if pick.part == PRACTICE)
    return [guesser.guess(pick) for pick in picks if pick.part == GRADED]


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
    "most sentences": _most(lambda text: len(_SENTENCE.findall(text))),
    "fewest sentences": _most(lambda text: -len(_SENTENCE.findall(text))),
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
        yield Problem("items.yaml", 1, "options", text)


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
