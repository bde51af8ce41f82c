"""Templates: every word escaped as Python does it, nothing missing, and tables made one way."""

from __future__ import annotations

import ast
import re
from html import escape

import pytest
from helpers.package import MODULES, tree
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from grader.html import templating
from grader.html.templating import render_template, trusted

NASTY = "<b>\"Lee\" & 'Kim'</b>"
TAG = re.compile(r"</?(a|b|div|h[1-6]|li|p|pre|span|strong|t[dhr]|table|ul)( [^<]*)?>")
# Records are shown by the thousand, and the check of a certificate looks for two elements.
BY_HAND = {"grader.html.render", "grader.trainee.verifying"}


def table(**options):
    made = templating._environment().get_template("table.html.j2").module
    return made.table("Caption", [("first", "second")], ("One", "Two"), **options)


def tags_in(code: ast.Module) -> list[str]:
    texts = (node.value for node in ast.walk(code) if isinstance(node, ast.Constant))
    return [text for text in texts if isinstance(text, str) and TAG.search(text)]


@given(st.text())
def test_words_are_escaped_as_python_does_it(words):
    html = render_template("cards/problem.html.j2", lines=[words])
    assert html == f'<div class="al-static"><p class="al-problem">{escape(words)}</p></div>'


def test_what_is_no_text_is_shown_as_text():
    assert '<p class="al-problem">3</p>' in render_template("cards/problem.html.j2", lines=[3])


def test_what_a_template_made_is_not_escaped_once_more():
    lines = [trusted("<b>bold</b>"), render_template("cards/later.html.j2")]
    html = render_template("cards/problem.html.j2", lines=lines)
    assert "<b>bold</b>" in html
    assert '<p class="al-later">' in html


def test_a_fact_that_is_missing_is_an_error():
    with pytest.raises(UndefinedError):
        render_template("cards/problem.html.j2")


def test_every_template_can_be_read():
    names = templating._environment().list_templates()
    assert len(names) > 10
    for name in names:
        templating._template(name)


def test_a_table_has_a_caption_and_headings():
    html = re.sub(r">\s+<", "><", table())
    assert html == (
        "<table><caption>Caption</caption>"
        '<thead><tr><th scope="col">One</th><th scope="col">Two</th></tr></thead>'
        '<tbody><tr><th scope="row">first</th><td>second</td></tr></tbody></table>'
    )


def test_a_table_can_name_each_cell():
    assert '<td class="c" data-label="Two">second</td>' in table(labelled=True, cell="c")
    assert '<caption class="al-heard">' in table(heard=True)
    assert '<th scope="row" class="short">' in table(narrow=True)


@pytest.mark.parametrize("name", sorted(set(MODULES) - BY_HAND))
def test_html_is_made_by_templates_alone(name):
    if not name.startswith(("grader.demo", "grader.training")):  # texts that try to do harm
        assert not tags_in(tree(name))


@pytest.mark.parametrize("source", ["f'<p>{a}</p>'", "'<table class=\"x\">'", "x = '</li>'"])
def test_html_in_code_is_noticed(source):
    assert tags_in(ast.parse(source))
