"""Skills and facts: loaded complete, or refused with every mistake."""

from __future__ import annotations

import pytest

from grader.content import ACTS, load_facts, load_skills
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
    assert len(load_skills()) == 11


def test_there_are_fourteen_acts():
    assert len(ACTS) == 14


def test_a_fact_may_name_the_list_it_belongs_to(tmp_path):
    path = tmp_path / "facts.yaml"
    path.write_text(
        "- {id: F1, statement: A, source: S, list: parts}\n- {id: F2, statement: A, source: S}\n"
    )
    assert [fact.list for fact in load_facts(path).values()] == ["parts", ""]
