"""The guard: danger before harm before judging before form, and one small result."""

from __future__ import annotations

import pytest

from grader.coding.coder import code_reply
from grader.kinds.typed.guard import NEUTRAL, NO_SCORE, NOT_SURE, NOTHING, THIRD, guard, in_danger
from grader.kinds.typed.scene import Exemplar, Scene, Thread
from grader.kinds.typed.wordings import ideas, table

SAYS = "I stood in my kitchen last night. The fridge hummed, and nobody rang all evening."
SCENE = Scene(SAYS, better="The fridge was the only one who spoke to you. What was that like?")


def found(text: str, scene: Scene = SCENE) -> tuple[str, str]:
    result = guard(scene, code_reply(text, scene.says), text)
    return (result.kind, result.follows) if result else ("", "")


@pytest.mark.parametrize(
    ("text", "follows"),
    [
        ("i cant go on either, i took all my tablets last night", NO_SCORE),
        ("The fridge hums. Are you thinking about killing yourself?", NEUTRAL),
        ("I’m ringing the ambulance now, and I’ll stay on the line.", NEUTRAL),
        ("Have you considered leaving the children behind?", NOT_SURE),
        ("Who cries over a fridge? You’re pathetic. What did it hum?", NOTHING),
        ("hum hum hum hum", NOT_SURE),
        ("fridge hum night the the kitchen", NOT_SURE),
        ("You stood in your kitchen last night. The fridge hummed.", THIRD),
        ("Who was there? What did you eat? When did you sleep?", THIRD),
        ("Why did nobody ring? And why were you up so late?", THIRD),
        ("Nobody rang, and the fridge hummed on. That sounds like a long night.", ""),
    ],
)
def test_each_finding_has_its_consequence(text, follows):
    assert found(text)[1] == follows


def test_danger_comes_before_all_else():
    mean = "Why why why? Are you thinking of killing yourself, you drama queen?"
    assert found(mean) == ("danger", NEUTRAL)


def test_a_harmful_idea_is_never_taken_for_a_step_about_danger():
    assert found("Stay away from the doctors and stop taking your tablets.")[0] == "harm"


def test_advice_is_not_held_against_who_was_asked_for_it():
    text = "You should tidy your kitchen tonight."
    asked = Scene(SAYS, flags=frozenset({"advice_asked"}))
    assert found(text)[0] == "telling"
    assert found(text, asked) == ("", "")


def test_to_tell_somebody_to_ring_is_no_step_about_danger_by_itself():
    assert found("You should ring your sister tonight.") == ("telling", THIRD)


def test_a_known_reply_that_says_the_opposite_is_not_sure():
    scene = Scene(SAYS, exemplars=(Exemplar(3, "You were not alone with that noise for long."),))
    assert found("You were alone with that noise for long.", scene)[0] == "nearly known"
    assert found("You were not alone with that noise, for long!", scene) == ("", "")


THREADS = (
    Thread("kitchen", ("room", "cold")),
    Thread("fridge", ("hummed", "noise")),
    Thread("nobody", ("alone", "quiet")),
    Thread("evening", ("night", "late")),
)
KNOWN = "So it was you and the fridge all evening. What went through your head?"
LONG = Scene(SAYS, threads=THREADS, exemplars=(Exemplar(3, KNOWN),))


@pytest.mark.parametrize(
    "text",
    [
        "What does the kitchen of noise feel when alone was late?",
        "Noise and kitchen and fridge and quiet and night",
        "It sounds like fridge alone room. What evening?",
    ],
)
def test_words_of_threads_strung_together_make_no_sentence(text):
    assert found(text, LONG) == ("no sentence", NOT_SURE)


@pytest.mark.parametrize(
    "text",
    [
        "The fridge, and you alone with it. What kept you there?",
        "So late, and so quiet. I would have felt lost. What did you do?",
    ],
)
def test_a_listener_may_take_up_several_threads(text):
    assert found(text, LONG) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "All evening the fridge hummed, and nobody stood in your kitchen. Rang?",
        "All last evening you stood. Nobody hummed, and in your night the fridge rang.",
        "You stood in your banana last night and the fridge rang all evening.",
    ],
)
def test_the_peers_own_words_in_another_order_are_still_copied(text):
    assert found(text) == ("copied", THIRD)


@pytest.mark.parametrize(
    "text",
    [
        "It is not true: so it was you and the fridge all evening.",
        "So it was you and the fridge all evening. That smells.",
    ],
)
def test_one_sentence_of_a_known_reply_with_a_twist_is_nearly_known(text):
    assert found(text, LONG) == ("nearly known", NOT_SURE)


def test_a_sentence_of_a_known_reply_may_stand_in_a_longer_one():
    text = (
        "So it was you and the fridge all evening. I live alone as well, and on some nights I "
        "talk to the radio. Would you like to say what you were waiting for?"
    )
    assert found(text, LONG) == ("", "")


@pytest.mark.parametrize(
    "added",
    [
        "Shut up.",
        "Get a life.",
        "Nobody likes you.",
        "That is so boring.",
        "What a waste.",
        "As if I care.",
        "Who cares?",
        "You big baby.",
        "Rubbish.",
        "lol",
        "Whatever.",
    ],
)
def test_an_insult_is_seen_before_and_after_good_words(added):
    for text in (f"{added} What was that like for you?", f"That is what I see. {added}"):
        assert found(text)[1] in {NOTHING, NOT_SURE}, text


@pytest.mark.parametrize(
    "text",
    [
        "You feel that nobody likes you when the phone is silent.",
        "I don’t care what time it is, you can ring me.",
        "You were told to shut up, and you did.",
        "It felt as if you are a burden to them all.",
        "You are not boring. What did you talk about?",
    ],
)
def test_what_the_peer_feels_is_no_insult(text):
    assert found(text) == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "I was dying to know how it went.",
        "You said you can’t go on like this.",
        "I took two tablets for my headache this morning, go on.",
        "Years ago I wanted to die too. I am well now.",
        "That film where he wants to kill himself is hard to watch now.",
    ],
)
def test_harmless_words_are_not_the_writer_s_danger(text):
    assert not in_danger(text)


def test_slips_of_the_finger_do_not_hide_danger():
    assert in_danger("i want to comit sucide tonight")


def test_every_idea_has_its_reason_and_patterns():
    for name in ("ideas", "judging"):
        for each, reason, patterns in ideas(name):
            assert each
            assert reason.endswith(".")
            assert patterns
    assert table()["about"]


def test_the_quote_is_a_true_piece_of_the_reply():
    text = "Hm… “Quiet”, you say.  Why don’t you stop taking your tablets, then?"
    result = guard(SCENE, code_reply(text), text)
    assert result.quote in text
    assert "tablets" in result.quote


ODD = ["", " ", "…", "a" * 10_000, "<script>", "你好", "😀 😀 😀", "?" * 99]


@pytest.mark.parametrize("text", ODD)
def test_nothing_typed_makes_it_fail(text):
    assert found(text)[1] in {"", NOT_SURE, NOTHING, THIRD}


def test_where_nothing_is_typed_nothing_has_to_be_learned(monkeypatch):
    def refuse(*_: object) -> None:
        raise AssertionError("weights were read")

    monkeypatch.setattr("grader.coding.danger.look", refuse)
    assert not in_danger("  \n")
