"""Name what of a talk no card could have saved: turns and replies that it does not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from grader.kinds.talk.graph import CHOICE
from grader.kinds.talk.view import TalkView, TurnView
from grader.kinds.talk.walk import MAX_STEPS

SHOWN = 40  # letters of what is no name


def strange_steps(view: TalkView, response: Any) -> Iterator[str]:
    """Name each step that the talk does not have, or that no card could save where it stands.

    What follows a typed turn depends on how the words are read, and that may change from one
    course to the next. So from there on a step only has to be one that the talk has.
    """
    turns = {turn["id"]: turn for turn in view["turns"]}
    here = view["start"]
    for step in response[:MAX_STEPS] if isinstance(response, list) else ():
        turn = _turn_of(turns, step)
        if turn is None or (here and turn["id"] != here):
            yield _name(step, "turn")
            return
        odd = _odd_part(turn, step)
        if odd:
            yield odd
            return
        here = _next(turn, step) if here else ""


def _turn_of(turns: Mapping[str, TurnView], step: Any) -> TurnView | None:
    name = step.get("turn") if isinstance(step, dict) else None
    return turns.get(name) if isinstance(name, str) else None


def _odd_part(turn: TurnView, step: Mapping[str, Any]) -> str:
    """Name what was said, where the turn does not offer it; empty where it does."""
    if turn["asks"] == CHOICE:
        is_offered = any(option["id"] == step.get("pick") for option in turn["options"])
        return "" if is_offered else _name(step, "pick")
    text = step.get("text")
    return "" if isinstance(text, str) and text.strip() else turn["id"]


def _next(turn: TurnView, step: Mapping[str, Any]) -> str:
    """Return where a choice leads; empty after what is typed."""
    options = turn.get("options", ())
    return next((one["goes_to"] for one in options if one["id"] == step.get("pick")), "")


def _name(step: Any, part: str) -> str:
    name = step.get(part) if isinstance(step, dict) else step
    return str(name)[:SHOWN] or part
