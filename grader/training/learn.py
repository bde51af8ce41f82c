"""Learn the weights of the reply coder from labelled replies.

Learning needs the ``dev`` extra (scikit-learn); the coder itself needs only Python. The same
replies always give the same weights, byte for byte.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.features import KINDS
from grader.coding.model import WEIGHTS
from grader.content.items import ACTS
from grader.training.calibration import calibrate, doubt_of, likelihoods
from grader.training.labelled import (
    APART,
    REPLIES,
    SEED,
    Row,
    joined,
    named,
    progress,
    read_file,
    read_rows,
    refuse_overlap,
    table_of,
    variants,
)

SEEN_IN = 5  # replies that must hold a feature before it is learned
STRICT = 0.7  # how closely the model follows the replies (C of LinearSVC)
FOLDS = 5  # parts, when replies rather than files are left out
UNIT = 0.002  # what 1 stands for in the weights file


@dataclass(frozen=True, slots=True)
class Written:
    """Replies as rows of numbers: whole, and sentence by sentence with the place of the reply."""

    whole: Any
    sentences: Any
    reply: list[int]


class Space:
    """The features that are learned, and replies as rows of numbers in them."""

    def __init__(self, counts: Counter[str], total: int, least: int) -> None:
        import numpy as np

        self.names = sorted(name for name, seen in counts.items() if seen >= least)
        self.size = np.array(
            [_size(name, counts[name], total) for name in self.names], dtype=np.float64
        )

    def written(self, replies: Sequence[Sequence[frozenset[str]]]) -> Written:
        """Turn what `named` returned into numbers."""
        sentences = [own for reply in replies for own in reply[1:]]
        places = [at for at, reply in enumerate(replies) for _ in reply[1:]]
        return Written(self._matrix([r[0] for r in replies]), self._matrix(sentences), places)

    def _matrix(self, replies: Sequence[Iterable[str]]) -> Any:
        """Return one row of unit length per reply."""
        import numpy as np
        from scipy import sparse

        place = {name: at for at, name in enumerate(self.names)}
        columns = [sorted(place[name] for name in reply if name in place) for reply in replies]
        ends = np.cumsum([0, *map(len, columns)])
        flat = np.array([at for row in columns for at in row], dtype=np.int64)
        cells = sparse.csr_matrix(
            (self.size[flat], flat, ends), shape=(len(replies), len(self.names))
        )
        length = np.sqrt(np.asarray(cells.multiply(cells).sum(axis=1)).ravel())
        length[length == 0] = 1
        return (sparse.diags(1 / length) @ cells).tocsr()


class Learner:
    """Replies as numbers, ready to learn from any part of them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        import numpy as np

        longer = joined(rows)
        ways = {
            "Reading replies": rows,
            "Reading them typed in a hurry": variants(rows),
            "Reading them in pairs": longer,
        }
        read = [[named(row.reply) for row in progress(way, label)] for label, way in ways.items()]
        counts = Counter(name for reply in read[0] for name in reply[0])
        self.space = Space(counts, len(rows), SEEN_IN)
        self.files = np.array([row.file for row in rows])
        self.wanted = table_of(row.acts for row in rows)
        self.clean, self.hurried, pairs = (self.space.written(way) for way in read)
        self.learned = [self.clean.whole, self.hurried.whole, pairs.whole]
        self.answers = [self.wanted, self.wanted, table_of(row.acts for row in longer)]

    def fit(self, use: Any) -> tuple[Any, Any]:
        """Learn one line per act from the rows in ``use``: weights and bias.

        Labels stand at whole replies. So a first pass learns from those alone and tells which
        sentence of a reply shows which act; the second pass learns from the sentences too.
        """
        import numpy as np

        cells = [way[use] for way in self.learned]
        wanted = [answers[use] for answers in self.answers]
        first = _lines(cells[:1], wanted[:1])
        for written in (self.clean, self.hurried):
            kept = use[written.reply]
            sentences = written.sentences[kept]
            cells.append(sentences)
            scores = sentences @ first[0] + first[1]
            wanted.append(placed(scores, np.array(written.reply)[kept], self.wanted))
        return _lines(cells, wanted)

    def unseen(self, groups: Any, *others: Written) -> list[Any]:
        """Score each row by a model that has seen no row of its group.

        ``others`` are the same rows, written differently.
        """
        import numpy as np

        scores = [np.zeros(self.wanted.shape) for _ in (self.clean, *others)]
        for group in progress(sorted(set(groups)), "Learning without one part"):
            line = self.fit(groups != group)
            left = groups == group
            for written, score in zip((self.clean, *others), scores, strict=True):
                score[left] = scored(written, *line)[left]
        return scores

    def parts(self) -> Any:
        """Return a part for each row, for leaving replies out by chance."""
        import numpy as np

        return np.random.default_rng(SEED).integers(0, FOLDS, len(self.files))


def _lines(cells: Sequence[Any], wanted: Sequence[Any]) -> tuple[Any, Any]:
    """Learn one line per act: weights and bias."""
    import numpy as np
    from scipy import sparse
    from sklearn.svm import LinearSVC

    rows, answers = sparse.vstack(cells).tocsr(), np.vstack(wanted)
    lines = [
        LinearSVC(C=STRICT, tol=1e-2, random_state=SEED).fit(rows, answers[:, at])
        for at in range(len(ACTS))
    ]
    return (
        np.array([line.coef_[0] for line in lines]).T,
        np.array([line.intercept_[0] for line in lines]),
    )


def placed(scores: Any, reply: Any, wanted: Any) -> Any:
    """Place the acts of replies on their sentences.

    An act belongs to the sentence that scores best for it, and to any other that shows it
    as clearly; ``other`` belongs to every sentence.

    Parameters
    ----------
    scores : array
        One row per sentence, one column per act.
    reply : array of int
        The reply that each sentence comes from, in order.
    wanted : array of bool
        One row per reply: its acts.
    """
    import numpy as np

    best = np.full(wanted.shape, -np.inf)
    np.maximum.at(best, reply, scores)
    holds = wanted[reply]
    found = holds & ((scores == best[reply]) | (scores > 0))
    found[:, -1] = holds[:, -1]
    return found


def scored(written: Written, weights: Any, bias: Any) -> Any:
    """Score replies as `grader.coding.model.Model.weigh` does."""
    import numpy as np

    whole = written.whole @ weights + bias
    sentences = written.sentences @ weights + bias
    best = whole.copy()
    best[written.reply] = -np.inf
    np.maximum.at(best, written.reply, sentences)
    best[written.reply, -1] = np.inf  # `other` needs every sentence
    np.minimum.at(best[:, -1], written.reply, sentences[:, -1])
    return (whole + best) / 2


def _size(name: str, seen: int, total: int) -> float:
    import math

    return KINDS[name.partition(":")[0]] * (math.log((1 + total) / (1 + seen)) + 1)


def train(out: Path = WEIGHTS, folder: Path = REPLIES) -> None:
    """Learn from the replies of a folder and write the weights."""
    import numpy as np

    rows = read_rows(folder)
    apart = folder / f"{APART}.tsv"
    if apart.is_file():
        refuse_overlap(list(read_file(apart)), rows)
    learner = Learner(rows)
    # Other people's words, and other words of the same people: what the coder will meet.
    scores = np.vstack([learner.unseen(learner.files)[0], learner.unseen(learner.parts())[0]])
    wanted = np.vstack([learner.wanted, learner.wanted])
    curve = calibrate(scores, wanted)
    doubt = doubt_of(likelihoods(scores, curve), wanted, curve["threshold"])
    weights, bias = learner.fit(np.ones(len(rows), dtype=bool))
    scaled = np.rint(weights * learner.space.size[:, None] / UNIT).astype(int)
    squares = np.rint(learner.space.size**2 / UNIT).astype(int)
    head = {
        "about": "Made by python -m grader.training train; change the replies, not this file.",
        "acts": list(ACTS),
        "bias": [round(float(number), 5) for number in bias],
        **curve,
        "doubt": doubt,
        "unit": UNIT,
    }
    out.write_text(
        _file(head, learner.space.names, np.c_[scaled, squares].tolist()), encoding="utf-8"
    )


def _file(head: dict[str, Any], names: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
    """Write one feature per line, so that a person can look one up."""
    lines = [
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for name, row in zip(names, rows, strict=True)
    ]
    start = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    return "{" + start + ',\n"features": {\n' + ",\n".join(lines) + "\n}}\n"
