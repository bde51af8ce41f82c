"""Measure grading and feedback against nbgrader as it comes, and compare every mark.

Run ``python tests/benchmarks/grading.py`` on a calm machine; it prints a table. All grade the
same exercise and the same answers in the same run, each by the command that a trainer types,
its start included, into a gradebook that has been made before. Compare the ratios, not the
seconds with those of another machine; on a busy one, those of the processors' time. Ours does
a whole cohort, the others its first few.

``--same 500`` compares the marks of 500 varied hand-ins cell by cell instead.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import with_otter
from helpers.cohort import MODULE, make_course
from helpers.stock import (
    finish,
    marks_of,
    points,
    start,
    start_grading,
    stock_course,
    waiting,
)
from helpers.varied import hand_in_varied, real_course

from grader.kinds.keys import load_key

Spent = tuple[float, float]  # seconds by the clock, and of processors
Row = tuple[str, int, Spent | None]  # who, how many hand-ins, in what time
OURS = (sys.executable, "-m", "grader.cli")
SMALL = "small"
PATIENCE = 4 * 3600  # seconds for the slowest


def main() -> int:
    """Measure, or compare, and print what was found."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        if arguments.module == SMALL:
            ours, module = make_course(folder / "ours"), MODULE
        else:
            ours, module = real_course(folder / "ours", arguments.module), arguments.module
        if arguments.same:
            return compare(folder, ours, module, arguments.same)
        measure(folder, ours, module, (arguments.ours, arguments.stock))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    what = f"one of the course, such as 07-advice (default: {SMALL}, of three questions)"
    parser.add_argument("--module", default=SMALL, help=what)
    parser.add_argument("--ours", type=int, default=5000, help="hand-ins that ours grades")
    parser.add_argument("--stock", type=int, default=5, help="hand-ins that the others grade")
    parser.add_argument("--same", type=int, default=0, help="compare the marks of so many")
    return parser.parse_args()


def measure(folder: Path, ours: Path, module: str, numbers: tuple[int, int]) -> None:
    """Print hand-ins per second of each, and how many times as fast ours is."""
    many, few = numbers
    (ours / "submitted").mkdir()
    subprocess.run([*OURS, "grade", module, "--root", ours], capture_output=True, check=False)
    hand_in_varied(ours, module, range(1, many + 1))
    stock = stock_course(ours, folder / "stock", _first(ours, few))
    finish(stock, start(stock, [["generate_assignment", module, "--force"]]), PATIENCE)
    questions = len(load_key(ours, module))
    print(f"{questions} questions: {many} hand-ins by ours, {few} by the others", flush=True)

    def by_ours(command: str) -> Row:
        return (f"alongside {command}", many, timed(lambda: alongside(ours, command, module)))

    def by_nbgrader(command: str) -> Row:
        return (f"nbgrader {command}", few, timed(lambda: by_stock(stock, command, module)))

    others = [by_nbgrader("autograde"), otter_marks(folder, ours, module, few)]
    report("marks", [by_ours("grade"), *others])
    report("feedback", [by_ours("feedback"), by_nbgrader("generate_feedback")])


def _first(course: Path, number: int) -> list[str]:
    return sorted(path.name for path in (course / "submitted").iterdir())[:number]


def timed(work: Callable[[], object]) -> Spent:
    """Return the time that something takes in other processes."""
    clock, before = time.perf_counter(), _processors()
    work()
    return time.perf_counter() - clock, _processors() - before


def _processors() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def alongside(course: Path, command: str, module: str) -> None:
    """Run one of our commands; damaged hand-ins, which it tells by 1, are part of the cohort."""
    done = subprocess.run(
        [*OURS, command, module, "--root", course],
        check=False,
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE,
    )
    assert done.returncode in (0, 1)


def by_stock(course: Path, command: str, module: str) -> None:
    """Run a command of nbgrader as it comes."""
    finish(course, start(course, [[command, module]]), PATIENCE)


def otter_marks(folder: Path, ours: Path, module: str, few: int) -> Row:
    """Measure otter-grader, where it is installed."""
    if not with_otter.is_installed():
        return ("otter-grader", few, None)
    (work := folder / "otter").mkdir()
    command = with_otter.prepare(work, ours, module, _first(ours, few))
    with (work / "log.txt").open("w") as log:
        seconds = timed(
            lambda: subprocess.run(command, check=True, stdout=log, stderr=log, cwd=work)
        )
    return ("otter-grader", few, seconds)


def report(what: str, rows: list[Row]) -> None:
    """Print one table; the first row is ours."""
    heading = (
        "hand-ins",
        "seconds",
        "processor s",
        "per second",
        "ours, times as fast",
        "(processor)",
    )
    print("\n" + f"{what:28}" + "".join(f"{name:>{len(name) + 3}}" for name in heading))
    _, count, ours = rows[0]
    for name, number, spent in rows:
        if spent is None or ours is None:
            print(f"{name:28}   not installed")
            continue
        clock, used = (mine / count * number for mine in ours)
        numbers = (f"{number}", f"{spent[0]:.1f}", f"{spent[1]:.1f}", f"{number / spent[0]:.2f}")
        ratios = (f"{spent[0] / clock:.0f} ×", f"{spent[1] / used:.0f} ×")
        cells = zip(heading, (*numbers, *ratios), strict=True)
        print(f"{name:28}" + "".join(f"{cell:>{len(title) + 3}}" for title, cell in cells))


# The same marks -------------------------------------------------------------------------


def compare(folder: Path, ours: Path, module: str, number: int) -> int:
    """Grade varied hand-ins with ours and with stock nbgrader; return 1 where a mark differs."""
    hand_in_varied(ours, module, range(1, number + 1))
    alongside(ours, "grade", module)
    print(f"ours has graded {number}; stock nbgrader begins", flush=True)
    names = _first(ours, number)
    halves = [
        stock_course(ours, folder / f"stock-{half}", names[half::2])
        for half in range(min(2, number))
    ]
    runs = [start_grading(half) for half in halves]
    for half, run in zip(halves, runs, strict=True):
        finish(half, run, PATIENCE)
    return print_differences(ours, halves)


def print_differences(ours: Path, halves: Iterable[Path]) -> int:
    """Print every mark that is not the same; return 1 where there is any."""
    mine, theirs = marks_of(ours), {}
    for half in halves:
        theirs |= marks_of(half)
    differences = [
        f"{who} {cell}: ours {mark}, stock {points(theirs[who]).get(cell)}"
        for who, entry in mine.items()
        for cell, mark in points(entry).items()
        if points(theirs[who]).get(cell) != mark
    ]
    extra = [who for who, entry in mine.items() if not waiting(entry) <= waiting(theirs[who])]
    cells = sum(len(entry.marks) for entry in mine.values())
    for line in differences:
        print(line)
    print(
        f"{len(mine)} hand-ins and {len(theirs)} of stock, {cells} marks compared: "
        f"{len(differences)} differ, {len(extra)} wait with ours only"
    )
    return int(bool(differences or extra) or mine.keys() != theirs.keys())


if __name__ == "__main__":
    sys.exit(main())
