"""Show an author what an item holds: all of it as text, and a conversation also as a drawing."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from grader.content.items import Item
from grader.html.templating import render_template
from grader.kinds.reading import find_item, load_course_items
from grader.kinds.talk.graph import Graph, Outcome, Turn
from grader.places import Course

WIDTH = 88  # letters of a printed line
COLUMN, ROW = 2.1, 1.1  # inches between turns of a drawing, across and down


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
        svg=graph_svg(graph).encode(),
        alt=f"The talk with {graph.peer} as a drawing: {turns} turns and {endings} endings.",
        text="\n".join(graph_lines(graph)),
    )


def graph_svg(graph: Graph) -> str:
    """Return a conversation as an SVG drawing: turns from left to right, points on the ways."""
    from matplotlib.figure import Figure

    columns = layers(graph)
    tallest = max(len(column) for column in columns)
    figure = Figure(figsize=(COLUMN * len(columns), ROW * tallest + 0.3), layout="constrained")
    axes = figure.add_subplot()
    axes.set_axis_off()
    places = {
        _name(part): (across, (tallest - len(column)) / 2 + down)
        for across, column in enumerate(columns)
        for down, part in enumerate(column)
    }
    boxes = {name: _draw_box(axes, graph, name, place) for name, place in places.items()}
    for turn in graph.turns:
        for goes_to, points in _arrows(turn).items():
            if goes_to in boxes:
                _draw_arrow(axes, boxes[turn.id], boxes[goes_to], points)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_ylim(tallest - 0.4, -0.6)
    drawing = io.StringIO()
    figure.savefig(drawing, format="svg", metadata={"Date": None})
    return drawing.getvalue()


def _name(part: Turn | str) -> str:
    return part if isinstance(part, str) else part.id


def _arrows(turn: Turn) -> dict[str, str]:
    """Return where a turn leads, each with the points of the ways there."""
    ways: dict[str, list[str]] = {}
    for outcome in turn.outcomes:
        points = "?" if outcome.points is None else f"{outcome.points}"
        ways.setdefault(outcome.goes_to, []).append(points)
    return {goes_to: ", ".join(points) for goes_to, points in ways.items()}


def _draw_box(axes: Any, graph: Graph, name: str, place: tuple[float, float]) -> Any:
    turn = graph.turn(name)
    words = f"{name}\n{f'phase {turn.phase}, {turn.asks}' if turn else 'ending'}"
    style = "square" if turn else "round"
    box = {"boxstyle": f"{style},pad=0.4", "facecolor": "#e8f1f4", "edgecolor": "#14596e"}
    return axes.text(*place, words, ha="center", va="center", fontsize=9, bbox=box, zorder=3)


def _draw_arrow(axes: Any, start: Any, end: Any, points: str) -> None:
    """Draw the way from one box to another; a way back is a bow."""
    (x, y), (to_x, to_y) = start.get_position(), end.get_position()
    if start is end:
        axes.text(x, y - 0.38, f"again: {points}", ha="center", fontsize=8)
        return
    arrow = {
        "arrowstyle": "->",
        "color": "#4a5a64",
        "patchA": start.get_bbox_patch(),
        "patchB": end.get_bbox_patch(),
        "connectionstyle": f"arc3,rad={0.0 if to_x > x else 0.4}",
    }
    axes.annotate("", (to_x, to_y), (x, y), arrowprops=arrow, zorder=1)
    paper = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none"}
    near = x + 0.45 * (to_x - x), y + 0.45 * (to_y - y)
    axes.text(*near, points, ha="center", va="center", fontsize=8, bbox=paper, zorder=2)
