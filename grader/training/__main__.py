"""Train and measure the reply coder, and the points of typed replies.

``python -m grader.training train``, ``danger``, ``points`` or ``evaluate``.

They need the ``dev`` extra (scikit-learn). `replies/README.md` tells trainers how to
add replies of their own.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.errors import AlongsideError
from grader.training.danger import train_danger
from grader.training.learn import train
from grader.training.report import evaluate, join_labels
from grader.training.typed import learn


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one of the commands."""
    parser = argparse.ArgumentParser(
        prog="python -m grader.training", description="Train and measure the reply coder."
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("train", help="learn from grader/training/replies and write the weights")
    commands.add_parser("danger", help="learn to tell danger from grader/training/replies/danger")
    measure = commands.add_parser("evaluate", help="measure the coder and write REPORT.md")
    for name in ("heldback", "annomi", "miti", "apart"):
        measure.add_argument(f"--{name}", type=Path, metavar="FILE")
    what = "learn the points of typed replies, measure them and write TYPED.md"
    commands.add_parser("points", help=what)
    join = commands.add_parser("join", help="make heldback.tsv from two labellings")
    for name in ("first", "second", "settled", "unsettled", "out"):
        join.add_argument(name, type=Path)
    try:
        _run(parser.parse_args(arguments))
    except (AlongsideError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _run(chosen: argparse.Namespace) -> None:
    if chosen.command == "train":
        train()
    elif chosen.command == "danger":
        train_danger()
    elif chosen.command == "evaluate":
        evaluate(chosen.heldback, chosen.annomi, chosen.miti, chosen.apart)
    elif chosen.command == "points":
        learn()
    else:
        text = join_labels(chosen.first, chosen.second, chosen.settled, chosen.unsettled)
        chosen.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
