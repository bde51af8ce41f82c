"""A second mark is given blind, stands beside the first; two settle what they see differently."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.cohort import FULL, MODULE, submit
from helpers.desks import DANGER, REPLIES, TYPED, desk_with, mark_of, reading_of

from grader.desk.deciding import ACCEPT, MARK, Decided, Wish, decide
from grader.desk.differing import differing_on, note_differing
from grader.desk.given import given_in, to_pass_on
from grader.desk.pairing import are_apart, difference_at, differences_of, settle
from grader.desk.place import Desk
from grader.desk.second import Offer, give_second, is_chosen, is_offered, offers_to, unveil
from grader.desk.undoing import undo
from grader.errors import GradingError
from grader.trainer.gradebook.gradebook import read_from
from grader.trainer.grading.grading import grade, grade_modules

CHOSEN = "trainee-001"


@pytest.fixture(autouse=True)
def everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offer every reply; which part it is, tests of its own tell."""
    monkeypatch.setattr("grader.desk.second.is_chosen", lambda *_: True)


@pytest.fixture
def desk(course: Path) -> Desk:
    return desk_with(course)


def where_of(desk: Desk, trainee: str) -> tuple[str, str]:
    shown = reading_of(desk, trainee)
    return shown.notebook, shown.queue.cell


def first(
    desk: Desk, points: float, comment: str = "", acts: tuple[str, ...] = (), who: str = "Ana"
) -> None:
    shown = reading_of(desk, CHOSEN)
    wish = Wish(*where_of(desk, CHOSEN), shown.state.seen, float(points), comment, acts)
    assert decide(desk, who, MARK, [wish]).done == 1


def second(
    desk: Desk, points: float, reason: str = "", acts: tuple[str, ...] = (), who: str = "Ben"
) -> None:
    shown = reading_of(desk, CHOSEN)
    wish = Wish(*where_of(desk, CHOSEN), "", float(points), reason, acts)
    give_second(desk, who, wish, shown.state.grade_id)


def agree_on(desk: Desk, who: str, points: float) -> Decided:
    seen = reading_of(desk, CHOSEN).state.seen
    return settle(desk, who, Wish(*where_of(desk, CHOSEN), seen, float(points), "Agreed."))


def offered(desk: Desk, who: str) -> list[str]:
    return [one.notebook for one in offers_to(desk, who)]


# Which ones, and to whom ----------------------------------------------------------------


def test_the_part_is_the_same_on_every_computer_and_as_large_as_it_should_be() -> None:
    names = [f"trainee-{number:04}" for number in range(4000)]
    chosen = [name for name in names if is_chosen(name, MODULE, TYPED, 10)]
    assert chosen[:3] == ["trainee-0005", "trainee-0029", "trainee-0036"]
    assert 0.08 < len(chosen) / len(names) < 0.12
    other = {name for name in names if is_chosen(name, MODULE, "other-mark", 10)}
    assert len(other & set(chosen)) < len(chosen) / 2  # not the same people each time


def test_a_larger_part_holds_the_smaller_and_none_and_all_are_possible() -> None:
    names = [f"trainee-{number:03}" for number in range(300)]

    def part(percent: int) -> set[str]:
        return {name for name in names if is_chosen(name, MODULE, TYPED, percent)}

    assert part(0) == set()
    assert part(5) < part(10) < part(50) < part(100) == set(names)


def test_only_what_a_person_marked_is_offered_and_to_somebody_else(desk: Desk) -> None:
    assert offers_to(desk, "Ben") == []
    first(desk, 3)
    notebook, cell = where_of(desk, CHOSEN)
    found = offers_to(desk, "Ben")
    assert found == [
        Offer(MODULE, TYPED, notebook, cell, reading_of(desk, CHOSEN).state.grade_id, first=1)
    ]
    assert is_offered(desk, "Ben", notebook, cell)
    assert offers_to(desk, "Ana") == []
    assert not is_offered(desk, "Ana", notebook, cell)


def test_what_the_course_does_not_choose_is_offered_to_nobody(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    first(desk, 3)
    monkeypatch.setattr("grader.desk.second.is_chosen", lambda *_: False)
    assert offers_to(desk, "Ben") == []


def test_the_part_is_a_setting_of_the_course(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr("grader.desk.second.is_chosen", lambda *facts: asked.append(facts))
    (desk.root / "course").mkdir()
    listed = f"modules:\n  - slug: {MODULE}\n    title: Advice\nsecond_marks: 25\n"
    listed += "pass:\n  share: 50\n  must_hand_in: all\n"
    (desk.root / "course" / "modules.yaml").write_text(listed)
    first(desk, 3)
    offers_to(desk, "Ben")
    assert asked == [(CHOSEN, MODULE, TYPED, 25)]


def test_a_mark_of_which_nobody_knows_who_gave_it_is_not_offered(desk: Desk) -> None:
    from nbgrader.api import Gradebook

    first(desk, 3)
    with Gradebook(desk.db_url, "alongside") as book:  # as formgrader writes it
        book.find_grade(TYPED, "exercise", MODULE, CHOSEN).manual_score = 1.0
        book.db.commit()
    assert offers_to(desk, "Ben") == []


def test_who_took_a_mark_back_knows_it_and_is_not_asked(desk: Desk) -> None:
    first(desk, 3, who="Ben")
    undo(desk, "Ben")
    first(desk, 3, who="Ana")
    assert offers_to(desk, "Ben") == []
    assert len(offers_to(desk, "Cat")) == 1


def test_a_reply_that_may_tell_of_danger_is_not_offered(course: Path) -> None:
    desk = desk_with(course, REPLIES | {CHOSEN: DANGER})
    first(desk, 3)
    assert offers_to(desk, "Ben") == []


# Beside the first -----------------------------------------------------------------------


@fault(
    BOOK,
    "A second trainer marks a reply that somebody marked already",
    "The second mark stands beside the first and changes no points, also when you grade again.",
)
def test_a_second_mark_changes_no_points_and_grading_keeps_it(desk: Desk) -> None:
    first(desk, 3, "Warm.")
    before = mark_of(desk, CHOSEN)
    second(desk, 1, "He asked for nothing.")
    assert mark_of(desk, CHOSEN) == before
    for force in (False, True):
        grade_modules(desk.root, [MODULE], desk.db_url, force=force)
        assert mark_of(desk, CHOSEN) == before
        (pair,) = differences_of(desk, "Ana")
        assert (pair.first.who, pair.first.points, pair.first.reason) == ("Ana", 3, "Warm.")
        assert (pair.second.who, pair.second.points) == ("Ben", 1)
        assert pair.second.reason == "He asked for nothing."
        assert pair.second.at.startswith("20")


def test_there_is_one_second_mark(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 3)
    assert offers_to(desk, "Cat") == []
    with pytest.raises(GradingError, match="does not need a second mark from you"):
        second(desk, 2, who="Cat")


def test_the_first_marker_cannot_give_the_second(desk: Desk) -> None:
    first(desk, 3)
    with pytest.raises(GradingError, match="does not need a second mark from you"):
        second(desk, 2, who="Ana")


@fault(
    BOOK,
    "New words are graded while a second trainer reads the old ones",
    "Their mark is refused. The new words are marked first, and then by a second trainer.",
)
def test_a_second_mark_for_words_that_changed_is_refused(desk: Desk) -> None:
    first(desk, 3)
    notebook, cell = where_of(desk, CHOSEN)
    grade_id = reading_of(desk, CHOSEN).state.grade_id
    submit(desk.root, CHOSEN, FULL | {"own-words": "Quite other words."})
    grade(desk.root, MODULE)
    with pytest.raises(GradingError, match="does not need"):
        give_second(desk, "Ben", Wish(notebook, cell, "", 2.0), grade_id)
    first(desk, 2)
    with pytest.raises(GradingError, match="does not need"):
        give_second(desk, "Ben", Wish(notebook, cell, "", 2.0), grade_id)
    second(desk, 2)


def test_undo_takes_a_second_mark_back_and_it_may_be_given_anew(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    assert undo(desk, "Ben").done == 1
    assert differences_of(desk, "Ana") == []
    assert mark_of(desk, CHOSEN).points == 3
    second(desk, 2)


def test_who_saw_both_marks_and_took_theirs_back_is_not_asked_again(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    unveil(desk, "Ben", where_of(desk, CHOSEN))
    assert undo(desk, "Ben").done == 1
    assert offers_to(desk, "Ben") == []
    assert len(offers_to(desk, "Cat")) == 1


def test_a_second_mark_is_undone_also_where_the_first_was_changed_since(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    first(desk, 2)
    assert undo(desk, "Ben").done == 1
    assert mark_of(desk, CHOSEN).points == 2


def test_a_whole_list_that_was_accepted_counts_as_first_marks(desk: Desk) -> None:
    shown = [reading_of(desk, name) for name in ("trainee-001", "trainee-004")]
    wishes = [Wish(one.notebook, one.queue.cell, one.state.seen, 2.0) for one in shown]
    decide(desk, "Ana", ACCEPT, wishes)
    assert sorted(offered(desk, "Ben")) == sorted(one.notebook for one in shown)


# Two who differ -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "apart"), [(2, 2, False), (2, 2.5, False), (2.5, 2, False), (2, 2.75, True)]
)
def test_more_than_half_a_point_apart_is_different(one: float, other: float, apart: bool) -> None:
    assert are_apart(one, other) is apart


@pytest.mark.parametrize(
    ("heard", "also", "count"),
    [
        (("reflection",), ("reflection",), 0),
        (("reflection",), ("reflection", "affirmation"), 1),
        ((), ("affirmation",), 0),  # the first was not asked for acts
    ],
)
def test_one_act_that_only_one_heard_is_different(
    desk: Desk, heard: tuple[str, ...], also: tuple[str, ...], count: int
) -> None:
    first(desk, 3, acts=heard)
    second(desk, 3, acts=also)
    assert len(differences_of(desk, "Ben")) == count


def test_two_see_it_and_nobody_else(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    assert len(differences_of(desk, "Ana")) == len(differences_of(desk, "Ben")) == 1
    assert differences_of(desk, "Cat") == []
    with pytest.raises(GradingError, match="for the two who marked it"):
        difference_at(desk, "Cat", where_of(desk, CHOSEN))
    with pytest.raises(GradingError, match="for the two who marked it"):
        agree_on(desk, "Cat", 2)


@pytest.mark.parametrize("who", ["Ana", "Ben"])
def test_either_settles_it_and_undo_opens_it_again(desk: Desk, who: str) -> None:
    first(desk, 3, "Warm.")
    second(desk, 1)
    assert agree_on(desk, who, 2).done == 1
    assert (mark_of(desk, CHOSEN).points, mark_of(desk, CHOSEN).comment) == (2, "Agreed.")
    assert reading_of(desk, CHOSEN).decided[0] == who
    assert differences_of(desk, "Ana") == differences_of(desk, "Ben") == []
    assert undo(desk, who).done == 1
    assert (mark_of(desk, CHOSEN).points, mark_of(desk, CHOSEN).comment) == (3, "Warm.")
    assert len(differences_of(desk, "Ana")) == 1


def test_settling_overwrites_nothing_unseen(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    shown = reading_of(desk, CHOSEN)
    first(desk, 2.5)
    late = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 1.0)
    assert len(settle(desk, "Ben", late).refused) == 1
    assert mark_of(desk, CHOSEN).points == 2.5


def test_what_is_changed_after_both_saw_it_is_no_first_mark(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    first(desk, 1)
    (pair,) = differences_of(desk, "Ana")
    assert (pair.first.points, pair.second.points) == (3, 1)


def test_a_first_mark_that_was_taken_back_is_compared_with_nothing(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    undo(desk, "Ana")
    assert differences_of(desk, "Ben") == []


def test_a_gradebook_from_before_gets_the_tables_of_second_marks(desk: Desk) -> None:
    with desk.writing() as session:
        from sqlalchemy import text

        session.execute(text("DROP TABLE alongside_second"))
        session.execute(text("DROP TABLE alongside_heard"))
    assert offers_to(desk, "Ben") == []
    first(desk, 3)
    second(desk, 1)
    assert len(differences_of(desk, "Ben")) == 1


def test_a_second_mark_stays_on_its_computer(desk: Desk) -> None:
    first(desk, 2)
    second(desk, 1)
    (given,) = read_from(desk.db_url, lambda session: to_pass_on(session, [MODULE], [CHOSEN])) or ()
    assert [one.what for one in given.history] == [MARK]
    assert given.last is not None
    assert given.last.who == "Ana"


def test_what_two_agreed_on_settles_what_came_from_another_computer_too(desk: Desk) -> None:
    first(desk, 3)
    second(desk, 1)
    where = where_of(desk, CHOSEN)
    with desk.writing() as session:
        here = next(one for one in given_in(session, MODULE) if one.where == where)
        came = replace(here.given, points=0.0, history=())
        assert note_differing(session, here, came)
        assert differing_on(session, *where)
    assert agree_on(desk, "Ana", 2).done == 1
    with desk.writing() as session:
        assert not differing_on(session, *where)
