"""How like a reply is to known ones: by the words they share, and more by rare ones."""

from __future__ import annotations

import pytest

from grader.kinds.typed.likeness import likeness
from grader.kinds.typed.scene import Exemplar, Scene

GOOD = "You still play his records. What do you hear in them?"
FAIR = "That sounds like a hard evening for you."
POOR = "Sell the gramophone and buy yourself something nice."
SCENE = Scene(
    "I still wind up his gramophone.",
    exemplars=(Exemplar(0.5, POOR), Exemplar(1.5, FAIR)),
    better=GOOD,
)


def test_a_reply_is_likest_to_the_worth_whose_words_it_shares():
    found = likeness(SCENE, "What do you hear in his records?")
    assert found["likest, high"] > 0.3 > found["likest, low"]
    assert found["like, high"] > 0.9
    assert found["like, low"] < 0.1
    found = likeness(SCENE, "You could sell the gramophone.")
    assert found["like, low"] > 0.9
    assert found["like, high"] < 0.1
    assert likeness(SCENE, "A hard evening for you.")["likest, middle"] > 0.3


def test_rare_words_tell_more_than_common_ones():
    rare = likeness(SCENE, "A gramophone.")["likest, low"]
    common = likeness(SCENE, "And the something.")["likest, low"]
    assert rare > 2 * common > 0


def test_a_known_reply_is_not_like_itself():
    assert likeness(SCENE, POOR.lower()) == pytest.approx(likeness(SCENE, POOR), abs=0.02)
    assert likeness(SCENE, POOR)["likest, low"] == 0


@pytest.mark.parametrize("text", ["", "?!", "Gramophone.", "Ach so, na ja."])
def test_without_a_key_or_without_words_a_reply_is_like_nothing(text):
    assert set(likeness(Scene(SCENE.says), text).values()) == {0}
    assert all(0 <= part <= 1 for part in likeness(SCENE, text).values())
