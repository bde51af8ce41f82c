"""Tests of the plan and its card: a step is chosen, kept, and asked about another day."""

from __future__ import annotations

from datetime import date

import pytest
from helpers.wire import Wire

from grader import places
from grader.cards import compass as cards_compass
from grader.errors import RecordError
from grader.places import own_home, this_learner
from grader.trainee import compass, plan

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


class Day(date):
    """A date whose today can be set."""

    now = MONDAY

    @classmethod
    def today(cls) -> date:
        return cls.now


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> type[Day]:
    Day.now = MONDAY
    monkeypatch.setattr(cards_compass, "date", Day)
    return Day


def card() -> Wire:
    return Wire(cards_compass.NextStepCard(compass.look(this_learner())))


def test_a_chosen_step_is_there_after_a_restart():
    plan.choose(own_home(), "demeanour", "Try it.", "07-advice/x.ipynb", MONDAY)
    assert plan.current(own_home()) == plan.Step(
        "demeanour", "Try it.", "07-advice/x.ipynb", "2026-03-02"
    )


def test_a_second_thought_on_the_same_day_replaces_the_first():
    plan.choose(own_home(), "demeanour", "One.", "", MONDAY)
    plan.choose(own_home(), "communication", "Two.", "", MONDAY)
    plan.choose(own_home(), "communication", "Three.", "", FRIDAY)
    assert [step.text for step in plan.read_plan(own_home())] == ["Two.", "Three."]


@pytest.mark.parametrize(
    ("outcome", "goes_on"), [("done", False), ("going", True), ("later", False)]
)
def test_a_step_ends_unless_one_is_still_at_it(outcome, goes_on):
    plan.choose(own_home(), "demeanour", "One.", "", MONDAY)
    plan.answer(own_home(), outcome, FRIDAY)
    assert (plan.current(own_home()) is not None) == goes_on
    assert plan.read_plan(own_home())[0].outcome == outcome


@pytest.mark.parametrize("link", ["javascript:alert(1)", "//outside.invalid/x", "/x", "\\\\x"])
def test_a_step_leads_into_the_course_and_nowhere_else(link):
    plan.choose(own_home(), "demeanour", "One.", link, MONDAY)
    assert plan.read_plan(own_home()) == ()


@pytest.mark.parametrize("outcome", ["", "won", "DONE"])
def test_another_outcome_is_refused(outcome):
    plan.choose(own_home(), "demeanour", "One.", "", MONDAY)
    with pytest.raises(RecordError, match="choose how it went"):
        plan.answer(own_home(), outcome, FRIDAY)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'{"format": 1, "steps": [{"skill": 7}]}', b'{"format": 9}']
)
def test_a_damaged_plan_is_kept_aside_when_a_new_step_is_chosen(content):
    path = places.own_home().folder / "journal" / "plan.json"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert plan.read_plan(own_home()) == ()
    plan.choose(own_home(), "demeanour", "One.", "", MONDAY)
    assert path.with_name("plan.json.damaged-1").read_bytes() == content
    assert len(plan.read_plan(own_home())) == 1


def test_three_steps_are_offered_and_one_is_kept(day):
    wire = card()
    offered = wire.ask(type="open")["suggestions"]
    assert len(offered) == 3
    state = wire.ask(type="choose", text=offered[1]["text"])
    assert state["step"]["text"] == offered[1]["text"]
    assert state["step"]["day"].startswith("2 March")
    assert not state["ask"]


def test_on_another_day_the_card_asks_how_it_went(day):
    wire = card()
    wire.ask(type="choose", text=wire.ask(type="open")["suggestions"][0]["text"])
    day.now = FRIDAY
    assert card().ask(type="open")["ask"]
    told = card().ask(type="outcome", outcome="going")
    assert (told["ask"], told["told"]) == (False, "Still at it")
    day.now = date(2026, 3, 9)
    assert card().ask(type="open")["ask"]
    assert card().ask(type="outcome", outcome="done")["step"] is None


def test_a_step_that_is_not_offered_is_refused(day):
    assert card().ask(type="choose", text="<b>Mine</b>")["type"] == "refused"
    assert plan.read_plan(own_home()) == ()
