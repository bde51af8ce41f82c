"""Guess the best reply from the options alone, without their story.

What a trainee picks should depend on what the peer said. So a guesser learns, from the keys
of all other modules, which words and forms best replies have, and then picks among options.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from grader.content.items import BEST, Item
from grader.kinds.choice import ChoiceItem
from grader.kinds.talk.graph import CHOICE, ConversationItem

PRACTICE, GRADED = "practice", "graded"
SEEN = 2  # a feature seen less often is chance
SMOOTH = 0.5  # added to each count, so that nothing is certain (Jeffreys)
CLUES = 3  # features named for each pick

_TOKEN = re.compile(r"[a-z0-9']+|[?.!,…:;“–]")
SENTENCE = re.compile(r"[^.?!…]+[.?!…]*")

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
    sentences = [part.strip() for part in SENTENCE.findall(text) if part.strip()]
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
