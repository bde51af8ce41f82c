"""What a look ahead expects is what the gradebook then holds."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from helpers.cohort import MODULE, make_course
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from grader.trainer.gradebook.gradebook import (
    gradebook_session,
    local_db_url,
    prepare_gradebook,
    read_gradebook,
)
from grader.trainer.gradebook.rows import save_marks
from grader.trainer.grading.changes import Change, changes_of, expected_entry, rows_of
from grader.trainer.marking.marking import MarkSummary
from grader.trainer.marking.marks import CellMark, Entry
from grader.trainer.marking.sheet import Sheet, load_sheet

WHEN = st.sampled_from(["", "2026-03-01 09:00:00.000000 UTC", "2026-03-02 10:00:00.000000 UTC"])
SCORE = st.sampled_from([0.0, 0.5, 2.0])
WORDS = st.tuples(*[st.sampled_from(["", "these", "those"])] * 3)
HANDED_IN = st.tuples(WHEN, WORDS, SCORE, SCORE, st.one_of(st.none(), st.just(0.0)))
BY_HAND = st.dictionaries(
    st.sampled_from(["first-move", "what-fits", "own-words-mark"]),
    st.tuples(
        st.one_of(st.none(), SCORE), st.sampled_from([None, 1.0]), st.sampled_from(["", "x"])
    ),
)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Sheet]:
    root = make_course(tmp_path_factory.mktemp("changes") / "course")
    prepare_gradebook(root, MODULE, local_db_url(root))
    shutil.copy(root / "gradebook.db", root / "empty.db")
    return root, load_sheet(root, MODULE)


def save(root: Path, sheet: Sheet, marked: MarkSummary) -> None:
    with gradebook_session(local_db_url(root), write=True) as session:
        save_marks(session, MODULE, rows_of(sheet, [marked]))


def by_hand(root: Path, marks: dict[str, tuple[float | None, float | None, str]]) -> None:
    """Mark answers, give extra points and write comments as formgrader does."""
    from nbgrader.api import Gradebook

    with Gradebook(local_db_url(root), "alongside") as nbgrader:
        for cell, (score, extra, comment) in marks.items():
            grade = nbgrader.find_grade(cell, "exercise", MODULE, "trainee-017")
            grade.manual_score, grade.extra_credit = score, extra
            grade.needs_manual_grade = score is None and grade.auto_score is None
            if comment and cell == "own-words-mark":
                note = nbgrader.find_comment(cell, "exercise", MODULE, "trainee-017")
                note.manual_comment = comment
        nbgrader.db.commit()


@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(first=HANDED_IN, hand=BY_HAND, second=HANDED_IN)
def test_what_is_expected_comes_true_and_nothing_by_hand_is_lost(
    course: tuple[Path, Sheet], first: tuple, hand: dict, second: tuple
) -> None:
    root, sheet = course
    shutil.copy(root / "empty.db", root / "gradebook.db")
    earlier, later = (
        MarkSummary("trainee-017", when=when, words=words, scores=tuple(scores))
        for when, words, *scores in (first, second)
    )
    save(root, sheet, earlier)
    by_hand(root, hand)
    before = read_gradebook(local_db_url(root), MODULE)["trainee-017"]
    expected = expected_entry(sheet, later, before)
    save(root, sheet, later)
    after = read_gradebook(local_db_url(root), MODULE)["trainee-017"]
    assert after == expected
    for cell, mark in before.marks.items():
        now = after.marks[cell]
        given = [now.by_hand, *(one.by_hand for one in now.earlier)]
        assert mark.by_hand in given or not mark.by_hand
        assert bool(now.by_hand) == (bool(mark.by_hand) and now.words == mark.words)


def test_marks_that_count_alike_are_no_change(course: tuple[Path, Sheet]) -> None:
    _, sheet = course
    when = datetime(2026, 3, 1, tzinfo=UTC)
    waits = CellMark(0.0, 4.0, True, False)
    before = Entry("trainee-017", when, {"first-move": CellMark(1.0, 3.0, False, False)})
    after = Entry("trainee-017", when, before.marks | {"own-words-mark": waits})
    assert changes_of(sheet, before, after) == ()
    read = Entry("trainee-017", when, {"own-words-mark": CellMark(3.0, 4.0, False, True)})
    assert changes_of(sheet, after, read) == (
        Change("first-move", 1.0, None),
        Change("own-words", None, 3.0),
    )
