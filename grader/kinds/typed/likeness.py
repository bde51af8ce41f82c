"""Tell how like a reply is to replies of known worth: those that its scene gives with points.

Scoring by what a reply is and by what known replies it is like does better than either alone
(Sakaguchi, Heilman & Madnani 2015, doi:10.3115/v1/N15-1111). Two replies are as like as the
words and pairs of words that both hold, each the more telling the rarer it is: the cosine of
their weighted terms (Salton & Buckley 1988, doi:10.1016/0306-4573(88)90021-0). How rare a word
is, the coder has learned from its replies.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import pairwise

from grader.coding.model import model
from grader.content.items import BEST
from grader.kinds.typed.scene import Scene, is_same, words_of
from grader.kinds.typed.stems import stem

LOW, MIDDLE, HIGH = "low", "middle", "high"  # what a known reply is worth
FAINT = 0.005  # likeness, squared, that stands for nothing: against it all else is weighed


def likeness(scene: Scene, text: str) -> dict[str, float]:
    """Return how like a reply is to the known ones of each worth.

    Parameters
    ----------
    scene : Scene
        What the reply answers; without its key it is like nothing.
    text : str
        The reply. Where it stands among the known ones itself, it is left out there, so that
        it tells no more in learning than other replies do.

    Returns
    -------
    dict
        For each worth the likeness of the likest reply, 0 to 1; and of all likeness, squared,
        the shares of the low and the high ones.
    """
    known = [(each.points, each.text) for each in scene.exemplars]
    if scene.better:
        known.append((float(BEST), scene.better))
    likest = dict.fromkeys((LOW, MIDDLE, HIGH), 0.0)
    squares = dict.fromkeys(likest, 0.0)
    for points, other in known:
        if not is_same(text, other):
            alike, worth = _cosine(text, other), _worth(points)
            likest[worth] = max(likest[worth], alike)
            squares[worth] += alike**2
    total = sum(squares.values()) + FAINT
    found = {f"likest, {worth}": alike for worth, alike in likest.items()}
    return found | {f"like, {worth}": squares[worth] / total for worth in (LOW, HIGH)}


def _worth(points: float) -> str:
    return LOW if points < BEST / 3 else MIDDLE if points < 2 * BEST / 3 else HIGH


def _cosine(text: str, other: str) -> float:
    ours, theirs = sorted((_terms(text), _terms(other)), key=len)
    return sum(part * theirs[term] for term, part in ours.items() if term in theirs)


@lru_cache(maxsize=4096)  # the exemplars of the course are asked for at each reply
def _terms(text: str) -> dict[str, float]:
    """Return the words and pairs of words of a text, without endings, as a vector of length 1."""
    said = words_of(text)
    terms = {stem(word): model().rarity(word) for word in said}
    for one, two in pairwise(said):
        terms[f"{stem(one)} {stem(two)}"] = model().rarity(f"{one} {two}")
    length = math.hypot(*terms.values()) or 1.0
    return {term: part / length for term, part in terms.items()}
