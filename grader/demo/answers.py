"""What the made-up trainees of the demo answer, each by a profile, from the items alone.

Apart from `demo`, which runs the cycle: this only makes answers up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from grader.content.items import Item
from grader.kinds.choice import ChoiceItem
from grader.kinds.match import MatchItem
from grader.kinds.order import OrderItem
from grader.kinds.scoring import model_response
from grader.kinds.sort import SortItem
from grader.kinds.spot import SpotItem
from grader.kinds.talk.graph import CHOICE, ConversationItem, Turn
from grader.kinds.talk.walk import MAX_STEPS, walk

STRONG, EARLY, MIXED = "strong", "advising too soon", "mixed"
EMPTY, HOSTILE = "empty", "hostile text"

LISTENING = (
    "That sounds like a lot to carry. What have you thought of so far?",
    "You have already tried several things. Which of them felt right to you?",
    "It matters to you that this goes well. What would help you decide?",
    "thanks for telling me. what is the hardest part of it right now",
    "I hear two wishes in what you say. Would you like to look at both of them?",
)
ADVISING = (
    "You should just tell them how you feel. Everything will be fine.",
    "If I were you I would stop right away. Do it today!",
    "You have to call them. That is the only thing that helps.",
    "just ignore them, it will pass",
)
SHORT = ("ok", "Hm. I am not sure what to say here.", "I know that feeling.")
ATTACK = "<script>alert('x')</script><img src=x onerror=alert(1)> =cmd()|' /C calc'!A0"

Steps = list[dict[str, str]]


def answer(profile: str, turn: int, item: Item) -> Any:
    """Return the response of a profile to an item.

    Parameters
    ----------
    profile : str
        One of `STRONG`, `EARLY`, `MIXED`, `EMPTY`, `HOSTILE`; any other counts as strong.
    turn : int
        Varies the wording from trainee to trainee.
    item : Item

    Returns
    -------
    object
        As in an answer record; None where nothing is answered.
    """
    if profile == EMPTY:
        return None
    if profile == HOSTILE and item.kind == "reply":
        return ATTACK
    if profile == HOSTILE and isinstance(item, ConversationItem):
        return _talk(item, lambda at: at.options[0].id, ATTACK)
    if profile == EARLY:
        return _early(item, turn)
    if profile == MIXED and turn % 3:
        return _early(item, turn) if turn % 3 == 1 else _halfway(item, turn)
    return _strong(item, turn)


def _strong(item: Item, turn: int) -> Any:
    if item.kind != "reply" or turn % 3 == 0:
        return model_response(item)
    return LISTENING[turn % len(LISTENING)]


def _early(item: Item, turn: int) -> Any:
    if item.kind in _TOO_SOON:
        return _TOO_SOON[item.kind](item)
    if isinstance(item, ConversationItem):
        return _talk(item, _poorest, ADVISING[turn % len(ADVISING)])
    return ADVISING[turn % len(ADVISING)]


def _tell(item: ChoiceItem) -> str:
    telling = [option.id for option in item.options if "directive_advice" in option.acts]
    return telling[0] if telling else min(item.options, key=lambda option: option.points).id


def _rotated(item: MatchItem) -> dict[str, str]:
    keys = [left.match for left in item.lefts]
    pairs = zip(item.lefts, [*keys[1:], keys[0]], strict=True)
    return {left.id: right for left, right in pairs}


def _slip(item: SpotItem) -> str:
    can_pick = [line for line in item.lines if line.points is not None]
    return min(can_pick, key=lambda line: line.points or 0).id


_TOO_SOON: dict[str, Callable[[Any], Any]] = {
    "choice": _tell,
    "choices": lambda item: [option.id for option in item.options],
    "order": lambda item: list(item.order[::-1]),
    "sort": lambda item: {card.id: item.piles[0].id for card in item.cards},
    "match": _rotated,
    "spot": _slip,
}


def _poorest(turn: Turn) -> str:
    return min(turn.options, key=lambda option: option.outcome.points or 0).id


def _halfway(item: Item, turn: int) -> Any:
    if item.kind in _HALF:
        return _HALF[item.kind](item, turn)
    return SHORT[turn % len(SHORT)] if turn % 2 else None


def _neighbours_swapped(item: OrderItem, _turn: int) -> list[str]:
    first, second, *rest = item.order
    return [second, first, *rest]


def _every_second(item: SortItem | MatchItem, _turn: int) -> dict[str, str]:
    return dict(list(model_response(item).items())[::2])


_HALF: dict[str, Callable[[Any, int], Any]] = {
    "choice": lambda item, turn: item.options[turn % len(item.options)].id,
    "choices": lambda item, turn: [item.options[turn % len(item.options)].id],
    "order": _neighbours_swapped,
    "sort": _every_second,
    "match": _every_second,
    "spot": lambda item, turn: item.lines[turn % len(item.lines)].id,
    "conversation": lambda item, _: model_response(item)[:2],
}


def _talk(item: ConversationItem, pick: Callable[[Turn], str], words: str) -> Steps:
    """Go through a conversation, picking by a habit and typing always the same."""
    steps: Steps = []
    while len(steps) < MAX_STEPS and (turn := walk(item.graph, steps).turn):
        said = {"pick": pick(turn)} if turn.asks == CHOICE else {"text": words}
        steps.append({"turn": turn.id, **said})
    return steps
