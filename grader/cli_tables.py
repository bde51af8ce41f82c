"""Tables that the trainer's commands print."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from grader.cli_shared import counted, points_words, print_table

if TYPE_CHECKING:
    from grader.grading import Graded
    from grader.hand_in_list import Listed


def print_graded(done: Sequence[Graded], *, dry_run: bool = False) -> None:
    """Print the outcome of everybody, and how many there are of each."""
    if dry_run:
        changed = [one for one in done if one.changes]
        if changed:
            print_changes(changed)
        else:
            print("No mark would change.")
    rows = [
        (one.trainee, one.module, one.outcome, points_words(one), str(one.waiting), one.problem)
        for one in done
    ]
    print_table(("trainee", "module", "outcome", "points", "waiting", "note"), rows)
    print(counted(one.outcome for one in done))
    unchanged = sum(one.unchanged for one in done)
    if unchanged:
        print(f"{unchanged} of them as before: nothing about them has changed.")
    if dry_run:
        print("This was a look ahead: nothing is written.")


def print_changes(changed: Sequence[Graded]) -> None:
    """Print whose marks change, by how much."""
    heading = ("trainee", "module", "question", "points before", "points now")
    print(f"Marks that change: {len(changed)} hand-ins.")
    print_table(heading, [row for one in changed for row in _changes(one)])
    print()


def _changes(one: Graded) -> Iterator[tuple[str, ...]]:
    for change in one.changes:
        yield (one.trainee, one.module, change.item, _mark(change.before), _mark(change.after))
    total = "all together"
    yield (one.trainee, one.module, total, _mark(one.points_before), _mark(one.points))


def _mark(points: float | None) -> str:
    return "waiting" if points is None else f"{round(points, 4):g}"


def print_hand_ins(found: Sequence[Listed]) -> None:
    """Print every hand-in that is kept, and which ones are in use."""
    heading = ("trainee", "module", "number", "collected (UTC)", "from", "says", "answers", "")
    rows = [
        (
            one.trainee,
            one.module,
            str(one.number),
            one.collected[:16].replace("T", " "),
            one.source,
            one.handed_in[:16].replace("T", " "),
            str(one.answers),
            ". ".join(filter(None, ["in use" if one.in_use else "", *one.notes])),
        )
        for one in found
    ]
    print_table(heading, rows)
