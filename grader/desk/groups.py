"""Group like replies: the same acts in nearly the same words, to be read and marked together.

Apart from `queue`: it knows no gradebook, only words.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

ALIKE = 0.75  # share of words that two replies have in common, of all that either has
MOST_LEADERS = 400  # groups that a reply is compared with; a cohort has fewer ways to say a thing


@dataclass(frozen=True, slots=True)
class Said:
    """What is known of one reply: where it is, its acts, and its words without endings."""

    notebook: str
    acts: str
    words: frozenset[str]


def read_said(notebook: str, acts: str, stems: str) -> Said:
    """Return a reply from what was noted of it."""
    return Said(notebook, acts, frozenset(json.loads(stems)))


def groups_of(replies: Iterable[Said]) -> list[list[str]]:
    """Return the notebooks of each group of two replies or more, the largest group first.

    A reply joins the first group whose first reply it is like, so the order decides nothing
    but which words stand for the group.
    """
    leaders: dict[str, list[tuple[frozenset[str], list[str]]]] = defaultdict(list)
    for one in replies:
        if not one.words:
            continue
        known = leaders[one.acts]
        group = next((group for words, group in known if is_like(words, one.words)), None)
        if group is not None:
            group.append(one.notebook)
        elif len(known) < MOST_LEADERS:
            known.append((one.words, [one.notebook]))
    found = [group for known in leaders.values() for _, group in known if len(group) > 1]
    return sorted(found, key=lambda group: (-len(group), group))


def is_like(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sets of words are nearly the same (Jaccard's share)."""
    return len(one & other) >= ALIKE * len(one | other)
