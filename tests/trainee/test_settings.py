"""Tests of grader.trainee.settings: what the pages of one person are told, and what is refused."""

from __future__ import annotations

import json
import re

import pytest

from grader.cards.calls import Context, card_of
from grader.errors import RecordError
from grader.places import own_home, this_learner
from grader.trainee.home import prepare_home
from grader.trainee.map_page import map_html
from grader.trainee.settings import Settings, keep, read_settings


@pytest.fixture
def home():
    prepare_home(this_learner())
    return own_home()


def test_what_is_kept_is_there_the_next_time(home):
    assert read_settings(home) == Settings()
    keep(home, text="large", theme="dark")
    keep(home, paused="07-advice/4-four-rules.ipynb", part="step-3")
    kept = Settings("large", "", "dark", "", "07-advice/4-four-rules.ipynb", "step-3")
    assert read_settings(home) == kept
    assert keep(home, theme="").theme == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"text": "huge"},
        {"theme": 1},
        {"part": "step-3' x='"},
        {"part": "step-3333"},
        {"voice": "x" * 201},
        {"colour": "red"},
    ],
)
def test_what_is_no_setting_changes_nothing(home, changes):
    keep(home, text="large")
    with pytest.raises(RecordError, match="not one of the course"):
        keep(home, lines="wide", **changes)
    assert read_settings(home) == Settings(text="large")


@pytest.mark.parametrize("content", ["", "{", "[]", '{"text": []}', "{}", '"large"', "\x00"])
def test_a_damaged_file_counts_as_none_and_can_be_written_again(home, content):
    (home.folder / "settings.json").write_text(content)
    assert read_settings(home) == Settings()
    assert keep(home, lines="wide") == read_settings(home) == Settings(lines="wide")


def test_of_a_newer_file_what_is_known_is_read(home):
    kept = {"format": 2, "text": "large", "lines": "?", "theme": "dark", "shape": "round"}
    (home.folder / "settings.json").write_text(json.dumps(kept))
    assert read_settings(home) == Settings(text="large", theme="dark")


def told(message):
    learner = this_learner()
    card = card_of(
        {"name": "settings", "arguments": [], "number": 0}, Context(learner, learner.course.lessons)
    )
    return card.receive({**message, "seq": 1})[0]


def test_a_page_keeps_them_by_a_message(home):
    assert told({"type": "keep", "settings": {"lines": "wide"}})["type"] == "saved"
    assert read_settings(home) == Settings(lines="wide")


@pytest.mark.parametrize("sent", [None, [], "large", {"home": "x"}, {"__class__": "x"}, {"": ""}])
def test_a_message_that_is_none_of_ours_is_refused(home, sent):
    assert told({"type": "keep", "settings": sent})["type"] == "refused"
    assert read_settings(home) == Settings()


def waiting(**paused):
    keep(own_home(), **paused)
    shown = map_html(this_learner())
    return re.findall(r'<p class="al-waits"><a href="([^"]*)">(You paused[^<]*)</a>', shown)


def test_the_map_leads_back_to_where_somebody_paused(home):
    page = "01-definitions/2-who-is-a-peer.ipynb"
    words = "You paused in 1.2 Who is a peer?, step 6. Go on there when you like"
    assert waiting(paused=page, part="step-6") == [(f"{page}#step-6", words)]
    assert waiting(part="") == [(page, words.replace(", step 6", ""))]
    exercise = "exercises/07-advice/exercise.ipynb"
    assert waiting(paused=exercise)[0][1].startswith("You paused in Exercise of module 7.")


@pytest.mark.parametrize("page", ["", "index.ipynb", "01-definitions/gone.ipynb", "../x", "x\0"])
def test_the_map_says_nothing_of_a_page_that_is_none_to_go_on_with(home, page):
    assert waiting(paused=page) == []
