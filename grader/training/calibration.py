"""Turn a model's scores into likelihoods that hold, and say how doubtful a reply is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from grader.coding.coder import SURE, choose, mistakes_expected
from grader.coding.model import CURVE, ROOM
from grader.content.items import ACTS

RIGHT = 2 / 3  # share of counted acts that should be right in the most doubtful replies


def calibrate(scores: Any, wanted: Any) -> dict[str, list[float]]:
    """Turn scores into likelihoods, and find from where an act is better named than not."""
    import numpy as np
    from sklearn.metrics import f1_score

    slope, offset = _curves(scores, wanted)
    lift, shift = _curves(_lifted(scores, slope, offset), wanted)
    found = dict(zip(CURVE, (slope, offset, lift, shift), strict=True))
    likely = likelihoods(scores, found)
    cuts = np.arange(0.26, 0.56, 0.02)
    found["threshold"] = [
        round(float(max(cuts, key=lambda cut: (f1_score(yes, chance >= cut), cut))), 2)
        for yes, chance in zip(wanted.T, likely.T, strict=True)
    ]
    return found


def _curves(numbers: Any, wanted: Any) -> tuple[list[float], list[float]]:
    """Fit a curve of two numbers per act."""
    from sklearn.linear_model import LogisticRegression

    fitted = [
        LogisticRegression(C=100).fit(numbers[:, [at]], wanted[:, at]) for at in range(len(ACTS))
    ]
    return (
        [round(float(curve.coef_[0][0]), 4) for curve in fitted],
        [round(float(curve.intercept_[0]), 4) for curve in fitted],
    )


def _lifted(scores: Any, slope: Sequence[float], offset: Sequence[float]) -> Any:
    """Lift each act by how unlikely it is that a reply holds none."""
    import numpy as np

    alone = _squashed(scores * slope + offset)
    some = 1 - np.prod(1 - alone, axis=1, keepdims=True)
    chance = np.clip(alone / some, ROOM, 1 - ROOM)
    return np.log(chance / (1 - chance))


def likelihoods(scores: Any, curve: dict[str, list[float]]) -> Any:
    """Apply the curves of `calibrate`, as `grader.coding.model.Model.weigh` does."""
    lifted = _lifted(scores, curve["slope"], curve["offset"])
    return _squashed(lifted * curve["lift"] + curve["shift"])


def _squashed(numbers: Any) -> Any:
    import numpy as np

    return 1 / (1 + np.exp(-np.clip(numbers, -30, 30)))


def doubt_of(likely: Any, wanted: Any, threshold: Sequence[float]) -> float:
    """Find the mistakes expected in a reply from which it is left open.

    Of the most doubtful replies, as many are left open as hold too many wrong acts among those
    that would count. A reply without such an act is open in any case.
    """
    import numpy as np

    doubt, right, named = [], [], []
    for row, acts in zip(likely.tolist(), wanted, strict=True):
        chosen = choose(row, threshold)
        counted = [at for at in chosen if row[at] >= SURE]
        if counted:
            doubt.append(mistakes_expected(row, chosen))
            right.append(sum(acts[at] for at in counted))
            named.append(len(counted))
    if not doubt:
        return 0.0
    order = np.argsort(doubt, kind="stable")[::-1]
    share = np.cumsum(np.array(right)[order]) / np.cumsum(np.array(named)[order])
    poor = np.flatnonzero(share < RIGHT)
    last = poor[-1] if len(poor) else 0
    return round(float(np.array(doubt)[order][last]), 3)
