"""The acts of typed replies: the agreed examples, lay wordings, and input of any kind."""

from __future__ import annotations

import json
import random
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.coding.coder import MAX_QUOTE, MAX_READ, SURE, code_lines, code_reply
from grader.coding.model import model
from grader.content.items import ACTS
from grader.training.labelled import read_rows


def cases(name: str) -> list[tuple[str, frozenset[str]]]:
    return [(row.reply, row.acts) for row in read_rows() if row.file == name]


MANUAL = cases("manual")  # the agreed examples of the acts and of each tie-break
EVERYDAY = cases("everyday")  # lay replies, mostly clear, from many kinds of English
LABELLED = MANUAL + EVERYDAY
ANY_REPLY = st.text(max_size=300) | st.lists(
    st.sampled_from([word for reply, _ in LABELLED for word in [*reply.split(), "?", ". ", "😀"]]),
    max_size=60,
).map(" ".join)


@pytest.mark.parametrize(("reply", "acts"), MANUAL)
def test_the_agreed_examples_are_coded_as_agreed(reply, acts):
    assert code_reply(reply).names == acts


def test_clear_replies_are_coded_as_a_person_would():
    missed = [reply for reply, acts in EVERYDAY if code_reply(reply).names != acts]
    assert len(missed) <= 0.03 * len(EVERYDAY), missed


@pytest.mark.parametrize("act", ACTS)
def test_every_act_occurs_among_the_examples(act):
    assert sum(act in acts for _, acts in LABELLED) >= 6


def test_capitals_do_not_matter():
    for reply, _ in LABELLED:
        assert code_reply(reply.upper()).names == code_reply(reply).names


def test_curly_quotes_do_not_matter():
    for reply, _ in LABELLED:
        assert code_reply(reply.replace("'", "’")).names == code_reply(reply).names


def test_a_missing_end_mark_rarely_matters():
    same = [code_reply(reply.rstrip(".!?")).names == acts for reply, acts in LABELLED]
    assert sum(same) >= 0.97 * len(LABELLED)


def test_missing_apostrophes_and_commas_rarely_matter():
    plain = str.maketrans("", "", "',;")
    same = [code_reply(reply.translate(plain)).names == acts for reply, acts in LABELLED]
    assert sum(same) >= 0.95 * len(LABELLED)


def test_clear_examples_are_seldom_unsure():
    unsure = [reply for reply, _ in LABELLED if code_reply(reply).unsure]
    assert len(unsure) <= 0.06 * len(LABELLED), unsure


@given(ANY_REPLY)
def test_every_act_is_known_and_quotes_the_reply(reply):
    coding = code_reply(reply)
    assert coding.names <= set(ACTS)
    assert len(coding.names) == len(coding.acts)
    for act in coding.acts:
        assert reply[act.start : act.end] == act.evidence
        assert act.evidence.strip()
        assert len(act.evidence) <= MAX_QUOTE
        assert 0 < act.confidence <= 1


@given(ANY_REPLY)
def test_other_stands_alone(reply):
    names = code_reply(reply).names
    assert "other" not in names or names == {"other"}


@given(ANY_REPLY)
def test_weak_evidence_is_never_sure(reply):
    coding = code_reply(reply)
    assert coding.unsure or max(act.confidence for act in coding.acts) >= SURE


@given(ANY_REPLY, ANY_REPLY)
def test_a_reply_is_coded_the_same_whatever_came_before(reply, earlier):
    alone = code_reply(reply)
    code_reply(earlier)
    assert code_reply(reply) == alone


def test_a_new_process_codes_the_same():
    replies = [reply for reply, _ in LABELLED[::5]]
    code = (
        "import json, sys; from grader.coding.coder import code_reply; "
        "print(json.dumps([repr(code_reply(reply)) for reply in json.loads(sys.stdin.read())]))"
    )
    command = [sys.executable, "-c", code]
    fresh = subprocess.run(
        command, input=json.dumps(replies), capture_output=True, text=True, check=True
    )
    assert json.loads(fresh.stdout) == [repr(code_reply(reply)) for reply in replies]


def test_a_short_sentence_is_heard_in_a_long_reply():
    said = "That sounds so hard, and you have carried it on your own for months. "
    assert "closed_question" in code_reply(3 * said + "Does she know?").names
    assert "directive_advice" in code_reply(3 * said + "Just ring him.").names


def test_hesitations_change_nothing():
    plainly = code_reply("What do you think would help?")
    halting = code_reply("Um, what do, what do you-you think would, uh, help?")
    assert halting.names == plainly.names == {"open_question"}


@pytest.mark.parametrize(
    "reply", ["You could keep a diary. How does that sound?", "So you felt lost. Is that right?"]
)
def test_asking_how_it_was_taken_is_no_question_of_its_own(reply):
    assert not code_reply(reply).names & {"open_question", "closed_question"}


def test_two_thousand_strange_inputs_crash_nothing():
    chance = random.Random(1)  # noqa: S311 (any fixed row of inputs will do)
    pieces = [word for reply, _ in LABELLED for word in reply.split()]
    pieces += [
        "<b>",
        "&amp;",
        "\x00",
        "\ud800",
        "😀",
        "ß",
        "İ",
        "你",
        "?!",
        "\n",
        "\u202e",
        "'" * 9,
    ]
    for _ in range(2000):
        reply = chance.choice(["", " "]).join(chance.choices(pieces, k=chance.randrange(25)))
        for act in code_reply(reply).acts:
            assert reply[act.start : act.end] == act.evidence


def test_acts_come_in_the_order_of_the_text():
    coding = code_reply("That sounds hard. I lost my job too. You should rest.")
    assert [act.act for act in coding.acts] == ["reflection", "own_story", "directive_advice"]


def test_an_act_is_given_once_however_often_it_occurs():
    coding = code_reply("You should rest. You should eat. You should go out.")
    assert [act.act for act in coding.acts] == ["directive_advice"]


def test_evidence_quotes_the_clause_that_gave_it_away():
    act = code_reply("Ok. I hear you, but you should just leave him, love.").acts[-1]
    assert (act.act, act.evidence) == ("directive_advice", "but you should just leave him")


def test_letters_that_grow_when_made_small_do_not_shift_the_quotes():
    act = code_reply("İİ. You should go home and rest now.").acts[0]
    assert act.evidence == "You should go home and rest now"


def test_advice_of_others_that_is_only_quoted_is_not_advice():
    coding = code_reply("It sounds like everyone tells you that you should leave him.")
    assert coding.names == {"reflection"}


def test_a_different_idea_offered_and_pushed_counts_as_both():
    coding = code_reply("You could join a choir, maybe. And you need to see a doctor.")
    assert coding.names == {"tentative_suggestion", "directive_advice"}


def test_the_same_idea_offered_and_pushed_counts_as_pushed():
    coding = code_reply("Have you thought of joining a choir? Just join the choir.")
    assert coding.names == {"directive_advice"}


def test_the_speaker_s_own_dark_time_is_a_story():
    assert "safety_step" not in code_reply("I was suicidal myself after the divorce").names


@pytest.mark.parametrize(
    "reply", ["", " ", "\n\n", "\t", "\u200b", "...", "?!?", "😀😀", "123 456"]
)
def test_nothing_to_read_gives_no_act_and_is_unsure(reply):
    coding = code_reply(reply)
    assert coding.acts == ()
    assert coding.unsure


@pytest.mark.parametrize(
    "reply",
    [
        "Das ist wirklich schwer für dich, oder?",
        "Lo siento mucho, debes hablar con tu madre",
        "Je comprends, tu devrais te reposer",
        "你应该离开他",
        "тебе надо уйти от него",
        "あなたは一人じゃない",
        "أنت لست وحدك",
        "zxcv qwer asdf hjkl yuio",
        "zebra lamp seven",
        "Das ist hart",
        "Tengo miedo",
        "\ud800\udfff",
        "\x00\x01\x02",
        "abc\x00def \ud83d ghi",
    ],
)
def test_what_is_not_english_gets_no_confident_label(reply):
    coding = code_reply(reply)
    assert coding.unsure
    assert all(act.confidence < SURE for act in coding.acts)


@pytest.mark.parametrize(
    "piece",
    [
        "a", " ", "?", ".", "\n", "so ", "how ", "and ", "you really ", "'", "-", "www.", "((",
        "I lost my job ", "you know how it is and ", "it is not that i ", "1 ", "are you ",
    ],
)  # fmt: skip
def test_a_hundred_thousand_characters_are_never_read_as_sure(piece):
    assert code_reply((piece * 100_000)[:100_000]).unsure


def test_what_stands_after_the_limit_is_not_read():
    reply = "That sounds hard. " + "x" * MAX_READ + " You should go."
    assert "directive_advice" not in code_reply(reply).names


def coded(lines: list[str]) -> tuple[int, list[dict]]:
    written: list[str] = []
    status = code_lines(lines, written.append)
    assert all(line.isascii() and "\n" not in line for line in written)
    return status, [json.loads(line) for line in written]


def test_lines_are_coded_in_order():
    lines = [json.dumps({"id": at, "reply": reply}) for at, (reply, _) in enumerate(LABELLED)]
    status, answers = coded(lines)
    assert status == 0
    assert [answer["id"] for answer in answers] == list(range(len(LABELLED)))
    assert [{act["act"] for act in answer["acts"]} for answer in answers] == [
        code_reply(reply).names for reply, _ in LABELLED
    ]


def test_a_line_has_the_agreed_form():
    _, answers = coded([json.dumps({"id": "x", "reply": "You’re torn — sí?", "prompt": "Hm."})])
    assert answers == [
        {
            "id": "x",
            "acts": [
                {
                    "act": "reflection",
                    "start": 0,
                    "end": 11,
                    "evidence": "You’re torn",
                    "confidence": code_reply("You’re torn — sí?").acts[0].confidence,
                }
            ],
            "unsure": False,
        }
    ]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "3",
        "null",
        "{}",
        '{"id": "x"}',
        '{"reply": "Hm."}',
        '{"id": "x", "reply": 3}',
        '{"id": "x", "reply": "Hm.", "prompt": 3}',
        "[" * 100_000,
    ],
)
def test_a_line_that_cannot_be_coded_is_said_and_the_rest_goes_on(line):
    good = json.dumps({"id": "x", "reply": "How are you?"})
    status, answers = coded([good, line, good])
    assert status == 1
    assert [set(answer) for answer in answers] == [
        {"id", "acts", "unsure"},
        {"line", "error"},
        {"id", "acts", "unsure"},
    ]
    assert answers[1]["line"] == 2
    assert answers[1]["error"].endswith(".")


def test_a_half_character_survives_a_line():
    status, answers = coded(['{"id": "x", "reply": "You should go \\ud800 now"}'])
    assert status == 0
    assert answers[0]["acts"]


def test_rows_added_side_by_side_are_the_rows_added_one_by_one():
    weights = model()
    columns = list(zip(*weights.rows.values(), strict=True))
    assert max(sum(map(abs, column)) for column in columns) < 2**31  # else numbers would run over
    everything = sum(weights.lanes[name] for name in weights.rows)
    assert weights.lanes.apart(everything) == [sum(column) for column in columns]
    assert weights.lanes.apart(0) == [0.0] * len(columns)
