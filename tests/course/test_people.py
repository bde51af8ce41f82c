"""The people who come back through the course have one first name and one line each."""

from __future__ import annotations

import yaml
from helpers.paths import REPOSITORY

PEOPLE = yaml.safe_load((REPOSITORY / "course" / "people.yaml").read_text(encoding="utf-8"))


def test_each_has_a_first_name_of_their_own_and_one_line_on_their_life():
    assert [set(person) for person in PEOPLE] == [{"name", "life"}] * len(PEOPLE)
    assert len({person["name"] for person in PEOPLE}) == len(PEOPLE) >= 16
    assert [person for person in PEOPLE if len(person["name"].split()) != 1] == []
    assert [person for person in PEOPLE if not person["life"].endswith(".")] == []


def test_each_comes_back():
    items = [path.read_text() for path in REPOSITORY.glob("*/[01]*/items.yaml")]
    for person in PEOPLE:
        assert sum(f"speaker: {person['name']}\n" in text for text in items) >= 2, person
