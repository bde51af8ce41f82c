"""What trainees see of items holds no key, and an answer can be put into words."""

from __future__ import annotations

import json
import re
from typing import get_type_hints

import pytest
from helpers import samples
from helpers.content import course_skills
from helpers.forms import misfits

from grader import places
from grader.kinds.public import View
from grader.kinds.registry import KINDS
from grader.kinds.scoring import model_response
from grader.kinds.views import answer_lines, load_public_items, public_json, public_view
from grader.places import own_course
from grader.skills.bank import practice_bank
from grader.trainee import compass_questions
from grader.trainee.ratings import asked

ITEMS = samples.items()
FILES = sorted(places.own_course().exercises.glob("*/items.json"))
UNSCORED = sorted(name for name, kind in KINDS.items() if not kind.scored)
ALL_KINDS = pytest.mark.parametrize("kind", sorted(ITEMS))
PARTS = {"id", "text"}
TELLING = {
    *("feedback", "better", "fits", "order", "match", "pile", "because", "together", "wanted"),
    *("avoid", "free", "skills", "facts"),
}

CHOICE_JSON = """{
 "format": 1,
 "module": "01-sample",
 "items": [
  {
   "id": "sample-choice",
   "kind": "choice",
   "stem": {
    "setting": "A kitchen.",
    "speaker": "Ana",
    "says": "It is late."
   },
   "question": "What do you say?",
   "points": 3,
   "content_note": "",
   "gentle": null,
   "options": [
    {
     "id": "a",
     "text": "Then sleep."
    },
    {
     "id": "b",
     "text": "It is late, and you are still up."
    }
   ]
  }
 ]
}
"""


def test_the_file_of_items_has_these_very_bytes():
    assert public_json("01-sample", [ITEMS["choice"]]) == CHOICE_JSON


def form_of(kind: str) -> type:
    """Return the form that a kind says its views have."""
    return get_type_hints(KINDS[kind].view).get("return", View)


@ALL_KINDS
def test_a_public_view_has_the_form_that_its_readers_expect(kind):
    assert list(misfits(public_view(ITEMS[kind]), form_of(kind))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.parent.name)
def test_every_file_of_items_has_that_form(path):
    views = load_public_items(path)
    assert views
    assert [line for view in views.values() for line in misfits(view, form_of(view["kind"]))] == []


def test_what_belongs_to_no_module_has_that_form():
    views = [rating.view for rating in asked(course_skills(), practice_bank(own_course()))]
    views += compass_questions.views().values()
    assert views
    assert [line for view in views for line in misfits(view, form_of(view["kind"]))] == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"points": "3"}, ".points: '3' is no <class 'float'>"),
        ({"stem": None}, ".stem: no dictionary"),
        ({"gentle": "soft"}, ".gentle: no dictionary"),
        ({"key": "b"}, ".key is too many"),
        ({"options": [{"id": "a"}]}, ".options[0].text is missing"),
        ({"options": {}}, ".options: no list"),
        ({"starts_with": {"trust": "3"}}, ".starts_with.trust: '3' is no <class 'int'>"),
    ],
)
def test_another_form_would_be_seen(change, said):
    kind = "conversation" if "starts_with" in change else "choice"
    assert list(misfits(public_view(ITEMS[kind]) | change, form_of(kind))) == [said]


def test_what_only_another_kind_has_would_be_seen():
    view = public_view(ITEMS["choice"]) | {"levels": []}
    assert list(misfits(view, form_of("choice"))) == [".levels is too many"]


@ALL_KINDS
def test_no_word_of_the_key_is_in_a_public_view(kind):
    assert "KEY-" in samples.text_of(kind) or kind == "reflection"
    assert "KEY-" not in json.dumps(public_view(ITEMS[kind]))


@ALL_KINDS
def test_nothing_that_tells_is_named_in_a_public_view(kind):
    view = json.loads(public_json("01-sample", [ITEMS[kind]]))["items"][0]
    assert not set(names_in(view)) & TELLING
    assert names_in(view).count("points") == 1  # what the item is worth, and of no part


def names_in(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for part in value.values() for name in names_in(part))]
    return [name for part in value for name in names_in(part)] if isinstance(value, list) else []


@pytest.mark.parametrize(
    ("kind", "lists"),
    [
        ("choice", {"options": PARTS}),
        ("choices", {"options": PARTS}),
        ("order", {"parts": PARTS}),
        ("sort", {"piles": PARTS, "cards": PARTS}),
        ("match", {"lefts": PARTS, "rights": PARTS}),
        ("spot", {"lines": PARTS | {"speaker", "pick"}}),
        ("rating", {"levels": PARTS}),
        ("sources_differ", {"positions": PARTS | {"source"}}),
        ("reply", {}),
    ],
)
def test_a_public_view_holds_these_lists_in_the_order_written(kind, lists):
    view = public_view(ITEMS[kind])
    common = {"id", "kind", "stem", "question", "points", "content_note", "gentle"}
    assert set(view) - common == set(lists)
    for name, fields in lists.items():
        assert all(set(part) == fields for part in view[name])
        written = [part.id for part in getattr(ITEMS[kind], name)]
        assert [part["id"] for part in view[name]][: len(written)] == written


def test_a_conversation_keeps_what_it_needs_to_run_and_no_more():
    view = public_view(ITEMS["conversation"])
    option = view["turns"][0]["options"][0]
    assert set(option) == PARTS | {"acts", "effects", "peer", "goes_to"}
    rule = view["turns"][1]["rules"][1]
    assert set(rule) == {"if", "effects", "peer", "goes_to"}
    assert set(view["endings"][0]) == {"id", "says"}


def test_a_line_only_says_whether_it_can_be_picked():
    assert {type(line["pick"]) for line in public_view(ITEMS["spot"])["lines"]} == {bool}


@ALL_KINDS
def test_ids_of_parts_give_no_hint(kind):
    view = public_view(ITEMS[kind])
    for name in ("parts", "piles", "cards", "lefts", "rights", "lines", "positions"):
        for part in view.get(name, ()):
            assert re.fullmatch(r"[a-z][0-9]?", part["id"])


@pytest.mark.parametrize(
    ("kind", "response", "lines"),
    [
        ("choice", "b", ("It is late, and you are still up.",)),
        ("choices", ["b", "zz"], ("She is awake.",)),
        ("order", ["b", "a", "zz", "b"], ("1. Say hello.", "2. Say goodbye.")),
        ("sort", {"b": "a", "zz": "a", "a": "zz"}, ("Shall we see a film? → A friend",)),
        ("match", {"b": "r1"}, ("A reflection → You are tired.",)),
        ("spot", "b", ("Ben: Oh.",)),
        ("spot", "a", ()),
        ("reply", "Hm.\nYes.", ("Hm.\nYes.",)),
        ("rating", "unseen", ("I have not been in this situation yet",)),
        ("reflection", "When", ("When",)),
        ("sources_differ", "b", ("Share your story late.",)),
        (
            "conversation",
            [{"turn": "hello", "pick": "a"}],
            (
                "Noor: It was a long day.",
                "You: You should sleep more.",
                "Noor: Hm.",
                "Noor: My sister does not answer.",
            ),
        ),
        ("conversation", [{"turn": "gone", "pick": "a"}], ()),
    ],
)
def test_an_answer_reads_in_words(kind, response, lines):
    assert answer_lines(public_view(ITEMS[kind]), response) == lines


def test_a_talk_that_no_longer_fits_says_so_after_what_does():
    steps = [{"turn": "hello", "pick": "a"}, {"turn": "gone", "pick": "a"}]
    assert "has changed" in answer_lines(public_view(ITEMS["conversation"]), steps)[-1]


@ALL_KINDS
def test_the_model_answer_can_be_put_into_words(kind):
    assert answer_lines(public_view(ITEMS[kind]), model_response(ITEMS[kind]))


@pytest.mark.parametrize("kind", UNSCORED)
def test_what_is_never_scored_is_worth_nothing_in_public_either(kind):
    assert public_view(ITEMS[kind])["points"] == 0
