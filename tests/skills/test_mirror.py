"""The mirror counts acts in five groups, and a talk is looked back at without a verdict."""

from __future__ import annotations

from dataclasses import replace

from helpers import samples

from grader.content.items import ACTS
from grader.formats.answers import Answer, Record
from grader.skills.mirror import GROUPS, count_groups, look_back, mirror

ITEMS = {item.id: item for item in samples.items().values()}
TALK = samples.items()["conversation"]
GOOD = [
    {"turn": "hello", "pick": "b"},
    {"turn": "worry", "text": "That sounds painful. What was it like before?"},
    {"turn": "idea", "pick": "b"},
]


def record(**responses: object) -> Record:
    kinds = {"reply": "sample-reply", "conversation": "sample-talk"}
    return Record("01-sample", {kinds[k]: Answer(k, value) for k, value in responses.items()})


def test_every_act_but_two_belongs_to_one_group():
    grouped = [act for acts in GROUPS.values() for act in acts]
    assert sorted([*grouped, "boundary", "other"]) == sorted(ACTS)


def test_a_new_trainee_has_counted_nothing():
    assert mirror(Record("01-sample"), ITEMS) == tuple((group, 0) for group in GROUPS)


def test_replies_and_typed_turns_are_counted():
    counts = dict(mirror(record(reply="You should just ring her.", conversation=GOOD), ITEMS))
    assert counts == {"asking": 1, "reflecting": 1, "sharing": 0, "advising": 0, "fixing": 1}


def test_what_was_only_chosen_is_not_in_the_mirror():
    assert dict(mirror(record(conversation=GOOD[:1]), ITEMS)) == dict.fromkeys(GROUPS, 0)


def test_odd_answers_count_nothing():
    assert dict(mirror(record(reply=["x"], conversation="y"), ITEMS)) == dict.fromkeys(GROUPS, 0)


def test_acts_of_a_group_add_up():
    counts = dict(count_groups(["open_question", "closed_question", "boundary", "reassurance"]))
    assert (counts["asking"], counts["fixing"], sum(counts.values())) == (2, 1, 3)


def test_a_look_back_names_what_opened_and_what_closed():
    seen = look_back(TALK, GOOD)
    assert [moment.why for moment in seen.opened] == ["KEY-talk-hello-best", "KEY-talk-worry-best"]
    assert [moment.text for moment in seen.closed] == ["Letters are old."]
    assert (seen.said, seen.better) == ("Letters are old.", "KEY-talk-idea-better")
    assert seen.shown == ""  # it has not ended
    assert dict(seen.counts)["fixing"] == 1


def test_the_ending_shows_one_thing():
    assert look_back(TALK, [*GOOD, {"turn": "close", "text": "You are brave."}]).shown.startswith(
        "KEY-talk-end"
    )


def test_pressure_alone_closes():
    hello = TALK.graph.turns[0]
    pushed = replace(hello.options[0].outcome, effects=(("pressure", 2),))
    options = (replace(hello.options[0], outcome=pushed), *hello.options[1:])
    turns = (replace(hello, options=options), *TALK.graph.turns[1:])
    talk = replace(TALK, graph=replace(TALK.graph, turns=turns))
    seen = look_back(talk, [{"turn": "hello", "pick": "a"}])
    assert [moment.text for moment in seen.closed] == ["You should sleep more."]


def test_nothing_said_is_nothing_to_look_back_at():
    assert look_back(TALK, []) is None
    assert look_back(TALK, "odd") is None
