"""Tests of grader.trainee.glossary: the words of the course, loaded whole and shown safely."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from helpers.content import course_words

from grader import places
from grader.content.glossary import Term, load_glossary, slug
from grader.content.syllabus import load_syllabus
from grader.errors import ContentError
from grader.places import own_course
from grader.trainee import course_map
from grader.trainee.glossary import glossary_html

PEER = """\
- term: peer
  meaning: >-
    Someone like you.
  facts: [F1]
  module: 01-definitions
"""
SUPPORT = """\
- term: peer support
  meaning: >-
    What peers give.
  module: "07-advice"
  see: [peer]
"""


def load(tmp_path: Path, text: str) -> dict[str, Term]:
    path = tmp_path / "glossary.yaml"
    path.write_text(text, encoding="utf-8")
    return load_glossary(path, {"F1"}, load_syllabus(own_course()).titles)


def mistakes(tmp_path: Path, text: str) -> list[tuple[int, str, str]]:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    return [(problem.line, problem.field, problem.what) for problem in caught.value.problems]


def test_words_load_in_their_order_and_frozen(tmp_path):
    terms = load(tmp_path, SUPPORT + PEER)
    assert list(terms) == ["peer support", "peer"]
    assert terms["peer"] == Term("peer", "Someone like you.", ("F1",), "01-definitions", ())
    with pytest.raises(AttributeError):
        terms["peer"].meaning = "another"


def test_a_word_that_stands_there_twice_is_refused_whatever_its_capitals(tmp_path):
    again = PEER.replace("term: peer", "term: Peer")
    (found,) = mistakes(tmp_path, PEER + again)
    assert found == (6, "term", "'Peer' stands here twice; keep one of them")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (PEER.replace("F1", "F2"), (4, "facts", "'F2' is not known; use one of: F1")),
        (
            PEER + SUPPORT.replace("[peer]", "[pear]"),
            (10, "see", "'pear' is not known; did you mean 'peer'?"),
        ),
        (
            SUPPORT.replace("07-advice", "07-advise"),
            (4, "module", "'07-advise' is not known; did you mean '07-advice'?"),
        ),
        (PEER + "  also: [x]\n", (6, "also", "is not a field here; use one of: ")),
        (PEER.replace("meaning", "meanin"), (1, "meaning", "is missing; add it")),
        (PEER.replace("term: peer", "term: …"), (1, "term", "'…' needs a letter or digit")),
    ],
)
def test_a_mistake_is_said_with_its_line_and_what_to_do(tmp_path, text, wanted):
    found = mistakes(tmp_path, text)
    assert any(line == wanted[0] and field == wanted[1] for line, field, _ in found)
    assert any(what.startswith(wanted[2]) for _, _, what in found)


def test_a_word_cannot_point_to_itself(tmp_path):
    alone = PEER + "  see: [peer]\n"
    assert [field for _, field, _ in mistakes(tmp_path, alone)] == ["see"]


def test_all_mistakes_come_at_once(tmp_path):
    text = PEER.replace("F1", "F9") + SUPPORT.replace("[peer]", "[nobody]")
    assert [field for _, field, _ in mistakes(tmp_path, text)] == ["facts", "see"]


@pytest.mark.parametrize(
    ("term", "address"),
    [
        ("informed consent", "informed-consent"),
        ("“I” sentence", "i-sentence"),
        ("LGBTQI*", "lgbtqi"),
        ("whānau", "whanau"),
    ],
)
def test_a_word_has_a_plain_address(term, address):
    assert slug(term) == address


def test_each_word_can_be_linked_to_and_comes_by_the_alphabet():
    html = glossary_html(own_course())
    places_there = re.findall(r'<div id="term-([a-z0-9-]+)">', html)
    assert places_there == sorted(slug(term) for term in course_words())
    links = re.findall(r'href="#term-([^"]*)"', html)
    assert len(links) > 50
    assert set(links) <= set(places_there)


def test_nothing_of_a_word_is_shown_unescaped():
    nasty = "<script>alert('x')</script>&\""
    html = glossary_html(own_course(), [Term(nasty, nasty, (nasty,), nasty, (nasty,))])
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4
    assert re.findall(r'(?:id|href)="([^"]*)"', html) == [
        "term-script-alert-x-script",
        "#term-script-alert-x-script",
    ]


def test_each_word_names_the_module_that_teaches_it_first():
    html = glossary_html(
        own_course(), [Term("peer", "Someone like you.", (), "01-definitions", ())]
    )
    assert "First taught in module 1, What peer support is." in html


def test_every_module_but_the_last_has_words_of_its_own():
    taught = {term.module for term in course_words().values()}
    assert taught == set(course_map.modules(own_course())) - {"10-capstone"}


def test_the_words_are_short_enough_to_read_when_tired():
    for term in course_words().values():
        parts = re.split(r"(?<=[.!?])[”’]?\s+(?=[A-Z“])", term.meaning)
        assert len(parts) <= 2, term.term
        assert max(len(part.split()) for part in parts) <= 20, term.term


def test_the_file_is_in_the_order_of_the_alphabet():
    terms = [slug(term) for term in course_words()]
    assert terms == sorted(terms)


def test_the_course_map_leads_to_the_words():
    course = places.own_course().lessons
    assert "](glossary.ipynb)" in (course / "index.ipynb").read_text(encoding="utf-8")
    assert "glossary()" in (course / "glossary.ipynb").read_text(encoding="utf-8")


def test_a_link_of_a_lesson_to_a_word_finds_it():
    known = {f"term-{slug(term)}" for term in course_words()}
    for path in places.own_course().lessons.rglob("*.ipynb"):
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"glossary\.ipynb#([^)\s\"\\]*)", text)) <= known, path.name
