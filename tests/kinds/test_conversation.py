"""Conversations: steps alone give lines, state and next turn, the same each time."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from helpers import samples
from hypothesis import given
from hypothesis import strategies as st

from grader.coding.coder import SURE, Act, Coding
from grader.errors import ContentError
from grader.kinds.scoring import is_automatic, model_response, score_response
from grader.kinds.talk import walk as conversation
from grader.kinds.talk.conditions import HIGHEST, LOWEST, STATES
from grader.kinds.talk.graph import Graph, Outcome, TalkOption
from grader.kinds.talk.view import graph_of
from grader.kinds.talk.walk import CHANGED, GO_ON, MAX_STEPS, NOTICED, says_again, walk
from grader.kinds.views import public_view

TALK = samples.items()["conversation"]
GRAPH = TALK.graph
ASK = {"turn": "hello", "pick": "b"}
OWN = {"turn": "hello", "pick": "c"}
TELL = {"turn": "hello", "pick": "a"}
HEARD = {"turn": "worry", "text": "That sounds painful. What was it like before?"}
NONSENSE = {"turn": "worry", "text": "zebra lamp seven"}
ADVICE = {"turn": "worry", "text": "You should just ring her tonight."}
IDEA = {"turn": "idea", "pick": "a"}
JUDGE = {"turn": "idea", "pick": "b"}
CLOSE = {
    "turn": "close",
    "text": "You have come a long way today, and you found your own idea. How does it feel now?",
}
GOOD = [ASK, HEARD, IDEA, CLOSE]
HURRIED = [TELL, ADVICE, JUDGE, {"turn": "close", "text": "You should just go to bed now."}]
SILENT = [OWN, NONSENSE, NONSENSE, IDEA]


def state(steps: list[Any], graph: Graph = GRAPH) -> dict[str, int]:
    return dict(walk(graph, steps).state)


def test_a_talk_begins_with_what_the_peer_says():
    start = walk(GRAPH, [])
    assert [(line.who, line.name, line.text) for line in start.lines] == [
        ("peer", "Noor", "It was a long day.")
    ]
    assert start.turn.id == "hello"
    assert start.phase == 1
    assert not start.stopped


def test_a_good_talk_reaches_the_warm_ending_with_all_points():
    end = walk(GRAPH, GOOD)
    assert end.ending.id == "end-warm"
    assert end.turn is None
    assert end.points == 12
    assert end.lines[-1].text == "See you tomorrow."
    score = score_response(TALK, GOOD)
    assert score.points == score.max_points == 6
    assert score.headline == "This talk gave much room"


def test_a_hurried_talk_reaches_the_cool_ending_with_few_points():
    end = walk(GRAPH, HURRIED)
    assert end.ending.id == "end-cool"
    assert 0 <= score_response(TALK, HURRIED).points <= 6 * 1 / 12  # what is typed is learned
    assert score_response(TALK, HURRIED).better == "KEY-talk-hello-better"


def test_a_talk_that_cannot_be_read_is_not_judged():
    score = score_response(TALK, SILENT)
    assert score.unsure
    assert score.points == 0
    assert any("not sure how to read" in reason.text for reason in score.reasons)
    assert any("could read 0 of 1 turn that" in reason.text for reason in score.reasons)


def test_lines_stand_in_the_order_in_which_they_are_said():
    lines = walk(GRAPH, [ASK, HEARD]).lines
    assert [line.text for line in lines] == [
        "It was a long day.",
        "A long day. What made it so long?",
        "Good that you ask.",
        "My sister does not answer.",
        HEARD["text"],
        "It hurts.",
        "I could write her a letter.",
    ]
    assert lines[1].labels == ("reflecting back", "open question")
    assert [line.phase for line in lines] == [1, 1, 1, 2, 2, 2, 3]


def test_only_acts_that_the_coder_is_sure_of_count(monkeypatch):
    guess = Act("directive_advice", 0, 3, "How", SURE - 0.01)
    heard = Act("open_question", 4, 7, "was", SURE)
    monkeypatch.setattr(conversation, "code_reply", lambda *_: Coding((guess, heard), unsure=False))
    step = walk(GRAPH, [ASK, {"turn": "worry", "text": "How was it, by the way?"}]).taken[-1]
    assert step.acts == ("open_question",)
    assert step.outcome.feedback == "KEY-talk-worry-best"


def test_the_first_rule_that_holds_decides():
    both = {"turn": "worry", "text": "That sounds painful. You should just ring her tonight."}
    assert walk(GRAPH, [ASK, both]).taken[-1].outcome.feedback == "KEY-talk-worry-tell"


def test_a_flag_of_the_turn_changes_which_rule_holds():
    asked = graph_with(2, flags=frozenset({"advice_asked"}))
    assert walk(asked, [ASK, ADVICE]).taken[-1].outcome.feedback == "KEY-talk-worry-other"


def graph_with(number: int, **changes: Any) -> Graph:
    """Change one turn, counted from 1."""
    turns = list(GRAPH.turns)
    turns[number - 1] = dataclasses.replace(turns[number - 1], **changes)
    return dataclasses.replace(GRAPH, turns=tuple(turns))


def test_a_state_of_the_peer_changes_which_rule_holds():
    cold = walk(GRAPH, [TELL, HEARD, JUDGE, CLOSE])
    assert dict(cold.state)["trust"] < 4
    assert cold.ending.id == "end-cool"


def test_effects_add_up_and_the_last_change_is_told():
    assert state([]) == {"trust": 3, "feels_heard": 2, "pressure": 1, "own_ideas": 0}
    assert state([ASK]) == {"trust": 5, "feels_heard": 4, "pressure": 1, "own_ideas": 0}
    assert walk(GRAPH, [ASK]).changes == {
        "trust": 2,
        "feels_heard": 2,
        "pressure": 0,
        "own_ideas": 0,
    }


def test_states_stay_between_nothing_and_ten():
    assert state([TELL])["trust"] == 0
    assert state([TELL, ADVICE])["trust"] == 0  # not below, so that one kind turn can help
    full = dataclasses.replace(GRAPH, starts_with=tuple((name, 9) for name in STATES))
    assert state([ASK], full)["trust"] == 10
    assert walk(full, [ASK]).changes["trust"] == 1  # what really changed


def test_going_back_is_the_list_without_its_last_step():
    further, back = walk(GRAPH, [ASK, HEARD]), walk(GRAPH, [ASK])
    assert len(back.lines) < len(further.lines)
    assert further.lines[: len(back.lines)] == back.lines


def test_what_is_not_understood_is_asked_again_without_judgement():
    again = walk(GRAPH, [ASK, NONSENSE])
    assert again.turn.id == "worry"
    assert again.lines[-1].text == "Sorry, how do you mean?"
    assert again.state == walk(GRAPH, [ASK]).state
    assert len(again.counted) == 1
    better = walk(GRAPH, [ASK, NONSENSE, HEARD])
    assert better.turn.id == "idea"
    assert better.points == 6


def test_who_is_not_understood_twice_is_let_on():
    second = walk(GRAPH, [ASK, NONSENSE, NONSENSE])
    assert second.turn.id == "idea"
    assert GO_ON in [line.text for line in second.lines if line.who == "note"]
    assert second.state == walk(GRAPH, [ASK]).state
    assert second.counted[-1].unsure
    assert "Never mind." not in [line.text for line in second.lines]


def test_an_unread_turn_takes_the_kinder_branch():
    turn = GRAPH.turns[3]
    harsh, kind = (Outcome("end-cool", 1, "", "", (("trust", -1),)), Outcome("end-warm", 3))
    rules = [dataclasses.replace(turn.rules[1], outcome=kind)]
    rules.append(dataclasses.replace(turn.rules[2], outcome=harsh))
    graph = graph_with(4, rules=tuple(rules))
    strange = {"turn": "close", "text": "zebra lamp seven"}
    assert walk(graph, [ASK, HEARD, IDEA, strange]).ending.id == "end-warm"


def test_the_peer_notices_what_was_said_before():
    again = {"turn": "close", "text": HEARD["text"].upper()}
    talk = walk(GRAPH, [ASK, HEARD, IDEA, again])
    assert NOTICED in [line.text for line in talk.lines if line.who == "peer"]
    assert talk.state == walk(GRAPH, [ASK, HEARD, IDEA]).state
    assert talk.taken[-1].again


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("That sounds painful. What was it like before?", True),
        ("what was it like before", True),
        ("What was it like before? And now?", True),
        ("That sounds painful. You hoped that she would ring, and she did not.", False),
        ("You have found your own idea.", False),
    ],
)
def test_most_of_a_sentence_makes_a_repetition(text, again):
    assert says_again(text, HEARD["text"]) is again


def test_danger_is_never_answered_by_a_rule_for_something_else():
    asked = {"turn": "worry", "text": "Are you thinking of ending your life?"}
    talk = walk(GRAPH, [ASK, asked])
    assert talk.state == walk(GRAPH, [ASK]).state
    assert talk.turn.id == "idea"
    notes = [line.text for line in talk.lines if line.who == "note"]
    assert notes == ["You asked about danger. That never costs a point."]


def test_the_writer_s_own_danger_is_read_first_and_scored_nowhere():
    own = {"turn": "worry", "text": "i cant go on either, i took all my tablets last night"}
    score = score_response(TALK, [ASK, own, IDEA, CLOSE])
    assert score.read_first
    assert score.unsure
    assert score.points == 0
    assert score.better == ""


def test_being_asked_again_costs_nothing():
    plain, repeated = GOOD, [ASK, NONSENSE, HEARD, IDEA, CLOSE]
    assert score_response(TALK, repeated).points == score_response(TALK, plain).points
    assert not score_response(TALK, repeated).unsure


@pytest.mark.parametrize(
    "odd",
    [
        {"turn": "gone", "pick": "a"},
        {"turn": "worry", "pick": "a"},
        {"turn": "worry", "text": "  "},
        {"turn": "worry", "text": 7},
        {"turn": "worry"},
        {"turn": ["worry"]},
        {},
        None,
        "worry",
        [],
    ],
)
def test_a_step_that_no_longer_fits_stops_the_talk_and_keeps_the_rest(odd):
    stopped = walk(GRAPH, [ASK, odd, HEARD])
    assert stopped.stopped == CHANGED
    assert stopped.turn.id == "worry"
    assert len(stopped.taken) == 1
    assert score_response(TALK, [ASK, odd]).points == score_response(TALK, [ASK]).points
    assert score_response(TALK, [ASK, odd]).note == CHANGED


def test_an_option_that_is_gone_stops_the_talk():
    assert walk(GRAPH, [{"turn": "hello", "pick": "z"}]).stopped == CHANGED
    assert not score_response(TALK, [{"turn": "hello", "pick": "z"}]).answered


def test_nothing_follows_an_ending():
    assert walk(GRAPH, [*GOOD, ASK]).stopped == CHANGED
    assert walk(GRAPH, [*GOOD, ASK]).ending.id == "end-warm"


@pytest.mark.parametrize("odd", [None, "", "hello", 3, {}, {"turn": "hello"}, [[]]])
def test_steps_of_another_type_are_no_steps(odd):
    assert not walk(GRAPH, odd).taken


def long_graph(turns: int) -> Graph:
    """Make a talk of many turns, each to choose."""
    made = []
    for number in range(turns):
        onward = f"turn-{number + 1}" if number + 1 < turns else "end-warm"
        out = Outcome(onward, 3, "Why.", "", (("trust", 1),))
        options = tuple(TalkOption(name, f"Line {name}", ("reflection",), out) for name in "ab")
        made.append(dataclasses.replace(GRAPH.turns[0], id=f"turn-{number}", options=options))
    return dataclasses.replace(GRAPH, start="turn-0", turns=tuple(made))


def test_a_talk_of_ten_turns_opens_again_where_it_was_left():
    graph = long_graph(10)
    steps = [{"turn": f"turn-{number}", "pick": "ab"[number % 2]} for number in range(7)]
    kept = json.loads(json.dumps(steps))  # what another kernel finds on disk
    assert walk(graph, kept) == walk(graph, steps)
    assert walk(graph, kept).turn.id == "turn-7"


def test_a_walk_reads_a_limited_number_of_steps():
    graph = long_graph(60)
    steps = [{"turn": f"turn-{number}", "pick": "a"} for number in range(60)]
    assert len(walk(graph, steps).taken) == MAX_STEPS


@pytest.mark.parametrize("steps", [[], GOOD, HURRIED, SILENT, [ASK, NONSENSE], [{"turn": "x"}]])
def test_the_trainee_s_side_walks_the_same_way_without_the_key(steps):
    public = graph_of(json.loads(json.dumps(public_view(TALK))))
    theirs, ours = walk(public, steps), walk(GRAPH, steps)
    assert theirs.lines == ours.lines
    assert theirs.state == ours.state
    assert theirs.stopped == ours.stopped
    assert (theirs.turn and theirs.turn.id) == (ours.turn and ours.turn.id)
    assert theirs.points == 0


@pytest.mark.parametrize(
    "change",
    [
        {"turns": None},
        {"turns": [{}]},
        {"starts_with": {}},
        {"starts_with": []},
        {"endings": 3},
        {"turns": [public_view(TALK)["turns"][1] | {"rules": [{"if": "eval("}]}]},
    ],
)
def test_a_damaged_view_is_refused_in_plain_words(change):
    with pytest.raises(ContentError, match="cannot be read"):
        graph_of(public_view(TALK) | change)


def test_a_loose_end_in_a_damaged_view_stops_the_talk():
    view = public_view(TALK)
    view["turns"] = view["turns"][:1]
    assert walk(graph_of(view), [ASK]).stopped == CHANGED


def test_the_model_answer_follows_the_best_way():
    end = walk(GRAPH, model_response(TALK))
    assert end.ending.id == "end-warm"
    assert all(step.outcome.points == 3 for step in end.taken)


def test_an_unfinished_talk_earns_its_share_and_says_so():
    score = score_response(TALK, [ASK, HEARD])
    assert score.points == 6 * 2 / 4
    assert score.headline == "Not finished yet"
    assert any("not finished" in reason.text for reason in score.reasons)


def test_going_further_well_never_costs_points():
    earned = [score_response(TALK, GOOD[:count]).points for count in range(5)]
    assert earned == sorted(earned) == [0, 1.5, 3, 4.5, 6]


def test_a_talk_with_typed_turns_waits_for_the_trainer():
    assert not is_automatic(TALK)
    assert score_response(TALK, GOOD).suggested


def test_a_talk_of_choices_alone_is_marked_at_once():
    item = dataclasses.replace(TALK, graph=long_graph(4))
    assert is_automatic(item)
    assert not score_response(item, model_response(item)).suggested


STEPS = st.lists(
    st.sampled_from([ASK, OWN, TELL, HEARD, NONSENSE, ADVICE, IDEA, JUDGE, CLOSE])
    | st.dictionaries(st.sampled_from(["turn", "pick", "text"]), st.text(max_size=8)),
    max_size=12,
)


@given(STEPS)
def test_no_steps_leave_the_range_of_states_and_points(steps):
    there = walk(GRAPH, steps)
    assert all(LOWEST <= value <= HIGHEST for _, value in there.state)
    assert 0 <= score_response(TALK, steps).points <= TALK.points
    assert (there.turn is None) != (there.ending is None)


@given(STEPS)
def test_a_walk_goes_on_from_any_of_its_beginnings(steps):
    whole = walk(GRAPH, steps)
    for count in range(len(whole.taken) + 1):
        part = walk(GRAPH, steps[:count])
        assert part.lines == whole.lines[: len(part.lines)]
        assert part.taken == whole.taken[:count]


@given(st.permutations(range(3)), st.permutations(range(4)))
def test_the_order_in_which_options_and_turns_are_listed_does_not_matter(options, turns):
    mixed = graph_with(1, options=tuple(GRAPH.turns[0].options[at] for at in options))
    mixed = dataclasses.replace(mixed, turns=tuple(mixed.turns[at] for at in turns))
    for steps in (GOOD, HURRIED, SILENT):
        assert walk(mixed, steps).lines == walk(GRAPH, steps).lines
        item = dataclasses.replace(TALK, graph=mixed)
        assert score_response(item, steps) == score_response(TALK, steps)
