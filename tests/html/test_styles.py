"""The styles of our pages: letters that come along, and a face where somebody speaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.paths import REPOSITORY

from grader.content.people import MOODS, load_people
from grader.html.styles import apart, kind_of, people_style, style_files
from grader.places import this_learner
from grader.server.addresses import RULES, Site
from grader.site.pages import RULES as SITE_RULES

COURSE = REPOSITORY / "course"
STATIC = REPOSITORY / "grader" / "cards" / "static"
FILES = style_files(COURSE)
STYLE = FILES["course.css"].decode()
ADDRESS = re.compile(r"url\(\"([^\"]+)\"\)")


def test_all_letters_together_weigh_little():
    letters = [content for name, content in FILES.items() if name.endswith(".woff2")]
    assert len(letters) == 4
    assert sum(map(len, letters)) <= 120_000
    assert all(content[:4] == b"wOF2" for content in letters)


def test_each_typeface_comes_with_its_open_licence():
    for name in ("Fraunces", "Atkinson-Hyperlegible-Next"):
        text = (STATIC / "fonts" / f"OFL-{name}.txt").read_text(encoding="utf-8")
        assert "SIL Open Font License, Version 1.1" in text


def test_text_is_shown_before_its_letters_are_there_and_does_not_move_when_they_come():
    faces = re.findall(r"@font-face \{(.*?)\}", STYLE, re.DOTALL)
    brought = [face for face in faces if "url(" in face]
    stand_ins = [face for face in faces if "local(" in face]
    assert len(brought) == 4
    assert len(stand_ins) == 2
    assert all("font-display: swap" in face for face in brought)
    assert all("size-adjust" in face and "ascent-override" in face for face in stand_ins)


def test_styles_ask_for_what_comes_with_them_alone():
    asked = set(ADDRESS.findall(STYLE))
    assert asked == set(FILES) - {"course.css", "dark.css"}


def test_rules_for_the_dark_stand_apart_so_that_a_page_can_say_when_they_hold():
    dark = FILES["dark.css"].decode()
    assert "prefers-color-scheme" not in STYLE + dark
    assert dark.count("--al-page") == 2
    assert dark.count("{") == dark.count("}") == 12
    assert apart("a {}\n@media (prefers-color-scheme: dark) {\n  b { c: d; }\n}\ne {}") == (
        "a {}\n\ne {}",
        "\n  b { c: d; }\n",
    )
    with pytest.raises(ValueError, match="no end"):
        apart("@media (prefers-color-scheme: dark) { b {} }")


@pytest.mark.parametrize("rules", [RULES, SITE_RULES])
def test_pages_may_load_their_own_letters_and_no_others(rules):
    assert "font-src 'self';" in rules


def test_a_host_sends_each_file_as_what_it_is():
    assert set(FILES) <= set(Site(this_learner()).files)
    kinds = {name.rpartition(".")[2]: kind_of(name) for name in FILES}
    assert kinds == {
        "css": "text/css; charset=UTF-8",
        "svg": "image/svg+xml",
        "woff2": "font/woff2",
    }


def test_everybody_has_a_rule_for_their_face_and_each_mood_its_place():
    people = load_people(COURSE)
    rules = people_style(people)
    for person in people:
        assert f'[data-who="{person.name}"] {{ background-image: url("{person.picture}")' in rules
    places = re.findall(r'data-mood="(\w+)"\] \{ background-position: ([\d.]+)%', rules)
    assert [mood for mood, _ in places] == list(MOODS)
    assert [float(at) for _, at in places] == sorted({float(at) for _, at in places})


def test_a_course_whose_people_cannot_be_read_has_letters_and_no_faces(tmp_path: Path):
    (tmp_path / "people.yaml").write_text("- nam: Ida\n")
    assert [name for name in style_files(tmp_path) if name.endswith(".svg")] == []
    assert "fraunces.woff2" in style_files(tmp_path)
