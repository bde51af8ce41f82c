"""Learn to tell danger in what is typed: the writer's own, and the other person's.

``replies/danger`` holds made-up lines of several hands, each in four files: ``own`` and
``peer`` speak of danger, ``own-not`` and ``peer-not`` only look like it. Ordinary replies
stand beside them: those of the coder, whose safety steps speak of the peer's danger, and
what is typed and offered in the course. What a plain wording of one's own danger means in
those was read (``worded.tsv``); such replies are not learned yet.

Apart from the commands that run it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.danger import OWN, PEER, WEIGHTS, WHOSE
from grader.errors import AlongsideError
from grader.kinds.typed.own_words import worded_own_danger
from grader.kinds.typed.scene import Scene
from grader.kinds.typed.second_look import WEIGHTS as TREES
from grader.kinds.typed.wordings import Flat
from grader.training import second_look
from grader.training.labelled import REPLIES, Row, named, plain, progress, read_rows, variants
from grader.training.learn import Space, Written
from grader.training.points import (
    FITS_ALL,
    HANDS,
    TYPED,
    course_items,
    of_hands,
    read_points,
    scenes,
)

DANGER = REPLIES / "danger"
NEXT = REPLIES / "next" / "danger"  # hands that the second look alone learns from
FILES = {OWN: (True, False), f"{OWN}-not": (False, False), PEER: (False, True)}
FILES |= {f"{PEER}-not": (False, False)}
WORDED = "worded.tsv"  # labels of the ordinary replies with a plain wording of danger
LABELS = FILES | {"neither": (False, False)}
ORDINARY = "ordinary"  # the hand whose lines are the replies of the coder and the course
FOURTH = 4  # of the ordinary replies, one in so many is looked at twice
SEEN_IN = 10  # lines that must hold a feature before it is learned
STRICT = 5.0  # C of the logistic regression, chosen by leaving one hand out


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a hand; ``own`` and ``peer`` tell whose danger it speaks of, None if unknown."""

    hand: str
    text: str
    own: bool
    peer: bool | None


def read_hands(folder: Path) -> list[Line]:
    """Read the lines of all hands of a folder."""
    return [
        Line(path.parent.name, text, *FILES[path.stem])
        for path in sorted(folder.glob("*/*.txt"))
        for text in path.read_text(encoding="utf-8").splitlines()
        if text.strip()
    ]


def read_lines(folder: Path = DANGER) -> list[Line]:
    """Read the lines of all hands, and ordinary replies."""
    # The labels of `WORDED` wait for a trial that is taken: see the README of the replies.
    return [*read_hands(folder), *labelled(ordinary_lines(folder.parent), {})]


def ordinary_lines(replies: Path = REPLIES) -> list[Line]:
    """Read what the coder learns from, and what is typed and offered in the course."""
    coded = [
        Line(ORDINARY, row.reply, own=False, peer="safety_step" in row.acts)
        for row in read_rows(replies)
    ]
    items = course_items()
    hands = {row.text: hand for hand, row in of_hands(scenes(items))}
    typed = [
        Line(hands.get(row.text, ORDINARY), row.text, own=False, peer=_peers(row.scene))
        for row in read_points(items)
        if row.source != FITS_ALL
    ]
    return [*coded, *typed]


def read_labels(path: Path) -> dict[str, str]:
    """Read whose danger ordinary replies speak of, as somebody found who read each.

    Raises
    ------
    AlongsideError
        Where a line is not ``label TAB reply``.
    """
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        label, _, reply = line.partition("\t")
        if label not in LABELS or not reply.strip():
            what = f"write one of {', '.join(LABELS)}, a tab, the reply."
            raise AlongsideError(f"{path.name}, line {number}: {what}")
        found[reply] = label
    return found


def labelled(lines: Iterable[Line], labels: dict[str, str]) -> Iterator[Line]:
    """Give lines with a plain wording of danger their label; leave out those without one."""
    for line in lines:
        if label := labels.get(line.text):
            yield Line(line.hand, line.text, *LABELS[label])
        elif worded_own_danger(Flat(line.text)) is None:
            yield line


def _peers(scene: Scene) -> bool | None:
    """Tell whose danger replies speak of: nobody has said, where the peer may be in danger."""
    return None if "safety_concern" in scene.flags else False


def without_tested(lines: Sequence[Line], folder: Path = TYPED) -> list[Line]:
    """Leave out what also stands in a test file: the coder's replies in silence, others not.

    Raises
    ------
    AlongsideError
        With the first line of a hand that is tested too.
    """
    tested = {
        plain(json.loads(row)["text"])
        for path in folder.glob("*.jsonl")
        for row in path.read_text(encoding="utf-8").splitlines()
    }
    for line in lines:
        if line.hand != ORDINARY and plain(line.text) in tested:
            raise AlongsideError(f"{line.hand}: {line.text!r} is in {folder.name} as well.")
    return [line for line in lines if plain(line.text) not in tested]


class Learner:
    """Lines as numbers, as typed and as typed in a hurry."""

    def __init__(self, lines: Sequence[Line]) -> None:
        import numpy as np

        rows = [Row(line.hand, frozenset(), line.text, "") for line in lines]
        ways = [
            [named(row.reply) for row in progress(way, "Reading lines")]
            for way in (rows, variants(rows))
        ]
        counts = Counter(name for reply in ways[0] for name in reply[0])
        self.space = Space(counts, len(rows), SEEN_IN)
        self.clean, self.hurried = (self.space.written(way) for way in ways)
        self.wanted = np.array([[line.own, bool(line.peer)] for line in lines])
        self.known = np.array([[True, line.peer is not None] for line in lines])
        self.hands = np.array([line.hand for line in lines])

    def written(self, lines: Sequence[Line]) -> Written:
        """Turn other lines into numbers."""
        return self.space.written([named(line.text) for line in progress(lines, "Reading lines")])

    def fit(self, use: Any) -> tuple[Any, Any]:
        """Learn from some lines: first from whole ones, then from their sentences too."""
        import numpy as np

        lines = [self._line(use, at) for at in range(len(WHOSE))]
        return np.array([one[0] for one in lines]).T, np.array([one[1] for one in lines])

    def _line(self, use: Any, at: int) -> tuple[Any, float]:
        import numpy as np
        from scipy import sparse

        wanted, use = self.wanted[:, at], use & self.known[:, at]
        first = _fitted(self.clean.whole[use], wanted[use])
        cells, answers = [], []
        for way in (self.clean, self.hurried):
            reply = np.array(way.reply)
            scores = way.sentences @ first[0] + first[1]
            best = np.full(len(wanted), -np.inf)
            np.maximum.at(best, reply, scores)
            speaks = wanted[reply] & ((scores == best[reply]) | (scores > 0))
            cells += [way.whole[use], way.sentences[use[reply]]]
            answers += [wanted[use], speaks[use[reply]]]
        return _fitted(sparse.vstack(cells).tocsr(), np.concatenate(answers))


def _fitted(cells: Any, wanted: Any) -> tuple[Any, float]:
    from sklearn.linear_model import LogisticRegression

    learner = LogisticRegression(C=STRICT, class_weight="balanced", solver="liblinear")
    learner.fit(cells, wanted)
    return learner.coef_[0], float(learner.intercept_[0])


def scores(written: Written, weights: Any, bias: Any) -> Any:
    """Return what `danger.look` scores: the whole, its likeliest, first and last sentence.

    One table of those four for each of `WHOSE`, for each line.
    """
    import numpy as np

    whole, reply = written.whole @ weights + bias, np.array(written.reply)
    alone = written.sentences @ weights + bias
    best, first, last = whole.copy(), whole.copy(), whole.copy()
    best[reply] = -np.inf
    np.maximum.at(best, reply, alone)
    last[reply] = alone
    first[reply[::-1]] = alone[::-1]
    return np.stack([whole, best, first, last], axis=2)


def unseen(learner: Learner) -> Any:
    """Return the scores of each line by a model that has not seen its hand.

    The hands that wrote to the course's questions are left out together, with every fourth
    ordinary reply. The other ordinary ones are seen by all models, and get no scores.
    """
    import numpy as np

    found = np.full((*learner.wanted.shape, 4), np.nan)
    hands = sorted(set(learner.hands) - {ORDINARY, *course_hands()})
    fourth = np.flatnonzero(learner.hands == ORDINARY)[::FOURTH]
    together = np.isin(learner.hands, course_hands())
    together[fourth] = True
    lefts = [*(learner.hands == hand for hand in hands), together]
    for left in progress(lefts, "Learning without one hand"):
        found[left] = scores(learner.clean, *learner.fit(~left))[left]
    return found


def course_hands() -> list[str]:
    """Return the hands that wrote to the course's own questions."""
    return sorted(path.stem for path in HANDS.glob("*.jsonl"))


def train_danger(out: Path = WEIGHTS, again: Path = TREES) -> None:
    """Learn both looks from all lines, and write their weights."""
    import numpy as np

    lines = without_tested(read_lines())
    later = without_tested(read_hands(NEXT))
    learner = Learner(lines)
    weights, bias = learner.fit(np.ones(len(lines), dtype=bool))
    write(learner, weights, bias, out)
    theirs = scores(learner.written(later), weights, bias)
    ours = unseen(learner)
    kept = np.flatnonzero(~np.isnan(ours[:, 0, 0]))
    told = second_look.told(
        [*(lines[at] for at in kept), *later],
        np.concatenate([ours[kept], theirs]),
        [ORDINARY, *course_hands()],
    )
    second_look.write(told, again)


def write(learner: Learner, weights: Any, bias: Any, out: Path) -> None:
    """Write the weights of the first look, one feature a line."""
    import numpy as np

    size = learner.space.size
    scaled = np.c_[weights * size[:, None], size**2].round(2)
    head = {
        "about": "Made by python -m grader.training danger; change the lines, not this file.",
        "bias": [round(float(one), 4) for one in bias],
    }
    rows = [
        f"{json.dumps(name, ensure_ascii=False)}:{json.dumps(row, separators=(',', ':'))}"
        for name, row in zip(learner.space.names, scaled.tolist(), strict=True)
    ]
    start = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in head.items())
    text = "{" + start + ',\n"features": {\n' + ",\n".join(rows) + "\n}}\n"
    out.write_text(text, encoding="utf-8")
