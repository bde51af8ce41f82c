"""Tell how likely words speak of danger: of the writer's own, or of the other person's.

Two linear models over the features of the reply coder, learned from made-up lines (see
``replies/danger``). What they say is weighed again before it is believed: see
`grader.kinds.typed.second_look`. `python -m grader.training danger` makes ``danger_weights.json``.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from grader.coding.features import by_sentence, parts
from grader.coding.rows import Rows, read_rows
from grader.coding.text import fold

WEIGHTS = Path(__file__).with_name("danger_weights.json")
OWN, PEER = "own", "peer"  # whose danger; the peer's is asked about, or something is done
WHOSE = (OWN, PEER)
NO_WORDS = -9.0  # score of a text without words
MAX_READ = 4_000  # characters, as the coder reads


@dataclass(frozen=True, slots=True)
class Danger:
    """What the weights file holds.

    A feature's row has a weight for each of `WHOSE`, and its own size, squared.
    """

    bias: tuple[float, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Seen:
    """How likely a text speaks of danger, by whose it is, and the place where it does most.

    ``scores`` are those of the whole, and of its likeliest, first and last sentence.
    """

    chance: dict[str, float]
    place: dict[str, tuple[int, int]]
    scores: dict[str, tuple[float, ...]]


@functools.lru_cache(maxsize=512)
def look(text: str) -> Seen:
    """Weigh a text: the mean of its likeliest sentence and the whole.

    Parameters
    ----------
    text : str
        As typed; at most `MAX_READ` characters of it are read.
    """
    read = parts(fold(text[:MAX_READ]))
    if not read:
        nothing: dict[str, tuple[float, ...]] = dict.fromkeys(WHOSE, (NO_WORDS,) * 4)
        return Seen(dict.fromkeys(WHOSE, 0.0), dict.fromkeys(WHOSE, (0, 0)), nothing)
    learned = model()
    told = by_sentence(read)
    alone = [_scores(learned, frozenset().union(*clauses)) for clauses in told]
    whole = _scores(learned, frozenset().union(*(part.features for part in read)))
    chance, place = {}, {}
    scores: dict[str, tuple[float, ...]] = {}
    for at, whose in enumerate(WHOSE):
        best = max(range(len(alone)), key=lambda one: (alone[one][at], -one))
        scores[whose] = whole[at], alone[best][at], alone[0][at], alone[-1][at]
        chance[whose] = _squashed((alone[best][at] + whole[at]) / 2)
        first = sum(len(clauses) for clauses in told[:best])
        held = read[first : first + len(told[best])]
        place[whose] = (held[0].clause.start, held[-1].clause.end)
    return Seen(chance, place, scores)


def _scores(learned: Danger, found: Iterable[str]) -> list[float]:
    rows = [learned.rows[name] for name in learned.rows.keys() & found]
    size = math.sqrt(math.fsum(row[-1] for row in rows)) or 1.0
    return [
        bias + math.fsum(row[at] for row in rows) / size for at, bias in enumerate(learned.bias)
    ]


def _squashed(number: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, number))))


@functools.cache
def model() -> Danger:
    """Read the weights that come with the package."""
    data, rows = read_rows(WEIGHTS)
    return Danger(tuple(data["bias"]), rows)
