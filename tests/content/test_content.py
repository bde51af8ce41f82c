"""Skills and facts: loaded complete, or refused with every mistake."""

from __future__ import annotations

import pytest
from helpers.content import course_skills

from grader.content.items import ACTS, known_skills, load_facts, load_skills
from grader.errors import ContentError


def test_skills_have_three_anchors(tmp_path):
    path = tmp_path / "skills.yaml"
    path.write_text("- {id: a, name: A, definition: B, source: S, anchors: [x, y]}\n")
    with pytest.raises(ContentError, match="three sentences"):
        load_skills(path)


def test_facts_refuse_unknown_fields(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text("- {id: F1, statement: A, sorce: S}\n")
    with pytest.raises(ContentError) as caught:
        load_facts(path)
    assert [problem.field for problem in caught.value.problems] == ["sorce", "source"]


def test_the_course_names_eleven_skills():
    assert len(course_skills()) == 11


def test_there_are_fourteen_acts():
    assert len(ACTS) == 14


def test_a_fact_may_name_the_list_it_belongs_to(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text(
        "- {id: F1, statement: A, source: S, list: parts}\n- {id: F2, statement: A, source: S}\n"
    )
    assert [fact.list for fact in load_facts(path).values()] == ["parts", ""]


def framework(tmp_path, *extras: str):
    """Load a made-up framework, one skill for each line of extra fields."""
    path = tmp_path / "skills.yaml"
    entry = "- {{id: s{}, name: A, definition: B, source: S, anchors: [x, y, z]{}}}\n"
    path.write_text("".join(entry.format(at, extra) for at, extra in enumerate(extras)))
    return load_skills(path)


@pytest.mark.parametrize("number", [3, 5, 20])
def test_a_framework_may_have_3_to_20_skills(tmp_path, number):
    assert len(framework(tmp_path, *[""] * number)) == number


@pytest.mark.parametrize("number", [1, 2, 21])
def test_a_framework_of_another_size_is_refused(tmp_path, number):
    message = f"skills.yaml:1: file: holds {number} skills; make it 3 to 20"
    with pytest.raises(ContentError, match=message):
        framework(tmp_path, *[""] * number)


def test_a_skill_counts_what_it_covers_and_itself(tmp_path):
    skills = framework(tmp_path, ", covers: [a, b]", ", covers: [a], leaves_out: [c]", "")
    assert [skills["s0"].counts([name]) for name in ("s0", "a", "b", "c")] == [1, 1, 1, 0]
    assert [skills["s1"].counts(["x", name]) for name in ("s1", "a", "c")] == [1, 1, 0]
    assert known_skills(skills) == ("s0", "a", "b", "s1", "c", "s2")


@pytest.mark.parametrize(
    ("extras", "field", "what"),
    [
        ((", covers: [s1]", "", ""), "covers", "'s1' is a skill of this file itself"),
        (("", ", leaves_out: [s0]", ""), "leaves_out", "'s0' counts for a skill of this file"),
        ((", covers: [a]", ", leaves_out: [a]", ""), "leaves_out", "'a' counts for a skill"),
    ],
)
def test_a_skill_cannot_count_two_ways(tmp_path, extras, field, what):
    with pytest.raises(ContentError) as caught:
        framework(tmp_path, *extras)
    (problem,) = caught.value.problems
    assert (problem.field, problem.what[: len(what)]) == (field, what)
