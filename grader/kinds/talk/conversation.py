"""Talk with a peer, turn by turn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from grader.content.strict_yaml import Entry
from grader.kinds.kind import Common, Kind, Shuffle, Skills
from grader.kinds.talk.graph import CHOICE, ConversationItem
from grader.kinds.talk.reader import read_graph
from grader.kinds.talk.scoring import best_way, score
from grader.kinds.talk.strange import strange_steps
from grader.kinds.talk.view import TalkView, TurnView, graph_of, talk_view
from grader.kinds.talk.walk import Said, walk


def _read(entry: Entry, common: Common, _: Skills) -> ConversationItem:
    if common["stem"].says:
        entry.note("stem", "must have no 'says'; the peer speaks in the turns")
    return ConversationItem(**common, graph=read_graph(entry, common["stem"].setting))


def _is_steps(response: Any) -> bool:
    return isinstance(response, list) and any(isinstance(step, dict) for step in response)


def _words(view: TalkView, response: Any) -> Iterable[str]:
    walked = walk(graph_of(view), response)
    if not walked.taken:
        return
    for line in walked.lines:
        yield _said(line)
    if walked.stopped:
        yield walked.stopped


def _said(line: Said) -> str:
    return f"{line.name}: {line.text}" if line.name else line.text


def _to_read(view: TalkView) -> Iterable[str]:
    return [f"{line.name}: {line.text}" for line in walk(graph_of(view), []).lines]


def _drawn(view: TalkView, shuffle: Shuffle) -> TalkView:
    return {**view, "turns": [_turn_drawn(turn, view["id"], shuffle) for turn in view["turns"]]}


def _turn_drawn(turn: TurnView, item: str, shuffle: Shuffle) -> TurnView:
    if turn["asks"] != CHOICE:
        return turn
    return {**turn, "options": shuffle(turn["options"], f"{item} {turn['id']}")}


KIND = Kind(
    name="conversation",
    read=_read,
    score=score,
    model=best_way,
    answered=_is_steps,
    view=talk_view,
    words=_words,
    strange=strange_steps,
    to_read=_to_read,
    automatic=lambda item: not item.graph.has_typed_turns,
    drawn=_drawn,
    own_words=True,  # it notices changes itself
)
