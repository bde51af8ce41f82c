"""The graph of a conversation: refused where it cannot be walked, at the line to mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers.samples import FACTS, FOLDER, SKILLS

from grader.errors import ContentError
from grader.kinds.reading import load_items

TALK = (
    FOLDER.joinpath("every-kind.yaml").read_text(encoding="utf-8").split("\n- id: sample-talk")[1]
)
TALK = f"- id: sample-talk{TALK}"
LONELY = """\
    - id: lonely
      phase: 2
      says: Nobody leads here.
      asks: choice
      options:
        - id: a
          text: Hm.
          points: 1
          acts: [other]
          feedback: It says little.
          better: How so?
          goes_to: end-cool
        - id: b
          text: How so?
          points: 3
          acts: [open_question]
          feedback: It asks.
          goes_to: end-cool
"""


def told(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "items.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_items(path, SKILLS, FACTS)
    except ContentError as error:
        return [f"{problem.field}: {problem.what}" for problem in error.problems]
    return []


def swap(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def chain(count: int) -> str:
    """Put turns between the second turn and the third."""
    turns = ""
    for number in range(count):
        turn = swap(LONELY, ("lonely", f"more-{number}"))
        onward = f"more-{number + 1}" if number + 1 < count else "idea"
        turns += swap(turn, ("goes_to: end-cool", f"goes_to: {onward}"))
    text = swap(TALK, ("goes_to: idea", "goes_to: more-0"))
    return text.replace("    - id: idea\n", f"{turns}    - id: idea\n")


def test_the_sample_can_be_walked(tmp_path):
    assert told(tmp_path, TALK) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            swap(TALK, ("    - id: idea\n", f"{LONELY}    - id: idea\n")),
            "id: 'lonely' is reached from nowhere; lead to it or take it out",
        ),
        (
            swap(TALK, ("goes_to: end-warm", "goes_to: end-cool")),
            "id: 'end-warm' is reached from nowhere; lead to it or take it out",
        ),
        (
            swap(
                TALK,
                (
                    "          effects: {own_ideas: 3}\n          goes_to: close",
                    "          effects: {own_ideas: 3}\n          goes_to: hello",
                ),
            ),
            "turns: go round in a circle (hello, idea, worry); lead one of them on to an ending",
        ),
        (
            swap(TALK, ("goes_to: worry\n    - id: worry", "goes_to: idea\n    - id: worry")),
            "turns: take 3 on the shortest way to an ending; make it 4 or more",
        ),
        (chain(7), "turns: take 11 on the longest way to an ending; make it 10 at most"),
        (
            swap(
                TALK,
                ("own_ideas: 3}", "own_ideas: 0}"),
                (", own_ideas: 1}", "}"),
                ("own_ideas: -3, ", ""),
            ),
            "turns: never change 'own_ideas'; give it to the effects of some option",
        ),
        (
            swap(TALK, ("    - id: end-cool", "    - id: close")),
            "endings: id 'close' is a turn's already; give the ending its own",
        ),
    ],
    ids=["turn", "ending", "circle", "short", "long", "state", "same-id"],
)
def test_what_cannot_be_walked_is_named(tmp_path, text, what):
    assert what in told(tmp_path, text)


def test_the_longest_talk_has_ten_turns(tmp_path):
    assert told(tmp_path, chain(6)) == []


def test_a_turn_that_leads_nowhere_is_a_dead_end(tmp_path):
    text = TALK.replace("          goes_to: close\n", "")
    assert "id: 'idea' is a dead end; lead on to a turn or an ending" in told(tmp_path, text)


def test_asking_again_is_no_circle(tmp_path):
    assert "goes_to: worry" in TALK.split("if: unsure")[1]
    assert told(tmp_path, TALK) == []
