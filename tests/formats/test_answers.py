"""The answer record: nothing lost on the trainee's side, nothing trusted on the grader's."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fault_page import HOME, fault
from helpers.answer_record import GOOD, MODULE, record_text
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import RecordError
from grader.files import safe
from grader.formats.answers import (
    MAX_BYTES,
    MAX_TEXT,
    Answer,
    open_record,
    read_record,
    save_response,
)


def folder_state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.stat().st_size, content(path))
        for path in sorted(folder.rglob("*"))
    }


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() and path.stat().st_size < MAX_BYTES else b""


def test_a_missing_record_is_an_empty_one(record):
    assert read_record(record, MODULE).answers == {}
    assert not record.exists()


def test_a_folder_that_is_missing_is_made(tmp_path):
    save_response(tmp_path / "new" / "deep" / "answers.json", MODULE, "a", "reply", "Hm.")
    assert read_record(tmp_path / "new" / "deep" / "answers.json", MODULE).answers


@pytest.mark.parametrize(
    ("kind", "response"),
    [
        ("choice", "b"),
        ("choices", ["a", "c"]),
        ("reply", "Zoë said “no” — 😀\n\n\t<b>"),
        ("reply", ""),
        ("choices", []),
    ],
)
def test_what_was_saved_is_read_again(record, kind, response):
    save_response(record, MODULE, "late-tea", kind, response)
    assert read_record(record, MODULE).response("late-tea", kind) == response


@given(response=st.text(max_size=200))
def test_any_text_survives(tmp_path_factory, response):
    path = tmp_path_factory.mktemp("any") / "answers.json"
    save_response(path, MODULE, "late-tea", "reply", response)
    assert read_record(path, MODULE).response("late-tea", "reply") == response


def test_the_file_is_plain_ascii_json_of_the_agreed_form(record):
    save_response(record, MODULE, "late-tea", "reply", "Zoë", tried=True)
    assert json.loads(record.read_text(encoding="ascii")) == {
        "format": 2,
        "module": MODULE,
        "seed": "",
        "items": {
            "late-tea": {
                "kind": "reply",
                "response": "Zoë",
                "first_response": "Zoë",
                "tries": 1,
                "asked": "",
                "words": "",
            }
        },
    }


def test_which_version_of_a_hard_story_was_answered_stays_with_its_answer(record):
    save_response(record, MODULE, "a", "reply", "one", version="gentle")
    save_response(record, MODULE, "b", "reply", "two", version="first")
    save_response(record, MODULE, "a", "reply", "more")  # with no version open
    save_response(record, MODULE, "c", "reply", "three", version="a third")
    assert read_record(record, MODULE).versions == {"a": "gentle", "b": "first"}
    save_response(record, MODULE, "b", "reply", "two", version="gentle")
    assert read_record(record, MODULE).versions == {"a": "gentle", "b": "gentle"}


@pytest.mark.parametrize(
    "versions", [None, [], "gentle", {"a": 3}, {"a": ["gentle"]}, {"z": "first"}]
)
def test_versions_in_another_form_are_passed_over(record, versions):
    save_response(record, MODULE, "a", "reply", "one")
    data = json.loads(record.read_text()) | {"versions": versions}
    record.write_text(json.dumps(data))
    found = read_record(record, MODULE)
    assert (found.versions, found.problems) == ({}, ())


def test_saving_one_item_leaves_the_others(record):
    for name in ("a", "b", "c"):
        save_response(record, MODULE, name, "reply", name)
    save_response(record, MODULE, "b", "reply", "new")
    found = read_record(record, MODULE)
    assert [found.response(name, "reply") for name in ("a", "b", "c")] == ["a", "new", "c"]


def test_the_first_response_stays_and_tries_are_counted(record):
    save_response(record, MODULE, "a", "reply", "draft")
    save_response(record, MODULE, "a", "reply", "one", tried=True)
    save_response(record, MODULE, "a", "reply", "two", tried=True)
    answer = save_response(record, MODULE, "a", "reply", "three")
    assert answer == Answer("reply", "three", "one", 2)


def test_a_response_of_another_kind_is_not_given_out(record):
    save_response(record, MODULE, "a", "reply", "b")
    assert read_record(record, MODULE).response("a", "choice") is None


def test_a_very_long_reply_is_kept_up_to_a_limit(record):
    save_response(record, MODULE, "a", "reply", "x" * (MAX_TEXT + 1))
    assert len(read_record(record, MODULE).response("a", "reply")) == MAX_TEXT


def test_no_draft_and_no_lock_stay_behind(record):
    save_response(record, MODULE, "a", "reply", "Hm.")
    assert [path.name for path in record.parent.iterdir()] == ["answers.json"]


DAMAGED = {
    "empty": b"",
    "blank": b" \n",
    "cut-off": record_text({"a": GOOD}).encode()[:-20],
    "not-utf8": b'{"format": 1, "module": "caf\xe9"}',
    "utf16": record_text({"a": GOOD}).encode("utf-16"),
    "a-list": b"[]",
    "a-number": b"3",
    "null": b"null",
    "other-format": record_text({}, format=3).encode(),
    "other-module": record_text({}, module="02-other").encode(),
    "no-items": b'{"format": 1, "module": "01-sample"}',
    "items-a-list": record_text([]).encode(),
    "not-a-number": record_text({"a": GOOD}).replace('"Hm."', "NaN").encode(),
    "infinity": record_text({"a": GOOD}).replace('"Hm."', "-Infinity").encode(),
    "deep": b"[" * 100_000 + b"]" * 100_000,
    "deep-items": b'{"format": 1, "items": ' + b'{"a":' * 100_000,
    "zeros": b"\0" * 100,
}
damaged = pytest.mark.parametrize("raw", DAMAGED.values(), ids=DAMAGED.keys())


@damaged
def test_a_damaged_record_is_refused_and_left_alone(record, raw):
    record.write_bytes(raw)
    before = folder_state(record.parent)
    with pytest.raises(RecordError, match=r"answers\.json"):
        read_record(record, MODULE)
    assert folder_state(record.parent) == before


@fault(
    HOME,
    "Saved answers are damaged",
    "The file is kept aside as it is. The page says so, and the trainee can go on.",
)
@damaged
def test_a_damaged_record_is_moved_aside_byte_for_byte_and_said(record, raw):
    record.write_bytes(raw)
    found = open_record(record, MODULE)
    assert found.answers == {}
    assert "answers.json.damaged-1" in found.problems[0]
    assert not record.exists()
    assert record.with_name("answers.json.damaged-1").read_bytes() == raw


def test_earlier_damaged_files_are_kept_too(record):
    for raw in (b"first", b"second"):
        record.write_bytes(raw)
        open_record(record, MODULE)
    kept = [record.with_name(f"answers.json.damaged-{n}").read_bytes() for n in (1, 2)]
    assert kept == [b"first", b"second"]


def test_saving_over_a_damaged_record_keeps_it_aside(record):
    record.write_bytes(b"{")
    save_response(record, MODULE, "a", "reply", "Hm.")
    assert read_record(record, MODULE).response("a", "reply") == "Hm."
    assert record.with_name("answers.json.damaged-1").read_bytes() == b"{"


def test_a_record_of_fifty_megabytes_is_not_read(record):
    with record.open("wb") as file:
        file.truncate(50 << 20)
    with pytest.raises(RecordError, match="larger than 1024 KiB"):
        read_record(record, MODULE)


def test_a_record_of_exactly_the_limit_is_read(record):
    text = record_text({"a": GOOD})
    record.write_text(text + " " * (MAX_BYTES - len(text)))
    assert read_record(record, MODULE).answers


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_link_is_refused_even_to_a_good_record(record, tmp_path):
    target = tmp_path / "elsewhere.json"
    target.write_text(record_text({"a": GOOD}))
    record.symlink_to(target)
    with pytest.raises(RecordError, match="is a link"):
        read_record(record, MODULE)


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="needs links")
def test_a_link_to_nowhere_is_refused(record):
    record.symlink_to(record.parent / "nowhere")
    with pytest.raises(RecordError, match="is a link"):
        read_record(record, MODULE)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_refused_at_once(record):
    os.mkfifo(record)
    with pytest.raises(RecordError, match="not a plain file"):
        read_record(record, MODULE)


def test_a_folder_in_place_of_the_record_is_refused(record):
    record.mkdir()
    with pytest.raises(RecordError, match="not a plain file"):
        read_record(record, MODULE)


@pytest.mark.parametrize(
    "entry",
    [
        None,
        [],
        "text",
        {},
        {key: GOOD[key] for key in ("kind", "response", "tries")},
        GOOD | {"extra": 1},
        GOOD | {"kind": 3},
        GOOD | {"tries": -1},
        GOOD | {"tries": True},
        GOOD | {"tries": 1.5},
        GOOD | {"tries": "1"},
    ],
)
def test_an_answer_in_another_form_is_reported_and_the_rest_kept(record, entry):
    record.write_text(record_text({"bad": entry, "good": GOOD}))
    found = read_record(record, MODULE)
    assert list(found.answers) == ["good"]
    assert "'bad'" in found.problems[0]


def test_a_field_said_twice_is_refused_since_nobody_can_tell_which_counts(record):
    record.write_text(record_text({"a": GOOD}).replace('"tries": 0', '"tries": 0, "tries": 2'))
    with pytest.raises(RecordError, match="'tries' twice"):
        read_record(record, MODULE)


@pytest.mark.parametrize("response", ["\ud800", ["\udfff x"]])
def test_half_characters_are_replaced(record, response):
    record.write_text(record_text({"a": GOOD | {"response": response}}))
    found = read_record(record, MODULE).answers["a"].response
    json.dumps(found, ensure_ascii=False).encode("utf-8")


def test_an_item_nobody_knows_does_not_hurt(record):
    record.write_text(record_text({"unknown-item": GOOD, "a": GOOD}))
    assert read_record(record, MODULE).response("a", "reply") == "Hm."


def test_a_file_where_the_folder_should_be_is_said_in_plain_words(tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(RecordError, match="could not be saved"):
        save_response(tmp_path / "taken" / "answers.json", MODULE, "a", "reply", "Hm.")
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_failed_write_leaves_the_old_record(record, monkeypatch):
    save_response(record, MODULE, "a", "reply", "old")

    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(safe.os, "fsync", full)
    with pytest.raises(RecordError, match="No space left"):
        save_response(record, MODULE, "a", "reply", "new")
    assert read_record(record, MODULE).response("a", "reply") == "old"
    assert [path.name for path in record.parent.iterdir()] == ["answers.json"]


def test_a_file_in_use_for_a_moment_is_replaced_all_the_same(record, monkeypatch):
    really, refusals = os.replace, [PermissionError(13, "in use"), PermissionError(13, "in use")]

    def sometimes(source: Path, target: Path) -> None:
        if refusals:
            raise refusals.pop()
        really(source, target)

    monkeypatch.setattr(safe.os, "replace", sometimes)
    monkeypatch.setattr(safe.time, "sleep", lambda _seconds: None)
    safe.write_safely(record, b"new")
    assert record.read_bytes() == b"new"


SAVER = """
import sys
from pathlib import Path
from grader.formats.answers import save_response
path, who = Path(sys.argv[1]), sys.argv[2]
for number in range(50):
    save_response(path, "01-sample", f"{who}-{number}", "reply", who)
"""


def test_a_folder_in_place_of_the_record_is_moved_aside_with_all_it_holds(record):
    record.mkdir()
    (record / "note.txt").write_text("mine")
    open_record(record, MODULE)
    assert (record.with_name("answers.json.damaged-1") / "note.txt").read_text() == "mine"


@fault(
    HOME,
    "An exercise is open in two windows",
    "Both save. No answer is lost.",
)
def test_two_pages_saving_fifty_items_each_lose_none(record):
    savers = [
        subprocess.Popen([sys.executable, "-c", SAVER, str(record), who]) for who in ("one", "two")
    ]
    assert [saver.wait(timeout=60) for saver in savers] == [0, 0]
    assert len(read_record(record, MODULE).answers) == 100


@fault(
    HOME,
    "The course crashed while it saved",
    "The next answer is saved all the same.",
)
def test_a_lock_left_by_a_crash_is_taken_over(record):
    lock = record.with_name(".answers.json.lock")
    lock.touch()
    long_ago = lock.stat().st_mtime - 2 * safe.LOCK_STALE
    os.utime(lock, (long_ago, long_ago))
    save_response(record, MODULE, "a", "reply", "Hm.")
    assert not lock.exists()


def test_a_lock_that_is_held_is_respected_and_said(record, monkeypatch):
    record.with_name(".answers.json.lock").touch()
    monkeypatch.setattr(safe, "LOCK_PATIENCE", 0.05)
    with pytest.raises(RecordError, match="another page is saving"):
        save_response(record, MODULE, "a", "reply", "Hm.")
    assert not record.exists()
