"""Tests of the map of a talk: one's own way, what lies beside it, and what it never shows."""

from __future__ import annotations

import json

import pytest
from helpers.content import items_of
from helpers.paths import REPOSITORY, TESTS

from grader.html.own_way import own_way
from grader.kinds.talk.scoring import best_way
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import walk
from grader.kinds.views import public_view

MADE_UP = TESTS / "browser" / "kinds_course" / "06-conversation" / "items.yaml"
FILES = [*sorted(REPOSITORY.glob("course/*/items.yaml")), MADE_UP]
TALKS = {
    item.id: item
    for path in FILES
    for item in items_of(path).values()
    if item.kind == "conversation"
}


@pytest.mark.parametrize("name", sorted(TALKS))
def test_every_turn_of_the_way_is_on_the_map_in_its_order(name):
    graph = TALKS[name].graph
    steps = best_way(TALKS[name])
    way = own_way(graph, steps, forks=True)
    walked = walk(graph, steps)
    assert [turn["said"] for turn in way["turns"]] == [step.said for step in walked.counted]
    mine = [dot for dot in way["dots"] if dot["mine"]]
    numbers = sorted(int(dot["number"]) for dot in mine if not dot["ending"])
    assert numbers == list(range(1, len(walked.counted) + 1))
    assert sum(line["mine"] for line in way["lines"]) == len(walked.counted)
    assert all(0 < dot["x"] < way["width"] and 0 < dot["y"] < way["height"] for dot in way["dots"])


@pytest.mark.parametrize("name", sorted(TALKS))
def test_each_fork_says_what_else_could_be_said_and_what_the_peer_answers(name):
    graph = TALKS[name].graph
    way = own_way(graph, best_way(TALKS[name]), forks=True)
    walked = walk(graph, best_way(TALKS[name]))
    for turn, step in zip(way["turns"], walked.counted, strict=True):
        others = {option.text for option in step.turn.options} - {step.said}
        assert {other["said"] for other in turn["others"]} >= others
        assert all(other["answer"] for other in turn["others"])


@pytest.mark.parametrize("name", sorted(TALKS))
def test_without_forks_the_map_holds_ones_own_words_alone(name):
    item = TALKS[name]
    graph = graph_of(public_view(item))
    steps = best_way(item)
    way = own_way(graph, steps, forks=False)
    assert all(dot["mine"] for dot in way["dots"])
    assert all(line["mine"] for line in way["lines"])
    shown = json.dumps(way, ensure_ascii=False)
    said = {step.said for step in walk(graph, steps).counted}
    unsaid = {option.text for turn in graph.turns for option in turn.options} - said
    assert [text for text in unsaid if json.dumps(text, ensure_ascii=False) in shown] == []


@pytest.mark.parametrize("forks", [True, False])
def test_nothing_of_a_key_is_on_a_map(forks):
    item = next(iter(TALKS.values()))
    shown = json.dumps(own_way(item.graph, best_way(item), forks=forks), ensure_ascii=False)
    outcomes = [out for turn in item.graph.turns for out in turn.outcomes]
    assert [out.feedback for out in outcomes if out.feedback and out.feedback in shown] == []
    assert "points" not in shown


def test_before_the_end_there_is_no_map():
    item = next(iter(TALKS.values()))
    assert own_way(item.graph, best_way(item)[:-1], forks=True) is None
    assert own_way(item.graph, None, forks=False) is None
