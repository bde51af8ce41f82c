"""Suggest points for a typed reply, and how likely they are far off.

Short answers are scored as in the literature on short-answer scoring with a person behind
it: a small model gives points, its confidence tells how far to trust them, and what is not
to be trusted goes to a person (Burrows, Gurevych & Stein 2015, doi:10.1007/s40593-014-0026-8;
Funayama et al. 2022, doi:10.1007/978-3-031-11644-5_38). The model is a logistic regression
with one row of weights for each level of points and a ridge penalty (le Cessie & van
Houwelingen 1992, doi:10.2307/2347628): it gives a chance for each level, as Platt scaling
gives one for two. Models with trees or hidden units did no better once `likeness` to known
replies had come in (see ``replies/README.md`` in `grader.training`). No feature is a word: the
weights tell nobody what to write. `python -m grader.training points` makes
``points_weights.json``.
"""

from __future__ import annotations

import functools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.coding.coder import Coding
from grader.coding.cues import words
from grader.content.items import ACTS
from grader.kinds.typed.guard import chance
from grader.kinds.typed.likeness import likeness
from grader.kinds.typed.scene import Scene, copied, thread_hits, words_of
from grader.kinds.typed.stems import stem

WEIGHTS = Path(__file__).with_name("points_weights.json")
CLOSE, FAR = 0.5, 1.0  # points of `BEST` up to which a suggestion is close, or not far off
# What a bet loses where it is far off, and for each point of distance; what it gains where it
# is close is 1. By cross-validation over items and hands.
LOST_FAR, DISTANCE = 2.0, 0.25

Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """What the weights file holds.

    ``weights`` has for each feature one number per level of points; ``limit`` is the risk
    above which nothing is asserted.
    """

    levels: tuple[float, ...]
    bias: tuple[float, ...]
    weights: dict[str, tuple[float, ...]]
    limit: float

    def chances(self, found: Features) -> list[float]:
        """Return how likely each level is."""
        sums = list(self.bias)
        for name, row in self.weights.items():
            value = found[name]
            if value:
                sums = [total + value * weight for total, weight in zip(sums, row, strict=True)]
        most = max(sums)
        raised = [math.exp(total - most) for total in sums]
        return [one / math.fsum(raised) for one in raised]


def features(scene: Scene, coding: Coding, text: str) -> Features:
    """Describe a reply by acts, what the moment wants, threads, known replies, form; by no word."""
    likely = {act: chance(coding, act) for act in ACTS}
    said = words_of(text)
    hits = len(thread_hits(scene.threads, text))
    keyed = bool(scene.wanted)
    wanted = [max(likely[act] for act in group) for group in scene.wanted]
    avoid = [max(likely[act] for act in group) for group in scene.avoid]
    advising = max(likely["directive_advice"], likely["tentative_suggestion"])
    found: Features = {f"act {act}": value for act, value in likely.items()}
    found |= {f"asked for, {flag}": float(flag in scene.flags) for flag in _FLAGS}
    found |= {
        "keyed": float(keyed),
        "wanted, share": sum(wanted) / len(wanted) if wanted else 0.0,
        "wanted, least": min(wanted, default=0.0),
        "wanted, most": max(wanted, default=0.0),
        "to avoid": max(avoid, default=0.0),
        "threads": float(bool(scene.threads)),
        "thread": float(hits > 0),
        "threads taken up": math.log1p(hits),
        "thread and heard": float(hits > 0) * max(likely["reflection"], likely["affirmation"]),
        "thread and asked": float(hits > 0) * likely["open_question"],
        "heard and asked": max(likely["reflection"], likely["affirmation"])
        * likely["open_question"],
        "heard, not judged": max(likely["reflection"], likely["affirmation"])
        * (1 - likely["judgement"]),
        "judged beside a question": likely["judgement"]
        * max(likely["open_question"], likely["closed_question"]),
        "advice unasked": advising * float(not scene.flags & {"advice_asked"}),
        "advice asked": advising * float("advice_asked" in scene.flags),
        "advice over ideas": advising * float("peer_has_ideas" in scene.flags),
        "safety in danger": likely["safety_step"] * float("safety_concern" in scene.flags),
        "talk past danger": (1 - likely["safety_step"]) * float("safety_concern" in scene.flags),
        "acts": sum(likely.values()),
        "coder unsure": float(coding.unsure),
        "surest act": max(likely.values()),
        "length": math.log1p(len(said)),
        "short": float(len(said) < 5),
        "long": max(0.0, math.log(max(len(said), 1) / 35)),
        "questions": float(len(re.findall(r"\?[?!]*", text))),
        "many questions": float(len(re.findall(r"\?[?!]*", text)) > 2),
        "why": float(said.count("why")),
        "exclamations": float(min(text.count("!"), 3)),
        "copied": copied(text, scene.says),
        "repeated words": 1 - len(set(said)) / (len(said) or 1),
        "of the peer": _share(said, _YOU),
        "of oneself": _share(said, _I),
        "denials": _share(said, _NOT),
        "contrast": _share(said, _BUT),
    }
    return found | _shape(scene, text, said) | likeness(scene, text)


def _shape(scene: Scene, text: str, said: tuple[str, ...]) -> Features:
    """Describe how a reply is built, and how much of what the peer named comes back in it."""
    plain = words("english")
    named = {stem(word) for word in said if word not in plain}
    there = {stem(word) for word in words_of(scene.says) if word not in plain and len(word) > 3}
    sentences = [part for part in _SENTENCE.split(text.strip()) if part] or [""]
    return {
        "of what was named": len(named & there) / (len(there) or 1),
        "named, of the reply": len(named & there) / (len(named) or 1),
        "names something": float(not named.isdisjoint(there)),
        "ends asking": float(sentences[-1].endswith("?")),
        "begins asking": float(sentences[0].endswith("?")),
        "sentences": float(min(len(sentences), 8)),
        "rarer words": 1 - _share(said, plain),
        "length of words": sum(map(len, said)) / (len(said) or 1),
    }


_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


_FLAGS = ("advice_asked", "peer_has_ideas", "safety_concern")
_YOU = frozenset(["you", "your", "you're", "you've", "yours", "yourself", "u"])
_I = frozenset(["i", "i'm", "i've", "i'd", "my", "me", "mine"])
_NOT = frozenset(
    ["not", "no", "don't", "never", "can't", "isn't", "nothing", "won't", "didn't", "doesn't"]
)
_BUT = frozenset(["but", "at", "least", "anyway", "just", "only", "still"])


def _share(said: tuple[str, ...], among: frozenset[str]) -> float:
    return sum(word in among for word in said) / (len(said) or 1)


def suggest(found: Features) -> tuple[float, float]:
    """Return the points of a reply, 0 to `BEST`, and the chance that they are far off."""
    return choose(model().levels, model().chances(found))


def choose(levels: Sequence[float], chances: Sequence[float]) -> tuple[float, float]:
    """Return the level that is the best bet, and the chance that it is far off.

    A bet gains where it is within `CLOSE` of the true level, and loses twice as much where it
    is more than `FAR` from it; distance counts a little, so that no tie is won by chance.
    """

    def off(level: float) -> list[tuple[float, float]]:
        return [(abs(level - each), part) for each, part in zip(levels, chances, strict=True)]

    def bet(level: float) -> float:
        return sum(
            part * ((distance <= CLOSE) - LOST_FAR * (distance > FAR) - DISTANCE * distance)
            for distance, part in off(level)
        )

    best = max(levels, key=bet)
    return best, sum(part for distance, part in off(best) if distance > FAR)


@functools.cache
def model() -> Model:
    """Read the weights that come with the package."""
    return load(WEIGHTS)


def load(path: Path) -> Model:
    """Read a weights file."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return Model(
        levels=tuple(data["levels"]),
        bias=tuple(data["bias"]),
        weights={name: tuple(row) for name, row in data["weights"].items()},
        limit=data["limit"],
    )
