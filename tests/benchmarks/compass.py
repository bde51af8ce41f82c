"""Measure how long the numbers and the pictures of the compass page take to make.

Run ``python tests/benchmarks/compass.py`` on a calm machine. The first drawing also reads its
template.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

from helpers.content import course_facts, course_skills

from grader import places
from grader.formats.answers import Answer, Record
from grader.html.charts import compass_bars
from grader.html.style_chart import style_small_multiples
from grader.kinds.reading import load_items
from grader.kinds.registry import is_scored
from grader.kinds.scoring import model_response
from grader.places import own_course
from grader.skills.next_steps import suggestions
from grader.skills.profile import practice_evidence, profile
from grader.skills.style import style_history
from grader.trainee.course_map import lessons_of_cards

ROUNDS = 7


def main() -> None:
    """Print a table: the first time, and the median of the rounds after it."""
    print(f"{'milliseconds':<22}{'first':>9}{'median':>9}")
    for name, work in works():
        first, *others = (1000 * seconds(work) for _ in range(ROUNDS + 1))
        print(f"{name:<22}{first:>9.1f}{statistics.median(others):>9.1f}")


def seconds(work: Callable[[], object]) -> float:
    """Return how long a piece of work takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def works() -> Iterator[tuple[str, Callable[[], object]]]:
    """Give each part of the page, for somebody who answered every card of the course."""
    skills, facts = course_skills(), course_facts()
    folders = sorted(path.parent for path in places.own_course().lessons.glob("*/items.yaml"))
    banks = {folder.name: load_items(folder / "items.yaml", skills, facts) for folder in folders}
    items = {name: item for bank in banks.values() for name, item in bank.items()}
    records = [
        Record(
            module,
            {
                name: Answer(item.kind, model_response(item), model_response(item), 1)
                for name, item in bank.items()
                if is_scored(item.kind)
            },
        )
        for module, bank in banks.items()
    ]
    evidence = practice_evidence(records, items)
    profiles = profile(evidence, skills)
    history = style_history(records, items)
    ratings = dict.fromkeys(skills, 1)
    lessons = lessons_of_cards(own_course())
    yield "read the items", lambda: [load_items(f / "items.yaml", skills, facts) for f in folders]
    yield "find lessons", lessons_of_cards
    yield "score all answers", lambda: practice_evidence(records, items)
    yield "profiles", lambda: profile(evidence, skills)
    yield "style", lambda: style_history(records, items)
    yield (
        "suggestions",
        lambda: suggestions(profiles, ratings, items=items, lessons=lessons, skills=skills),
    )
    yield "draw bars", lambda: compass_bars(profiles, ratings, skills)
    yield "draw the style", lambda: style_small_multiples(history)


if __name__ == "__main__":
    main()
