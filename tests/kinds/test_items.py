"""Items: loaded complete and frozen, or refused with every mistake."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from helpers.paths import TESTS
from helpers.samples import FACTS, SKILLS

from grader.errors import ContentError, UnknownItemError
from grader.kinds.choice import ChoiceItem
from grader.kinds.choices import ChoicesItem
from grader.kinds.reading import find_item, load_items
from grader.kinds.registry import KINDS
from grader.kinds.reply import ReplyItem
from grader.kinds.views import load_public_items, public_json, public_view

BROKEN = TESTS / "broken"
COMMON = """\
  skills: [empathy]
  facts: [F1]
  stem:
    setting: A kitchen.
    speaker: Ana
    says: It is late.
  question: What do you say?
"""
CHOICE = f"""\
- id: late-tea
  kind: choice
{COMMON}\
  options:
    - id: a
      text: It is late, and you are still up.
      points: 3
      acts: [reflection]
      feedback: secret feedback one
    - id: b
      text: Then sleep.
      points: 1
      acts: [reassurance]
      feedback: secret feedback two
      better: secret wording
"""
CHOICES = f"""\
- id: late-facts
  kind: choices
{COMMON}\
  options:
    - id: a
      text: She is awake.
      fits: true
      feedback: secret feedback one
    - id: b
      text: She is asleep.
      fits: false
      feedback: secret feedback two
      better: secret wording
"""
FLAGS = """\
  advice_asked: false
  peer_has_ideas: false
  safety_concern: false
"""
REPLY = f"""\
- id: late-reply
  kind: reply
{COMMON}{FLAGS}\
  wanted:
    - acts: [reflection]
      because: secret reason
  avoid:
    - acts: [directive_advice]
      because: secret reason
  better: secret wording
"""


def load(tmp_path: Path, text: str) -> dict:
    path = tmp_path / "items.yaml"
    path.write_text(text, encoding="utf-8")
    return load_items(path, SKILLS, FACTS)


def mistakes(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(ContentError) as caught:
        load(tmp_path, text)
    return [(problem.field, problem.what) for problem in caught.value.problems]


def test_each_kind_loads(tmp_path):
    items = load(tmp_path, CHOICE + CHOICES + REPLY)
    kinds = [ChoiceItem, ChoicesItem, ReplyItem]
    assert [type(item) for item in items.values()] == kinds
    assert list(items) == ["late-tea", "late-facts", "late-reply"]


def test_loaded_items_cannot_be_changed(tmp_path):
    item = load(tmp_path, CHOICE)["late-tea"]
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.points = 9


def test_all_mistakes_of_a_file_come_at_once_with_their_lines():
    with pytest.raises(ContentError) as caught:
        load_items(BROKEN / "many-mistakes.yaml", SKILLS, FACTS)
    told = {(problem.line, problem.field) for problem in caught.value.problems}
    assert told >= {
        (4, "skills"),  # not known
        (13, "text"),  # No
        (17, "feedback"),  # missing
        (20, "acts"),  # near miss
        (23, "kind"),  # near miss
        (24, "skills"),
        (25, "facts"),
        (28, "settign"),
        (30, "question"),  # twice
        (31, "id"),  # capitals
        (39, "options"),  # doubled option id, none best
        (47, "points"),  # 9
        (31, "advice_asked"),
        (31, "peer_has_ideas"),
        (31, "safety_concern"),
        (51, "better"),
        (51, "advice_asked"),
        (58, "wanted"),
        (22, "id"),  # used twice
    }
    assert str(caught.value).count("\n") + 1 == len(caught.value.problems)


def test_a_problem_reads_file_line_field_what():
    with pytest.raises(ContentError) as caught:
        load_items(BROKEN / "many-mistakes.yaml", SKILLS, FACTS)
    lines = str(caught.value).splitlines()
    assert (
        "tests/broken/many-mistakes.yaml:23: kind: 'choise' is not a kind of item; "
        "did you mean 'choice'?"
    ) in lines


def told_in(path: Path) -> list[tuple[int, str]]:
    """Read what a broken sample says about its own lines, after each ``#!``."""
    lines = path.read_text(encoding="utf-8").splitlines()
    marked = ((number, line.split("#!")[1:]) for number, line in enumerate(lines, 1))
    return sorted((number, told.strip()) for number, parts in marked for told in parts)


@pytest.mark.parametrize("path", sorted(BROKEN.glob("kind-*.yaml")), ids=lambda path: path.stem)
def test_every_mistake_of_a_kind_is_named_at_its_line_and_nothing_else(path):
    with pytest.raises(ContentError) as caught:
        load_items(path, SKILLS, FACTS)
    found = sorted((one.line, f"{one.field}: {one.what}") for one in caught.value.problems)
    assert found == told_in(path)


def test_every_kind_but_the_oldest_has_a_broken_sample():
    samples_of = {path.stem.removeprefix("kind-") for path in BROKEN.glob("kind-*.yaml")}
    assert samples_of | {"choice", "choices", "reply"} == set(KINDS)


@pytest.mark.parametrize("name", ["empty.yaml", "not-yaml.yaml", "not-utf8.yaml", "no-such.yaml"])
def test_unreadable_files_are_refused(name):
    with pytest.raises(ContentError) as caught:
        load_items(BROKEN / name, SKILLS, FACTS)
    assert caught.value.problems[0].path.endswith(name)


def test_text_that_yaml_reads_as_no_is_refused(tmp_path):
    found = mistakes(tmp_path, CHOICE.replace("text: Then sleep.", "text: No"))
    assert ("text", "must be text; write it in a block after '>-'") in found


def test_missing_feedback_is_refused(tmp_path):
    found = mistakes(tmp_path, CHOICE.replace("      feedback: secret feedback one\n", ""))
    assert found == [("feedback", "is missing; add it")]


def test_a_reply_that_is_not_best_needs_a_better_wording(tmp_path):
    found = mistakes(tmp_path, CHOICE.replace("      better: secret wording\n", ""))
    assert found == [("better", "is missing; add it")]


def test_an_item_without_a_best_option_is_refused(tmp_path):
    text = CHOICE.replace("points: 3", "points: 2") + "      "
    assert any("none is best" in what for _, what in mistakes(tmp_path, text))


def test_choices_need_one_statement_that_fits(tmp_path):
    text = CHOICES.replace("fits: true", "fits: false")
    assert any("none fits" in what for _, what in mistakes(tmp_path, text))


def test_doubled_option_ids_are_refused(tmp_path):
    text = CHOICE.replace("- id: b", "- id: a")
    assert any("'a' is used twice" in what for _, what in mistakes(tmp_path, text))


def test_doubled_item_ids_are_refused(tmp_path):
    assert mistakes(tmp_path, CHOICE + CHOICE) == [
        ("id", "'late-tea' is used twice; give each its own id")
    ]


def test_an_unknown_skill_gets_a_suggestion(tmp_path):
    found = mistakes(tmp_path, CHOICE.replace("[empathy]", "[emapthy]"))
    assert found == [("skills", "'emapthy' is not known; did you mean 'empathy'?")]


def test_an_unknown_fact_names_the_facts_there_are(tmp_path):
    found = mistakes(tmp_path, CHOICE.replace("[F1]", "[X]"))
    assert found == [("facts", "'X' is not known; use one of: F1, F2")]


@pytest.mark.parametrize("skills", ["[]", "[empathy, listening, empathy, listening]"])
def test_an_item_has_one_to_three_skills(tmp_path, skills):
    found = mistakes(tmp_path, CHOICE.replace("[empathy]", skills))
    assert ("skills", "must name one to three skills") in found


@pytest.mark.parametrize(
    "act", ["permission", "tentative_suggestion", "directive_advice", "safety_step"]
)
def test_an_item_about_advice_states_its_context(tmp_path, act):
    found = mistakes(tmp_path, CHOICE.replace("[reassurance]", f"[{act}]"))
    assert [field for field, _ in found] == ["advice_asked", "peer_has_ideas", "safety_concern"]


def test_a_typed_reply_states_its_context(tmp_path):
    found = mistakes(tmp_path, REPLY.replace(FLAGS, ""))
    assert [field for field, _ in found] == ["advice_asked", "peer_has_ideas", "safety_concern"]


def test_an_unknown_act_is_refused_in_a_rubric(tmp_path):
    found = mistakes(tmp_path, REPLY.replace("[reflection]", "[reflexion]"))
    assert found == [("acts", "'reflexion' is not known; did you mean 'reflection'?")]


def test_a_hard_story_needs_a_gentle_one(tmp_path):
    found = mistakes(tmp_path, CHOICE + "  content_note: This is about loss.\n")
    assert [field for field, _ in found] == ["gentle"]


@pytest.mark.parametrize(
    "name", ["Late", "late_tea", "-late", "late--tea", "../late", "café", "2²"]
)
def test_an_id_is_small_letters_and_digits(tmp_path, name):
    found = mistakes(tmp_path, CHOICE.replace("id: late-tea", f'id: "{name}"'))
    assert [field for field, _ in found] == ["id"]


def test_an_id_may_end_in_a_number(tmp_path):
    assert list(load(tmp_path, CHOICE.replace("late-tea", "late-tea-2"))) == ["late-tea-2"]


def test_the_public_view_holds_no_key_and_no_feedback(tmp_path):
    items = load(tmp_path, CHOICE + CHOICES + REPLY)
    shown = public_json("01-sample", items.values())
    for word in ("secret", "fits", "acts", "feedback", "better", "wanted", "because", "skills"):
        assert f'"{word}' not in shown


def test_the_points_of_options_are_not_public(tmp_path):
    view = public_view(load(tmp_path, CHOICE)["late-tea"])
    assert all(set(option) == {"id", "text"} for option in view["options"])


def test_public_items_come_back_as_written(tmp_path):
    items = load(tmp_path, CHOICE + CHOICES + REPLY)
    path = tmp_path / "items.json"
    path.write_text(public_json("01-sample", items.values()), encoding="utf-8")
    assert load_public_items(path) == {
        item.id: json.loads(json.dumps(public_view(item))) for item in items.values()
    }


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"items": [{}]}', '{"items": 3}', "3"])
def test_a_damaged_public_file_is_refused_in_plain_words(tmp_path, text):
    path = tmp_path / "items.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError, match="cannot be read"):
        load_public_items(path)


def test_a_missing_public_file_is_refused_in_plain_words(tmp_path):
    with pytest.raises(ContentError, match="cannot be read"):
        load_public_items(tmp_path / "items.json")


def test_an_unknown_item_gets_a_suggestion(tmp_path):
    items = load(tmp_path, CHOICE)
    with pytest.raises(UnknownItemError, match="did you mean 'late-tea'"):
        find_item(items, "late-te", "This lesson")
