"""Measure how long it takes to score what is typed.

Run ``python tests/benchmarks/typed.py`` on a calm machine. The coder's part stands beside it.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from grader.coding.coder import code_reply
from grader.kinds.typed.suggestion import suggestion
from grader.training.points import TYPED, course_items, scenes
from grader.training.typed import HALVES, read_lines


def main() -> None:
    """Print median and 99th percentile in milliseconds."""
    known = scenes(course_items())
    lines = [line for name in HALVES for line in read_lines(TYPED, name)]
    pairs = [(known[line["item"]], line["text"]) for line in lines if line["item"] in known]
    works: dict[str, Callable] = {
        "coder": lambda scene, text: code_reply(text, scene.says),
        "all": suggestion,
    }
    for name, work in works.items():
        spent = []
        for scene, text in [pairs[0], *pairs]:  # the first reads the weights
            before = time.perf_counter()
            work(scene, text)
            spent.append(1000 * (time.perf_counter() - before))
        slow = statistics.quantiles(spent[1:], n=100)[98]
        print(f"{name}: median {statistics.median(spent[1:]):.2f} ms, 99 % within {slow:.2f} ms")


if __name__ == "__main__":
    main()
