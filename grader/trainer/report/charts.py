"""The pictures of a cohort's report, each with words that say what it shows and its numbers.

Lightness alone carries the meaning, every cell has its number, and what is too little
to tell is hatched: the pictures read the same in grey.

Apart from `report`, which puts the page together.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from math import isnan
from typing import TYPE_CHECKING, Any

from grader.trainer.report.drawing import (
    INK,
    LINE,
    SIDE,
    SOFT,
    WIDTH,
    Picture,
    new_figure,
    svg_of,
    write,
)
from grader.trainer.report.tables import FEW, FEWEST, TOO_LITTLE, percent, share_words

if TYPE_CHECKING:
    from pandas import DataFrame

PAPER, HATCH = "#ffffff", "#8b9ba5"
LIGHT, DARK = (0.91, 0.96, 0.97), (0.03, 0.19, 0.25)  # of 0 % and 100 %, as red, green, blue
HALFWAY = 0.179  # luminance at which black and white letters can be read equally well
CELL, LOW = 36, 24  # px wide and high
LONGEST = 18  # letters of a trainee's code that are drawn; the table has it whole
ROW, TOP, FOOT = 44, 34, 28  # px of the chart of ranges


# Trainees by skills ---------------------------------------------------------------------


def skill_heatmap(table: DataFrame, names: Mapping[str, str]) -> Picture:
    """Draw shares as lightness: trainees down, skills across.

    Parameters
    ----------
    table : DataFrame
        Trainees down, skill ids across; shares from 0 to 1, empty where too little is known.
    names : mapping of str to str
        The name of each skill.
    """
    codes = [code if len(code) <= LONGEST else f"{code[: LONGEST - 1]}…" for code in table.index]
    beside = 8 * max(map(len, codes)) + 8  # px
    across = CELL * len(table.columns)
    above, right = 124, 104  # px, for the names, which lean to the right
    width, height = beside + across + right, above + LOW * len(table) + SIDE
    figure = new_figure(height)
    figure.set_figwidth(width / 72)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(-beside, across + right), ylim=(height - above, -above))
    axes.axis("off")
    for x, skill in enumerate(table.columns):
        lean = {"rotation": 40, "rotation_mode": "anchor", "va": "baseline"}
        write(axes, (x + 0.4) * CELL, -6, textwrap.shorten(names[skill], 24), **lean)
    for y, (code, row) in enumerate(zip(codes, table.itertuples(index=False), strict=True)):
        write(axes, -6, (y + 0.5) * LOW, code, ha="right")
        for x, share in enumerate(row):
            _draw_cell(axes, x * CELL, y * LOW, share)
    return Picture(
        svg=svg_of(figure),
        alt=_heatmap_words(table, names),
        caption="Skills of each trainee",
        head=("Trainee", *(names[skill] for skill in table.columns)),
        rows=tuple(tuple(row) for row in share_words(table, TOO_LITTLE).itertuples()),
    )


def _draw_cell(axes: Any, x: float, y: float, share: float) -> None:
    from matplotlib.patches import Rectangle

    if isnan(share):
        _draw_hatch(axes, x, y)
        return
    tile = Rectangle((x, y), CELL, LOW, facecolor=shade(share), edgecolor=PAPER, linewidth=1)
    axes.add_patch(tile)
    number = f"{share * 100:.0f}"
    write(axes, x + CELL / 2, y + LOW / 2, number, ha="center", color=ink_on(share))


def _draw_hatch(axes: Any, x: float, y: float) -> None:
    # A pattern of the SVG's own would be printed as a large photograph of each cell.
    for left in range(2, CELL - 10, 8):
        line = ([x + left, x + left + 8], [y + LOW - 4, y + 4])
        axes.plot(*line, color=HATCH, lw=1, solid_capstyle="butt")


def shade(share: float) -> tuple[float, float, float]:
    """Return the colour of a share: the more, the darker."""
    pairs = zip(LIGHT, DARK, strict=True)
    red, green, blue = (light + (dark - light) * share for light, dark in pairs)
    return red, green, blue


def ink_on(share: float) -> str:
    """Return the colour in which a number stands on the shade of its share."""
    return PAPER if luminance(shade(share)) < HALFWAY else "#000000"


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    linear = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    )
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _heatmap_words(table: DataFrame, names: Mapping[str, str]) -> str:
    empty = int(table.isna().sum().sum())
    means = table.mean().dropna().sort_values(kind="stable")
    words = f"{len(table)} trainees by {len(table.columns)} skills."
    if len(table) >= FEWEST and not means.empty:
        low, high = names[means.index[0]], names[means.index[-1]]
        words += f" On the whole {low} is lowest and {high} is highest."
        words += (
            f" Single cells go from {percent(table.min().min())} to {percent(table.max().max())}."
        )
    hatched = f" In {empty} of {table.size} cells there is {TOO_LITTLE} to tell."
    return words + (hatched if empty else "")


# Ranges ---------------------------------------------------------------------------------


def range_chart(table: DataFrame, names: Mapping[str, str], what: str) -> Picture:
    """Draw the middle half of the shares as a bar, and the middle mark in it.

    Parameters
    ----------
    table : DataFrame
        Rows of ``n``, ``lower``, ``middle`` and ``upper``; the last three may be empty.
        Where there is a column ``waiting``, the table beside the picture has it too.
    names : mapping of str to str
        The name of each row.
    what : str
        What the rows are, such as "skill".
    """
    height = TOP + ROW * len(table) + FOOT
    figure = new_figure(height)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, 1))
    axes.set(xlim=(0, 1), ylim=(height, 0))
    axes.axis("off")
    for edge in (0, 0.25, 0.5, 0.75, 1):
        axes.plot([edge] * 2, [TOP - 6, height - FOOT], color=LINE, lw=1, zorder=0)
    for share, side in ((0, "left"), (0.5, "center"), (1, "right")):
        write(axes, share, height - FOOT / 2, percent(share), ha=side, color=SOFT)
    _draw_range(axes, 12, 0, 0.06, 0.12)
    write(axes, 0.15, 12, "the middle mark, and the half around it", color=SOFT)
    for place, row in enumerate(table.itertuples()):
        _draw_row(axes, TOP + place * ROW, names[row.Index], row)
    return Picture(
        svg=svg_of(figure),
        alt=_range_words(table, names, what),
        caption=f"Final marks by {what}",
        **_range_table(table, names, what),
    )


def _draw_row(axes: Any, y: float, name: str, row: Any) -> None:
    write(axes, 0, y + 10, name)
    if isnan(row.middle):
        write(axes, 1, y + 10, FEW, ha="right", color=SOFT)
        return
    write(axes, 1, y + 10, percent(row.middle), ha="right", fontweight="bold")
    _draw_range(axes, y + 29, row.lower, row.middle, row.upper)


def _draw_range(axes: Any, y: float, lower: float, middle: float, upper: float) -> None:
    axes.barh([y], [upper - lower], 12, left=[lower], color=shade(0.3))
    axes.plot([middle] * 2, [y - 9, y + 9], color=INK, lw=3, solid_capstyle="butt")


def _range_words(table: DataFrame, names: Mapping[str, str], what: str) -> str:
    known = table.dropna(subset="middle").sort_values("middle", kind="stable")
    few = len(table) - len(known)
    if known.empty:
        return f"No {what} has enough final marks to show yet."
    low, high = known.iloc[0], known.iloc[-1]
    words = f"The middle mark is highest for {names[high.name]}, at {percent(high.middle)}"
    if len(known) > 1:
        words += f", and lowest for {names[low.name]}, at {percent(low.middle)}"
    return f"{words}." + (f" {few} of {len(table)} have too few marks to show." if few else "")


def _range_table(table: DataFrame, names: Mapping[str, str], what: str) -> dict[str, Any]:
    head = [what.capitalize(), "Trainees", "Lower quarter", "Middle", "Upper quarter"]
    counts = [str(n) if n >= FEWEST else FEW for n in table["n"]]
    shares = [share_words(table[column], "–") for column in ("lower", "middle", "upper")]
    if "waiting" in table:
        head.append("Still to be read")
        shares.append(share_words(table["waiting"], "–"))
    rows = zip([names[row] for row in table.index], counts, *shares, strict=True)
    return {"head": tuple(head), "rows": tuple(rows)}
