"""A new kind of item is one module and one template; the page needs its own piece to show it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from helpers.samples import FACTS, SKILLS

from grader.author.new import template
from grader.content.items import Item
from grader.content.strict_yaml import Entry
from grader.errors import ContentError
from grader.formats.answers import Answer
from grader.formats.kept import kept_words, score_answer, still_fits
from grader.html.render import record_html, static_card_html
from grader.kinds import load_items, public_view, score_response
from grader.kinds.kind import Common, Kind, Shuffle, Skills
from grader.kinds.public import View
from grader.kinds.registry import KINDS, is_drawn, is_private, is_scored, is_typed
from grader.kinds.responses import is_text
from grader.kinds.scores import Reason, Score, no_answer
from grader.kinds.scoring import is_answered, is_automatic, model_response
from grader.kinds.views import answer_lines
from grader.places import PACKAGE
from grader.trainee.order import drawn

YAML = """
- id: which-hour
  kind: hour
  skills: [listening]
  facts: [F1]
  question: When does Ana meet the group?
  hours: [nine, ten, noon]
  right: ten
"""


@dataclass(frozen=True, slots=True)
class HourItem(Item):
    """Name the right hour."""

    hours: tuple[str, ...]
    right: str


class HourView(View):
    """The hours to choose from."""

    hours: list[dict[str, str]]


def read(entry: Entry, common: Common, _: Skills) -> HourItem:
    item = HourItem(**common, hours=entry.words("hours"), right=entry.text("right"))
    if item.right not in item.hours:
        entry.note("right", "is none of the hours")
    return item


def score(item: HourItem, response: Any) -> Score:
    if response not in item.hours:
        return no_answer(item, response)
    points = item.points if response == item.right else 0.0
    return Score(points, item.points, "An hour", (Reason("It stands on the door."),), item.right)


def view(item: HourItem, common: View) -> HourView:
    return {**common, "hours": [{"id": hour, "text": f"at {hour}"} for hour in item.hours]}


def words(shown: HourView, response: Any) -> Iterable[str]:
    return [hour["text"] for hour in shown["hours"] if hour["id"] == response]


def shuffled(shown: HourView, shuffle: Shuffle) -> HourView:
    return {**shown, "hours": shuffle(shown["hours"], shown["id"])}


KIND = Kind(
    name="hour",
    read=read,
    score=score,
    model=lambda item: item.right,
    answered=is_text,
    view=view,
    words=words,
    to_read=lambda shown: [hour["text"] for hour in shown["hours"]],
    drawn=shuffled,
)


@pytest.fixture
def item(monkeypatch, tmp_path) -> HourItem:
    monkeypatch.setitem(KINDS, KIND.name, KIND)
    return load(tmp_path, YAML)["which-hour"]


def load(folder: Path, text: str) -> dict[str, Item]:
    path = folder / "items.yaml"
    path.write_text(text, encoding="utf-8")
    return load_items(path, SKILLS, FACTS, graded=True)


def test_a_made_up_kind_is_read_and_checked(item, tmp_path):
    assert item.hours == ("nine", "ten", "noon")
    with pytest.raises(ContentError, match="is none of the hours"):
        load(tmp_path, YAML.replace("right: ten", "right: never"))


def test_a_made_up_kind_is_scored(item):
    assert score_response(item, model_response(item)).fraction == 1
    assert score_response(item, "nine").fraction == 0
    assert is_answered(item.kind, "nine")
    assert is_automatic(item)
    assert is_scored(item.kind)


def test_a_made_up_kind_is_shown_without_its_key(item):
    shown = public_view(item)
    assert shown["question"] == item.question
    assert "right" not in shown
    assert answer_lines(shown, "noon") == ("at noon",)
    assert "<li>at noon</li>" in static_card_html(shown)
    assert "<li>at noon</li>" in record_html(shown, "noon", None)


def test_an_answer_to_a_made_up_kind_is_kept_with_its_words(item):
    shown = public_view(item)
    answer = Answer(item.kind, "ten", "ten", 1, **kept_words(shown, "ten"))
    assert answer.words == "at ten"
    assert still_fits(shown, answer)
    assert score_answer(item, shown, answer).fraction == 1


def test_what_a_made_up_kind_offers_is_drawn(item):
    shown = public_view(item)
    orders = {tuple(hour["id"] for hour in drawn(shown, f"{n:016x}")["hours"]) for n in range(50)}
    assert len(orders) == 6


def test_a_kind_that_nobody_lists_is_refused(tmp_path):
    with pytest.raises(ContentError, match="'hour' is not a kind of item"):
        load(tmp_path, YAML)
    assert not is_answered("hour", "ten")
    assert not any(has("hour") for has in (is_private, is_typed, is_drawn))


def test_each_kind_has_its_template_and_each_template_its_kind():
    folder = PACKAGE / "author" / "items"
    assert {path.stem for path in folder.glob("*.yaml")} == set(KINDS)
    assert all(f"kind: {kind}\n" in template(kind) for kind in KINDS)


def test_the_page_can_show_every_kind():
    script = (PACKAGE / "cards" / "static" / "question.js").read_text(encoding="utf-8")
    [table] = re.findall(r"const KINDS = \{(.*?)\}", script, re.DOTALL)
    names = re.findall(r"(\w+)(?:\s*:\s*\w+)?\s*(?:,|$)", table.strip())
    assert set(names) == set(KINDS)


def test_a_kind_is_listed_under_its_own_name():
    assert [kind.name for kind in KINDS.values()] == list(KINDS)
