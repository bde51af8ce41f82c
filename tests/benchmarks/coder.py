"""Measure the speed of the reply coder, and that nothing typed makes it fail.

Run ``python tests/benchmarks/coder.py``. Beside our median stands a plain peer: TF-IDF and a
linear model from scikit-learn, learned from the same replies, which gives no evidence, no
places and no doubt. Compare the two, not either with a clock elsewhere.
"""

from __future__ import annotations

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from grader.coding.coder import code_reply
from grader.content.items import ACTS
from grader.training.labelled import Row, mistyped, progress, read_rows

INPUTS = 20_000


def timed(code: Callable[[str], object], replies: list[str]) -> tuple[float, float]:
    """Return median and 99th percentile in milliseconds per reply."""
    code("Warm up.")
    spent = []
    for reply in replies:
        before = time.perf_counter()
        code(reply)
        spent.append(1000 * (time.perf_counter() - before))
    return statistics.median(spent), statistics.quantiles(spent, n=100)[98]


def peer(rows: list[Row]) -> Callable[[str], object]:
    """Learn a plain TF-IDF model from the same replies."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.multiclass import OneVsRestClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC

    wanted = [[int(act in row.acts) for act in ACTS] for row in rows]
    words = TfidfVectorizer(ngram_range=(1, 3), sublinear_tf=True)
    model = make_pipeline(words, OneVsRestClassifier(LinearSVC(random_state=0)))
    import numpy as np

    model.fit([row.reply for row in rows], np.array(wanted))
    return lambda reply: model.predict([reply])


def started(module: str) -> float:
    """Return the milliseconds that an import takes in a new process."""
    code = (
        "import time; before = time.perf_counter(); "
        f"import {module}; print(1000 * (time.perf_counter() - before))"
    )
    runs = [
        float(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True).stdout)
        for _ in range(5)
    ]
    return statistics.median(runs)


def fuzz(replies: list[str]) -> int:
    """Code strange inputs and return how many had evidence that is not in the reply."""
    chance = random.Random(2)  # noqa: S311 (any fixed row of inputs will do)
    odd = [
        "<script>",
        "\x00",
        "\ud800",
        "😀",
        "你好",
        "İ",
        "?!",
        "\n",
        "'" * 20,
        "9" * 30,
        "\u202e",
    ]
    faults = 0
    for _ in progress(range(INPUTS), "Strange inputs"):
        words = mistyped(chance.choice(replies), chance, 0.2).split(" ") + chance.choices(odd, k=2)
        chance.shuffle(words)
        reply = chance.choice(["", " "]).join(words)
        faults += any(reply[act.start : act.end] != act.evidence for act in code_reply(reply).acts)
    return faults


def main() -> None:
    """Print the figures."""
    rows = read_rows()
    replies = [row.reply for row in rows]
    before = time.perf_counter()
    code_reply("The first reply reads the weights.")
    print(f"first reply: {1000 * (time.perf_counter() - before):.0f} ms")
    print(f"import: {started('grader.coding.coder'):.0f} ms")
    for name, code in (("ours", code_reply), ("peer", peer(rows))):
        median, slowest = timed(code, replies)
        print(f"{name}: median {median:.2f} ms, 99th percentile {slowest:.2f} ms")
    print(f"strange inputs: {INPUTS}, with faults: {fuzz(replies)}")


if __name__ == "__main__":
    main()
