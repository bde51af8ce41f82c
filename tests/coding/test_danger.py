"""Words about danger are told by what was learned from made-up lines, and by their wording."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from grader.coding.danger import OWN, PEER, look
from grader.errors import AlongsideError
from grader.kinds.typed.guard import in_danger
from grader.kinds.typed.own_words import worded_own_danger
from grader.kinds.typed.wordings import Flat
from grader.training.danger import (
    DANGER,
    FILES,
    NEXT,
    ORDINARY,
    WORDED,
    Line,
    labelled,
    ordinary_lines,
    read_hands,
    read_labels,
    without_tested,
)


@pytest.mark.parametrize(
    "text",
    [
        "I hear you about the night shifts. I can't promise you I'll be here tomorrow.",
        "me too tbh. dont want to wake up again",
        "That sounds lonely. I hurt myself again last night, so I do know. What helps you?",
    ],
)
def test_the_writers_own_danger_is_seen_in_the_middle_of_a_reply(text):
    assert look(text).chance[OWN] > 0.5
    assert in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "I could murder a cup of tea. What was the first day like?",
        "You said the kitchen was so quiet that you heard the fridge. What did you do then?",
        "I had that too, and I was glad when it was over. Do you want to say more?",
    ],
)
def test_ordinary_words_are_no_danger(text):
    assert not in_danger(text)


def test_of_a_journal_only_plain_wordings_are_believed():
    text = "The wee one was in the bath and I thought how easy it would be."
    assert in_danger("I want to kill myself.", is_reply=False)
    assert not in_danger(text, is_reply=False)


def test_the_place_of_the_danger_is_told():
    text = "Your sister rang. Are you thinking about ending your life? I am here."
    seen = look(text)
    start, end = seen.place[PEER]
    assert text[start:end] == "Are you thinking about ending your life"
    assert seen.chance[PEER] > 0.9


@pytest.mark.parametrize("text", ["", " ", "…", "?!", "😀", "x" * 10_000])
def test_there_is_an_answer_to_any_text(text):
    assert all(0 <= chance <= 1 for chance in look(text).chance.values())


def test_every_hand_has_all_four_files():
    hands = [folder for place in (DANGER, NEXT) for folder in place.iterdir() if folder.is_dir()]
    assert len(hands) >= 6
    for hand in hands:
        assert {path.stem for path in hand.iterdir()} == set(FILES), hand.name


def test_no_line_stands_on_both_sides():
    own, harmless = (
        {line for path in DANGER.glob(f"*/{name}.txt") for line in path.read_text().splitlines()}
        for name in ("own", "own-not")
    )
    assert own
    assert not own & harmless


def test_no_hand_wrote_a_line_that_is_tested():
    lines = [*read_hands(DANGER), *read_hands(NEXT)]
    assert len(lines) >= 10_000
    assert without_tested(lines) == lines


def test_what_is_tested_is_not_learned(tmp_path: Path):
    (tmp_path / "lines.jsonl").write_text(json.dumps({"text": "I can't go on."}) + "\n")
    rows = [Line(ORDINARY, "I cant go on", own=False, peer=False)]
    assert without_tested(rows, tmp_path) == []
    with pytest.raises(AlongsideError, match="as well"):
        without_tested([Line("first", "I can't go on!", own=True, peer=False)], tmp_path)


def test_ordinary_replies_with_a_wording_are_learned_as_they_were_read():
    own, asked, unread, plain = (
        Line(ORDINARY, text, own=False, peer=None)
        for text in (
            "I want to kill myself.",
            "I keep it to myself. Are you safe?",
            "I keep that to myself.",
            "The tea is hot.",
        )
    )
    labels = {own.text: "own", asked.text: "peer"}
    found = list(labelled([own, asked, unread, plain], labels))
    assert found == [
        Line(ORDINARY, own.text, own=True, peer=False),
        Line(ORDINARY, asked.text, own=False, peer=True),
        plain,
    ]


@pytest.mark.parametrize("line", ["mine\tI am here.", "own I am here.", "own\t"])
def test_a_label_that_cannot_be_read_is_told_with_its_line(tmp_path: Path, line):
    (tmp_path / WORDED).write_text(f"neither\tI am here.\n{line}\n", encoding="utf-8")
    with pytest.raises(AlongsideError, match=r"worded.tsv, line 2: .*own, own-not"):
        read_labels(tmp_path / WORDED)


@pytest.mark.full  # all ordinary replies are read
def test_each_ordinary_reply_with_a_wording_has_a_label_and_no_label_is_left_over():
    lines = ordinary_lines(DANGER.parent)
    worded = {line.text for line in lines if worded_own_danger(Flat(line.text))}
    assert worded == set(read_labels(DANGER / WORDED))
