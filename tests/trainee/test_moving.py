"""Tests of grader.trainee.moving: a copy of everything goes on elsewhere, and nothing is lost."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.feedback_file import NUMBERS
from helpers.wire import Wire

from grader.cards.own_record import AGAIN, ExportCard
from grader.errors import RecordError
from grader.formats import answers
from grader.formats.archives import packed
from grader.places import Home, Learner, own_course
from grader.trainee import hand_in, moving, plan, record
from grader.trainee.home import FOLDERS, OWN, prepare_home

MODULE = "07-advice"
ONE, OTHER = f"practice/{MODULE}.json", "practice/08-groups.json"
EXERCISE = f"exercises/{MODULE}/answers.json"


def learner(folder: Path) -> Learner:
    found = Learner(Home(folder), own_course())
    prepare_home(found)
    return found


@pytest.fixture
def old(tmp_path: Path) -> Learner:
    """Somebody with answers of every sort."""
    found = learner(tmp_path / "old")
    home = found.home
    answers.save_response(home.practice_record(MODULE), MODULE, "x-1", "choice", "a")
    answers.save_response(home.exercise_record(MODULE), MODULE, "x-2", "choice", "b")
    answers.save_response(home.journal_record(MODULE), MODULE, "x-3", "reflection", "my words")
    plan.choose(home, "listening", "Ask once.", "", date(2026, 3, 1))
    hand_in.save_trainee(home, "trainee-017")
    return found


@pytest.fixture
def new(tmp_path: Path) -> Learner:
    return learner(tmp_path / "new")


def files_of(one: Learner) -> dict[str, bytes]:
    folder = one.home.folder
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in record.own_files(one.home)}


def test_a_copy_brings_everything_to_another_home(old, new):
    moving.bring_back(new, record.export(old))
    assert files_of(new) == files_of(old)
    assert len(files_of(new)) > 5


def test_the_card_takes_what_the_card_gave(old, new):
    given, taken = Wire(ExportCard(old)), Wire(ExportCard(new))
    given.ask(type="export")
    receipt, _ = taken.card.receive({"type": "bring", "seq": 1}, given.files)
    assert receipt["type"] == "done"
    assert files_of(new) == files_of(old)


@fault(
    HOME,
    "Somebody opens a copy of everything where there are answers already",
    "It says so. The answers that are there stay, and nothing of the copy is mixed in.",
)
def test_answers_that_are_here_stay(old, new):
    answers.save_response(new.home.practice_record(MODULE), MODULE, "x-9", "choice", "c")
    before = files_of(new)
    with pytest.raises(RecordError, match="There are answers here already"):
        moving.bring_back(new, record.export(old))
    assert files_of(new) == before


def raw(name: str, content: bytes = b"{}") -> bytes:
    return packed([("README.txt", b"a copy"), (f"raw/{name}", content)])


def newer() -> bytes:
    data = {"format": answers.FORMAT + 1, "module": MODULE, "items": {}}
    return json.dumps(data).encode()


@fault(
    HOME,
    "Somebody opens a file as a copy that is damaged, of another course, or of a newer one",
    "It says which of them it is, and what to do. Nothing is changed.",
)
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", moving.NOT_ONE),
        (b"PK\x03\x04 cut off", moving.CUT),
        (packed([("answers.csv", b"module")]), moving.NOT_ONE),
        (raw("../../outside.json"), moving.NOT_ONE),
        (raw("practice/../../outside.json"), moving.NOT_ONE),
        (raw("somewhere/else.json"), moving.NOT_ONE),
        (raw("practice/.hidden"), moving.NOT_ONE),
        (raw(ONE, b"not a record"), moving.UNREAD.format(ONE)),
        (raw(ONE, b"[" * 2000), moving.UNREAD.format(ONE)),
        (raw(ONE, b'{"format": 2, "module": "07-advice"}'), moving.UNREAD.format(ONE)),
        (raw(ONE, newer()), moving.NEWER.format(ONE)),
        (raw(OTHER, newer().replace(b": 3", b": 2")), moving.OTHER.format(OTHER)),
        (raw(EXERCISE, b'{"format": 2}'), moving.OTHER.format(EXERCISE)),
        (packed([(f"raw/feedback/{n}.html", b"0" * (4 << 20)) for n in range(17)]), moving.NOT_ONE),
    ],
)
def test_what_is_no_copy_changes_nothing_and_says_what_to_do(new, content, said):
    before = files_of(new)
    with pytest.raises(RecordError) as refused:
        moving.bring_back(new, content)
    assert str(refused.value) == said
    assert files_of(new) == before
    assert not (new.home.folder.parent / "outside.json").exists()


@pytest.mark.parametrize("left", [0.1, 0.5, 0.9, 0.99])
def test_a_copy_that_came_only_in_part_is_refused_as_a_whole(old, new, left):
    before, whole = files_of(new), record.export(old)
    with pytest.raises(RecordError, match="cut off or damaged"):
        moving.bring_back(new, whole[: int(len(whole) * left)])
    assert files_of(new) == before


def test_a_copy_of_an_older_course_keeps_answers_to_questions_that_are_gone(old, new):
    moving.bring_back(new, record.export(old))
    kept = answers.read_record(new.home.practice_record(MODULE), MODULE)
    assert kept.answers["x-1"].response == "a"  # no item of this course is called so
    answers.save_response(new.home.practice_record(MODULE), MODULE, "x-9", "choice", "c")
    kept = answers.read_record(new.home.practice_record(MODULE), MODULE)
    assert sorted(kept.answers) == ["x-1", "x-9"]


def test_exercises_of_an_older_course_do_not_come_back(old, new):
    before = (new.home.exercise_folder(MODULE) / "items.json").read_bytes()
    copy = raw(f"exercises/{MODULE}/items.json", b"old")
    with pytest.raises(RecordError):  # there is nothing else in it
        moving.bring_back(new, copy)
    moving.bring_back(new, record.export(old))
    assert (new.home.exercise_folder(MODULE) / "items.json").read_bytes() == before


FOREIGN = (
    f"exercises/{MODULE}/extra.ipynb",
    f"exercises/{MODULE}/EXERCISE.IPYNB",
    f"exercises/{MODULE}/sitecustomize.py",
    f"exercises/{MODULE}/.ipython/startup.py",
    f"exercises/{MODULE}/more/answers.json",
    "exercises/items.yaml",
    "feedback/page.svg",
    "hand-in/run.exe",
    "journal/again/more/x.json",
    "practice/exercise.ipynb",
    "settings.json/x",
    "../outside.json",
    "somewhere/else.json",
    "\x1b[31mred",
)


@fault(
    HOME,
    "A copy of everything holds files that the course never keeps, such as a page with code",
    "They are left out and named. The answers in it come in.",
)
def test_what_a_home_never_holds_is_left_out_and_named(old, new):
    before = files_of(new)
    own = [("README.txt", b"a copy"), *((f"raw/{n}", c) for n, c in files_of(old).items())]
    foreign = [(f"raw/{name}", b"print(1)") for name in FOREIGN]
    card = Wire(ExportCard(new)).card
    receipt, _ = card.receive({"type": "bring", "seq": 1}, [packed([*own, *foreign])])
    assert files_of(new) == before | files_of(old)
    files = (path for path in new.home.folder.parent.rglob("*") if path.is_file())
    there = [path for path in files if path.read_bytes() == b"print(1)"]
    assert there == []
    assert receipt["lines"][1] == "These are not of the course, so they were left out:"
    assert receipt["lines"][2:] == [*FOREIGN[:10], "and more."]


SENT = f"hand-in/{MODULE}-trainee-017.zip"
PAGE, NUMBERS_OF_PAGE = f"feedback/{MODULE}.html", f"feedback/{MODULE}.json"


def with_feedback(old: Learner, **changes: object) -> bytes:
    """Make a copy with a hand-in, a mark, and feedback from somewhere."""
    files = {**files_of(old), SENT: b"theirs", "device-mark": b"b" * 16}
    files[PAGE] = b"<h1>Hello</h1>"
    files[NUMBERS_OF_PAGE] = json.dumps({**NUMBERS, "trainee": "trainee-017", **changes}).encode()
    return packed([("README.txt", b"a copy"), *((f"raw/{n}", c) for n, c in files.items())])


@fault(
    HOME,
    "A copy of everything holds hand-ins, or feedback that is not yours",
    "They are left out and named. What you have of those is never replaced.",
)
def test_what_is_here_of_feedback_and_hand_ins_is_never_replaced(old, new):
    here = {PAGE: b"<h1>Mine</h1>", NUMBERS_OF_PAGE: b"{}", SENT: b"mine", "device-mark": b"a" * 16}
    for name, content in here.items():
        (new.home.folder / name).parent.mkdir(exist_ok=True)
        (new.home.folder / name).write_bytes(content)
    card = Wire(ExportCard(new)).card
    receipt, _ = card.receive({"type": "bring", "seq": 1}, [with_feedback(old)])
    assert files_of(new).items() >= here.items()
    assert files_of(new)[EXERCISE] == files_of(old)[EXERCISE]
    assert receipt["lines"][1:] == [AGAIN, PAGE, NUMBERS_OF_PAGE, SENT]


@pytest.mark.parametrize(
    ("changes", "left"), [({}, [SENT]), ({"trainee": "trainee-018"}, [PAGE, NUMBERS_OF_PAGE, SENT])]
)
def test_feedback_in_a_copy_is_taken_as_a_file_of_it_would_be(old, new, changes, left):
    assert moving.bring_back(new, with_feedback(old, **changes)).again == left
    assert (new.home.folder / PAGE).exists() == (PAGE not in left)
    assert new.home.device_mark.read_bytes() == b"b" * 16
    assert not (new.home.folder / SENT).exists()


def test_every_file_that_a_home_may_hold_is_known():
    home = Home(Path("home"))
    paths = (
        *(
            home.exercise_record(MODULE),
            home.practice_record(MODULE),
            home.journal_record("skills"),
        ),
        *(home.again_record, home.met_record(MODULE), home.order_seed, home.device_mark),
        *(home.jotted_record(MODULE, practice=True), home.jotted_record(MODULE, practice=False)),
        *(home.feedback_page(MODULE), home.feedback_numbers(MODULE), home.certificate_page),
        home.folder / f"exercises/{MODULE}/answers.json.damaged-1",
        home.folder / f"hand-in/{MODULE}-{'t' * 64}-20260102T030405Z.zip",
        *(home.folder / name for name in OWN if name not in FOLDERS),
    )
    names = [path.relative_to(home.folder).as_posix() for path in paths]
    assert [name for name in names if not moving._KNOWN.fullmatch(name)] == []
