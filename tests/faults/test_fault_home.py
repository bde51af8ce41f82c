"""On a trainee's computer nothing that was answered is lost, whatever disk and clock do."""

from __future__ import annotations

import json
import os
import time
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.cohort import MODULE

from grader import places
from grader.cards.sending import HandInCard
from grader.cli import main
from grader.errors import HandInError, RecordError
from grader.files import safe
from grader.formats import answers
from grader.places import own_home, this_learner
from grader.trainee import hand_in, inbox, record
from grader.trainee.home import prepare_home
from grader.trainer.collect.collect import COLLECTED, collect

NOON = datetime.fromisoformat("2026-03-01T12:00:00+00:00")


@pytest.fixture
def folder() -> Path:
    prepare_home(this_learner())
    hand_in.save_trainee(own_home(), "trainee-017")
    return places.own_home().exercise_folder(MODULE)


def answer(folder: Path, response: str) -> None:
    view = json.loads((folder / "items.json").read_text())["items"][0]
    answers.save_response(folder / places.ANSWERS, MODULE, view["id"], view["kind"], response)


def sent(root: Path) -> bytes:
    return (root / "submitted" / "trainee-017" / MODULE / places.ANSWERS).read_bytes()


@fault(
    HOME,
    "The clock is set back between two hand-ins, or both are made within a second",
    "The second counts as newer all the same, and is the one that is graded.",
)
@pytest.mark.parametrize("later", [0, -1, -86_400 * 365])
def test_the_second_hand_in_is_the_newer_one_whatever_the_clock_says(
    folder: Path, root: Path, later: int
) -> None:
    answer(folder, "a")
    first = hand_in.hand_in(this_learner(), MODULE, NOON)
    collect(root, [first.bundle])
    answer(folder, "b")
    second = hand_in.hand_in(this_learner(), MODULE, NOON + timedelta(seconds=later))
    assert first.bundle != second.bundle
    (result,) = collect(root, [second.bundle])
    assert result.outcome == COLLECTED
    assert b'"response": "b"' in sent(root)


def test_a_clock_that_was_years_ahead_once_spoils_no_later_hand_in(
    folder: Path, root: Path
) -> None:
    collect(root, [hand_in.hand_in(this_learner(), MODULE, NOON.replace(year=2090)).bundle])
    time.sleep(1.1)  # the trainer's clock goes on
    answer(folder, "b")
    (result,) = collect(root, [hand_in.hand_in(this_learner(), MODULE, NOON).bundle])
    assert result.outcome == COLLECTED
    assert b'"response": "b"' in sent(root)


@fault(
    HOME,
    "The clock was set back after the course was cut off while it saved",
    "The lock that was left behind is taken over, and answers are saved.",
)
def test_a_lock_from_the_future_keeps_no_answer_out(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(safe, "LOCK_PATIENCE", 0.5)
    lock = folder / ".answers.json.lock"
    lock.touch()
    later = time.time() + 365 * 86_400
    os.utime(lock, (later, later))
    answer(folder, "a")
    assert answers.read_record(folder / places.ANSWERS, MODULE).answers


@fault(
    HOME,
    "The note of what was handed in is damaged, or cannot be written",
    "Handing in works. The course only forgets the date of it.",
)
@pytest.mark.parametrize("content", ["", "[]", "7", '{"07-advice": []}', '{"07-advice": 7}', "\0"])
def test_a_damaged_note_of_hand_ins_stops_no_hand_in(folder: Path, content: str) -> None:
    log = places.own_home().folder / "handed-in.json"
    log.write_text(content)
    assert hand_in.last_hand_in(own_home(), MODULE) == ""
    assert hand_in.hand_in(this_learner(), MODULE, NOON).bundle.is_file()
    assert "1 March 2026" in hand_in.last_hand_in(own_home(), MODULE)
    log.unlink()
    log.mkdir()  # cannot be written
    assert hand_in.hand_in(this_learner(), MODULE, NOON).bundle.is_file()


@fault(
    HOME,
    "The disk is full, or the folder may only be read",
    "The trainee is told that it is not saved or not sent. Earlier answers stay as they were.",
)
def test_a_full_disk_keeps_what_was_saved_and_says_so(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(folder, "a")
    before = (folder / places.ANSWERS).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordError, match="could not be saved"):
        answer(folder, "b")
    with pytest.raises(HandInError, match="Nothing was sent"):
        hand_in.hand_in(this_learner(), MODULE, NOON)
    with pytest.raises(HandInError, match="could not be kept"):
        hand_in.save_trainee(own_home(), "trainee-018")
    monkeypatch.undo()
    assert (folder / places.ANSWERS).read_bytes() == before
    assert not [path for path in places.own_home().folder.rglob(".*") if path.is_file()]


@pytest.mark.usefixtures("folder")
def test_a_full_disk_while_feedback_is_kept_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.feedback_file import feedback_zip

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    content = feedback_zip(module="07-advice", trainee="trainee-017")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(HandInError, match="could not be kept"):
        inbox.keep_feedback(this_learner(), content)


@fault(
    HOME,
    "A computer’s clock lost its time: it says 1970, or 2120",
    "The hand-in file and the copy of all that is kept are made as on any day, and the file is "
    "collected.",
)
@pytest.mark.parametrize("year", [1970, 1979, 2108, 2120])
def test_a_clock_out_of_the_bounds_of_zip_files_stops_nothing(
    folder: Path, course: Path, monkeypatch: pytest.MonkeyPatch, year: int
) -> None:
    answer(folder, "open")
    odd = time.struct_time((year, 1, 1, 0, 0, 0, 0, 1, 0))
    monkeypatch.setattr(time, "localtime", lambda *_: odd)
    made = hand_in.hand_in(this_learner(), MODULE, NOON.replace(year=year))
    (one,) = collect(course, [made.bundle])
    assert one.outcome == COLLECTED
    assert sent(course) == (folder / places.ANSWERS).read_bytes()
    assert record.export(this_learner())


# Two people, one folder -----------------------------------------------------------------


def codes_sent() -> list[str]:
    files = sorted((own_home().folder / "hand-in").glob("*.zip"))
    found = (json.loads(zipfile.ZipFile(path).read("handin.json"))["trainee"] for path in files)
    return sorted(found)


@fault(
    HOME,
    "A second person hands in from a folder whose answers were handed in under another code",
    "Nothing is sent. The page asks whether the new code is the same person’s. Is it, work goes "
    "on under it.",
)
def test_one_folder_never_hands_in_under_two_codes_unsaid(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(folder, "a")
    command = ["handin", "07-advice", f"--home={own_home().folder}"]
    assert main([*command, "--code", "trainee-017"]) == 0
    assert main([*command, "--code", "trainee-018"]) == 1
    said = capsys.readouterr().err
    assert all(part in said for part in ("trainee-017", "trainee-018", "--same-person"))
    assert codes_sent() == ["trainee-017"]
    assert hand_in.read_trainee(own_home()) == "trainee-017"
    assert main(command) == 0
    assert main([*command, "--code", "trainee-018", "--same-person"]) == 0
    assert main(command) == 0
    assert main([*command, "--code", "trainee-018"]) == 0
    assert {"trainee-017", "trainee-018"} == set(codes_sent())
    assert main([*command, "--code", "trainee-017"]) == 1


@pytest.mark.usefixtures("folder")
def test_a_slip_before_anything_was_handed_in_is_put_right_unasked() -> None:
    hand_in.save_trainee(own_home(), "trainee-071")
    hand_in.save_trainee(own_home(), "trainee-017")
    hand_in.hand_in(this_learner(), "07-advice", NOON)


def test_what_an_older_course_handed_in_is_the_kept_code_s(folder: Path) -> None:
    answer(folder, "a")
    hand_in.hand_in(this_learner(), "07-advice", NOON)
    path = own_home().folder / places.HANDED_IN
    log = json.loads(path.read_text())
    del log["07-advice"]["trainee"]
    path.write_text(json.dumps(log))
    with pytest.raises(HandInError, match="trainee-017"):
        hand_in.save_trainee(own_home(), "trainee-018")


def test_a_code_that_changed_past_the_page_is_noticed_too(folder: Path) -> None:
    answer(folder, "a")
    hand_in.hand_in(this_learner(), "07-advice", NOON)
    path = own_home().folder / places.TRAINEE
    path.unlink()
    with pytest.raises(HandInError, match="trainee-017"):
        hand_in.save_trainee(own_home(), "trainee-018")
    path.write_text(json.dumps({"format": 1, "trainee": "trainee-018"}))
    with pytest.raises(HandInError, match="trainee-017"):
        hand_in.hand_in(this_learner(), "07-advice", NOON)


def test_the_page_asks_before_another_code_counts(folder: Path) -> None:
    answer(folder, "a")
    hand_in.hand_in(this_learner(), "07-advice", NOON)
    card = HandInCard(this_learner(), "07-advice")
    ask = card.handlers()["code"]
    asked = ask({"code": "trainee-018"}, ())
    assert (asked["earlier"], asked["code"]) == ("trainee-017", "trainee-018")
    assert asked["trainee"] == "trainee-017"
    assert hand_in.read_trainee(own_home()) == "trainee-017"
    done = ask({"code": "trainee-018", "same_person": True}, ())
    assert (done["trainee"], done.get("earlier")) == ("trainee-018", None)
    hand_in.hand_in(this_learner(), "07-advice", NOON)
