"""Tests of grader.formats.shared: nothing of the journal leaves unless it is ticked."""

from __future__ import annotations

import json
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
from helpers.exercise import MODULE, NOON, answer
from helpers.ratings import rate
from helpers.wire import Wire
from hypothesis import given
from hypothesis import strategies as st

from grader import places
from grader.cards.sending import HandInCard
from grader.errors import HandInError
from grader.formats import answers
from grader.formats import shared as of_shared
from grader.kinds.views import public_view
from grader.places import own_course, own_home, this_learner
from grader.skills.bank import practice_bank
from grader.trainee import hand_in, plan, record, sharing
from grader.trainer.collect.bundles import SHARED_PROBLEM
from grader.trainer.collect.collect import COLLECTED, collect


@pytest.fixture
def journal(folder: Path) -> Path:
    """Fill every part of the journal, and answer one question of the exercise."""
    answer(folder)
    rate("before", "communication", "c")
    plan.choose(own_home(), "communication", "PLAN-WORDS", "", date(2026, 3, 1))
    items = practice_bank(own_course()).modules[MODULE]
    item = next(item for item in items.values() if item.kind == "reflection")
    place = places.own_home().journal_record(MODULE)
    answers.save_response(place, MODULE, item.id, "reflection", "JOURNAL-WORDS\n<b>")
    return folder


def ticked(*parts: str) -> dict[str, str]:
    return {
        one["part"]: one["seen"]
        for one in sharing.shareable(this_learner(), MODULE)
        if one["part"] in parts
    }


def texts(files: dict[str, bytes]) -> str:
    return "\n".join(content.decode() for content in files.values())


def bundle_files(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as bundle:
        return {name: bundle.read(name) for name in bundle.namelist()}


def told(part: str) -> str:
    lines = next(
        one["lines"] for one in sharing.shareable(this_learner(), MODULE) if one["part"] == part
    )
    assert lines
    return lines[0]["answer"].split("\n")[0]


def test_the_file_holds_nothing_of_the_journal_unless_it_is_ticked(journal):
    secrets = [told(part) for part in of_shared.PARTS]
    files = bundle_files(hand_in.hand_in(this_learner(), MODULE, NOON).bundle)
    assert sorted(files) == ["answers.json", "exercise.ipynb", "handin.json"]
    assert not [secret for secret in secrets if secret in texts(files)]


def test_the_exchange_gets_nothing_of_the_journal_unless_it_is_ticked(journal, shared):
    secrets = [told(part) for part in of_shared.PARTS]
    hand_in.hand_in(this_learner(), MODULE, NOON)
    (inbound,) = (shared / "inbound").iterdir()
    files = {path.name: path.read_bytes() for path in inbound.iterdir()}
    assert of_shared.NAME not in files
    assert not [secret for secret in secrets if secret in texts(files)]
    hand_in.hand_in(
        this_learner(),
        MODULE,
        datetime.fromisoformat("2026-03-01T13:00+00:00"),
        share=ticked("plan"),
    )
    newest = max((shared / "inbound").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert "PLAN-WORDS" in (newest / of_shared.NAME).read_text()


@pytest.mark.parametrize("part", of_shared.PARTS)
def test_only_the_ticked_part_goes(journal, part):
    secrets = {name: told(name) for name in of_shared.PARTS}
    files = bundle_files(hand_in.hand_in(this_learner(), MODULE, NOON, share=ticked(part)).bundle)
    went = {name for name, secret in secrets.items() if json.dumps(secret)[1:-1] in texts(files)}
    assert went == {part}


def test_what_was_shown_is_exactly_what_goes(journal):
    shown = {one["part"]: one["lines"] for one in sharing.shareable(this_learner(), MODULE)}
    share = ticked(*of_shared.PARTS)
    files = bundle_files(hand_in.hand_in(this_learner(), MODULE, NOON, share=share).bundle)
    assert json.loads(files[of_shared.NAME])["parts"] == shown
    plan.choose(own_home(), "demeanour", "Another step", "", date(2026, 3, 2))
    with pytest.raises(HandInError, match="has changed since you looked"):
        hand_in.hand_in(this_learner(), MODULE, NOON, share=share)


def test_reflections_of_other_modules_stay_at_home(journal):
    place = places.own_home().journal_record("08-groups")
    answers.save_response(place, "08-groups", "x", "reflection", "OTHER-MODULE")
    files = bundle_files(
        hand_in.hand_in(this_learner(), MODULE, NOON, share=ticked(*of_shared.PARTS)).bundle
    )
    assert "OTHER-MODULE" not in texts(files)


def test_the_card_offers_every_part_and_sends_what_it_is_told(journal):
    wire = Wire(HandInCard(this_learner(), MODULE))
    state = wire.ask(type="open")
    assert [one["part"] for one in state["shareable"]] == list(of_shared.PARTS)
    share = {one["part"]: one["seen"] for one in state["shareable"][:1]}
    done = wire.ask(type="hand_in", seen=state["seen"], share=share)
    (made,) = (places.own_home().folder / "hand-in").glob("*.zip")
    assert done["file"] == made.name
    assert list(json.loads(bundle_files(made)[of_shared.NAME])["parts"]) == ["ratings"]


def test_too_much_for_one_file_is_said_before_it_goes(journal):
    place = places.own_home().journal_record(MODULE)
    for number in range(14):
        answers.save_response(place, MODULE, f"r{number}", "reflection", "x" * 20_000)
    with pytest.raises(HandInError, match="too long"):
        hand_in.hand_in(this_learner(), MODULE, NOON, share=ticked("reflections"))


# --- arriving


@pytest.fixture
def course(root: Path) -> Path:
    """Take the real course: the trainee answers its questions."""
    return root


def handed_in(tmp_path: Path, content: bytes) -> Path:
    facts = {"format": 1, "trainee": "trainee-017", "module": MODULE}
    facts["handed_in"] = "2026-03-01T09:00:00+00:00"
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("handin.json", json.dumps(facts))
        bundle.writestr("answers.json", json.dumps({"format": 1, "module": MODULE, "items": {}}))
        bundle.writestr(of_shared.NAME, content)
    return path


def shared_file(course: Path) -> Path:
    return course / "submitted" / "trainee-017" / MODULE / of_shared.NAME


def test_what_was_shared_arrives_beside_the_answers(journal, course):
    done = hand_in.hand_in(this_learner(), MODULE, NOON, share=ticked("plan", "reflections"))
    (taken,) = collect(course, [done.bundle])
    assert (taken.outcome, taken.reason) == (COLLECTED, "")
    kept = json.loads(shared_file(course).read_text())
    assert kept["parts"]["reflections"][0]["answer"] == "JOURNAL-WORDS\n<b>"
    assert shared_file(course).stat().st_mode & 0o077 == 0


def test_what_was_shared_is_never_graded(journal, course):
    from grader.trainer.gradebook.gradebook import default_db_url, read_gradebook
    from grader.trainer.grading.grading import grade

    marks = []
    for share in ({}, ticked(*of_shared.PARTS)):
        when = NOON if not share else datetime.fromisoformat("2026-03-02T09:00+00:00")
        collect(course, [hand_in.hand_in(this_learner(), MODULE, when, share=share).bundle])
        grade(course, MODULE)
        marks.append(read_gradebook(default_db_url(course), MODULE)["trainee-017"].marks)
    assert marks[0] == marks[1]


def test_sharing_nothing_the_next_time_takes_it_back(journal, course):
    collect(course, [hand_in.hand_in(this_learner(), MODULE, NOON, share=ticked("plan")).bundle])
    later = datetime.fromisoformat("2026-03-02T09:00+00:00")
    collect(course, [hand_in.hand_in(this_learner(), MODULE, later).bundle])
    assert not shared_file(course).exists()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"format": 1, "module": "08-groups", "parts": {}}',
        b'{"format": 1, "module": "07-advice", "parts": {"marks": []}}',
        b'{"format": 1, "module": "07-advice", "parts": {"plan": [{"question": "a"}]}}',
        b'{"format": 1, "module": "07-advice", "parts": {"plan": [["question", "answer"]]}}',
        b'{"format": 1, "module": "07-advice", "parts": {"plan": 7}}',
        b'{"format": 1, "module": "07-advice", "parts": {"plan": '
        b'[{"question": "a", "answer": "b", "more": "c"}]}}',
        b"[" * 100_000,
    ],
    ids=range(11),
)
def test_what_cannot_be_read_is_said_and_the_answers_are_taken(course, tmp_path, content):
    (taken,) = collect(course, [handed_in(tmp_path, content)])
    assert (taken.outcome, taken.reason) == (COLLECTED, SHARED_PROBLEM)
    assert shared_file(course).with_name("answers.json").is_file()
    assert not shared_file(course).exists()


def test_a_large_one_is_refused_by_its_size(course, tmp_path):
    (refused,) = collect(course, [handed_in(tmp_path, b" " * (of_shared.MAX_BYTES + 1))])
    assert "larger than 256 KiB" in refused.reason


@given(data=st.recursive(st.none() | st.booleans() | st.text() | st.floats(), st.lists))
def test_anything_else_is_refused_without_a_crash(data):
    with pytest.raises(ValueError, match="not what can be shared"):
        of_shared.read_shared(json.dumps(data).encode(), MODULE)


def test_an_answer_to_a_question_that_has_changed_is_shared_with_the_question_it_was_to():
    view = practice_view("choice")
    words = {"asked": "What was asked before", "words": "What was chosen before"}
    path = places.own_home().journal_record(MODULE)
    answers.save_response(path, MODULE, view["id"], "choice", "a", **words)
    (told,) = sharing.reflections(this_learner(), MODULE)
    assert told == ("What was asked before", "What was chosen before")
    kept = next(one for one in record.all_answers(this_learner()) if one.where == "private")
    assert (kept.question, kept.answer) == told


def practice_view(kind: str) -> dict:
    items = practice_bank(own_course()).modules[MODULE].values()
    return public_view(next(item for item in items if item.kind == kind))
