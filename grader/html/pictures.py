"""Make pictures for pages: lines and letters of our own, with their words and their numbers.

Drawn for a page 360 px wide and larger on wider ones, so that letters never get too small.
Colours come from the page's style, so that a picture is light or dark as the page is.
"""

from __future__ import annotations

from dataclasses import dataclass

from grader.html.templating import render_template

WIDTH = 360  # px, which is all that a page of 400 px leaves
SIDE = 10  # px left and right of what is drawn
SPAN = WIDTH - 2 * SIDE  # px between them
LETTERS = 13  # px at that width


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (the inside of an SVG), the words that say what it shows, and its numbers.

    ``name`` tells it apart from the others on a page; ``height`` is in px at `WIDTH`.
    """

    name: str
    height: float
    drawing: str
    alt: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def picture_html(picture: Picture) -> str:
    """Return a picture as a figure that holds its text alternative and its table."""
    return render_template("html/picture.html.j2", picture=picture, width=WIDTH, letters=LETTERS)


def px(length: float) -> str:
    """Return a length as an SVG has it, to a hundredth."""
    return f"{length:.2f}".rstrip("0").rstrip(".")


def across(share: float) -> str:
    """Return where a share, 0 to 1, stands between the left and the right side."""
    return px(SIDE + share * SPAN)
