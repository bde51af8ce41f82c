"""What is noted of words that wait: of a talk, the acts of the turns that were typed."""

from __future__ import annotations

from typing import Any

from helpers import samples

from grader.desk.answers import Answer
from grader.desk.looking import _seen
from grader.kinds.scoring import score_response
from grader.kinds.views import public_view
from grader.trainer.marking.sheet import Place

PICKED = {"turn": "hello", "pick": "b"}  # reflects and asks openly
TYPED = {"turn": "worry", "text": "You should just ring her tonight."}


def acts_of(steps: list[dict[str, Any]]) -> str:
    item = samples.items()["conversation"]
    place = Place(item, 0, 1, "talk-mark", public_view(item))
    return str(_seen(Answer(place, steps, score_response(item, steps), "words"))["acts"])


def test_of_a_talk_the_acts_of_typed_turns_are_noted() -> None:
    assert acts_of([PICKED]) == ""
    assert acts_of([PICKED, TYPED]) == "directive_advice"
