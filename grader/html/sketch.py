"""Show an author what an item holds: all of it as text, and a conversation also as a drawing."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from itertools import groupby
from math import atan2, degrees
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.html.pictures import px
from grader.html.templating import render_template
from grader.kinds.reading import find_item, load_course_items
from grader.kinds.talk.graph import Graph, Outcome, Turn
from grader.places import Course

WIDTH = 88  # letters of a printed line
BOX, HIGH, LETTER = 116, 44, 7.5  # px of a box of a drawing, and about that of a letter
GAP, ROW, SIDE = 150, 84, 44  # px between boxes, across; from one to the next below; and around
NEAR, STEP = 8, 17  # px from a box to the points of a way from it, and to those of the next

Place = tuple[float, float]  # the middle of a box, in px


# --- as text


def item_text(course: Course, path: Path, item_id: str) -> str:
    """Return everything an item holds, key and feedback too, as plain text.

    Raises
    ------
    ContentError
        Where the file has mistakes.
    UnknownItemError
        Where the item is not in it.
    """
    item = find_item(load_course_items(course, path), item_id, path.parent.name)
    graph = getattr(item, "graph", None)
    lines = [f"{item.id} ({item.kind}, {item.points:g} points)", *_described(item)]
    if graph:
        lines += ["", *graph_lines(graph)]
    return "\n".join(lines)


def _described(thing: Any, indent: str = "  ") -> Iterator[str]:
    """Give each field that holds something; parts are indented below their list."""
    for field in fields(thing):
        value = getattr(thing, field.name)
        if field.name in {"id", "kind", "graph"} or value in ("", (), None):
            continue
        if isinstance(value, tuple) and is_dataclass(value[0]):
            yield f"{indent}{field.name}:"
            for part in value:
                yield f"{indent}  - {part.id}"
                yield from _described(part, indent + "    ")
        elif is_dataclass(value):
            yield f"{indent}{field.name}:"
            yield from _described(value, indent + "  ")
        else:
            yield from _wrapped(f"{indent}{field.name}: {_plain(value)}", indent + "  ")


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    if isinstance(value, frozenset):
        return "; ".join(sorted(" and ".join(sorted(part)) for part in value))
    return str(value)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, subsequent_indent=indent) or [text]


def graph_lines(graph: Graph) -> list[str]:
    """Return a conversation as text: each turn, what can be said, and where that leads."""
    begin = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in graph.starts_with)
    lines = [f"{graph.peer} at the start: {begin}"]
    for turn in (turn for layer in layers(graph) for turn in layer):
        lines += ["", *_turn_lines(graph, turn)]
    return lines


def _turn_lines(graph: Graph, turn: Turn | str) -> list[str]:
    if isinstance(turn, str):
        ending = graph.ending(turn)
        says = ending.says if ending else "(nothing leads on from here)"
        return _wrapped(f"[{turn}] ending. {graph.peer}: {says}", "  ")
    lines = _wrapped(f"[{turn.id}] phase {turn.phase}. {graph.peer}: {turn.says}", "  ")
    for said, outcome in _ways(turn):
        points = "–" if outcome.points is None else f"{outcome.points}"
        effects = f" ({_states(outcome.effects)})" if outcome.effects else ""
        lines += _wrapped(f"  {points} {said} → {outcome.goes_to}{effects}", "      ")
    return lines


def _ways(turn: Turn) -> Iterator[tuple[str, Outcome]]:
    for option in turn.options:
        yield f"{option.id}: {option.text}", option.outcome
    for rule in turn.rules:
        yield f"if {rule.when.text}", rule.outcome


def _states(states: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value:+d}" for name, value in states)


def layers(graph: Graph) -> list[list[Turn | str]]:
    """Return turns and endings by how many steps they are from the start.

    Endings are given by id. What nothing leads to stands in a last layer of its own.
    """
    depth = {graph.start: 0}
    waiting = [graph.start]
    for name in waiting:
        turn = graph.turn(name)
        for outcome in turn.outcomes if turn else ():
            if outcome.goes_to not in depth:
                depth[outcome.goes_to] = depth[name] + 1
                waiting.append(outcome.goes_to)
    everything = [*(turn.id for turn in graph.turns), *(end.id for end in graph.endings)]
    last = max(depth.values()) + 1
    placed = sorted(everything, key=lambda name: depth.get(name, last))
    grouped = groupby(placed, key=lambda name: depth.get(name, last))
    return [[graph.turn(name) or name for name in names] for _, names in grouped]


# --- as a drawing


def sketch_html(item: Item) -> str:
    """Return a conversation as a drawing with the same as text below; nothing for other kinds."""
    graph = getattr(item, "graph", None)
    if graph is None:
        return ""
    turns, endings = len(graph.turns), len(graph.endings)
    return render_template(
        "html/sketch.html.j2",
        drawing=graph_svg(graph),
        alt=f"The talk with {graph.peer} as a drawing: {turns} turns and {endings} endings.",
        text="\n".join(graph_lines(graph)),
    )


def graph_svg(graph: Graph) -> str:
    """Return a conversation as an SVG drawing: turns from left to right, points on the ways."""
    columns = layers(graph)
    tallest = max(len(column) for column in columns)
    longest = max(len(_name(part)) for column in columns for part in column)
    wide = max(BOX, LETTER * longest + 16)
    places = {
        _name(part): (
            SIDE + wide / 2 + across * (wide + GAP),
            SIDE + ROW * ((tallest - len(column)) / 2 + down) + HIGH / 2,
        )
        for across, column in enumerate(columns)
        for down, part in enumerate(column)
    }
    return render_template(
        "html/graph.html.j2",
        width=px(2 * SIDE + len(columns) * (wide + GAP) - GAP),
        height=2 * SIDE + (tallest - 1) * ROW + HIGH,
        boxes=[_box(graph, name, place, wide) for name, place in places.items()],
        ways=[way for turn in graph.turns for way in _ways_of(turn, places, wide)],
    )


def _name(part: Turn | str) -> str:
    return part if isinstance(part, str) else part.id


def _arrows(turn: Turn) -> dict[str, str]:
    """Return where a turn leads, each with the points of the ways there."""
    ways: dict[str, list[str]] = {}
    for outcome in turn.outcomes:
        points = "?" if outcome.points is None else f"{outcome.points}"
        ways.setdefault(outcome.goes_to, []).append(points)
    return {goes_to: ", ".join(points) for goes_to, points in ways.items()}


def _box(graph: Graph, name: str, place: Place, wide: float) -> dict[str, Any]:
    turn = graph.turn(name)
    words = f"phase {turn.phase}, {turn.asks}" if turn else "ending"
    corner = {"left": px(place[0] - wide / 2), "top": place[1] - HIGH / 2}
    size = {"wide": px(wide), "high": HIGH, "round": 3 if turn else HIGH / 2}
    return {"name": name, "words": words, "x": px(place[0]), "y": place[1], **corner, **size}


def _ways_of(turn: Turn, places: Mapping[str, Place], wide: float) -> Iterator[dict[str, str]]:
    """Yield the ways from a turn; those to the right leave one below the other, as they end."""
    start = places[turn.id]
    ends = {places[name]: points for name, points in _arrows(turn).items() if name in places}
    right = sorted((end for end in ends if end != start and end[0] >= start[0]), key=_height)
    for end, points in ends.items():
        lift = STEP * (right.index(end) - (len(right) - 1) / 2) if end in right else 0.0
        yield _way(start, end, wide, start[1] + lift) | {"points": points}


def _height(place: Place) -> float:
    return place[1]


def _way(start: Place, end: Place, wide: float, port: float) -> dict[str, str]:
    """Return the way from one box to another; a way back is a bow, one to itself a word."""
    (x, y), (to_x, to_y) = start, end
    if start == end:
        return _line((x, y - HIGH), (x, y - HIGH), (x - NEAR, y - HIGH / 2 - 12), "")
    side, to_side = x + wide / 2, to_x - wide / 2
    if to_x > x:
        return _line((side, port), (to_side, to_y), (side + NEAR, port), "L")
    if to_x == x:
        bow = (side + GAP / 2, (y + to_y) / 2)
        near = (side + NEAR, port)
        return _line((side, port), (side, to_y), near, f"Q{_at(bow)} ", bow)
    low, to_low = y + HIGH / 2, to_y + HIGH / 2
    bow = ((x + to_x) / 2, max(low, to_low) + ROW / 2)
    near = (bow[0] + NEAR, (low + to_low) / 4 + bow[1] / 2)
    return _line((x, low), (to_x, to_low), near, f"Q{_at(bow)} ", bow)


def _line(
    start: Place, end: Place, near: Place, path: str, bow: Place | None = None
) -> dict[str, str]:
    """Return the path, its head, and where its points stand."""
    from_x, from_y = bow or start
    turned = degrees(atan2(end[1] - from_y, end[0] - from_x))
    drawn = f"M{_at(start)}{path}{_at(end)}" if path else ""
    return {
        "path": drawn,
        "end": _at(end),
        "turned": px(turned),
        "x": px(near[0]),
        "y": px(near[1]),
    }


def _at(place: Place) -> str:
    return f"{px(place[0])} {px(place[1])}"
