"""Learn the second look at danger, from what the first look says of hands it has not seen.

The first look leaves out one hand in turn, so that its scores are as doubtful here as they
are for words that nobody has written yet. The hands in ``replies/next/danger`` it never
learns from; the second look does. From which chance it is believed is set on hands left out
in turn as well.

Apart from the commands that run it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.coder import code_reply
from grader.coding.danger import OWN, PEER, WHOSE
from grader.kinds.typed.second_look import WEIGHTS, features
from grader.kinds.typed.wordings import Flat
from grader.training.labelled import SEED, progress

# Shape of the trees, by leaving one hand out in turn.
TREES, DEPTH, RATE, LEAST = 100, 3, 0.1, 20
# Each tree sees half of the lines and, at each branch, a third of the features: this is
# quicker and a little better (Friedman 2002, doi:10.1016/S0167-9473(01)00065-2).
HALF, THIRD = 0.5, 0.33
# Share of the harmless lines of a hand, half of which were made to look like danger, that may
# be taken for danger, alone and where a wording says so too.
WRONG = {OWN: 0.15, PEER: 0.05}
HINTED = {OWN: 0.30, PEER: 0.20}
MOST_ALARMS = {OWN: 0.04, PEER: 0.01}  # share of ordinary replies, likewise
MISSED = 0.07  # share of lines about the peer's danger that may be scored as any other
UNASKED = 0.005  # share of lines about danger that are not looked at twice
ORDINARY_WEIGHT = 2.0  # of an ordinary reply: most of what is typed is ordinary


@dataclass(frozen=True, slots=True)
class Told:
    """Lines as numbers, with what they speak of and who wrote them."""

    names: tuple[str, ...]
    values: Any
    wanted: Any  # for each of `WHOSE`
    known: Any  # whether anybody has said so
    hands: Any
    ordinary: Any  # whether a line is a reply of the course
    chance: Any  # of the first look


def told(lines: Sequence[Any], scores: Any, ordinary: Sequence[str]) -> Told:
    """Describe lines by their features, with scores of a first look that has not seen them.

    Parameters
    ----------
    lines : sequence
        Lines, with the ``hand`` that wrote them.
    scores : array
        For each line what the first look gives it, as in `grader.coding.danger.Seen`.
    ordinary : sequence of str
        The hands that wrote replies of the course, and nothing of danger.
    """
    import numpy as np

    found = []
    for line, row in zip(progress(lines, "Looking twice"), scores, strict=True):
        given = {whose: tuple(row[at].tolist()) for at, whose in enumerate(WHOSE)}
        found.append(features(Flat(line.text), code_reply(line.text), given))
    names = tuple(sorted(found[0]))
    return Told(
        names,
        np.array([[one[name] for name in names] for one in found]),
        np.array([[line.own, bool(line.peer)] for line in lines]),
        np.array([[True, line.peer is not None] for line in lines]),
        hands := np.array([line.hand for line in lines]),
        np.isin(hands, ordinary),
        1 / (1 + np.exp(-scores[:, :, :2].mean(axis=2))),  # as `danger.look` has it
    )


def fit(lines: Told, at: int, use: Any) -> Any:
    """Learn trees from some lines."""
    import numpy as np
    from sklearn.ensemble import GradientBoostingClassifier

    use = use & lines.known[:, at]
    learner = GradientBoostingClassifier(
        n_estimators=TREES,
        max_depth=DEPTH,
        learning_rate=RATE,
        min_samples_leaf=LEAST,
        subsample=HALF,
        max_features=THIRD,
        random_state=SEED,
    )
    weight = np.where(lines.ordinary[use], ORDINARY_WEIGHT, 1.0)
    return learner.fit(lines.values[use], lines.wanted[use, at], sample_weight=weight)


def unseen(lines: Told) -> Any:
    """Return the chances of each line by trees that have not seen its hand."""
    import numpy as np

    found = np.zeros(lines.wanted.shape)
    for left in progress(list(_left(lines)), "Looking twice without one hand"):
        for at in range(len(WHOSE)):
            found[left, at] = fit(lines, at, ~left).predict_proba(lines.values[left])[:, 1]
    return found


def _left(lines: Told) -> Iterator[Any]:
    """Leave out each hand that wrote of danger, then either half of the ordinary ones."""
    import numpy as np

    for hand in sorted(set(lines.hands[~lines.ordinary])):
        yield lines.hands == hand
    ordinary = sorted(set(lines.hands[lines.ordinary]))
    for half in (ordinary[::2], ordinary[1::2]):
        yield np.isin(lines.hands, half)


def limits(lines: Told, found: Any) -> dict[str, dict[str, float]]:
    """Return from which chance the second look is asked, may be right, and is believed."""
    import numpy as np

    asked, hint, sure = {}, {}, {}
    for at, whose in enumerate(WHOSE):
        yes = lines.wanted[:, at]
        no = ~yes & lines.known[:, at]
        harmless, typed = found[no & ~lines.ordinary, at], found[no & lines.ordinary, at]
        most = float(np.quantile(typed, 1 - MOST_ALARMS[whose]))
        sure[whose] = round(max(float(np.quantile(harmless, 1 - WRONG[whose])), most), 3)
        hint[whose] = round(float(np.quantile(harmless, 1 - HINTED[whose])), 3)
        asked[whose] = round(float(np.quantile(lines.chance[yes, at], UNASKED)), 3)
    theirs = found[lines.wanted[:, WHOSE.index(PEER)], WHOSE.index(PEER)]
    maybe = {PEER: round(float(np.quantile(theirs, MISSED)), 3)}
    return {"asked": asked, "maybe": maybe, "hint": hint, "sure": sure}


def grown(learner: Any) -> tuple[float, list[Any]]:
    """Return the sum before any tree, and the trees as they are read at run time."""
    import numpy as np

    share = learner.init_.class_prior_[1]
    start = round(float(np.log(share / (1 - share))), 4)
    return start, [branches(each[0].tree_) for each in learner.estimators_]


def branches(tree: Any, at: int = 0) -> Any:
    """Return a tree as nested lists, its leaves as they are added up."""
    left, right = tree.children_left[at], tree.children_right[at]
    if left == right:
        return round(RATE * float(tree.value[at][0][0]), 4)
    most = float(tree.threshold[at])  # a whole number or a half: `features` are whole
    return [int(tree.feature[at]), most, branches(tree, left), branches(tree, right)]


def write(lines: Told, out: Path = WEIGHTS) -> None:
    """Learn from all lines, set the limits, and write the trees, one on a line."""
    import numpy as np

    start, trees = {}, {}
    for at, whose in enumerate(WHOSE):
        every = np.ones(len(lines.values), dtype=bool)
        start[whose], trees[whose] = grown(fit(lines, at, every))
    head = {
        "about": "Made by python -m grader.training danger; change the lines, not this file.",
        "features": lines.names,
        "start": start,
        **limits(lines, unseen(lines)),
    }
    rows = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    listed = [
        f"{json.dumps(whose)}: [\n"
        + ",\n".join(json.dumps(tree, separators=(",", ":")) for tree in trees[whose])
        + "\n]"
        for whose in WHOSE
    ]
    text = "{" + ",\n".join(rows) + ',\n"trees": {\n' + ",\n".join(listed) + "\n}}\n"
    out.write_text(text, encoding="utf-8")
