"""Learn the weights of the reply coder from labelled replies.

Learning needs the ``dev`` extra (scikit-learn); the coder itself needs only Python. The same
replies always give the same weights, byte for byte.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.coder import SURE, choose, mistakes_expected
from grader.coding.features import KINDS, by_sentence, parts
from grader.coding.model import CURVE, ROOM, WEIGHTS
from grader.coding.text import fold
from grader.content.items import ACTS
from grader.errors import AlongsideError

REPLIES = Path(__file__).with_name("replies")
HELD_BACK, APART = "heldback", "apart"  # the files that nothing is learned from
SEEN_IN = 5  # replies that must hold a feature before it is learned
STRICT = 0.7  # how closely the model follows the replies (C of LinearSVC)
FOLDS = 5  # parts, when replies rather than files are left out
RIGHT = 2 / 3  # share of counted acts that should be right in the most doubtful replies
UNIT = 0.002  # what 1 stands for in the weights file
SEED = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled reply and the file it came from."""

    file: str
    acts: frozenset[str]
    reply: str
    prompt: str


def read_rows(folder: Path = REPLIES) -> list[Row]:
    """Read every training file of a folder.

    Raises
    ------
    AlongsideError
        Where a line is not ``acts TAB reply TAB prompt`` or an act is unknown.
    """
    files = sorted(path for path in folder.glob("*.tsv") if path.stem not in {HELD_BACK, APART})
    return [row for path in files for row in read_file(path)]


def read_file(path: Path) -> Iterator[Row]:
    """Read one file of labelled replies."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) != 3 or not cells[1].strip():
            raise AlongsideError(
                f"{path.name}, line {number}: write the acts, a tab, the reply, a tab, the prompt."
            )
        acts = read_acts(cells[0], f"{path.name}, line {number}")
        yield Row(path.stem, acts, cells[1], cells[2])


def read_acts(text: str, where: str) -> frozenset[str]:
    """Read acts joined by ``+``; ``other`` stands alone."""
    acts = frozenset(text.split("+"))
    if unknown := acts - set(ACTS):
        raise AlongsideError(f"{where}: there is no act named {min(unknown)!r}.")
    if "other" in acts and len(acts) > 1:
        raise AlongsideError(f"{where}: 'other' stands alone.")
    return acts


def plain(reply: str) -> str:
    """Write a reply without marks and capitals."""
    return " ".join(re.sub(r"[^\w\s]", "", re.sub(r"[-–—/…]", " ", reply.lower())).split())


def refuse_overlap(rows: Sequence[Row], learned: Sequence[Row]) -> None:
    """Refuse to measure on a reply that is learned.

    Raises
    ------
    AlongsideError
        Where a row stands among the learned ones.
    """
    known = {plain(row.reply) for row in learned}
    for row in rows:
        if plain(row.reply) in known:
            raise AlongsideError(
                f"{row.file}.tsv: {row.reply!r} is learned too; take it out there."
            )


def mistyped(reply: str, chance: random.Random, rate: float = 0.05) -> str:
    """Write a reply with slips of the finger: letters lost, doubled or swapped."""
    letters = list(reply)
    for at, letter in enumerate(letters):
        if letter.isalpha() and chance.random() < rate:
            slip = chance.randrange(3)
            if slip == 0:
                letters[at] = ""
            elif slip == 1 or at + 1 == len(letters):
                letters[at] = letter * 2
            else:
                letters[at], letters[at + 1] = letters[at + 1], letter
    return "".join(letters)


def variants(rows: Sequence[Row]) -> list[Row]:
    """Give each reply once more, as it is typed in a hurry."""
    chance = random.Random(SEED)  # noqa: S311 (typing slips, not secrets)
    hurried = []
    for at, row in enumerate(rows):
        reply = mistyped(row.reply, chance) if at % 3 == 0 else plain(row.reply)
        if at % 3 == 2:
            reply = mistyped(reply, chance)
        hurried.append(Row(row.file, row.acts, reply, row.prompt))
    return hurried


def joined(rows: Sequence[Row]) -> list[Row]:
    """Follow each reply by another of its file, so that acts are learned side by side."""
    chance = random.Random(SEED + 2)  # noqa: S311 (which two, not secrets)
    by_file: dict[str, list[Row]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    longer = []
    for row in rows:
        other = chance.choice(by_file[row.file])
        acts = row.acts | other.acts
        acts = acts - {"other"} or acts
        ended = row.reply.rstrip()
        mark = " " if ended[-1:] in {".", "!", "?"} else ". "
        longer.append(Row(row.file, acts, ended + mark + other.reply, row.prompt))
    return longer


def named(reply: str) -> list[frozenset[str]]:
    """Return the features of a whole reply and, of several sentences, those of each."""
    own = [frozenset().union(*found) for found in by_sentence(parts(fold(reply)))]
    return [frozenset().union(*own), *(own if len(own) > 1 else [])]


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


def table_of(acts: Iterable[frozenset[str]]) -> Any:
    """Return one row of yes and no per reply, in the order of the acts."""
    import numpy as np

    return np.array([[act in found for act in ACTS] for found in acts])


def _size(name: str, seen: int, total: int) -> float:
    import math

    return KINDS[name.partition(":")[0]] * (math.log((1 + total) / (1 + seen)) + 1)


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


def progress(items: Sequence[Any], label: str) -> Iterable[Any]:
    """Show a progress bar on stderr where a person is watching."""
    from tqdm import tqdm

    bar: Iterable[Any] = tqdm(items, desc=label, disable=None, file=sys.stderr)
    return bar
