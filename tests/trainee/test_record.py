"""Tests of the own record and its cards: all that is one's own, to see, to take, to delete."""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.exercise import NOON, answer
from helpers.feedback_file import every_module, feedback_zip, keep
from helpers.ratings import rate
from helpers.wire import Wire

from grader import places
from grader.cards import own_record
from grader.errors import PagesError
from grader.formats import answers
from grader.places import own_course, own_home, this_learner
from grader.skills.bank import practice_bank
from grader.trainee import hand_in, inbox, map_page, plan, record
from grader.trainee.home import prepare_home

MODULE = "07-advice"
TYPED = "SECRET-WORDS"


@pytest.fixture
def full() -> Path:
    """Leave something in every place where a trainee can leave something."""
    prepare_home(this_learner())
    hand_in.save_trainee(own_home(), "trainee-001")
    answer(places.own_home().exercise_folder(MODULE))
    items = practice_bank(own_course()).modules[MODULE]
    for kind, place in (
        ("reply", places.own_home().practice_record(MODULE)),
        ("reflection", places.own_home().journal_record(MODULE)),
    ):
        item = next(item for item in items.values() if item.kind == kind)
        answers.save_response(place, MODULE, item.id, kind, f"={TYPED} {kind}")
    rate("before", "communication", "b")
    plan.choose(own_home(), "communication", TYPED, "", date(2026, 3, 1))
    hand_in.hand_in(this_learner(), MODULE, NOON)
    inbox.keep_feedback(this_learner(), feedback_zip())
    (places.own_home().folder / "practice" / "07-advice.json.damaged-1").write_text(TYPED)
    return places.own_home().folder


def copied() -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(record.export(this_learner()))) as copy:
        return {name: copy.read(name) for name in copy.namelist()}


def test_a_copy_holds_every_file_byte_for_byte(full):
    files = copied()
    for path in full.rglob("*"):
        if path.is_file():
            assert files[f"raw/{path.relative_to(full).as_posix()}"] == path.read_bytes()


def test_a_copy_can_be_read_without_the_course(full):
    files = copied()
    rows = list(csv.DictReader(io.StringIO(files["answers.csv"].decode("utf-8-sig"))))
    assert {row["where"] for row in rows} == {"practice", "exercise", "private"}
    assert all(row["question"] and row["your answer"] for row in rows)
    journal = files["journal.txt"].decode()
    assert f"{TYPED} reflection" in journal
    assert "Before the course: Communication" in journal
    assert "feedback/07-advice.html" in files
    assert set(files) >= {"README.txt", "answers.csv", "journal.txt"}


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "\u200b="], ids=ascii)
def test_a_table_runs_no_formula(sign):
    formula = f"{sign}1+1"
    answers.save_response(
        places.own_home().practice_record(MODULE), MODULE, "gone", "reply", formula
    )
    text = io.StringIO(copied()["answers.csv"].decode("utf-8-sig"), newline="")
    assert [row["your answer"] for row in csv.DictReader(text)] == [f"'{formula}"]


def test_an_answer_to_a_question_that_is_gone_is_still_in_the_copy():
    answers.save_response(places.own_home().practice_record(MODULE), MODULE, "gone", "reply", TYPED)
    assert TYPED in copied()["answers.csv"].decode()


def test_an_untouched_folder_gives_a_copy_too():
    prepare_home(this_learner())
    assert "Nothing yet." in copied()["journal.txt"].decode()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no links there")
def test_what_a_link_leads_to_is_neither_copied_nor_deleted(full, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "diary.txt").write_text("OUTSIDE-WORDS")
    (full / "practice" / "link").symlink_to(outside)
    (full / "journal" / "link.json").symlink_to(outside / "diary.txt")
    assert b"OUTSIDE-WORDS" not in b"".join(copied().values())
    assert record.delete_everything(this_learner()) == []
    assert (outside / "diary.txt").read_text() == "OUTSIDE-WORDS"
    assert not (full / "practice" / "link").exists()


def test_deleting_leaves_nothing_but_fresh_exercises(full):
    assert record.delete_everything(this_learner()) == []
    left = {path.name for path in full.rglob("*") if path.is_file()}
    assert left == {"exercise.ipynb", "items.json"}


def test_deleting_leaves_what_is_not_the_course_s(full):
    (full / "holiday.txt").write_text("not of the course")
    record.delete_everything(this_learner())
    assert (full / "holiday.txt").is_file()


def litter(home: Path) -> list[Path]:
    """Leave what a crash leaves: drafts, locks, damaged files, and a room for passing files."""
    room = home / "alongside-k3_x9abc"
    (room / "runtime").mkdir(parents=True)
    left = [
        home / ".trainee.json.4242.123456789",
        home / ".order-seed.lock",
        home / "trainee.json.damaged-1",
        home / "journal" / ".07-advice.json.4242.123456789",
        home / "exercises" / MODULE / ".answers.json.lock",
        room / "runtime" / "tmp-of-a-run",
    ]
    for path in left:
        path.write_text(TYPED)
    return left


@fault(
    HOME,
    "The course was cut off once, and the trainee deletes everything",
    "Drafts and passing files go as well. What cannot be deleted is named.",
)
def test_deleting_takes_drafts_and_passing_files_as_well(full):
    left = litter(full)
    mine = [full / ".trainee.jsonl", full / "alongside-pictures", full / "alongside-holidays"]
    for folder in mine[1:]:
        folder.mkdir()
        (folder / "beach.jpg").touch()
    mine[0].touch()
    assert record.delete_everything(this_learner()) == []
    assert [path for path in left if path.exists()] == []
    assert all(path.exists() for path in mine)
    assert not [path for path in full.rglob("*") if path.is_file() and TYPED in path.read_text()]


def test_a_room_that_is_in_use_goes_with_the_run(full, monkeypatch):
    *_, used = litter(full)
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(used.parent))
    assert record.delete_everything(this_learner()) == []
    assert used.exists()


def test_what_is_still_there_is_said_also_where_nothing_new_can_be_put(full, monkeypatch):
    stuck = litter(full)[0]
    unlink = Path.unlink

    def refuse(*_):
        raise PagesError("The folder cannot be used")

    monkeypatch.setattr(record, "prepare_home", refuse)
    monkeypatch.setattr(Path, "unlink", lambda path, **rest: refuses(path, stuck, unlink, rest))
    told = Wire(own_record.DeleteCard(this_learner())).ask(type="delete", word="delete")
    assert f"Still there: {stuck}" in told["lines"]


def refuses(path, stuck, unlink, rest):
    if path == stuck:
        raise PermissionError(13, "in use")
    unlink(path, **rest)


def test_what_cannot_be_deleted_is_said(full, monkeypatch):
    stuck = places.own_home().practice_record(MODULE)
    unlink = Path.unlink

    def refuse(path: Path, **rest: bool) -> None:
        if path == stuck:
            raise PermissionError(13, "in use")
        unlink(path, **rest)

    monkeypatch.setattr(Path, "unlink", refuse)
    told = Wire(own_record.DeleteCard(this_learner())).ask(type="delete", word="delete")
    assert f"Still there: {stuck}" in told["lines"]
    assert not places.own_home().journal_record(MODULE).exists()


@pytest.mark.parametrize("word", ["", "yes", "delet", "delete it"])
def test_nothing_is_deleted_without_the_word(full, word):
    told = Wire(own_record.DeleteCard(this_learner())).ask(type="delete", word=word)
    assert told["type"] == "refused"
    assert places.own_home().practice_record(MODULE).is_file()


def test_the_word_is_taken_as_people_type_it(full):
    assert (
        Wire(own_record.DeleteCard(this_learner())).ask(type="delete", word=" Delete ")["type"]
        == "done"
    )


def test_the_journal_is_in_one_place_and_escaped(full):
    items = practice_bank(own_course()).modules["08-groups"]
    item = next(item for item in items.values() if item.kind == "reflection")
    place = places.own_home().journal_record("08-groups")
    answers.save_response(place, "08-groups", item.id, "reflection", "<script>x</script>")
    page = own_record.journal_html(this_learner())
    assert "Module 7: Listening, responding and advice: 1 entry" in page
    assert "&lt;script&gt;x" in page
    assert "<script>" not in page


def test_progress_counts_cards_hand_ins_and_released_points(full):
    page = own_record.progress_html(this_learner())
    row = page.split("Module 7")[1].split("</tr>")[0]
    total = page.split("Module 7")[1].split(" of ")[1].split("<")[0]
    assert f"2 of {total}" in row
    assert "Hand-in file made on 1 March 2026" in row
    assert "5.5 of 10, 1 still to be read" in row


def test_progress_begins_with_what_was_done_and_leads_on(full):
    page = own_record.progress_html(this_learner())
    assert page.index("You have done 3 practice cards so far.") < page.index("<table")
    assert "You made 1 hand-in file." in page
    assert page.count("<tr>") == 3  # the head, and the two modules that are begun
    assert "Modules 1, 2, 4, 5, 6, 8, 9 and 10 are still to come." in page
    where = map_page.where_next(this_learner())
    assert f'href="{where["address"]}">{where["words"]}<' in page


def test_progress_has_no_place_for_what_nobody_has_yet():
    place = places.own_home().practice_record(MODULE)
    item = next(
        item
        for item in practice_bank(own_course()).modules[MODULE].values()
        if item.kind == "reply"
    )
    answers.save_response(place, MODULE, item.id, "reply", "Tea?")
    page = own_record.progress_html(this_learner())
    assert "You have done 1 practice card so far." in page
    assert "Not yet" not in page
    assert "Handed in" not in page


def test_progress_of_somebody_new_is_a_kind_word_and_a_place_to_begin():
    page = own_record.progress_html(this_learner())
    assert "You have not begun yet." in page
    assert "<table" not in page
    assert ">Begin 1.1 " in page


def test_the_plan_shows_how_a_step_went(full):
    plan.answer(own_home(), "done", date(2026, 3, 5))
    assert "(Done, 5 March" in own_record.plan_html(own_home())


def test_the_certificate_card_says_what_is_missing_and_then_makes_one():
    first, *rest = every_module()
    for module in rest:
        keep(module)
    wire = Wire(own_record.CertificateCard(this_learner()))
    state = wire.ask(type="open")
    assert not state["ready"]
    assert f"{len(rest)} of {len(rest) + 1} modules" in state["lines"][0]
    assert wire.ask(type="make", name="")["type"] == "refused"
    keep(first)
    assert wire.ask(type="open")["ready"]
    done = wire.ask(type="make", name="Kim")
    assert done["file"] == "certificate.html"
    assert "Unverified" in places.own_home().certificate_page.read_text(encoding="utf-8")
    assert json.dumps(done["link"]) == '"../certificate"'
