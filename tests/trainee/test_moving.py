"""Tests of grader.trainee.moving: a copy of everything goes on elsewhere, and nothing is lost."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.wire import Wire

from grader.cards.own_record import ExportCard
from grader.errors import RecordError
from grader.formats import answers
from grader.formats.archives import packed
from grader.places import Home, Learner, own_course
from grader.trainee import hand_in, moving, plan, record
from grader.trainee.home import prepare_home

MODULE = "07-advice"


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
    "It says that this is no such copy. Nothing is changed.",
)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 cut off",
        packed([("answers.csv", b"module")]),
        raw("../../outside.json"),
        raw("practice/../../outside.json"),
        raw("somewhere/else.json"),
        raw("practice/.hidden"),
        raw(f"practice/{MODULE}.json", b"not a record"),
        raw(f"practice/{MODULE}.json", newer()),
        raw("practice/08-groups.json", newer().replace(b": 3", b": 2")),
        raw(f"exercises/{MODULE}/answers.json", b'{"format": 2}'),
        packed([(f"raw/feedback/{n}.html", b"0" * (4 << 20)) for n in range(17)]),
    ],
)
def test_what_is_no_copy_changes_nothing(new, content):
    before = files_of(new)
    with pytest.raises(RecordError, match=r"not a copy of everything|another course"):
        moving.bring_back(new, content)
    assert files_of(new) == before
    assert not (new.home.folder.parent / "outside.json").exists()


def test_exercises_of_an_older_course_do_not_come_back(old, new):
    before = (new.home.exercise_folder(MODULE) / "items.json").read_bytes()
    copy = raw(f"exercises/{MODULE}/items.json", b"old")
    with pytest.raises(RecordError):  # there is nothing else in it
        moving.bring_back(new, copy)
    moving.bring_back(new, record.export(old))
    assert (new.home.exercise_folder(MODULE) / "items.json").read_bytes() == before
