"""Draw how a trainee talks: each group of acts module by module, early beside late.

Apart from the compass, which decides what is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from grader.html.pictures import SIDE, WIDTH, Picture, px
from grader.html.templating import render_template
from grader.skills.style import History, Style

PANEL, PANEL_GAP, STYLE_TOP, STYLE_FOOT = 56, 34, 78, 48  # px
LEFT, RIGHT = SIDE + 24, WIDTH - SIDE  # px, of the columns; the scale stands left of them
WIDEST, HATCH_STEP = 24, 6  # px of a column, and of its hatching along the side


def style_small_multiples(history: History) -> Picture:
    """Draw the acts of each group, module by module, the early half beside the late one."""
    groups = [group for group, _ in history.early.counts]
    bottom = STYLE_TOP + len(groups) * (PANEL + PANEL_GAP) - PANEL_GAP
    numbers = [_module_number(style.name) for style in history.modules]
    return Picture(
        name="style",
        height=bottom + STYLE_FOOT,
        drawing=render_template(
            "html/columns.html.j2",
            key=[_key(history, half, y) for half, y in (("early", 14), ("late", 34))],
            panels=[_panel(history, group, place) for place, group in enumerate(groups)],
            modules=[(px(_middle(history, place)), each) for place, each in enumerate(numbers)],
            most=_most(history),
            left=LEFT,
            right=RIGHT,
            foot=bottom + 14,
        ),
        alt=_style_alt(history, groups),
        caption="How you talk, module by module",
        head=("Module", *groups, "replies typed"),
        rows=tuple(_style_row(style) for style in (*history.modules, history.early, history.late)),
    )


def _most(history: History) -> int:
    """Return the end of the scale, which all panels share so that they can be compared."""
    return max((n for style in history.modules for _, n in style.counts), default=0) or 1


def _panel(history: History, group: str, place: int) -> dict[str, Any]:
    top = STYLE_TOP + place * (PANEL + PANEL_GAP)
    return {
        "title": _panel_title(history, group),
        "top": top,
        "bottom": top + PANEL,
        "columns": list(_columns(history, group, top + PANEL)),
    }


def _columns(history: History, group: str, bottom: float) -> Iterator[dict[str, str]]:
    wide = min(WIDEST, 0.75 * _room(history))
    for place, style in enumerate(history.modules):
        tall = dict(style.counts)[group] * PANEL / _most(history)
        half = "early" if history.is_early(place) else "late"
        yield _column(half, _middle(history, place) - wide / 2, bottom, wide, tall)


def _room(history: History) -> float:
    """Return how many px there are for each module."""
    return (RIGHT - LEFT) / max(1, len(history.modules))


def _middle(history: History, place: int) -> float:
    return LEFT + (place + 0.5) * _room(history)


def _column(half: str, x: float, bottom: float, wide: float, tall: float) -> dict[str, str]:
    """Return a column: one half of the modules is hatched, to be told apart without colours."""
    hatch = "".join(_hatch(x, bottom, wide, tall)) if half == "early" else ""
    size = {"x": px(x), "y": px(bottom - tall), "wide": px(wide), "tall": px(tall)}
    return {"half": half, "hatch": hatch, **size}


def _hatch(x: float, bottom: float, wide: float, tall: float) -> Iterator[str]:
    """Yield slanted lines; a pattern of the SVG's own would be printed as a photograph."""
    top = bottom - tall
    for step in range(HATCH_STEP, int(wide + tall) if tall else 0, HATCH_STEP):
        start, end = max(0, step - tall), min(wide, step)  # each rises to the right
        yield f"M{px(x + start)} {px(top + step - start)}L{px(x + end)} {px(top + step - end)}"


def _key(history: History, half: str, y: float) -> dict[str, Any]:
    shape = _column(half, SIDE, y + 6, 30, 12)
    return {**shape, "middle": y, "words": _half_words(history, half)}


def _half(history: History, half: str) -> Style:
    return history.early if half == "early" else history.late


def _half_words(history: History, half: str) -> str:
    replies = _half(history, half).replies
    return f"{half} half of the modules: {replies} {'reply' if replies == 1 else 'replies'}"


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
