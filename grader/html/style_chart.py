"""Draw how a trainee talks: each group of acts module by module, early beside late.

Apart from the compass, which decides what is drawn.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from grader.html.pictures import INK, LINE, SIDE, SOFT, WIDTH, Picture, new_figure, svg_of, write
from grader.skills.style import History, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Told apart by a pattern, and in shades of grey, too.
EARLY, LATE, EARLY_HATCH = "#a9d3e0", "#14596e", "////"
PANEL, PANEL_GAP, STYLE_TOP, STYLE_FOOT = 56, 30, 74, 46  # px
COLUMNS_AT = 24  # px left of the columns, for the scale


def style_small_multiples(history: History) -> Picture:
    """Draw the acts of each group, module by module, the early half beside the late one."""
    groups = [group for group, _ in history.early.counts]
    height = STYLE_TOP + len(groups) * (PANEL + PANEL_GAP) - PANEL_GAP + STYLE_FOOT
    figure = new_figure(height)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, 1))
    axes.set(xlim=(0, WIDTH - 2 * SIDE), ylim=(height, 0))
    axes.axis("off")
    for y, half in ((14, "early"), (34, "late")):
        axes.bar([15], [12], 30, y - 6, **_half_style(half))
        write(axes, 40, y, _half_words(history, half))
    for place, group in enumerate(groups):
        _draw_panel(axes, STYLE_TOP + place * (PANEL + PANEL_GAP), history, group)
    for place, style in enumerate(history.modules):
        x = _column(history, place)
        write(axes, x, height - 34, _module_number(style.name), ha="center", color=SOFT)
    write(axes, WIDTH / 2, height - 14, "module", ha="center", color=SOFT)
    return Picture(
        svg=svg_of(figure),
        alt=_style_alt(history, groups),
        caption="How you talk, module by module",
        head=("Module", *groups, "replies typed"),
        rows=tuple(_style_row(style) for style in (*history.modules, history.early, history.late)),
    )


def _column(history: History, place: int) -> float:
    return COLUMNS_AT + (place + 0.5) * _column_width(history)


def _column_width(history: History) -> float:
    return (WIDTH - 2 * SIDE - COLUMNS_AT) / max(1, len(history.modules))


def _draw_panel(axes: Axes, top: float, history: History, group: str) -> None:
    """Draw one group; all panels share one scale, so that they can be compared."""
    most = max((n for style in history.modules for _, n in style.counts), default=0) or 1
    bottom, unit = top + PANEL, PANEL / most
    write(axes, 0, top - 14, _panel_title(history, group))
    for value, y in ((most, top), (0, bottom)):
        axes.plot([COLUMNS_AT, WIDTH - 2 * SIDE], [y, y], color=SOFT if y == bottom else LINE, lw=1)
        write(axes, COLUMNS_AT - 6, y, str(value), ha="right", color=SOFT)
    for place, style in enumerate(history.modules):
        tall = dict(style.counts)[group] * unit
        look = _half_style("early" if history.is_early(place) else "late")
        wide = min(24.0, 0.75 * _column_width(history))
        axes.bar([_column(history, place)], [-tall], wide, bottom, **look)


def _half(history: History, half: str) -> Style:
    return history.early if half == "early" else history.late


def _half_words(history: History, half: str) -> str:
    replies = _half(history, half).replies
    return f"{half} half of the modules: {replies} {'reply' if replies == 1 else 'replies'}"


def _half_style(half: str) -> dict[str, Any]:
    colour, hatch = (EARLY, EARLY_HATCH) if half == "early" else (LATE, "")
    return {"color": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.75}


def _panel_title(history: History, group: str) -> str:
    early, late = (dict(_half(history, half).counts)[group] for half in ("early", "late"))
    return f"{group.capitalize()}: {early} early, {late} late"


def _module_number(name: str) -> str:
    number = name.split("-", maxsplit=1)[0]
    return str(int(number)) if number.isdigit() else name


def _style_row(style: Style) -> tuple[str, ...]:
    name = {"early": "early half", "late": "late half"}.get(style.name)
    return (
        name or _module_number(style.name),
        *(str(count) for _, count in style.counts),
        str(style.replies),
    )


def _style_alt(history: History, groups: Sequence[str]) -> str:
    if not history.modules:
        return "Nothing is typed yet, so there is nothing to show."
    parts = "; ".join(_panel_title(history, group) for group in groups)
    return f"What your typed replies did. {parts}. {history.sentence}"
