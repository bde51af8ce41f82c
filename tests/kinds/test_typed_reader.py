"""Threads and exemplars are read strictly, each mistake with its line, and shown to nobody."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers.samples import FACTS, SKILLS, text_of

from grader.errors import ContentError
from grader.kinds.reading import load_items
from grader.kinds.reply import ReplyItem
from grader.kinds.views import public_view

GOOD = """\
  threads:
    late: [hour, clock]
    it: [night]
  exemplars:
    3:
      - >-
          KEY-exemplar best
    0.5:
      - KEY-exemplar small
"""


def load(tmp_path: Path, added: str) -> ReplyItem:
    path = tmp_path / "items.yaml"
    path.write_text(f"- id: {text_of('reply')}{added}", encoding="utf-8")
    return next(iter(load_items(path, SKILLS, FACTS).values()))


def test_threads_and_exemplars_are_part_of_the_item_and_of_no_view(tmp_path):
    item = load(tmp_path, GOOD)
    assert [(each.points, each.text) for each in item.exemplars] == [
        (3.0, "KEY-exemplar best"),
        (0.5, "KEY-exemplar small"),
    ]
    assert [thread.key for thread in item.threads] == ["late", "it"]
    shown = json.dumps(public_view(item))
    assert "KEY-exemplar" not in shown
    assert "clock" not in shown


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("late: [hour, clock]", "fridge: [hum]", "fridge: stands in nothing that the peer says"),
        ("    it: [night]\n", "", "threads: must be 2 or more"),
        ("[hour, clock]", "[late hour]", "more than one word"),
        ("0.5:", "0.3:", "0.3: is no number of points"),
        ("0.5:", "good:", "good: is no number of points"),
        ("0.5:", "4:", "4: is no number of points"),
        ("    0.5:\n      - KEY-exemplar small\n", "", "exemplars: have one level of points only"),
        ("KEY-exemplar small", "x" * 700, "more than 600 characters"),
    ],
)
def test_each_mistake_is_named_with_its_line(tmp_path, old, new, what):
    assert old in GOOD
    with pytest.raises(ContentError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert what in str(caught.value)
    assert "items.yaml:" in str(caught.value)


def test_exemplars_without_points_are_refused(tmp_path):
    with pytest.raises(ContentError, match="exemplars: must be a group of fields"):
        load(tmp_path, "  exemplars:\n    - Just a reply.\n")
