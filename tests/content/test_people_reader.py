"""Reading people.yaml: what may stand there, and what is said where something else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.content.people import load_people, picture_problems
from grader.errors import ContentError

IDA = """- name: Ida
  life: 44, bakes for a whole street.
  look: {hair: short1, skin: light, clothes: teal, colour: grey}
  usually: tired
"""


def course(folder: Path, text: str) -> Path:
    (folder / "people.yaml").write_text(text, encoding="utf-8")
    return folder


def problems(folder: Path, text: str) -> str:
    with pytest.raises(ContentError) as caught:
        load_people(course(folder, text))
    return str(caught.value)


def test_a_person_is_added_in_five_lines(tmp_path):
    (ida,) = load_people(course(tmp_path, IDA))
    assert (ida.name, ida.usually, ida.picture) == ("Ida", "tired", "ida.svg")
    assert (ida.look.hair, ida.look.colour, ida.look.glasses) == ("short1", "grey", "")


def test_a_person_may_have_no_face(tmp_path):
    (ida,) = load_people(course(tmp_path, "- name: Ida\n  life: 44, bakes.\n"))
    assert (ida.look, ida.usually) == (None, "calm")
    assert picture_problems(tmp_path) == []


def test_a_course_without_people_has_none(tmp_path):
    assert load_people(tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "short1",
            "shrt1",
            "people.yaml:3: hair: 'shrt1' is none of those; did you mean 'short1'?",
        ),
        ("skin: light, ", "", "people.yaml:3: skin: is missing; add it"),
        ("colour", "color", "people.yaml:3: color: is not a field here; did you mean 'colour'?"),
        (
            "tired",
            "angry",
            "people.yaml:4: usually: 'angry' is none of those; did you mean 'wary'?",
        ),
        ("name: Ida", "name: Ida B.", "people.yaml:1: name: must be one first name, in letters"),
        ("name: Ida", "name: 'Ida\"]{}'", "people.yaml:1: name: must be one first name"),
        ("  life: 44, bakes for a whole street.\n", "", "people.yaml:1: life: is missing"),
    ],
)
def test_a_mistake_is_said_with_its_line(tmp_path, old, new, said):
    assert old in IDA
    assert said in problems(tmp_path, IDA.replace(old, new))


def test_two_of_one_name_are_noticed(tmp_path):
    assert "people.yaml:5: name: 'Ida' stands here twice" in problems(tmp_path, IDA + IDA)


def test_who_has_no_picture_is_named(tmp_path):
    (problem,) = picture_problems(course(tmp_path, IDA))
    assert "look: has no picture that fits it; run 'alongside release'" in str(problem)


def test_a_picture_from_before_a_change_is_noticed(tmp_path):
    (ida,) = load_people(course(tmp_path, IDA))
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "ida.svg").write_text(f'<svg data-look="{ida.look.mark}"/>')
    assert picture_problems(tmp_path) == []
    course(tmp_path, IDA.replace("grey", "white"))
    assert len(picture_problems(tmp_path)) == 1
