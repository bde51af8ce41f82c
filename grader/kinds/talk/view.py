"""A conversation without its key, as the trainee's side has it: written and read back."""

from __future__ import annotations

from typing import TypedDict, cast

from grader.errors import ContentError, Problem
from grader.kinds.public import PartView, View
from grader.kinds.talk.conditions import STATES, parse_condition
from grader.kinds.talk.graph import (
    CHOICE,
    ConversationItem,
    Ending,
    Graph,
    Outcome,
    TalkOption,
    TalkRule,
    Turn,
)
from grader.places import PUBLIC_ITEMS


class OutcomeView(TypedDict):
    """What follows at a turn of a conversation."""

    effects: dict[str, int]
    peer: str
    goes_to: str


class OptionView(PartView, OutcomeView):
    """Something to say at a turn."""

    acts: list[str]


_Condition = TypedDict("_Condition", {"if": str})


class RuleView(_Condition, OutcomeView):
    """What follows where a typed turn meets a condition."""


class _AnyTurn(TypedDict):
    id: str
    phase: int
    says: str
    asks: str
    question: str


class TurnView(_AnyTurn, total=False):
    """A turn: with ``options`` where one is chosen, else with ``flags`` and ``rules``."""

    options: list[OptionView]
    flags: list[str]
    rules: list[RuleView]


class EndingView(TypedDict):
    """Where a conversation can end."""

    id: str
    says: str


class TalkView(View):
    """A conversation without its key."""

    peer: str
    starts_with: dict[str, int]
    start: str
    turns: list[TurnView]
    endings: list[EndingView]


def talk_view(item: ConversationItem, common: View) -> TalkView:
    """Return a conversation without its key: no points, feedback, better wordings.

    Conditions, effects and where a turn goes stay, because the talk must run on the
    trainee's side. So a trainee who reads the file can see what moves the peer.
    """
    graph = item.graph
    return {
        **common,
        "peer": graph.peer,
        "starts_with": dict(graph.starts_with),
        "start": graph.start,
        "turns": [_turn_view(turn) for turn in graph.turns],
        "endings": [{"id": ending.id, "says": ending.says} for ending in graph.endings],
    }


def _turn_view(turn: Turn) -> TurnView:
    view: TurnView = {
        "id": turn.id,
        "phase": turn.phase,
        "says": turn.says,
        "asks": turn.asks,
        "question": turn.question,
    }
    if turn.asks == CHOICE:
        return view | {
            "options": [
                {
                    "id": option.id,
                    "text": option.text,
                    "acts": list(option.acts),
                    **_outcome_view(option.outcome),
                }
                for option in turn.options
            ]
        }
    return view | {
        "flags": sorted(turn.flags),
        "rules": [{"if": rule.when.text, **_outcome_view(rule.outcome)} for rule in turn.rules],
    }


def _outcome_view(outcome: Outcome) -> OutcomeView:
    return {
        "effects": dict(outcome.effects),
        "peer": outcome.peer,
        "goes_to": outcome.goes_to,
    }


def graph_of(view: View) -> Graph:
    """Return the graph that `talk_view` showed.

    Raises
    ------
    ContentError
        Where the view is not one that `talk_view` made.
    """
    try:
        return _graph_of(cast(TalkView, view))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        what = "cannot be read; open the course again, it makes a fresh copy"
        raise ContentError([Problem(PUBLIC_ITEMS, 1, "turns", what)]) from error


def _graph_of(view: TalkView) -> Graph:
    return Graph(
        peer=view["peer"],
        starts_with=tuple((state, view["starts_with"][state]) for state in STATES),
        start=view["start"],
        turns=tuple(_turn_of(turn) for turn in view["turns"]),
        endings=tuple(Ending(ending["id"], ending["says"]) for ending in view["endings"]),
    )


def _turn_of(view: TurnView) -> Turn:
    return Turn(
        id=view["id"],
        phase=view["phase"],
        says=view["says"],
        asks=view["asks"],
        question=view["question"],
        options=tuple(
            TalkOption(part["id"], part["text"], tuple(part["acts"]), _outcome_of(part))
            for part in view.get("options", ())
        ),
        rules=tuple(
            TalkRule(parse_condition(part["if"]), _outcome_of(part))
            for part in view.get("rules", ())
        ),
        flags=frozenset(view.get("flags", ())),
    )


def _outcome_of(view: OutcomeView) -> Outcome:
    return Outcome(
        goes_to=view["goes_to"], effects=tuple(view["effects"].items()), peer=view["peer"]
    )
