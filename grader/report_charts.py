"""The pictures of a cohort's report, each with words that say what it shows.

Lightness alone carries the meaning, every cell has its number, and what is too little
to tell is hatched: the pictures read the same in grey.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from math import isnan
from typing import TYPE_CHECKING, Any

from grader.report_tables import FEWEST, TOO_LITTLE, percent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pandas import DataFrame

DPI = 150
INK, SOFT, PAPER, HATCH = "#1d2b33", "#4a5a64", "#ffffff", "#8b9ba5"
LIGHT, DARK = (0.91, 0.96, 0.97), (0.03, 0.19, 0.25)  # of 0 % and 100 %, as red, green, blue
LONGEST = 24  # characters of a name beside a picture


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG picture, ``alt`` in words, and its width in CSS pixels."""

    png: bytes
    alt: str
    width: int


def skill_heatmap(table: DataFrame, names: Mapping[str, str]) -> Picture:
    """Draw shares as lightness: trainees down, skills across.

    Parameters
    ----------
    table : DataFrame
        Trainees down, skill ids across; shares from 0 to 1, empty where too little is known.
    names : mapping of str to str
        The name of each skill.
    """
    size = (1.6 + 0.62 * len(table.columns), 1.7 + 0.3 * len(table))
    with _figure(size) as (axes, done):
        for (y, x), share in _cells(table):
            _cell(axes, x, y, share)
        axes.set_xlim(0, len(table.columns))
        axes.set_ylim(len(table), 0)
        axes.xaxis.tick_top()
        labels = [names[skill] for skill in table.columns]
        _label(axes.xaxis, labels, rotation=40, ha="left", rotation_mode="anchor")
        _label(axes.yaxis, list(table.index))
        png = done()
    return Picture(png, _heatmap_words(table, names), round(size[0] * 96))


def _cells(table: DataFrame) -> Iterator[tuple[tuple[int, int], float]]:
    for y, row in enumerate(table.itertuples(index=False)):
        for x, share in enumerate(row):
            yield (y, x), share


def _cell(axes: Any, x: int, y: int, share: float) -> None:
    from matplotlib.patches import Rectangle

    if isnan(share):  # too little is known
        face = {"facecolor": PAPER, "edgecolor": HATCH, "hatch": "////", "linewidth": 0}
        axes.add_patch(Rectangle((x, y), 1, 1, **face))
        return
    axes.add_patch(Rectangle((x, y), 1, 1, facecolor=shade(share), edgecolor=PAPER))
    style = {"ha": "center", "va": "center", "color": ink_on(share), "fontsize": 9}
    axes.text(x + 0.5, y + 0.52, f"{share * 100:.0f}", **style)


def shade(share: float) -> tuple[float, float, float]:
    """Return the colour of a share: the more, the darker."""
    return tuple(light + (dark - light) * share for light, dark in zip(LIGHT, DARK, strict=True))


def ink_on(share: float) -> str:
    """Return the colour in which a number stands on the shade of its share."""
    return PAPER if luminance(shade(share)) < 0.179 else "#000000"


def luminance(colour: tuple[float, float, float]) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour
    ]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _heatmap_words(table: DataFrame, names: Mapping[str, str]) -> str:
    empty = int(table.isna().sum().sum())
    means = table.mean().dropna().sort_values(kind="stable")
    words = f"{len(table)} trainees by {len(table.columns)} skills."
    if len(table) >= FEWEST and not means.empty:
        low, high = means.index[0], means.index[-1]
        words += f" Lightest, on the whole, is {names[low]}; darkest is {names[high]}."
        words += (
            f" Single cells go from {percent(table.min().min())} to {percent(table.max().max())}."
        )
    hatched = f" In {empty} of {table.size} cells there is {TOO_LITTLE} to tell."
    return words + (hatched if empty else "")


def range_chart(table: DataFrame, names: Mapping[str, str], what: str) -> Picture:
    """Draw the middle half of the shares as a bar, and the middle mark in it.

    Parameters
    ----------
    table : DataFrame
        Rows of ``n``, ``lower``, ``middle`` and ``upper``; the last three may be empty.
    names : mapping of str to str
        The name of each row.
    what : str
        What the rows are, such as "skill".
    """
    size = (7.2, 0.9 + 0.36 * len(table))
    with _figure(size) as (axes, done):
        for y, row in enumerate(table.itertuples()):
            _range(axes, y + 0.5, row)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(table), 0)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0%", "25%", "50%", "75%", "100%"])
        axes.grid(axis="x", color="#c6d0d6", linewidth=0.8)
        axes.set_axisbelow(True)
        _label(axes.yaxis, [names[row] for row in table.index])
        png = done()
    return Picture(png, _range_words(table, names, what), round(size[0] * 96))


def _range(axes: Any, y: float, row: Any) -> None:
    if isnan(row.middle):  # fewer than five
        axes.text(0.01, y, "too few marks to show", va="center", color=SOFT, fontsize=9)
        return
    axes.barh(y, row.upper - row.lower, left=row.lower, height=0.5, color=shade(0.3))
    axes.plot([row.middle] * 2, [y - 0.32, y + 0.32], color=INK, linewidth=3)


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


# Drawing --------------------------------------------------------------------------------


@contextmanager
def _figure(size: tuple[float, float]) -> Iterator[tuple[Any, Any]]:
    """Give axes without a frame, and a function that ends them as PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=size, facecolor=PAPER)
    axes = figure.add_subplot()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=9.5, labelcolor=INK)

    def done() -> bytes:
        out = io.BytesIO()
        with warnings.catch_warnings():
            # A name in letters that the font lacks is in the table as well.
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
            figure.savefig(out, format="png", dpi=DPI, bbox_inches="tight", pad_inches=0.1)
        return out.getvalue()

    yield axes, done


def _label(axis: Any, names: list[str], **style: Any) -> None:
    """Write plain names along an axis; a dollar sign is no formula."""
    shown = [name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…" for name in names]
    axis.set_ticks([place + 0.5 for place in range(len(names))])
    axis.set_ticklabels([name.replace("$", r"\$") for name in shown], **style)
