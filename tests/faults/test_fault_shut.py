"""A folder of the course that may only be read: nothing is half done, and all say what is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.aftermath import all_without_rights, without_rights
from helpers.cohort import BEST, LATER, MODULE, WHEN, answers_json, submit
from helpers.hand_ins import GOOD, ONE, WHO, bundle, in_use, listed
from helpers.slips import FIRST, SECOND, slip

from grader.cli import main
from grader.trainer.collect.collect import collect
from grader.trainer.collect.senders import read_senders
from grader.trainer.collect.whose import kept_aside
from grader.trainer.grading.grading import grade

WHAT_TO_DO = "Make sure that you can write there, then run this again"


@contextmanager
def shut(folder: Path) -> Iterator[None]:
    folders = [one for one in (folder, *folder.rglob("*")) if one.is_dir()]
    for one in folders:
        one.chmod(0o500)
    try:
        yield
    finally:
        for one in folders:
            one.chmod(0o700)


def kept(course: Path) -> dict[str, bytes]:
    """Return all that is kept of anybody, by where it lies."""
    homes = (course / name for name in ("submitted", "history", "aside"))
    files = (path for home in homes for path in home.rglob("*") if path.is_file())
    return {path.relative_to(course).as_posix(): path.read_bytes() for path in files}


# Deciding -------------------------------------------------------------------------------


@fault(
    COLLECT,
    "`submitted/` may only be read while you say whose a hand-in is, or take that back",
    "Nothing is moved and nothing is decided. Once you can write, the same command works.",
)
@pytest.mark.parametrize("only", ["submitted", f"submitted/{FIRST}", "aside", "history"])
@pytest.mark.parametrize("choice", [["--instead"], ["--same"], ["--other", SECOND]])
def test_nothing_is_decided_where_nothing_can_be_moved(
    course: Path, choice: list[str], only: str
) -> None:
    slip(course)
    before = kept(course)
    command = ["whose", FIRST, *choice, f"--root={course}"]
    with shut(course / only):
        (said,) = all_without_rights(command)
    assert f"{course / only} may only be read" in said
    assert f"nothing is decided. {WHAT_TO_DO}" in said
    assert kept(course) == before
    assert read_senders(course, FIRST).decided == ()
    assert main(command) == 0
    assert kept_aside(course) == []
    assert [one.choice for one in read_senders(course, FIRST).decided] == [choice[0][2:]]
    decided = kept(course)
    undo = ["whose", FIRST, "--undo", f"--root={course}"]
    with shut(course / only):
        (said,) = all_without_rights(undo)
    assert "nothing is decided" in said
    assert kept(course) == decided
    assert main(undo) == 0


# Choosing -------------------------------------------------------------------------------


@fault(
    COLLECT,
    "`submitted/` may only be read while you put an earlier hand-in in use, or collect one",
    "The line names the folder and what to do. The list shows in use what is in use.",
)
@pytest.mark.parametrize("only", ["submitted", f"submitted/{WHO}", f"submitted/{WHO}/{MODULE}"])
def test_what_could_not_be_put_in_use_is_not_listed_as_in_use(
    course: Path, only: str, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(course, [bundle(course, "a", ONE, WHEN), bundle(course, "b", GOOD, LATER)])
    before = listed(course, capsys)
    use = ["collect", "--use", WHO, MODULE, "1", f"--root={course}"]
    newer = bundle(course, "c", answers_json({}), "2026-03-03T09:00:00+00:00")
    with shut(course / only):
        used, came = all_without_rights(use, ["collect", str(newer), f"--root={course}"])
    for said in (used, came):
        assert f"{course / only} may only be read (Permission denied)" in said
        assert WHAT_TO_DO in said
    assert listed(course, capsys) == before
    assert in_use(course) == GOOD
    assert main(["collect", str(newer), f"--root={course}"]) == 0
    assert [one["number"] for one in listed(course, capsys) if one["in_use"]] == [3]
    assert main(use) == 0
    assert in_use(course) == ONE


# Feedback -------------------------------------------------------------------------------


@fault(
    GRADE,
    "Feedback is asked for, and no file of it can be written",
    "It says that nothing could be written, where, and what to do, and ends as failed.",
)
@pytest.mark.parametrize(
    "only", ["feedback", "feedback-bundles", f"feedback/{WHO}", f"feedback/{WHO}/{MODULE}"]
)
@pytest.mark.parametrize("more", [(), ("--release",), ("--only-finished", "--release")])
def test_feedback_that_could_not_be_written_is_never_called_none(
    course: Path, only: str, more: tuple[str, ...]
) -> None:
    submit(course, WHO, BEST)
    grade(course, MODULE)
    (course / only).mkdir(parents=True)
    with shut(course / only):
        done = without_rights("feedback", MODULE, *more, f"--root={course}")
    assert done.returncode == 1
    assert f"{course / only} may only be read (Permission denied)" in done.stdout
    assert WHAT_TO_DO in done.stdout
    assert "Nothing could be written." in done.stdout
    for untrue in ("0 feedback files", "count as sent", "run 'alongside grade' first"):
        assert untrue not in done.stdout
    assert main(["feedback", MODULE, *more, f"--root={course}"]) == 0


def test_what_counts_as_sent_is_not_said_to_be_unchanged(course: Path) -> None:
    submit(course, WHO, BEST)
    grade(course, MODULE)
    with shut(course / "backups"):
        done = without_rights("feedback", MODULE, "--release", f"--root={course}")
    assert "1 finished file counts as sent now." in done.stdout
    assert "nothing is changed" not in done.stderr
    assert "no copy of them could be made in backups/ (Permission denied)" in done.stderr
    assert WHAT_TO_DO in done.stderr
