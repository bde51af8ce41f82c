"""Draw the pictures of a report: without a screen, on white, with their words and numbers.

Drawn for a page 360 px wide and larger on wider ones, so that letters never get too small.
matplotlib is imported only while something is drawn.

Apart from `charts`, which decides what is drawn.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 360  # px, which is all that a page of 400 px leaves
SIDE = 10  # px left and right of what is drawn
LETTERS = 12.5  # px at that width
INK, SOFT, LINE = "#1d2b33", "#4a5a64", "#c6d0d6"  # words, quiet words, and quiet lines
# Letters are kept as text: sharp at any zoom, small, and shown in the fonts of the page.
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (SVG), the words that say what it shows, and its numbers as a table."""

    svg: bytes
    alt: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def new_figure(height: float) -> Figure:
    """Return an empty figure of a height in px; it belongs to no screen and no global state."""
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / 72, height / 72), dpi=72)  # one point of it is one px


def write(axes: Axes, x: float, y: float, words: str, **style: Any) -> None:
    """Write words as they are, never as a formula."""
    plain: dict[str, Any] = {"fontsize": LETTERS, "color": INK, "va": "center"}
    axes.text(x, y, words, parse_math=False, clip_on=False, **(plain | style))


def svg_of(figure: Figure) -> bytes:
    """Return the drawing; the same numbers give the same bytes."""
    from matplotlib import rc_context

    file = io.BytesIO()
    steady = rc_context({"svg.fonttype": "none", "svg.hashsalt": "alongside"})
    with warnings.catch_warnings(), steady:
        # A name may hold letters that the measuring font lacks; the page's own fonts have them.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue().replace(b"'DejaVu Sans'", FONTS.encode())
