"""What the desk shows of a reply, in which order replies come, and which are alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fault_page import BOOK, fault
from helpers.cohort import FULL, MODULE, answers_json, make_course, submit, write_bundle
from helpers.desks import DANGER, REPLIES, TYPED, desk_with, mark_of, reading_of
from helpers.paths import REPOSITORY

from grader.desk.answers import Answer
from grader.desk.bank import add_comment, bank_of
from grader.desk.deciding import MARK, READ, Wish, decide
from grader.desk.groups import Said, groups_of
from grader.desk.looking import look_through
from grader.desk.pages import Frame, as_it_was_read, mark_page, overview
from grader.desk.place import Desk
from grader.desk.queue import like_ones, queue_of
from grader.desk.reading import read_some
from grader.desk.rubric import rubric_of, slips_of
from grader.desk.runs import Runs, file_name
from grader.desk.sitting import reminder
from grader.desk.standing import standing
from grader.errors import GradingError
from grader.kinds.keys import load_key
from grader.kinds.scoring import score_response
from grader.places import COMMENTS, DEMO, DEMO_FOLDER
from grader.trainer.collect.collect import collect
from grader.trainer.gradebook.gradebook import local_db_url
from grader.trainer.grading.grading import grade

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
COURSE = Desk(REPOSITORY, "")


def test_the_words_of_a_reply_stay_whole_and_carry_what_was_seen(course: Path) -> None:
    desk = desk_with(course)
    shown = reading_of(desk, "trainee-002").shown
    assert "".join(piece.text for piece in shown.pieces) == REPLIES["trainee-002"]
    assert any(piece.saw for piece in shown.pieces)


def test_who_may_be_in_danger_comes_first_until_a_person_has_read_it(course: Path) -> None:
    desk = desk_with(course, REPLIES | {"trainee-009": DANGER})
    queue = queue_of(desk, MODULE, TYPED)
    shown = reading_of(desk, "trainee-009")
    assert queue.waiting[0] == shown.notebook == queue.next_after()
    assert all(queue.next_after(one) == shown.notebook for one in queue.waiting[1:])
    assert shown.suggested is None
    assert [one.notebook for one in standing(desk).read_first] == [shown.notebook]
    decide(desk, "Ana", READ, [Wish(shown.notebook, queue.cell, shown.state.seen)])
    assert standing(desk).read_first == ()
    submit(desk.root, "trainee-009", FULL | {"own-words": f"{DANGER} Please."})
    grade(desk.root, MODULE)
    look_through(desk)
    assert len(standing(desk).read_first) == 1  # other words, so another look


@pytest.mark.parametrize("version", ["first", "gentle", ""])
def test_a_hard_story_is_shown_in_the_version_that_was_answered(version: str) -> None:
    hard = next(place for place in COURSE.sheet(MODULE).places if place.item.gentle)
    score = score_response(hard.item, None)
    shown = as_it_was_read(Answer(hard, None, score, "", version=version))
    assert shown.get("stem") == (hard.item.gentle if version == "gentle" else None)
    assert shown.get("version", "").partition(" version")[0] == {
        "first": "This is the first",
        "gentle": "This is the gentler",
    }.get(version, "")


def test_what_nobody_looked_through_is_counted(course: Path) -> None:
    desk = desk_with(course)
    assert standing(desk).unlooked == 0
    submit(desk.root, "trainee-005", FULL)
    grade(desk.root, MODULE)
    assert standing(desk).unlooked == 1


def test_old_words_stand_beside_new_ones(course: Path, tmp_path: Path) -> None:
    for number, words in enumerate(("What have you tried?", "You should call them.")):
        when = f"2026-03-0{number + 1}T09:00:00+00:00"
        content = answers_json(FULL | {"own-words": words})
        collect(course, [write_bundle(tmp_path / "in", "trainee-001", content, when)])
        desk = desk_with(course, {})
        if not number:
            shown = reading_of(desk, "trainee-001")
            wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, 3.0, "Open.")
            decide(desk, "Ana", MARK, [wish])
    after = reading_of(desk, "trainee-001")
    assert after.state.waits
    assert after.earlier is not None
    assert (after.earlier.by_hand.score, after.earlier.by_hand.comment) == (3.0, "Open.")
    assert after.before is not None
    assert after.before.pieces[0].text == "What have you tried?"
    assert "call them" in "".join(piece.text for piece in after.shown.pieces)


@fault(
    BOOK,
    "A trainee hands in other words after the last grading",
    "The desk shows them and says that they are new. Nobody can mark them before they are graded.",
)
def test_words_that_came_after_grading_cannot_be_marked_yet(course: Path) -> None:
    desk = desk_with(course)
    submit(course, "trainee-001", FULL | {"own-words": "Quite other words."})
    shown = reading_of(desk, "trainee-001")
    assert shown.is_newer
    assert shown.suggested is None
    assert read_some(desk, MODULE, TYPED, [shown.notebook]) == []


def test_a_damaged_hand_in_is_not_in_the_queue(course: Path) -> None:
    submit(course, "trainee-008", b"{broken")
    desk = desk_with(course)
    now = standing(desk)
    assert [one[:2] for one in now.damaged] == [("trainee-008", MODULE)]
    assert len(queue_of(desk, MODULE, TYPED).waiting) == len(REPLIES)
    assert now.questions[0].waiting == len(REPLIES)


def test_like_replies_are_grouped_and_danger_is_in_no_group(course: Path) -> None:
    desk = desk_with(course, REPLIES | {"trainee-008": DANGER, "trainee-009": DANGER})
    groups = like_ones(desk, queue_of(desk, MODULE, TYPED).cell)
    alike = {reading_of(desk, one).notebook for one in ("trainee-001", "trainee-004")}
    assert [set(group) for group in groups] == [alike]


def test_the_order_of_replies_decides_nothing_of_who_is_alike() -> None:
    one, two = frozenset("abcd"), frozenset("abce")
    assert groups_of([Said("1", "x", one), Said("2", "x", one)]) == [["1", "2"]]
    assert groups_of([Said("1", "x", one), Said("2", "y", one)]) == []
    assert groups_of([Said("1", "x", one), Said("2", "x", two)]) == []
    assert groups_of([Said("1", "x", frozenset()), Said("2", "x", frozenset())]) == []


def test_the_overview_counts_each_hand_in_once(course: Path) -> None:
    (course / "roster.csv").write_text("id\ntrainee-001\ntrainee-002\ntrainee-099\n")
    desk = desk_with(course)
    submit(course, "trainee-006", FULL)
    now = standing(desk)
    (module,) = now.modules
    assert (module.handed_in, module.ungraded, module.waiting, module.replies) == (5, 1, 4, 4)
    assert module.missing == 1  # trainee-099; strangers handed in
    assert set(now.strangers) == {"trainee-003", "trainee-004", "trainee-006"}
    (course / "submitted" / "trainee-001" / MODULE / "timestamp.txt").write_text(
        "2026-03-05 09:00:00.000000 UTC"
    )
    touched = course / "submitted" / "trainee-001" / MODULE
    touched.touch()
    assert standing(desk).modules[0].ungraded == 2


def test_what_was_sent_is_released_until_something_waits_again(course: Path) -> None:
    from grader.trainer.feedback.feedback import make_feedback, mark_released

    desk = desk_with(course, {"trainee-001": REPLIES["trainee-001"]})
    shown = reading_of(desk, "trainee-001")
    decide(desk, "A", MARK, [Wish(shown.notebook, shown.queue.cell, shown.state.seen, 2.0)])
    (module,) = standing(desk).modules
    assert (module.waiting, module.read, module.released) == (0, 1, 0)
    mark_released(desk.db_url, make_feedback(course, MODULE, desk.db_url))
    (module,) = standing(desk).modules
    assert (module.waiting, module.read, module.released) == (0, 0, 1)
    submit(course, "trainee-001", FULL | {"own-words": "Other words now, for you."})
    grade(course, MODULE)
    (module,) = standing(desk).modules
    assert (module.waiting, module.read, module.released) == (1, 0, 0)


def test_a_gradebook_from_before_the_desk_keeps_what_it_knows_of_words(course: Path) -> None:
    submit(course, "trainee-001", FULL)
    grade(course, MODULE)
    desk = Desk(course, f"sqlite:///{course / 'gradebook.db'}")
    assert mark_of(desk, "trainee-001").words != "unknown"
    look_through(desk)
    assert mark_of(desk, "trainee-001").words != "unknown"


@pytest.mark.parametrize("module", COURSE.modules)
def test_the_guide_has_levels_for_every_typed_reply_of_the_course(module: str) -> None:
    for item in load_key(REPOSITORY, module).values():
        if item.kind == "reply":
            levels = rubric_of(COURSE, module, item).levels
            assert [level.points for level in levels] == ["3", "2", "1", "0"], item.id


@pytest.mark.parametrize("module", COURSE.modules)
def test_the_bank_begins_with_what_the_guide_says_of_slips(module: str) -> None:
    slips = slips_of(COURSE, module)
    assert len(slips) >= 4
    assert not [slip for slip in slips if "|" in slip or slip[0] in '"“']


def test_a_comment_is_kept_for_all_trainers_after_those_of_the_guide(course: Path) -> None:
    desk = desk_with(course, {})
    add_comment(desk, MODULE, "What did\nhe say: first?")
    add_comment(desk, MODULE, "What did he say: first?")
    add_comment(desk, MODULE, "Ö & “q”")
    assert bank_of(desk, MODULE) == ("What did he say: first?", "Ö & “q”")
    (course / COMMENTS).write_text("07-advice:\n  - mine\n")
    assert bank_of(desk, MODULE) == ("mine",)
    (course / COMMENTS).write_text("07-advice: [")
    with pytest.raises(GradingError, match="mend it"):
        bank_of(desk, MODULE)


def minutes_ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=each) for each in minutes]


def test_a_break_is_spoken_of_after_sixty_replies_or_forty_minutes() -> None:
    assert reminder([], NOW) == ""
    assert reminder(minutes_ago(*[each / 10 for each in range(59)]), NOW) == ""
    assert "60 replies" in reminder(minutes_ago(*[each / 10 for each in range(60)]), NOW)
    assert reminder(minutes_ago(1, 10, 20, 30, 39), NOW) == ""
    assert "40 minutes" in reminder(minutes_ago(1, 10, 20, 30, 40), NOW)


def test_a_break_that_was_taken_begins_a_new_sitting() -> None:
    assert reminder(minutes_ago(1, 17, 27, 37, 47), NOW) == ""
    assert reminder(minutes_ago(16, 17, 27, 37, 47, 57), NOW) == ""


def test_a_course_in_which_nothing_happened_yet_has_a_desk(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    desk = Desk(root, local_db_url(root))
    assert look_through(desk) == 0
    page = overview(desk, Runs(desk), Frame("/", "Ana", "x"))
    assert "Nothing is handed in yet. Collect hand-ins below." in page
    assert not (root / "gradebook.db").exists()  # nobody makes one by looking
    submit(root, "trainee-001", FULL)
    assert "New here: 1 hand-in. Grade now." in overview(desk, Runs(desk), Frame("/", "A", "x"))


def test_an_empty_desk_says_how_to_open_the_made_up_cohort(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    desk = Desk(root, local_db_url(root))
    way = '<code>make teach ARGS="--root demo"</code>'
    assert way not in overview(desk, Runs(desk), Frame("/", "Ana", "x"))
    (root / DEMO_FOLDER).mkdir()
    (root / DEMO_FOLDER / DEMO).touch()
    assert way in overview(desk, Runs(desk), Frame("/", "Ana", "x"))
    submit(root, "trainee-001", FULL)
    assert way not in overview(desk, Runs(desk), Frame("/", "Ana", "x"))


def test_what_stops_the_counting_is_said_on_the_desk(tmp_path: Path) -> None:
    root = make_course(tmp_path / "course")
    desk = Desk(root, local_db_url(root))
    (root / "gradebook.db").write_bytes(b"no database at all, but long enough to be one")
    page = overview(desk, Runs(desk), Frame("/", "Ana", "x"))
    assert "Please read first" not in page
    assert 'role="alert"' in page
    (root / "gradebook.db").unlink()
    (root / "roster.csv").write_text("nothing\n1;2;3\n")
    assert "roster.csv" in overview(desk, Runs(desk), Frame("/", "Ana", "x"))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a.zip", "a.zip"),
        ("../../x.zip", "x.zip"),
        ("..", "hand-in"),
        ("", "hand-in"),
        ("\0\n", "hand-in"),
        ("é" * 500 + ".zip", "é" * 56 + ".zip"),
    ],
)
def test_a_file_that_came_keeps_a_name_that_any_folder_takes(name: str, kept: str) -> None:
    assert file_name(name) == kept


def test_the_page_speaks_of_a_break_once_much_was_read(course: Path) -> None:
    desk = desk_with(course, {"trainee-001": REPLIES["trainee-001"]})
    frame = Frame("/", "Ana", "x")
    for number in range(60):
        shown = reading_of(desk, "trainee-001")
        assert "A short break" not in mark_page(desk, shown, frame)
        wish = Wish(shown.notebook, shown.queue.cell, shown.state.seen, float(number % 4))
        decide(desk, "Ana", MARK, [wish])
    shown = reading_of(desk, "trainee-001")
    assert "You have read 60 replies" in mark_page(desk, shown, frame)
    assert "A short break" not in mark_page(desk, shown, Frame("/", "Ben", "x"))
