"""A second look tells whose danger words speak of, and costs little where there is none."""

from __future__ import annotations

import json

import pytest

from grader.coding.coder import code_reply
from grader.coding.danger import OWN, PEER, WHOSE
from grader.content.items import BEST
from grader.kinds.typed import second_look
from grader.kinds.typed.guard import NEUTRAL, NEVER_LOW, NO_SCORE, NOTHING, guard, in_danger
from grader.kinds.typed.scene import Scene
from grader.kinds.typed.second_look import WEIGHTS, Trees, features, look, model
from grader.kinds.typed.suggestion import reasons, suggestion
from grader.kinds.typed.wordings import Flat

SCENE = Scene("It was a long week.")


def follows(text: str) -> str:
    found = guard(SCENE, code_reply(text, SCENE.says), text)
    return found.follows if found else ""


def test_a_tree_is_followed_to_its_leaf_and_leaves_are_added():
    trees = {OWN: [[0, 0.5, -1.0, [1, 2.5, 0.5, 2.0]], [1, 0.5, 0.25, 0.0]], PEER: []}
    small = Trees(("a", "b"), {OWN: 0.0, PEER: 0.0}, trees, {}, {}, {}, {})

    def chance(a: int, b: int) -> float:
        return small.chance(OWN, {"a": a, "b": b})

    assert chance(0, 0) == pytest.approx(1 / (1 + 2.718281828**0.75))
    assert chance(1, 2) == pytest.approx(1 / (1 + 2.718281828**-0.5))
    assert chance(1, 3) == pytest.approx(1 / (1 + 2.718281828**-2))
    assert small.chance(PEER, {"a": 1, "b": 1}) == 0.5


def test_the_file_holds_what_is_weighed_and_limits_in_order():
    found = features(Flat("Are you safe?"), code_reply("Are you safe?"))
    trees = model()
    assert set(trees.names) == set(found)
    assert WEIGHTS.stat().st_size < 100_000
    for whose in WHOSE:
        assert 0 < trees.asked[whose] < 1
        assert 0 < trees.hint[whose] < trees.sure[whose] < 1
    assert 0 < trees.maybe[PEER] < trees.hint[PEER]
    assert all(len(line) < 2_000 for line in WEIGHTS.read_text(encoding="utf-8").splitlines())


def test_no_feature_is_a_word():
    assert not any("w:" in name for name in json.loads(WEIGHTS.read_text())["features"])


@pytest.mark.parametrize("text", ["", "?!", "…", "😀", "Hm.", "x" * 5_000, "i " * 3_000])
def test_there_is_an_answer_to_any_text(text):
    assert all(0 <= chance <= 1 for chance in look(text, code_reply(text)).values())


@pytest.mark.parametrize(
    "text",
    [
        "Are you thinking of ending your life?",
        "Have you hurt yourself tonight?",
        "Is he in the house with you right now?",
        "Are you safe where you are, or could he come back?",
        "How many of the tablets did you take?",
        "Let’s ring the crisis line together, I will stay with you.",
    ],
)
def test_to_ask_or_act_about_the_other_s_danger_is_not_one_s_own(text):
    assert follows(text) == NEUTRAL
    assert not in_danger(text)


@pytest.mark.parametrize(
    "text",
    [
        "That sounds heavy. To be honest I have the same plan for tonight, the tablets are here.",
        "Me too. I cut again last night and it will not stop bleeding.",
        "I cannot listen today. He hit me again and he is downstairs.",
    ],
)
def test_the_writer_s_own_danger_is_seen_beside_listening(text):
    assert follows(text) == NO_SCORE
    assert in_danger(text)


@pytest.mark.parametrize(
    "text", ["Is that bottle still by the bed?", "That bottle is still by the bed."]
)
def test_what_may_be_about_danger_is_never_scored_down(text, monkeypatch):
    least = {OWN: 0.0, PEER: model().maybe[PEER]}
    monkeypatch.setattr(second_look, "look", lambda text, coding: least)
    given = suggestion.__wrapped__(SCENE, text)
    assert given.found.follows == NEVER_LOW
    assert given.points == BEST or not given.asserted
    assert list(reasons(SCENE, given))  # a person learns why nothing is claimed
    monkeypatch.setattr(second_look, "look", lambda text, coding: dict.fromkeys(WHOSE, 0.0))
    assert follows(text) != NEVER_LOW


def test_judging_is_no_step_about_danger(monkeypatch):
    least = {OWN: 0.0, PEER: model().maybe[PEER]}
    monkeypatch.setattr(second_look, "look", lambda text, coding: least)
    assert follows("You are pathetic. You always make such a fuss.") == NOTHING


def test_learned_trees_say_the_same_at_run_time():
    np = pytest.importorskip("numpy")
    pytest.importorskip("sklearn")
    from grader.training import second_look as training

    chance = np.random.default_rng(1)
    values = (100 * chance.normal(size=(400, 6))).round()
    wanted = np.c_[values[:, 0] * values[:, 1] > 0, values[:, 2] > 50]
    names = tuple("abcdef")
    yes = np.ones_like(wanted)
    hands = np.array(["one", "two"] * 200)
    lines = training.Told(
        names, values, wanted, yes, hands, np.zeros(400, dtype=bool), wanted * 1.0
    )
    learner, again = (training.fit(lines, 0, yes[:, 0]) for _ in range(2))
    grown = training.grown(learner)
    assert grown == training.grown(again)
    ours = Trees(names, {OWN: grown[0]}, {OWN: grown[1]}, {}, {}, {}, {})
    found = [ours.chance(OWN, dict(zip(names, row, strict=True))) for row in values]
    assert np.allclose(found, learner.predict_proba(values)[:, 1], atol=0.001)
    assert ((np.array(found) > 0.5) == wanted[:, 0]).mean() > 0.9
