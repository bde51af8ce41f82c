"""A decision is kept with who and when, never overwrites another unseen, and can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.desks import TYPED, desk_with, mark_of, reading_of

from grader.desk.deciding import ACCEPT, FLAG, MARK, Decided, Wish, decide, points_of
from grader.desk.place import Desk
from grader.desk.undoing import undo
from grader.errors import GradingError
from grader.trainer.grading.grading import grade


@pytest.fixture
def desk(course: Path) -> Desk:
    return desk_with(course)


def give(
    desk: Desk, who: str, trainee: str, points: float | None, comment: str | None = None
) -> Decided:
    shown = reading_of(desk, trainee)
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, points, comment)
    return decide(desk, who, MARK, [wish])


def test_a_mark_stands_in_the_gradebook_as_formgrader_writes_it(desk: Desk) -> None:
    from nbgrader.api import Gradebook

    assert give(desk, "Ana", "trainee-001", 2.5, "Warm.").done == 1
    with Gradebook(desk.db_url, "alongside") as book:
        mark = book.find_grade(TYPED, "exercise", MODULE, "trainee-001")
        note = book.find_comment(TYPED, "exercise", MODULE, "trainee-001")
        assert (mark.manual_score, mark.needs_manual_grade, mark.score) == (2.5, False, 2.5)
        assert (note.manual_comment, note.comment) == ("Warm.", "Warm.")


def test_the_next_grading_keeps_a_mark_and_its_comment(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.5, "Warm.")
    for force in (False, True):
        from grader.trainer.grading.grading import grade_modules

        grade_modules(desk.root, [MODULE], desk.db_url, force=force)
        mark = mark_of(desk, "trainee-001")
        assert (mark.points, mark.waits, mark.comment) == (2.5, False, "Warm.")


def test_it_is_kept_who_decided_and_when(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.0)
    who, at = reading_of(desk, "trainee-001").decided
    assert who == "Ana"
    assert at.startswith("20")


@fault(
    BOOK,
    "Two trainers mark the same reply on the desk",
    "Who saves second sees both decisions, with who and when, and chooses. Nothing is overwritten.",
)
def test_two_trainers_on_one_reply_nobody_overwrites_what_they_did_not_see(desk: Desk) -> None:
    shown = reading_of(desk, "trainee-001")
    wishes = [
        Wish(shown.notebook, shown.queue.cell, shown.state.seen, points) for points in (3.0, 1.0)
    ]
    assert decide(desk, "Ana", MARK, wishes[:1]).done == 1
    late = decide(desk, "Ben", MARK, wishes[1:])
    assert (late.done, late.refused[0].who, late.refused[0].now.score) == (0, "Ana", 3.0)
    assert mark_of(desk, "trainee-001").points == 3.0


def test_what_formgrader_changed_meanwhile_is_not_overwritten(desk: Desk) -> None:
    from nbgrader.api import Gradebook

    shown = reading_of(desk, "trainee-001")
    with Gradebook(desk.db_url, "alongside") as book:
        mark = book.find_grade(TYPED, "exercise", MODULE, "trainee-001")
        mark.manual_score, mark.needs_manual_grade = 1.0, False
        book.db.commit()
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 3.0)
    assert decide(desk, "Ana", MARK, [wish]).refused[0].now.score == 1.0
    assert mark_of(desk, "trainee-001").points == 1.0


@fault(
    BOOK,
    "New words are graded while a page of the desk is open with the old ones",
    "The mark is refused. The new words wait for you, and what you gave stays with the old ones.",
)
def test_a_mark_for_words_that_changed_meanwhile_is_refused(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 3.0)
    shown = reading_of(desk, "trainee-001")
    submit(desk.root, "trainee-001", FULL | {"own-words": "Quite other words."})
    grade(desk.root, MODULE)
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 0.0)
    assert len(decide(desk, "Ben", MARK, [wish]).refused) == 1
    assert mark_of(desk, "trainee-001").waits


def test_undo_takes_back_a_mark_and_its_comment(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.0, "First.")
    give(desk, "Ana", "trainee-001", 3.0, "Second.")
    assert undo(desk, "Ana").done == 1
    assert (mark_of(desk, "trainee-001").points, mark_of(desk, "trainee-001").comment) == (
        2.0,
        "First.",
    )
    assert undo(desk, "Ana").done == 1
    assert mark_of(desk, "trainee-001").waits
    assert mark_of(desk, "trainee-001").comment == ""
    assert undo(desk, "Ana") == Decided()


@fault(
    BOOK,
    "You accept many suggestions at once, and did not mean to",
    "One key takes all of them back, with their comments.",
)
def test_undo_takes_back_all_that_was_accepted_at_once(desk: Desk) -> None:
    shown = [reading_of(desk, f"trainee-00{number}") for number in (1, 2, 4)]
    wishes = [Wish(one.notebook, one.queue.cell, one.state.seen, 2.0) for one in shown]
    assert decide(desk, "Ana", ACCEPT, wishes).done == 3
    assert not any(mark_of(desk, one.trainee).waits for one in shown)
    assert undo(desk, "Ana").done == 3
    assert all(mark_of(desk, one.trainee).waits for one in shown)


def test_undo_is_one_s_own_and_stops_where_somebody_decided_since(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.0)
    assert undo(desk, "Ben") == Decided()
    give(desk, "Ben", "trainee-001", 3.0)
    late = undo(desk, "Ana")
    assert (late.done, late.refused[0].who) == (0, "Ben")
    assert mark_of(desk, "trainee-001").points == 3.0


@fault(
    BOOK,
    "You undo a mark that a colleague gave again since, with the same points",
    "It stays, because it is your colleague’s now. You are told.",
)
def test_undo_stops_where_somebody_decided_the_same_since(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.0)
    give(desk, "Ben", "trainee-001", 2.0)
    late = undo(desk, "Ana")
    assert (late.done, late.refused[0].who) == (0, "Ben")
    assert mark_of(desk, "trainee-001").points == 2.0


def test_undo_goes_on_where_a_colleague_took_back_what_they_decided_since(desk: Desk) -> None:
    give(desk, "Ana", "trainee-001", 2.0)
    give(desk, "Ben", "trainee-001", 3.0)
    undo(desk, "Ben")
    assert undo(desk, "Ana").done == 1
    assert mark_of(desk, "trainee-001").waits


@fault(
    BOOK,
    "Two trainers flag the same reply at the same moment",
    "It is flagged once. Who comes second is told, and takes no flag away unseen.",
)
def test_a_flag_that_was_not_seen_is_not_taken_away(desk: Desk) -> None:
    shown = reading_of(desk, "trainee-001")
    wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen)
    assert decide(desk, "Ana", FLAG, [wish]).done == 1
    late = decide(desk, "Ben", FLAG, [wish])
    assert (late.done, late.refused[0].who) == (0, "Ana")
    assert reading_of(desk, "trainee-001").state.flagged


def test_a_flag_is_set_taken_away_and_undone_and_changes_no_mark(desk: Desk) -> None:
    def flag() -> None:
        shown = reading_of(desk, "trainee-001")
        where, state = (shown.notebook, shown.queue.cell), shown.state
        decide(desk, "Ana", FLAG, [Wish(*where, state.seen, flagged=state.flagged)])

    flag()
    assert reading_of(desk, "trainee-001").state.flagged
    assert mark_of(desk, "trainee-001").waits
    undo(desk, "Ana")
    assert not reading_of(desk, "trainee-001").state.flagged
    flag()
    flag()
    assert not reading_of(desk, "trainee-001").state.flagged


def test_extra_credit_of_formgrader_stays(desk: Desk) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(desk.db_url, "alongside") as book:
        book.find_grade(TYPED, "exercise", MODULE, "trainee-001").extra_credit = 0.5
        book.db.commit()
    give(desk, "Ana", "trainee-001", 2.0)
    assert mark_of(desk, "trainee-001").points == 2.5


@pytest.mark.parametrize(("typed", "points"), [("2", 2.0), (" 1,5 ", 1.5), ("0", 0.0), ("4", 4.0)])
def test_points_are_read_as_people_type_them(typed: str, points: float) -> None:
    assert points_of(typed, 4.0) == points


@pytest.mark.parametrize("typed", ["4.5", "-1", "nan", "inf", "two", "", "1e9", "--"])
def test_points_out_of_range_are_refused_in_words_and_never_clamped(typed: str) -> None:
    with pytest.raises(GradingError, match="go from 0 to 4"):
        points_of(typed, 4.0)
