"""Strict reading of YAML: every mistake noted with its line, nothing silently changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.paths import TESTS

from grader.content.strict_yaml import Entry, read_entries, read_entry, short_name
from grader.errors import Problem

BROKEN = TESTS / "broken"


def entry(tmp_path: Path, text: str) -> tuple[Entry, list[Problem]]:
    path = tmp_path / "sample.yaml"
    path.write_text(text, encoding="utf-8")
    problems: list[Problem] = []
    found = read_entry(path, problems)
    assert found is not None, problems
    return found, problems


def told(problems: list[Problem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.field) for problem in problems]


@pytest.mark.parametrize("value", ["No", "yes", "1:30", "3.10", "2026-01-01", "~", "[a]", "{a: b}"])
def test_what_yaml_would_turn_into_something_else_is_refused_as_text(tmp_path, value):
    found, problems = entry(tmp_path, f"name: x\ntext: {value}\n")
    assert found.text("text") == ""
    assert told(problems) == [(2, "text")]


def test_text_in_a_block_may_hold_colons_and_no(tmp_path):
    found, problems = entry(tmp_path, "text: >-\n  No: I hear\n  you.\n")
    assert found.text("text") == "No: I hear you."
    assert not problems


def test_quoted_text_is_text(tmp_path):
    found, problems = entry(tmp_path, 'text: "No"\n')
    assert found.text("text") == "No"
    assert not problems


def test_blank_text_is_noted(tmp_path):
    found, problems = entry(tmp_path, 'text: "  "\n')
    found.text("text")
    assert "is empty" in problems[0].what


def test_a_doubled_field_is_noted_at_its_second_line(tmp_path):
    _, problems = entry(tmp_path, "a: x\nb: y\na: z\n")
    assert told(problems) == [(3, "a")]


def test_a_missing_field_is_noted_at_the_line_of_its_entry(tmp_path):
    found, problems = entry(tmp_path, "# remark\na: x\n")
    assert found.text("b") == ""
    assert told(problems) == [(2, "b")]


def test_an_absent_field_with_a_default_is_no_mistake(tmp_path):
    found, problems = entry(tmp_path, "a: x\n")
    assert found.text("b", "d") == "d"
    assert found.words("c", ("e",)) == ("e",)
    assert found.flag("f", None) is None
    assert found.number("g", 3, low=0, high=5) == 3
    assert not problems


def test_an_unknown_field_gets_a_suggestion(tmp_path):
    found, problems = entry(tmp_path, "feedbak: x\n")
    found.text("feedback", "")
    found.close()
    assert problems[0].what == "is not a field here; did you mean 'feedback'?"


@pytest.mark.parametrize("value", ["4", "-1", ".nan", "three", "true", "[1]", "1_0", ".inf"])
def test_numbers_out_of_range_are_refused(tmp_path, value):
    found, problems = entry(tmp_path, f"points: {value}\n")
    assert found.number("points", low=0, high=3) == 0
    assert told(problems) == [(1, "points")]


@pytest.mark.parametrize(("value", "meant"), [("true", True), ("false", False)])
def test_flags_are_true_or_false(tmp_path, value, meant):
    found, problems = entry(tmp_path, f"fits: {value}\n")
    assert found.flag("fits") is meant
    assert not problems


def test_a_flag_in_words_is_refused(tmp_path):
    found, problems = entry(tmp_path, "fits: maybe\n")
    assert found.flag("fits") is None
    assert told(problems) == [(1, "fits")]


def test_lists_and_groups_are_told_apart(tmp_path):
    found, problems = entry(tmp_path, "a: x\nb: [1, y]\nc: {d: e}\nf: [x]\ng: y\n")
    assert found.words("a") == ()
    found.words("b")
    assert found.entries("c") == ()
    assert found.entries("f") == ()
    assert found.entry("g") is None
    assert told(problems) == [(1, "a"), (2, "b"), (3, "c"), (4, "f"), (5, "g")]


@pytest.mark.parametrize("name", ["empty.yaml", "not-yaml.yaml", "not-utf8.yaml", "no-such.yaml"])
def test_a_file_that_cannot_be_read_gives_one_problem(name):
    problems: list[Problem] = []
    assert read_entries(BROKEN / name, problems) == ()
    assert [problem.path for problem in problems] == [f"tests/broken/{name}"]


def test_a_mapping_where_a_list_should_be_is_noted(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("a: b\n", encoding="utf-8")
    problems: list[Problem] = []
    assert read_entries(path, problems) == ()
    assert "must be one list" in problems[0].what


def test_a_list_where_a_mapping_should_be_is_noted(tmp_path):
    path = tmp_path / "sample.yaml"
    path.write_text("- a\n", encoding="utf-8")
    problems: list[Problem] = []
    assert read_entry(path, problems) is None
    assert "must be a group" in problems[0].what


def test_short_names_hold_nothing_of_the_machine():
    assert short_name(Path("/home/somebody/there/course/07-advice/items.yaml")) == (
        "course/07-advice/items.yaml"
    )


def test_tags_and_anchors_build_no_objects(tmp_path):
    found, problems = entry(tmp_path, "text: !!python/object/apply:os.getcwd []\n")
    assert found.text("text") == ""
    assert told(problems) == [(1, "text")]
