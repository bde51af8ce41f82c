"""A power cut at any moment leaves marks and answers whole, and running again finishes the work."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from fault_page import COLLECT, GRADE, HOME, fault
from helpers.aftermath import book, by_trainer, is_whole
from helpers.cohort import BEST, FULL, LATER, MODULE, WHEN, answers_json, submit, write_bundle
from helpers.forks import FORKS
from helpers.hand_ins import GOOD, WHO, bundle, in_use, listed

from grader import places
from grader.files import safe
from grader.formats import answers
from grader.places import own_home, this_learner
from grader.server.pages import prepare_home
from grader.trainee import hand_in
from grader.trainer.collect.collect import COLLECTED, OLDER, collect
from grader.trainer.grading.grading import grade
from grader.trainer.grading.outcomes import GRADED, WAITING

TRAINEES = [f"trainee-{number:03}" for number in range(25)]
few = pytest.mark.parametrize("moment", range(3))
many = [pytest.mark.full, pytest.mark.parametrize("moment", range(50))]


def begin(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run ``work`` elsewhere; return its process once it begins."""
    ours, theirs = FORKS.Pipe()
    process = FORKS.Process(target=_started, args=(theirs, work, *arguments))
    process.start()
    assert ours.poll(60)
    ours.recv()
    return process


def span_of(work: Callable[..., Any], *arguments: Any) -> float:
    """Return how many seconds ``work`` takes elsewhere where nobody cuts it off."""
    process = begin(work, *arguments)
    start = time.monotonic()
    process.join()
    assert process.exitcode == 0
    return time.monotonic() - start


def cut_off(work: Callable[..., Any], *arguments: Any, at: float) -> None:
    """Run ``work`` elsewhere and kill it ``at`` seconds after its start."""
    process = begin(work, *arguments)
    process.join(at)
    process.kill()
    process.join()


def _started(pipe: Any, work: Callable[..., Any], *arguments: Any) -> None:
    import nbgrader.api  # the moments of interest come after this
    import nbgrader.preprocessors  # noqa: F401

    pipe.send("ready")
    work(*arguments)


def moments(span: float, number: int, of: int) -> float:
    """Return a random moment in one of ``of`` equal parts of a span."""
    dice = random.Random(number)  # noqa: S311 - the same moments in each run
    return span * (number + dice.random()) / of


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take over the locks of what was killed without the usual ten seconds."""
    monkeypatch.setattr(safe, "LOCK_STALE", 0.05)


# Grading --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def half_graded(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """Make a course with a mark and a comment of a trainer, and news to grade; time a run."""
    home = tmp_path_factory.mktemp("power")
    root = Path(shutil.copytree(prepared, home / "course"))
    for trainee in TRAINEES[:12]:
        submit(root, trainee, FULL)
    grade(root, MODULE)
    by_trainer(root, TRAINEES[0], 2.5, "Well asked.")
    for trainee in TRAINEES:
        submit(root, trainee, {"first-move": "tell", "what-fits": ["ask", "wait"]})
    submit(root, TRAINEES[0], FULL)
    copy = Path(shutil.copytree(root, home / "timed"))
    return root, span_of(grade, copy, MODULE)


def after_a_cut(
    half_graded: tuple[Path, float], folder: Path, number: int, of: int, begin: float = 0
) -> None:
    """Cut a run off in one of ``of`` parts of it, the share ``begin`` left out."""
    root, span = half_graded
    course = Path(shutil.copytree(root, folder / "course"))
    before = book(course)
    at = span * begin + moments(span * (1 - begin), number, of)
    cut_off(grade, course, MODULE, at=at)
    assert is_whole(course)
    after = book(course)
    assert after == before or set(after) == set(TRAINEES)  # none of the run, or all of it
    kept = after[TRAINEES[0]].marks["own-words-mark"]
    assert (kept.points, kept.comment) == (2.5, "Well asked.")
    results = {one.trainee: one for one in grade(course, MODULE)}
    assert set(results) == set(TRAINEES)
    assert results[TRAINEES[0]].points == 8.5
    assert {results[trainee].points for trainee in TRAINEES[1:]} == {4.0}
    assert {one.outcome for one in results.values()} == {GRADED}
    kept = book(course)[TRAINEES[0]].marks["own-words-mark"]
    assert (kept.points, kept.comment) == (2.5, "Well asked.")
    for trainee in TRAINEES:
        json.loads((course / "autograded" / trainee / MODULE / "exercise.ipynb").read_bytes())
    assert is_whole(course)


@fault(
    GRADE,
    "A power cut, or `kill -9`, at any moment of grading",
    "The gradebook is whole and holds all marks of the run, or none. "
    "Running again grades everybody.",
)
@few
def test_grading_cut_off_at_any_moment_is_finished_by_the_next_run(
    half_graded: tuple[Path, float], tmp_path: Path, moment: int
) -> None:
    after_a_cut(half_graded, tmp_path, moment, 3, begin=0.7)  # marks are written at the end


@many[0]
@many[1]
def test_grading_cut_off_at_fifty_moments_is_finished_by_the_next_run(
    half_graded: tuple[Path, float], tmp_path: Path, moment: int
) -> None:
    after_a_cut(half_graded, tmp_path, moment, 50)


# Handing in -----------------------------------------------------------------------------


def answer_and_hand_in(home: str) -> None:
    """Answer and hand in again and again, as a trainee would in an evening."""
    os.environ["ALONGSIDE_HOME"] = home
    path = places.own_home().exercise_folder(MODULE) / places.ANSWERS
    view = json.loads((path.parent / "items.json").read_text())["items"][0]
    for number in range(20):
        response = "abc"[number % 3]
        answers.save_response(path, MODULE, view["id"], view["kind"], response, tried=True)
        hand_in.hand_in(this_learner(), MODULE, datetime(2026, 3, 1, 12, number, tzinfo=UTC))


@pytest.fixture
def at_home() -> Path:
    prepare_home(this_learner())
    hand_in.save_trainee(own_home(), "trainee-017")
    folder = places.own_home().exercise_folder(MODULE)
    view = json.loads((folder / "items.json").read_text())["items"][1]
    answers.save_response(folder / places.ANSWERS, MODULE, view["id"], view["kind"], "a")
    return folder


def after_a_cut_at_home(folder: Path, root: Path, number: int, of: int) -> None:
    home = places.own_home().folder
    copy = shutil.copytree(home, root / "timed")
    span = span_of(answer_and_hand_in, str(copy))
    cut_off(answer_and_hand_in, str(home), at=moments(span, number, of))
    record = answers.read_record(folder / places.ANSWERS, MODULE)  # raises where it is not whole
    assert len(record.answers) in (1, 2)  # the first one is never lost
    bundles = sorted((home / "hand-in").glob("*.zip"))
    for path in bundles:
        with zipfile.ZipFile(path) as bundle:
            assert bundle.testzip() is None
    assert "Hand-in file made on" in hand_in.last_hand_in(own_home(), MODULE) or len(bundles) < 2
    done = hand_in.hand_in(this_learner(), MODULE)
    found = collect(root, [*bundles, done.bundle])
    assert {one.outcome for one in found} <= {COLLECTED, OLDER}
    assert found[-1].outcome == COLLECTED
    sent = root / "submitted" / "trainee-017" / MODULE / "answers.json"
    assert set(answers.read_record(sent, MODULE).answers) == set(record.answers)


@fault(
    HOME,
    "A power cut, or `kill -9`, while answers are saved or handed in",
    "The answers are whole, each hand-in file is whole or not there, and handing in again works.",
)
@few
def test_handing_in_cut_off_at_any_moment_works_again(
    at_home: Path, root: Path, moment: int
) -> None:
    after_a_cut_at_home(at_home, root, moment, 3)


@many[0]
@many[1]
def test_handing_in_cut_off_at_fifty_moments_works_again(
    at_home: Path, root: Path, moment: int
) -> None:
    after_a_cut_at_home(at_home, root, moment, 50)


# Collecting -----------------------------------------------------------------------------


def collect_again_and_again(course: Path, older: Path, newer: Path) -> None:
    """Take in two hand-ins of each trainee, the newer one after the older."""
    collect(course, [older])
    collect(course, [newer])


def after_a_cut_of_collecting(course: Path, number: int, of: int) -> None:
    older, newer = course.parent / "older", course.parent / "newer"
    for trainee in TRAINEES:
        write_bundle(older, trainee, answers_json(BEST), WHEN)
        write_bundle(newer, trainee, answers_json(FULL), LATER)
    copy = Path(shutil.copytree(course, course.parent / "timed"))
    span = span_of(collect_again_and_again, copy, older, newer)
    collect(course, [older])
    cut_off(collect_again_and_again, course, older, newer, at=moments(span, number, of))
    # Even before collecting again nobody is without what was collected first.
    outcomes = {one.trainee: one.points for one in grade(course, MODULE)}
    assert outcomes == dict.fromkeys(TRAINEES, 6.0)
    collect(course, [newer])
    assert {one.outcome for one in grade(course, MODULE)} == {WAITING}
    for trainee in TRAINEES:
        kept = course / "submitted" / trainee / MODULE / "answers.json"
        assert kept.read_bytes() == answers_json(FULL)
    assert sorted(path.name for path in (course / "submitted").iterdir()) == TRAINEES


@fault(
    COLLECT,
    "A power cut, or `kill -9`, while collecting",
    "Each trainee has the older hand-in or the newer one, whole. Collecting again takes the newer.",
)
@few
def test_collecting_cut_off_at_any_moment_is_finished_by_the_next_run(
    course: Path, moment: int
) -> None:
    after_a_cut_of_collecting(course, moment, 3)


@many[0]
@many[1]
def test_collecting_cut_off_at_fifty_moments_is_finished_by_the_next_run(
    course: Path, moment: int
) -> None:
    after_a_cut_of_collecting(course, moment, 50)


def collect_up_to(course: Path, folder: Path, step: int) -> None:
    """Collect, and end without a word after so many folders were renamed."""
    really, left = Path.rename, [step]

    def rename(path: Path, target: Path) -> Path:
        if left[0] == 0:
            os._exit(9)  # as a kill would: nothing is tidied up
        left[0] -= 1
        return really(path, target)

    Path.rename = rename
    collect(course, [folder])


@pytest.mark.parametrize("step", [0, 1])
def test_collecting_cut_off_between_old_and_new_loses_neither(course: Path, step: int) -> None:
    """The worst moment, which a random one hardly ever meets."""
    older, newer = course.parent / "older", course.parent / "newer"
    write_bundle(older, "trainee-017", answers_json(BEST), WHEN)
    write_bundle(newer, "trainee-017", answers_json(FULL), LATER)
    collect(course, [older])
    process = FORKS.Process(target=collect_up_to, args=(course, newer, step))
    process.start()
    process.join()
    assert process.exitcode == 9
    (result,) = grade(course, MODULE)
    assert (result.outcome, result.points) == (GRADED, 6.0)
    collect(course, [newer])
    placed = course / "submitted" / "trainee-017" / MODULE / "answers.json"
    assert placed.read_bytes() == answers_json(FULL)
    assert [path.name for path in (course / "submitted").iterdir()] == ["trainee-017"]


def cut_off_at(course: Path, path: Path, step: int) -> None:
    """Collect, and end without a word after so many files and folders were put in place."""
    left = [step]

    def counted(really: Callable) -> Callable:
        def move(path: Path, target: Path) -> Path:
            if left[0] == 0:
                os._exit(9)  # as a kill would: nothing is tidied up
            left[0] -= 1
            return really(path, target)

        return move

    Path.rename, Path.replace = counted(Path.rename), counted(Path.replace)
    collect(course, [path])


@pytest.mark.parametrize("step", range(9))
def test_a_power_cut_between_any_two_steps_keeps_both_hand_ins(
    course: Path, capsys: pytest.CaptureFixture[str], step: int
) -> None:
    older, newer = bundle(course, "a", answers_json(BEST), WHEN), bundle(course, "b", GOOD, LATER)
    collect(course, [older])
    process = FORKS.Process(target=cut_off_at, args=(course, newer, step))
    process.start()
    process.join()
    assert process.exitcode == (9 if step < 8 else 0)
    (result,) = grade(course, MODULE)
    assert result.points == 6.0
    collect(course, [newer])
    assert in_use(course) == GOOD
    rows = listed(course, capsys)
    assert [(one["number"], one["in_use"]) for one in rows] == [(1, False), (2, True)]
    assert [path.name for path in (course / "submitted").iterdir()] == [WHO]
    kept = sorted(path.name for path in (course / "history" / WHO / MODULE).iterdir())
    assert kept == ["1.zip", "2.zip", "hand-ins.json"]
