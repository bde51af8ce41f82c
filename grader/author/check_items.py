"""Check keys: every model answer earns full marks, and every choice says what decides.

Apart from `check`, which reads the course: this looks at keys alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product

from grader.content.items import BEST, Item
from grader.errors import Problem
from grader.kinds.choice import ChoiceItem
from grader.kinds.registry import is_scored
from grader.kinds.reply import ReplyItem
from grader.kinds.scores import Score
from grader.kinds.scoring import model_response, score_response
from grader.kinds.talk.conditions import HIGHEST, LOWEST, STATES
from grader.kinds.talk.graph import REPLY, ConversationItem, Turn
from grader.kinds.talk.walk import Step, asks_about_danger, deciding_rule, sure_acts, walk

_SOME_STATES = tuple(product((LOWEST, 3, 5, 7, HIGHEST), repeat=len(STATES)))  # of the peer


def model_problems(path: str, lines: Mapping[str, int], items: Iterable[Item]) -> Iterator[Problem]:
    """Every model answer earns full marks, or the key contradicts itself."""
    for item in items:
        if not is_scored(item.kind):
            continue
        line = lines.get(item.id, 1)
        if isinstance(item, ConversationItem):
            yield from _better_problems(path, line, item)
        if isinstance(item, ReplyItem):
            yield from _reply_problems(path, line, item)
        response = model_response(item)
        score = score_response(item, response)
        if isinstance(item, ConversationItem):
            if any(_is_short(step) for step in walk(item.graph, response).taken):
                yield Problem(path, line, "turns", _no_best_way(item, response))
        elif score.points != score.max_points:
            field = "better" if isinstance(item, ReplyItem) else "options"
            yield Problem(path, line, field, _not_full(item, score))


def why_problems(path: str, lines: Mapping[str, int], items: Iterable[Item]) -> Iterator[Problem]:
    """Name each choice that does not say why its best is best here."""
    for item in items:
        if isinstance(item, ChoiceItem) and not item.why:
            what = f"{item.id!r} must say in one line why the best is best here; add 'why'"
            yield Problem(path, lines.get(item.id, 1), "why", what)


def _not_full(item: Item, score: Score) -> str:
    earned = f"{score.points:g} of {score.max_points:g} points"
    what = f"the model answer of {item.id!r} earns {earned}; change its wording or the key"
    if not score.suggested:
        return what
    seen = ", ".join(act.act for act in score.acts)
    return f"{what} (acts found: {seen or 'none'})"


def _reply_problems(path: str, line: int, item: ReplyItem) -> Iterator[Problem]:
    """Say where a model reply lacks what its own key wants, or holds what it avoids."""
    acts, unsure = sure_acts(item.better, item.stem.says)
    lacks = [" or ".join(each.acts) for each in item.wanted if not {*each.acts} & {*acts}]
    holds = [act for each in item.avoid for act in each.acts if act in acts]
    if unsure or lacks or holds:
        seen = f"acts found: {', '.join(acts) or 'none'}{', unsure' if unsure else ''}"
        what = f"the model answer of {item.id!r} does not do what its key wants"
        yield Problem(path, line, "better", f"{what}; change its wording or the key ({seen})")


def _no_best_way(item: ConversationItem, response: object) -> str:
    """Say at which turn the likeliest best way through a conversation loses points."""
    taken = walk(item.graph, response).taken
    short = next(step for step in taken if _is_short(step))
    what = f"no way through {item.id!r} is best at every turn; look at turn {short.turn.id!r}"
    if short.turn.asks != REPLY:
        return f"{what}, which has no option of {BEST} points here"
    return f"{what}, whose better reply {_falls_short(short)}; change its wording or the rules"


def _is_short(step: Step) -> bool:
    """Tell whether a step is less than best; where danger was asked about, no rule decides."""
    return step.outcome.points != BEST and not asks_about_danger(step.said, step.turn.says)


def _better_problems(path: str, line: int, item: ConversationItem) -> Iterator[Problem]:
    """Say which typed turns have a better reply that reaches their best rule in no state."""
    for turn in item.graph.turns:
        if turn.asks == REPLY and not _reaches_best(turn):
            acts, unsure = sure_acts(turn.better, turn.says)
            seen = f"acts found: {', '.join(acts) or 'none'}{', unsure' if unsure else ''}"
            what = f"the better reply of turn {turn.id!r} in {item.id!r} misses its best rule"
            yield Problem(path, line, "better", f"{what}; change its wording or the rules ({seen})")


def _reaches_best(turn: Turn) -> bool:
    acts, unsure = sure_acts(turn.better, turn.says)
    best = max((outcome.points or 0 for outcome in turn.outcomes), default=0)
    states = (dict(zip(STATES, values, strict=True)) for values in _SOME_STATES)
    rules = (deciding_rule(turn, acts, state) for state in states)
    return not unsure and any(rule and rule.outcome.points == best for rule in rules)


def _falls_short(step: Step) -> str:
    seen = ", ".join(step.acts) or "none"
    if step.unsure:
        return f"the coder cannot read (acts found: {seen})"
    return f"earns {step.outcome.points} of {BEST} (acts found: {seen})"
