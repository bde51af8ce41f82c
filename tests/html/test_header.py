"""Tests of grader.html.header: the one list that the top of every page shows."""

from __future__ import annotations

import pytest

from grader.html import header
from grader.html.header import Entry
from grader.html.templating import render_template
from grader.server.lesson import Frame


def top(only: str = "") -> str:
    frame = Frame(root="/here/", help="", scripts="", only=only)
    return render_template("server/trouble.html.j2", title="x", lines=(), frame=frame)


def test_each_entry_of_the_list_stands_at_the_top(monkeypatch):
    more = (*header.ENTRIES, Entry("Notes & more", "notes"), Entry("Find", opens="find"))
    monkeypatch.setattr(header, "ENTRIES", more)
    html = top()
    assert '<a href="/here/lessons/index.ipynb">Course map</a>' in html
    assert '<a href="/here/lessons/notes.ipynb">Notes &amp; more</a>' in html
    assert '<button type="button" data-opens="find">Find</button>' in html


@pytest.mark.parametrize(("only", "home"), [("", "index"), ("skills", "skills")])
def test_the_name_of_the_course_leads_to_where_it_was_opened(only, home):
    assert f'<a class="al-brand" href="/here/lessons/{home}.ipynb">' in top(only)


def test_what_was_opened_alone_has_a_way_to_the_whole_course():
    assert '<a href="/here/lessons/index.ipynb">The whole course</a>' in top("skills")
    assert "The whole course" not in top()
