"""Nothing final vanishes: what a newer one takes the place of is kept, and you are told."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from fault_page import COLLECT, GRADE, fault
from helpers.aftermath import book, by_trainer
from helpers.cohort import FULL, LATER, MODULE, WHEN, answers_json
from helpers.hand_ins import GOOD, WHO, bundle, in_use, listed

from grader.cli import main
from grader.desk.place import Desk
from grader.desk.runs import FEEDBACK, Run, Runs
from grader.trainer.collect.collect import COLLECTED, collect
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade

BUNDLE = f"{MODULE}-{WHO}-feedback.zip"
SECOND = answers_json(FULL | {"first-move": "tell"})


@pytest.fixture(name="final")
def course_with_a_final_mark(course: Path) -> Path:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    grade(course, MODULE)
    by_trainer(course, WHO, 4, "Well asked.")
    assert main(["feedback", MODULE, "--release", f"--root={course}"]) == 0
    return course


def kept(course: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted((course / "backups" / "feedback").glob("*.zip"))]


def current(course: Path) -> bytes:
    return (course / "feedback-bundles" / BUNDLE).read_bytes()


def feedback(course: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["feedback", MODULE, f"--root={course}"]) == 0
    return capsys.readouterr().out


@fault(
    COLLECT,
    "Somebody hands in again after their work was marked",
    "The marked hand-in is kept under its number. You are told, with the way back to it.",
)
def test_a_marked_hand_in_that_gives_way_is_kept_and_told(
    final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (done,) = collect(final, [bundle(final, "second", SECOND, LATER)])
    assert done.outcome == COLLECTED
    assert "Number 1 was marked, and is kept." in done.reason
    assert f"alongside collect --use {WHO} {MODULE} 1" in done.reason
    assert [(one["number"], one["in_use"]) for one in listed(final, capsys)] == [
        (1, False),
        (2, True),
    ]
    assert main(["collect", "--use", WHO, MODULE, "1", f"--root={final}"]) == 0
    assert in_use(final) == GOOD


def test_a_hand_in_that_nobody_marked_gives_way_without_a_word(course: Path) -> None:
    collect(course, [bundle(course, "first", GOOD, WHEN)])
    (done,) = collect(course, [bundle(course, "second", SECOND, LATER)])
    assert (done.outcome, done.reason) == (COLLECTED, "")


@fault(
    GRADE,
    "Finished feedback takes the place of other finished feedback",
    "The earlier file is kept in `backups/feedback/`, and one line says so.",
)
def test_finished_feedback_that_gives_way_is_kept_and_told(
    final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = current(final)
    by_trainer(final, WHO, 1, "On second thoughts.")
    said = feedback(final, capsys)
    assert "1 earlier finished file is kept in backups/feedback/." in said
    assert current(final) != first
    assert kept(final) == [first]
    assert "earlier finished" not in feedback(final, capsys)
    second = current(final)
    collect(final, [bundle(final, "second", SECOND, LATER)])
    grade(final, MODULE)
    assert book(final)[WHO].waiting == 0
    assert "1 earlier finished file is kept" in feedback(final, capsys)
    assert kept(final) == [first, second]


def test_a_word_of_the_course_that_was_mended_makes_no_other_copy(
    final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = current(final)
    key = final / "solutions" / MODULE / "items.yaml"
    key.write_text(key.read_text().replace("KEYWORD-FEEDBACK-BEST", "KEYWORD-FEEDBACK-MENDED"))
    assert "earlier finished" not in feedback(final, capsys)
    assert current(final) != first
    assert kept(final) == []


def test_a_file_of_which_nobody_can_tell_what_it_says_is_kept_too(
    final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = final / "feedback-bundles" / BUNDLE
    with zipfile.ZipFile(path, "w") as odd:
        odd.writestr("note.txt", "a trainer's own")
    before = path.read_bytes()
    assert "1 earlier finished file is kept" in feedback(final, capsys)
    assert kept(final) == [before]


NEWER = {
    "unread": (FULL | {"own-words": "Call them."}, "Nothing finished is new"),
    "unreadable": (FULL | {"first-move": 12}, "Nothing finished is new"),
}
STANDS = f"{WHO} {MODULE}: The finished file of before is kept in backups/feedback/; send nothing"


@fault(
    GRADE,
    "Feedback that was sent becomes a draft, as newer work is not read yet, or cannot be read",
    "The finished file is kept in `backups/feedback/`. Each run says so, and to send nothing yet.",
)
@pytest.mark.parametrize("ways", [[], ["--only-finished"], ["--only-finished", "--changed"]])
@pytest.mark.parametrize("case", NEWER)
def test_a_finished_file_that_a_draft_takes_away_is_kept_and_told(
    final: Path, case: str, ways: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    first = current(final)
    answers, none = NEWER[case]
    collect(final, [bundle(final, "second", answers_json(answers), LATER)])
    grade(final, MODULE)
    for _ in range(2):
        capsys.readouterr()
        main(["feedback", MODULE, f"--root={final}", *ways])
        said = capsys.readouterr().out
        assert f"{STANDS} until this is finished again." in said
        assert "None is finished yet" not in said
        assert "run 'alongside grade' first" not in said
        if ways:
            assert none in said or "has changed" in said
        assert kept(final) == [first]
        assert not (final / "feedback-bundles" / BUNDLE).exists()


def test_what_was_sent_and_is_not_here_stands_as_well(
    final: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (final / "feedback-bundles" / BUNDLE).unlink()
    collect(final, [bundle(final, "second", answers_json(NEWER["unread"][0]), LATER)])
    grade(final, MODULE)
    said = f"{WHO} {MODULE}: What you sent before stands; send nothing until this is finished again"
    assert said in feedback(final, capsys)


def test_the_desk_says_so_as_well(final: Path) -> None:
    collect(final, [bundle(final, "second", answers_json(NEWER["unread"][0]), LATER)])
    grade(final, MODULE)
    run = Run(FEEDBACK)
    Runs(Desk(final, local_db_url(final)))._feedback(run)
    assert any(line.startswith(STANDS) for line in run.said)
