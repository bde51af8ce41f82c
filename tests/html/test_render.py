"""Static HTML: every word escaped, long replies cut, nothing that runs or links."""

from __future__ import annotations

import re

import pytest
from helpers.samples import items
from hypothesis import given
from hypothesis import strategies as st

from grader.html.render import (
    MAX_SHOWN,
    answer_html,
    question_html,
    record_html,
    score_html,
    static_card_html,
)
from grader.kinds.scores import Reason, Score
from grader.kinds.scoring import model_response
from grader.kinds.views import public_view

NASTY = "<script>alert('x')</script><a href=\"javascript:x\">&amp; <img src=x onerror=y>"
VIEW = {
    "id": "late-tea",
    "kind": "reply",
    "stem": {"setting": "A kitchen.", "speaker": "Ana", "says": "It is late."},
    "question": "What do you say?",
    "points": 3.0,
    "content_note": "",
    "gentle": None,
}
OPTIONS = VIEW | {
    "kind": "choice",
    "options": [{"id": "a", "text": "You are up late."}, {"id": "b", "text": "Sleep <now>."}],
}
SCORE = Score(1.5, 3.0, "A start", (Reason("It shows.", "you said"),), "Better words")
ITEMS = items()
TAG = re.compile(r"<\s*/?\s*([a-z0-9]+)([^>]*)>", re.IGNORECASE)
ATTRIBUTES = re.compile(r'(\s+(class="[a-z -]+"|style="white-space:pre-wrap"|dir="auto"))*')
ALLOWED = {"div", "p", "figure", "figcaption", "blockquote", "ul", "li", "strong", "q"}


def assert_harmless(html: str) -> None:
    for name, rest in TAG.findall(html):
        assert name in ALLOWED
        assert re.fullmatch(
            r'(\s+(class="[a-z -]+"|style="white-space:pre-wrap"|dir="auto"))*', rest
        )


@pytest.mark.parametrize("field", ["setting", "speaker", "says"])
def test_the_situation_is_escaped(field):
    assert_harmless(question_html(VIEW | {"stem": VIEW["stem"] | {field: NASTY}}))


def test_the_name_of_who_speaks_is_shown():
    assert "Ana says" in question_html(VIEW)


def test_each_line_of_a_talk_has_the_name_of_who_says_it():
    talk = public_view(ITEMS["conversation"])
    peer = f"<strong>{talk['peer']}:</strong>"
    html = answer_html(talk, model_response(ITEMS["conversation"]))
    assert html.count("<strong>") == html.count("<li")
    assert peer in html
    assert "<strong>You:</strong>" in html


@pytest.mark.parametrize("kind", ["spot", "conversation"])
def test_a_card_to_read_names_who_says_its_lines(kind):
    view = public_view(ITEMS[kind])
    names = {line["speaker"] for line in view.get("lines", ())} or {view["peer"]}
    html = static_card_html(view)
    assert [name for name in names if f"<li>{name}" not in html] == []


def test_the_question_is_escaped():
    html = question_html(VIEW | {"question": NASTY})
    assert_harmless(html)
    assert "&lt;script&gt;" in html


@pytest.mark.parametrize(
    "typed", [NASTY, "</blockquote><b>", '" onload="x', "<!-- ", "]]>", "&lt;"]
)
def test_a_typed_reply_is_shown_as_it_was_typed_and_runs_nothing(typed):
    html = answer_html(VIEW, typed)
    assert_harmless(html)
    assert "<b>" not in html


@given(st.text(max_size=80))
def test_no_text_gets_out_of_its_place(typed):
    score = Score(1.0, 3.0, "A start", (Reason(typed, typed),), typed, suggested=True)
    assert_harmless(record_html(VIEW, typed, score, typed))


def test_option_texts_are_escaped():
    html = answer_html(OPTIONS, "b")
    assert "Sleep &lt;now&gt;." in html
    assert_harmless(html)


def test_quotes_are_escaped():
    html = answer_html(VIEW, "\"'")
    assert "&quot;&#x27;" in html


def test_a_long_reply_is_cut_and_says_so():
    html = answer_html(VIEW, "x" * (MAX_SHOWN + 1))
    assert html.count("x") == MAX_SHOWN
    assert "only its beginning is shown" in html


def test_a_reply_of_the_full_length_is_not_cut():
    assert "beginning" not in answer_html(VIEW, "x" * MAX_SHOWN)


@pytest.mark.parametrize("response", [None, "", "  ", [], 3, {"a": 1}])
def test_no_answer_is_said(response):
    assert "No answer." in answer_html(VIEW, response)
    assert "No answer." in answer_html(OPTIONS, response)


def test_an_option_that_is_gone_is_said():
    assert "has changed since it was answered" in answer_html(OPTIONS, "gone")


def test_several_picks_are_listed():
    html = answer_html(OPTIONS | {"kind": "choices"}, ["a", "b", "gone"])
    assert html.count("<li>") == 2


def test_a_score_shows_points_reasons_and_a_better_wording():
    html = score_html(SCORE)
    for part in ("1.5 of 3 points", "It shows.", "you said", "Better words"):
        assert part in html


def test_a_suggested_score_says_that_a_trainer_decides():
    html = score_html(Score(1.5, 3.0, "A start", (Reason("It shows."),), "", suggested=True))
    assert "Suggested: 1.5 of 3 points. A trainer decides." in html
    assert "Another way" not in html


def test_a_record_without_a_key_shows_question_and_answer_only():
    html = record_html(VIEW, "Hm.", None)
    assert "What do you say?" in html
    assert "Hm." in html
    assert "points" not in html


def test_a_problem_with_the_record_is_shown_escaped():
    html = record_html(VIEW, None, None, NASTY)
    assert_harmless(html)
    assert "al-problem" in html
