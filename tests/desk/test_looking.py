"""What is noted of words that wait: of a talk, the acts of the turns that were typed."""

from __future__ import annotations

from helpers.paths import REPOSITORY

from grader.coding.coder import SURE, code_reply
from grader.desk.answers import Answer
from grader.desk.looking import _seen
from grader.kinds.scoring import model_response, score_response
from grader.kinds.talk.graph import REPLY
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import walk
from grader.trainer.marking.sheet import load_sheet


def test_of_a_talk_the_acts_of_typed_turns_are_noted() -> None:
    sheet = load_sheet(REPOSITORY, "07-advice")
    place = next(one for one in sheet.places if one.item.kind == "conversation")
    response = model_response(place.item)
    typed = [
        step.said for step in walk(graph_of(place.view), response).taken if step.turn.asks == REPLY
    ]
    acts = {act.act for said in typed for act in code_reply(said).acts if act.confidence >= SURE}
    noted = _seen(Answer(place, response, score_response(place.item, response), "words"))
    assert acts
    assert set(str(noted["acts"]).split()) == acts
