"""Words typed in a talk and not said yet: kept at home for the next run, and for nobody else."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from helpers.content import items_of
from helpers.wire import Wire

from grader import places
from grader.cards import desk
from grader.cards.question import QuestionCard
from grader.places import this_learner
from grader.trainee import record
from grader.trainee.home import prepare_home

LESSONS = places.own_course().lessons
WORDS = "What would you"


def talks() -> list[tuple[Path, str]]:
    found = [(path.parent, items_of(path)) for path in sorted(LESSONS.glob("*/items.yaml"))]
    return [
        (folder, name)
        for folder, items in found
        for name, item in items.items()
        if item.kind == "conversation"
    ]


@pytest.fixture
def card() -> Wire:
    prepare_home(this_learner())
    return make_card()


def make_card() -> Wire:
    folder, name = talks()[0]
    item, view = desk.find(desk.this_desk(this_learner(), folder), name)
    return Wire(QuestionCard(desk.this_desk(this_learner(), folder), view, item))


def jot(card: Wire, turn: str, text: str = WORDS) -> dict:
    return card.ask(type="jot", words={"turn": turn, "text": text})


def kept() -> list[Path]:
    return sorted((places.own_home().folder / "jotted").glob("*.json"))


def test_they_are_there_after_a_new_start(card):
    assert card.ask(type="open")["jotted"] is None
    turn = card.ask(type="open")["walk"]["turn"]["id"]
    assert jot(card, turn)["type"] == "kept"
    assert make_card().ask(type="open")["jotted"] == {"turn": turn, "text": WORDS}
    (path,) = kept()
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_they_go_when_their_turn_is_said_and_a_late_message_brings_none_back(card):
    turn = card.ask(type="open")["walk"]["turn"]
    step = {"turn": turn["id"]} | (
        {"text": f"{WORDS} like?"}
        if turn["asks"] == "reply"
        else {"pick": turn["options"][0]["id"]}
    )
    jot(card, turn["id"])
    assert card.ask(type="save", response=[step], seen=None)["type"] == "saved"
    assert make_card().ask(type="open")["jotted"] is None
    assert WORDS not in kept()[0].read_text()
    jot(make_card(), turn["id"])
    assert WORDS not in kept()[0].read_text()


def test_they_are_no_answer_and_go_with_everything(card):
    jot(card, "t1")
    learner = this_learner()
    assert list(record.all_answers(learner)) == []
    with zipfile.ZipFile(BytesIO(record.export(learner))) as pack:
        assert any(name.startswith("raw/jotted/") for name in pack.namelist())
    assert record.delete_everything(learner) == []
    assert kept() == []


@pytest.mark.parametrize("words", [None, "x", {"turn": 1, "text": "x"}, {"text": "x"}, []])
def test_what_are_no_such_words_is_refused(card, words):
    assert card.ask(type="jot", words=words)["type"] == "refused"
    assert kept() == []


def test_a_damaged_file_loses_no_more_than_itself(card):
    jot(card, "t1")
    (path,) = kept()
    path.write_text("{ cut")
    assert make_card().ask(type="open")["jotted"] is None
    assert jot(make_card(), "t1")["type"] == "kept"
    assert json.loads(path.read_text())["items"]
