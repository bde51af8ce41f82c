"""The people who come back through the course have one first name, one line, and one face each."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import pytest
from helpers.paths import REPOSITORY

from grader.author.portraits import SIDE, draw_people, portrait
from grader.content.people import FOLDER, MOODS, load_people, picture_problems

COURSE = REPOSITORY / "course"
PEOPLE = load_people(COURSE)
DRAWN = {"svg", "defs", "g", "use", "path"}
SVG = "{http://www.w3.org/2000/svg}"
MOST_BYTES = 24_000  # of one person in all moods; about a third of it on its way


def test_each_has_a_first_name_of_their_own_and_one_line_on_their_life():
    assert len({person.name for person in PEOPLE}) == len(PEOPLE) >= 16
    assert [person for person in PEOPLE if len(person.name.split()) != 1] == []
    assert [person for person in PEOPLE if not person.life.endswith(".")] == []


def test_each_comes_back():
    items = [path.read_text() for path in REPOSITORY.glob("*/[01]*/items.yaml")]
    for person in PEOPLE:
        assert sum(f"speaker: {person.name}\n" in text for text in items) >= 2, person


def test_each_looks_like_nobody_else():
    assert [person.name for person in PEOPLE if person.look is None] == []
    for one, other in combinations(PEOPLE, 2):
        assert one.look != other.look
        assert (one.look.hair, one.look.beard) != (other.look.hair, other.look.beard)


def test_every_picture_fits_what_is_said_of_the_person():
    assert picture_problems(COURSE) == []
    pictures = {path.name for path in (COURSE / FOLDER).iterdir()}
    assert pictures == {person.picture for person in PEOPLE}


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
def test_a_picture_has_every_mood_and_nothing_that_runs_or_is_asked_for(person):
    content = (COURSE / FOLDER / person.picture).read_bytes()
    whole = ElementTree.fromstring(content)  # noqa: S314 - our own file
    moods = whole.findall(f"{SVG}svg")
    assert len(moods) == len(MOODS)
    assert len({ElementTree.tostring(mood.find(f"{SVG}g")) for mood in moods}) == len(MOODS)
    assert whole.get("viewBox") == f"0 0 {SIDE * len(MOODS)} {SIDE}"
    assert {node.tag.removeprefix(SVG) for node in whole.iter()} <= DRAWN
    links = {value for node in whole.iter() for name, value in node.items() if "href" in name}
    assert links == {"#a", "#z"}
    assert b"url(" not in content
    assert len(content) <= MOST_BYTES


def test_pictures_are_made_from_the_looks_alone():
    for person in PEOPLE:
        drawn = (COURSE / FOLDER / person.picture).read_text(encoding="utf-8")
        assert drawn == portrait(person.look)


def test_only_who_is_new_or_changed_is_drawn(tmp_path):
    text = "- name: Ida\n  life: 44, bakes.\n  look: {hair: short1, skin: light, clothes: teal}\n"
    (tmp_path / "people.yaml").write_text(text)
    assert [path.name for path in draw_people(tmp_path)] == ["ida.svg"]
    assert draw_people(tmp_path) == []
    (tmp_path / "people.yaml").write_text(text.replace("teal", "rust"))
    assert [path.name for path in draw_people(tmp_path)] == ["ida.svg"]
