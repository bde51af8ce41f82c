"""Answers of every shape: kept in a fair size, and read whatever stands in the file."""

from __future__ import annotations

import pytest
from helpers.answer_record import GOOD, MODULE, record_text
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import RecordError
from grader.formats import answers
from grader.formats.answers import MAX_TEXT, read_record, save_response


@pytest.mark.parametrize(
    "response",
    [
        {"a": "r1", "b": "r2"},
        [{"turn": "hello", "pick": "a"}, {"turn": "worry", "text": "It is late, isn’t it?"}],
        ["b", "a", "c"],
        [[["three deep"]]],
    ],
)
def test_answers_of_every_shape_come_back(record, response):
    save_response(record, MODULE, "a", "sort", response, tried=True)
    answer = read_record(record, MODULE).answers["a"]
    assert answer.response == answer.first_response == response


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


@given(JSON)
def test_any_response_can_be_saved_and_read_again(tmp_path_factory, response):
    path = tmp_path_factory.mktemp("any") / "answers.json"
    kept = save_response(path, MODULE, "a", "sort", response).response
    assert read_record(path, MODULE).answers["a"].response == kept


def deep(levels: int) -> object:
    return [deep(levels - 1)] if levels else "bottom"


def test_what_is_nested_too_deep_is_left_out(record):
    kept = save_response(record, MODULE, "a", "sort", deep(50)).response
    assert kept == [[[[None]]]]
    record.write_text(record_text({"a": GOOD | {"response": deep(900)}}))
    assert read_record(record, MODULE).answers["a"].response == [[[[None]]]]


def test_long_lists_and_texts_are_kept_up_to_a_limit(record):
    steps = [{"turn": "x" * 30_000}] * 1_000
    record.write_text(record_text({"a": GOOD | {"response": steps[:30]}, "b": GOOD}))
    assert len(read_record(record, MODULE).answers["a"].response[0]["turn"]) == MAX_TEXT
    kept = save_response(record, MODULE, "c", "sort", {str(at): "x" for at in range(500)}).response
    assert len(kept) == answers.MAX_PARTS


def test_a_number_that_json_cannot_hold_becomes_nothing(record):
    assert save_response(record, MODULE, "a", "sort", [float("inf"), 1.5]).response == [None, 1.5]
    record.write_text(record_text({"a": GOOD}).replace('"Hm."', "1e999"))
    assert read_record(record, MODULE).answers["a"].response is None


def test_a_record_too_large_to_be_read_again_is_not_written(record):
    save_response(record, MODULE, "a", "reply", "kept")
    long = [{"turn": "worry", "text": "é" * 15_000}] * 20
    with pytest.raises(RecordError, match="too long"):
        save_response(record, MODULE, "b", "conversation", long)
    assert set(read_record(record, MODULE).answers) == {"a"}
