"""Look a second time at words that may speak of danger: whose, when, denied, or only a figure.

`grader.coding.danger` weighs words; here its scores are weighed beside who is spoken of, the
time, denials, figures of speech, the guard's wordings and the acts. Boosted trees weigh them
(Friedman 2001, doi:10.1214/aos/1013203451), because one thing changes what another means: a
wording of danger beside "you" and "years ago" is not the writer's own. One model on top of
another is learned from replies that the first has not seen (Wolpert 1992,
doi:10.1016/S0893-6080(05)80023-1). No feature is a word of its own.
`python -m grader.training danger` makes ``second_look.json``.
"""

from __future__ import annotations

import functools
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding import danger
from grader.coding.coder import Coding
from grader.content.items import ACTS
from grader.kinds.typed.own_words import worded_own_danger
from grader.kinds.typed.wordings import Flat, hits, ideas, patterns

WEIGHTS = Path(__file__).with_name("second_look.json")
SIDES = ("whole", "likeliest", "first", "last")  # what `danger.look` scores
UNIT = 100  # features are whole numbers of hundredths, so that no rounding parts them from trees
_PEER_LISTS = (
    "danger_asked",
    "danger_asked_more",
    "danger_acted",
    "danger_acted_more",
    "danger_hinted",
    "danger_stepped",
)
_SAID = {  # counted in the sentence that speaks most of danger, and in the whole
    "of oneself": r"i|im|ive|id|ill|me|my|myself|mine",
    "of us": r"we|us|our|were all|lets",
    "of the peer": r"you|your|youre|youve|youll|u|ur|yourself",
    "of others": r"he|she|his|her|him|they|them|their|hes|shes|theyre",
    "past": r"was|were|had|did|didnt|wasnt|used|then|ago|once|before|back|\w{2,}ed",
    "now": r"now|tonight|today|am|im|is|still|again|just|right|keep|\w{2,}ing",
    "ahead": r"will|ill|wont|going|gonna|tomorrow|soon|later|until|till|want|wanna|plan|lets",
    "denied": r"not|no|never|dont|didnt|isnt|wasnt|cant|wont|nothing|nobody|without|none",
    "if": r"if|would|could|might|maybe|perhaps|may|as if|like",
    "asked": r"what|how|who|when|where|why|do|does|are|have|is|can",
}


@dataclass(frozen=True, slots=True)
class Trees:
    """What the weights file holds: the features, and for each of `danger.WHOSE` what it takes.

    ``start`` is the sum before any tree, ``trees`` are branches ``[feature, most, then, else]``
    with numbers as leaves. Words are looked at twice where the first look gives a chance of
    ``asked``. From ``sure`` on danger is believed, from ``hint`` on where a wording says so
    too; from ``maybe`` on a reply is not scored down for what may be a word about danger.
    """

    names: tuple[str, ...]
    start: dict[str, float]
    trees: dict[str, list[Any]]
    asked: dict[str, float]
    maybe: dict[str, float]
    hint: dict[str, float]
    sure: dict[str, float]

    def chance(self, whose: str, found: dict[str, int]) -> float:
        """Return how likely danger is."""
        row = [found[name] for name in self.names]
        total = self.start[whose] + math.fsum(_leaf(tree, row) for tree in self.trees[whose])
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _leaf(tree: Any, row: list[int]) -> float:
    while isinstance(tree, list):
        at, most, then, otherwise = tree
        tree = then if row[at] <= most else otherwise
    leaf: float = tree
    return leaf


@functools.lru_cache(maxsize=64)  # the guard asks for either danger
def look(text: str, coding: Coding) -> dict[str, float]:
    """Return how likely a text speaks of danger, by whose it is; 0 where the first look rules."""
    asked, trees = asked_of(text), model()
    found = features(Flat(text), coding) if asked else {}
    return {whose: trees.chance(whose, found) if whose in asked else 0.0 for whose in danger.WHOSE}


def asked_of(text: str) -> list[str]:
    """Return of whose danger a text has to be looked at twice: most texts of nobody's."""
    seen, trees = danger.look(text), model()
    return [whose for whose in danger.WHOSE if seen.chance[whose] >= trees.asked[whose]]


def features(
    flat: Flat, coding: Coding, scores: dict[str, tuple[float, ...]] | None = None
) -> dict[str, int]:
    """Describe words by what they may say about danger.

    Parameters
    ----------
    flat : Flat
        The words.
    coding : Coding
        Their acts.
    scores : dict, optional
        What the first look says; in learning, a look that has not seen the words.
    """
    seen = danger.look(flat.text)
    found = {
        f"{whose}, {side}": score
        for whose, given in (scores or seen.scores).items()
        for side, score in zip(SIDES, given, strict=True)
    }
    for whose in danger.WHOSE:
        start, end = seen.place[whose]
        asks = flat.text[end : end + 1] == "?"
        found[f"{whose}: a question"] = float(asks)
        found |= _counted(f"{whose}: ", Flat(flat.text[start:end]).flat)
    found |= _counted("", flat.flat)
    found |= {f"own: {name}": value for name, value in _own_wordings(flat).items()}
    for name in _PEER_LISTS:
        found[f"wording, {name}"] = float(any(hits(patterns(name), flat.flat)))
    likely = coding.likely or (0.0,) * len(ACTS)
    found |= {f"act {act}": value for act, value in zip(ACTS, likely, strict=True)}
    found["questions"] = float(flat.text.count("?"))
    return {name: round(UNIT * value) for name, value in found.items()}


def _counted(prefix: str, said: str) -> dict[str, float]:
    number = said.count(" ") + 1
    found = {f"{prefix}{name}": float(len(each.findall(said))) for name, each in _counters()}
    return found | {f"{prefix}words": float(number)}


@functools.cache
def _counters() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((name, re.compile(rf"\b(?:{each})\b")) for name, each in _SAID.items())


def _own_wordings(flat: Flat) -> dict[str, float]:
    signs = [any(hits(wanted, flat.flat)) for _, _, wanted in ideas("own_signs")]
    return {
        "wording": float(worded_own_danger(flat) is not None),
        "signs": float(sum(signs)),
        "now": float(any(hits(patterns("own_now"), flat.flat))),
        "past": float(any(hits(patterns("own_past"), flat.flat))),
        "figure": float(any(hits(patterns("figures_of_speech"), flat.flat))),
        "quoted": float(any(hits(patterns("quoted"), flat.flat))),
    }


@functools.cache
def model() -> Trees:
    """Read the trees that come with the package."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    limits = (data[limit] for limit in ("asked", "maybe", "hint", "sure"))
    return Trees(tuple(data["features"]), data["start"], data["trees"], *limits)
