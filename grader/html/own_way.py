"""The map of a talk that was had: the way taken, and the ways beside it where they may be seen.

Only drawn in numbers and told in words; `sketch` draws a whole talk for its author.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

from grader.html.sketch import layers
from grader.kinds.talk.graph import CHOICE, Graph, Turn
from grader.kinds.talk.walk import Step, Walk, walk

ACROSS, DOWN, EDGE = 40, 34, 18  # px from one dot to the next, and around them

Place = tuple[float, float]
Way = tuple[str, str]  # ids of where it begins and ends


def own_way(graph: Graph, steps: Any, *, forks: bool) -> dict[str, Any] | None:
    """Return the map of a talk that has ended.

    Parameters
    ----------
    graph : Graph
        With or without its key; nothing of a key is on the map.
    steps : object
        As found in an answer record.
    forks : bool
        Whether what was not said is shown too. In graded work it is not.

    Returns
    -------
    dict or None
        JSON-ready: ``turns`` (``at``: which of one's own lines it is, from 0, what the peer
        says, what was ``said``, and ``others``: what else could be said, and what the peer
        answers), the words of the ``ending``,
        and a drawing: ``width``, ``height``, ``dots`` and ``lines``. None before the end.
    """
    walked = walk(graph, steps)
    if not walked.ending:
        return None
    own = [*(step.turn.id for step in walked.counted), walked.ending.id]
    rows = _names(graph) if forks else [[name] for name in own]
    return {
        "forks": forks,
        "turns": list(_turns(graph, steps, walked, forks=forks)),
        "ending": walked.ending.says,
        **_drawing(graph, rows, own, forks=forks),
    }


def _names(graph: Graph) -> list[list[str]]:
    """Return what can be reached, by how many turns it is from the start."""
    reached = {graph.start} | {out.goes_to for turn in graph.turns for out in turn.outcomes}
    rows = [[part.id if isinstance(part, Turn) else part for part in row] for row in layers(graph)]
    return [row for row in ([name for name in row if name in reached] for row in rows) if row]


# --- in words


def _turns(graph: Graph, steps: Any, walked: Walk, *, forks: bool) -> Iterator[dict[str, Any]]:
    for at, step in enumerate(walked.taken):
        if step.counted:
            others = _others(graph, steps[:at], step) if forks else ()
            yield {"at": at, "says": step.turn.says, "said": step.said, "others": list(others)}


def _others(graph: Graph, before: list[Any], step: Step) -> Iterator[dict[str, str]]:
    for said, other in _sayings(step.turn):
        if said and said != step.said:
            yield {"said": said, "answer": _answer(graph, [*before, other])}


def _sayings(turn: Turn) -> Iterator[tuple[str, dict[str, str]]]:
    if turn.asks == CHOICE:
        for option in turn.options:
            yield option.text, {"turn": turn.id, "pick": option.id}
    else:
        yield turn.better, {"turn": turn.id, "text": turn.better}


def _answer(graph: Graph, steps: list[Any]) -> str:
    """Return what the peer says after the last step."""
    lines = walk(graph, steps).lines
    last = max(at for at, line in enumerate(lines) if line.who == "you")
    return " ".join(line.text for line in lines[last + 1 :] if line.who == "peer")


# --- as a drawing


def _drawing(graph: Graph, rows: list[list[str]], own: list[str], *, forks: bool) -> dict[str, Any]:
    widest = max(len(row) for row in rows)
    places: dict[str, Place] = {
        name: (EDGE + ACROSS * (at + (widest - len(row)) / 2), EDGE + DOWN * down)
        for down, row in enumerate(rows)
        for at, name in enumerate(row)
    }
    return {
        "width": 2 * EDGE + ACROSS * (widest - 1),
        "height": 2 * EDGE + DOWN * (len(rows) - 1),
        "lines": list(_lines(places, own, _ways(graph) if forks else ())),
        "dots": [_dot(graph, name, place, own) for name, place in places.items()],
    }


def _lines(
    places: dict[str, Place], own: list[str], ways: Iterable[Way]
) -> Iterator[dict[str, Any]]:
    """Yield the ways between the places, one's own last so that it lies above the others."""
    taken = dict.fromkeys(pairwise(own))
    for start, end in (*(way for way in ways if way not in taken), *taken):
        if start != end and start in places and end in places:
            path = _path(places[start], places[end])
            yield {"path": path, "mine": (start, end) in taken}


def _ways(graph: Graph) -> Iterable[Way]:
    return dict.fromkeys((turn.id, out.goes_to) for turn in graph.turns for out in turn.outcomes)


def _path(start: Place, end: Place) -> str:
    """Return a line to the next row, and a bow around what lies between two that are apart."""
    (x, y), (to_x, to_y) = start, end
    if 0 < to_y - y <= DOWN:
        return f"M{x:g} {y:g}L{to_x:g} {to_y:g}"
    return f"M{x:g} {y:g}Q{max(x, to_x) + ACROSS / 2:g} {(y + to_y) / 2:g} {to_x:g} {to_y:g}"


def _dot(graph: Graph, name: str, place: Place, own: list[str]) -> dict[str, Any]:
    ending = graph.ending(name) is not None
    number = "" if ending or name not in own else f"{own.index(name) + 1}"
    return {"x": place[0], "y": place[1], "number": number, "mine": name in own, "ending": ending}
