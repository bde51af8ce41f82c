"""Measure the desk beside formgrader on a made-up cohort: overview, next reply, looking back.

Run ``python tests/benchmarks/desk.py`` on a calm machine; it prints a table. Both read the same
gradebook in the same run. Of formgrader only the data of its pages is made, without the pages;
of the desk the whole pages are.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from helpers.formgrader import configuration
from helpers.paths import REPOSITORY

from grader.demo.answers import STRONG, answer
from grader.desk import pages
from grader.desk.deciding import MARK, Wish, decide
from grader.desk.looking import BATCH
from grader.desk.looking_back import look_back
from grader.desk.place import Desk, desk_of
from grader.desk.queue import queue_of
from grader.desk.reading import read
from grader.desk.runs import Runs
from grader.kinds.keys import load_key
from grader.trainer.gradebook.gradebook import gradebook_session, prepare_gradebook
from grader.trainer.gradebook.rows import Submission, save_marks
from grader.trainer.grading.graded_before import GradedBefore
from grader.trainer.marking.marking import MarkSummary
from grader.trainer.marking.sheet import Sheet, mark_submission

FRAME = pages.Frame("/", "Ana", "x")
WHEN = datetime(2026, 3, 1, 9, tzinfo=UTC)


def main() -> None:
    """Make the cohort, measure, and print what was found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--trainees", type=int, default=5000)
    parser.add_argument("--replies", type=int, default=50, help="how many are marked")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary) / "course"
        for name in ("solutions", "exercises", "course"):
            shutil.copytree(REPOSITORY / name, root / name)
        shutil.copy(REPOSITORY / "nbgrader_config.py", root)
        desk = desk_of(root)
        for module in desk.modules:
            fill(desk, module, asked.trainees)
        print(f"{asked.trainees} trainees, {len(desk.modules)} modules", flush=True)
        measure(desk, asked.replies)


def fill(desk: Desk, module: str, trainees: int) -> None:
    """Put the hand-ins of everybody into the folders and the gradebook: all alike."""
    folder = desk.root / "submitted" / "trainee-00000" / module
    folder.mkdir(parents=True)
    answers = record(desk, module)
    (folder / "answers.json").write_bytes(answers)
    (folder / "timestamp.txt").write_text(f"{WHEN:%Y-%m-%d %H:%M:%S.%f} UTC")
    sheet = desk.sheet(module)
    marked = mark_submission(sheet, folder).marks
    names = [mark.place.grade_id for mark in marked]
    scores = tuple(mark.auto_score for mark in marked)
    words = tuple(mark.words for mark in marked)
    everybody = [f"trainee-{number:05}" for number in range(trainees)]
    for trainee in everybody[1:]:
        shutil.copytree(folder, desk.root / "submitted" / trainee / module)
    prepare_gradebook(desk.root, module, desk.db_url)
    with gradebook_session(desk.db_url, write=True) as session:
        by_name = dict(zip(names, scores, strict=True)), dict(zip(names, words, strict=True))
        save_marks(session, module, (Submission(who, WHEN, *by_name) for who in everybody))
    remember(desk, sheet, everybody, scores, words)


def record(desk: Desk, module: str) -> bytes:
    """Return good answers to all questions of a module."""
    from grader.formats.answers import Answer, Record, record_bytes

    items = load_key(desk.root, module).values()
    given = {item.id: answer(STRONG, 1, item) for item in items}
    answers = {
        item.id: Answer(item.kind, given[item.id], None, 0)
        for item in items
        if given[item.id] is not None
    }
    return record_bytes(Record(module, answers))


def remember(desk: Desk, sheet: Sheet, everybody: list[str], scores: Any, words: Any) -> None:
    """Leave the note that a grading leaves."""
    summaries = (
        MarkSummary(who, digest="0" * 64, scores=scores, words=words, size=1) for who in everybody
    )
    GradedBefore(desk.root, sheet).remember(summaries)


def measure(desk: Desk, replies: int) -> None:
    """Print how long each page takes."""
    from nbgrader.apps.api import NbGraderAPI

    runs, module = Runs(desk), desk.modules[-1]
    begin = time.perf_counter()
    desk.get_ready()
    print(f"{'desk: its tables and index, once':52}{time.perf_counter() - begin:9.3f} s")
    show("desk: overview, the first time", once(lambda: pages.overview(desk, runs, FRAME)))
    show("desk: overview", several(lambda: pages.overview(desk, runs, FRAME), 5))
    show(f"desk: a reply is looked through (of {BATCH})", looked(desk))
    show("desk: points saved and the next reply", marked(desk, module, replies))
    show("desk: look back at one trainee", several(lambda: looked_back(desk), 5))
    api = NbGraderAPI(config=configuration(desk.root))
    show("formgrader: data of its first page", once(api.get_assignments))
    show("formgrader: list of a module's hand-ins", once(lambda: api.get_submissions(module)))
    show(
        "formgrader: list to begin marking",
        once(lambda: api.get_notebook_submissions(module, "exercise")),
    )


def show(what: str, times: list[float]) -> None:
    """Print the median and the longest."""
    print(f"{what:52}{statistics.median(times):9.3f} s{max(times):9.3f} s at most", flush=True)


def once(work: Callable[[], object]) -> list[float]:
    """Return how long something takes."""
    return several(work, 1)


def several(work: Callable[[], object], times: int) -> list[float]:
    """Return how long something takes, each of several times."""
    found = []
    for _ in range(times):
        begin = time.perf_counter()
        work()
        found.append(time.perf_counter() - begin)
    return found


def looked(desk: Desk) -> list[float]:
    """Return how long one reply takes to be looked through, by a first batch of them."""
    from grader.desk import looking

    rows = looking.read_from(desk.db_url, looking._unlooked) or []
    return [each / len(rows) for each in once(lambda: [looking._row(desk, one) for one in rows])]


def looked_back(desk: Desk) -> str:
    """Return the page of a trainee who handed in every module."""
    return pages.trainee_page(desk, look_back(desk, "trainee-00001"), FRAME)


def marked(desk: Desk, module: str, replies: int) -> list[float]:
    """Return how long saving takes, and making the page of the next reply."""
    return list(_each_reply(desk, module, replies))


def _each_reply(desk: Desk, module: str, replies: int) -> Iterator[float]:
    name = next(place.grade_id for place in desk.sheet(module).places if place.item.kind == "reply")
    notebook = queue_of(desk, module, name).next_after()
    for _ in range(replies):
        begin = time.perf_counter()
        shown = read(desk, module, name, notebook)
        wish = Wish(notebook, shown.queue.cell, shown.state.seen, 2.0, "Warm.")
        assert decide(desk, "Ana", MARK, [wish]).done == 1
        notebook = shown.queue.next_after(notebook)
        pages.mark_page(desk, read(desk, module, name, notebook), FRAME)
        yield time.perf_counter() - begin


if __name__ == "__main__":
    main()
