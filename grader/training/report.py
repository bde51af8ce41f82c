"""Measure the reply coder and write the page that tells what it can and cannot do.

Three views: replies of files the model has not learned from (one file left out at a time),
the held-back replies, and, where the files are given, two public sets as yardsticks.
Nothing is learned from the held-back replies or from the yardsticks.

Apart from the commands that run it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.coding.coder import SURE, choose, code_reply, mistakes_expected
from grader.coding.model import model
from grader.content.items import ACTS
from grader.errors import AlongsideError
from grader.training import calibration, labelled
from grader.training import learn as training
from grader.training.own import hidden_figures, own_figures
from grader.training.text import page
from grader.training.yardsticks import annomi_figures, likely_acts, miti_figures

SHARES = (1.0, 0.9, 0.8, 0.7, 0.6)  # of replies coded, the least doubtful first
OPEN = 99.0  # mistakes counted for a reply without one sure act: the first to be left open


@dataclass(frozen=True, slots=True)
class Figures:
    """What one view measured."""

    replies: int
    per_act: dict[str, dict[str, float]]
    macro: float
    kappa: float
    exact: float  # share of replies with all acts found and none wrongly named
    shares: dict[float, float]
    unsure: float
    rough: dict[str, float]


@dataclass(frozen=True, slots=True)
class HeldBack:
    """Held-back replies with both labellings and the settled one."""

    first: list[frozenset[str]]
    second: list[frozenset[str]]
    settled: list[frozenset[str] | None]  # None: the two differ and nothing is settled yet
    replies: list[str]


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two labellings of the same replies agree; ``kappa`` per act."""

    replies: int
    differing: int
    unsettled: int
    share: float
    kappa: dict[str, float]


def rewrites() -> dict[str, Callable[[str], str]]:
    """Return the ways in which a reply is written more roughly, by name."""
    chance = random.Random(labelled.SEED + 1)  # noqa: S311 (typing slips, not secrets)
    return {
        "lower case": str.lower,
        "no punctuation, lower case": labelled.plain,
        "5 % typos": lambda reply: labelled.mistyped(reply, chance),
    }


def macro(wanted: Any, found: Any) -> float:
    """Return the mean F1 over the acts."""
    from sklearn.metrics import f1_score

    return float(f1_score(wanted, found, average="macro", zero_division=0))


def kappas(one: Any, other: Any) -> dict[str, float]:
    """Return Cohen's kappa per act; 1 where neither names it."""
    from sklearn.metrics import cohen_kappa_score

    def kappa(at: int) -> float:
        if not (one[:, at].any() or other[:, at].any()):
            return 1.0
        return float(cohen_kappa_score(one[:, at], other[:, at]))

    return {act: kappa(at) for at, act in enumerate(ACTS)}


def figures(wanted: Any, found: Any, doubt: Any, unsure: float, rough: dict[str, Any]) -> Figures:
    """Sum up one view."""
    import numpy as np
    from sklearn.metrics import precision_recall_fscore_support

    columns = precision_recall_fscore_support(wanted, found, zero_division=0)
    kappa = kappas(wanted, found)
    per_act = {
        act: {
            "replies": int(columns[3][at]),
            "precision": float(columns[0][at]),
            "recall": float(columns[1][at]),
            "f1": float(columns[2][at]),
            "kappa": kappa[act],
        }
        for at, act in enumerate(ACTS)
    }
    order = np.argsort(doubt, kind="stable")
    kept = {share: order[: round(share * len(order))] for share in SHARES}
    return Figures(
        replies=len(wanted),
        per_act=per_act,
        macro=macro(wanted, found),
        kappa=float(np.mean(list(kappa.values()))),
        exact=float((wanted == found).all(axis=1).mean()),
        shares={share: macro(wanted[rows], found[rows]) for share, rows in kept.items()},
        unsure=unsure,
        rough={name: macro(wanted, acts) for name, acts in rough.items()},
    )


def left_out(rows: Sequence[labelled.Row]) -> tuple[Figures, dict[str, float]]:
    """Measure each file by a model that has learned from the others only."""
    learner = training.Learner(rows)
    ways = rewrites()
    written = [
        learner.space.written([labelled.named(way(row.reply)) for row in rows])
        for way in ways.values()
    ]
    clean, *rough = learner.unseen(learner.files, *written)
    known = [clean, learner.unseen(learner.parts())[0]]  # as `training_learn.train` does
    found, doubt = _named(learner, clean, known)
    again = {
        name: _named(learner, scores, known)[0] for name, scores in zip(ways, rough, strict=True)
    }
    wanted = learner.wanted
    per_file = {
        str(file): macro(wanted[learner.files == file], found[learner.files == file])
        for file in sorted(set(learner.files))
        if (learner.files == file).sum() >= 400
    }
    unsure = float((doubt > model().doubt).mean())
    return figures(wanted, found, doubt, unsure, again), per_file


def _named(learner: training.Learner, scores: Any, known: list[Any]) -> tuple[Any, Any]:
    """Name the acts of each file with curves and thresholds learned from the other files."""
    import numpy as np

    found = np.zeros(learner.wanted.shape, dtype=bool)
    doubt = np.zeros(len(found))
    for file in sorted(set(learner.files)):
        left = learner.files == file
        answers = learner.wanted[~left]
        curve = calibration.calibrate(
            np.vstack([one[~left] for one in known]), np.vstack([answers for _ in known])
        )
        likely = calibration.likelihoods(scores[left], curve).tolist()
        for at, row in zip(np.flatnonzero(left), likely, strict=True):
            chosen = choose(row, curve["threshold"])
            found[at, chosen] = True
            sure = any(row[place] >= SURE for place in chosen)
            doubt[at] = mistakes_expected(row, chosen) if sure else OPEN
    return found, doubt


def coded(replies: Sequence[str]) -> tuple[Any, Any]:
    """Code replies as the package does: what was found, and how doubtful each is."""
    import numpy as np

    found, doubt = [], []
    for reply in labelled.progress(replies, "Coding"):
        coding = code_reply(reply)
        chosen = [at for at, act in enumerate(ACTS) if act in coding.names]
        sure = any(act.confidence >= SURE for act in coding.acts)
        found.append(coding.names)
        doubt.append(mistakes_expected(likely_acts(reply), chosen) if sure else OPEN)
    return labelled.table_of(found), np.array(doubt)


def read_held_back(path: Path) -> HeldBack:
    """Read a held-back file; a row whose labels still differ has no settled ones."""
    held = HeldBack([], [], [], [])
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = line.split("\t")
        where = f"{path.name}, line {number}"
        if len(cells) != 5:
            raise AlongsideError(f"{where}: write first, second, settled, reply, prompt.")
        held.first.append(labelled.read_acts(cells[0], where))
        held.second.append(labelled.read_acts(cells[1], where))
        held.settled.append(labelled.read_acts(cells[2], where) if cells[2] else None)
        held.replies.append(cells[3])
    return held


def join_labels(first: Path, second: Path, settled: Path, open_rows: Path) -> str:
    """Make the text of a held-back file from two labellings and what was settled.

    Rows where the labels differ and nobody has settled them yet keep an empty third
    column, and are listed in ``open_rows`` with their number.
    """
    agreed = dict(_cells(settled)) if settled.is_file() else {}
    lines, unsettled = [], []
    pairs = zip(_cells(first), _cells(second), strict=True)
    for number, (one, two) in enumerate(pairs, 1):
        a, b = (_in_order(cells[0], f"row {number}") for cells in (one, two))
        final = a if a == b else agreed.get(str(number), "")
        lines.append("\t".join([a, b, final, one[1], one[2]]))
        if not final:
            unsettled.append("\t".join([str(number), a, b, one[1], one[2]]))
    open_rows.write_text("".join(row + "\n" for row in unsettled), encoding="utf-8")
    return "".join(line + "\n" for line in lines)


def _cells(path: Path) -> list[list[str]]:
    return [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line]


def _in_order(text: str, where: str) -> str:
    acts = labelled.read_acts(text, where)
    return "+".join(act for act in ACTS if act in acts)


def held_back_figures(held: HeldBack, rows: Sequence[labelled.Row]) -> Figures:
    """Measure the coder on settled replies that do not also stand among the learned ones."""
    learned = {labelled.plain(row.reply) for row in rows}
    pairs = [
        (reply, acts)
        for reply, acts in zip(held.replies, held.settled, strict=True)
        if acts is not None and labelled.plain(reply) not in learned
    ]
    replies = [reply for reply, _ in pairs]
    found, doubt = coded(replies)
    rough = {name: coded([way(reply) for reply in replies])[0] for name, way in rewrites().items()}
    unsure = float((doubt > model().doubt).mean())
    wanted = labelled.table_of([acts for _, acts in pairs])
    return figures(wanted, found, doubt, unsure, rough)


def evaluate(
    held_back: Path | None, annomi: Path | None, miti: Path | None, apart: Path | None
) -> None:
    """Measure all that is given, print it, and write the report."""
    rows = labelled.read_rows()
    seen, per_file = left_out(rows)
    held = read_held_back(held_back) if held_back else None
    text = page(
        rows=rows,
        seen=seen,
        per_file=per_file,
        held=held_back_figures(held, rows) if held else None,
        agreement=agreement(held) if held else None,
        own=own_figures(labelled.REPLIES.parents[1].parent),
        hidden=hidden_figures(apart, rows) if apart else [],
        yardsticks=[
            *(annomi_figures(annomi) if annomi else []),
            *(miti_figures(miti) if miti else []),
        ],
    )
    print(text)
    (labelled.REPLIES / "REPORT.md").write_text(text, encoding="utf-8")


def agreement(held: HeldBack) -> Agreement:
    """Compare the two labellings of all rows, settled or not."""
    differing = sum(one != two for one, two in zip(held.first, held.second, strict=True))
    return Agreement(
        replies=len(held.first),
        differing=differing,
        unsettled=sum(final is None for final in held.settled),
        share=1 - differing / len(held.first),
        kappa=kappas(labelled.table_of(held.first), labelled.table_of(held.second)),
    )
