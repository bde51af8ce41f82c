"""The colour of each module can be read on every ground, light and dark."""

from __future__ import annotations

import re

import pytest
from helpers.paths import REPOSITORY

from grader.content.syllabus import COLOURS

STATIC = REPOSITORY / "grader" / "cards" / "static"
CARDS, PLACES = (
    (STATIC / name).read_text(encoding="utf-8") for name in ("cards.css", "places.css")
)
TEXT, SHAPE = 4.5, 3.0  # WCAG 2.2, 1.4.3 and 1.4.11
DARK = "@media (prefers-color-scheme: dark)"
ROOT = ":root:not(:has(body[data-jp-theme-light]))"


def variables(style: str, selector: str) -> dict[str, str]:
    """Give the colours that a style sets for a selector."""
    rules = re.findall(re.escape(selector) + r" \{([^}]*)\}", style)
    return {
        name: value for rule in rules for name, value in re.findall(r"--al-([\w-]+): (#\w+)", rule)
    }


def split(style: str) -> tuple[str, str]:
    """Give what a style says always, and what in the dark."""
    light, dark = style.split(DARK, 1)
    return light, dark


def colours(number: int, *, dark: bool) -> dict[str, str]:
    at = int(dark)
    own = [
        variables(split(PLACES)[at], selector) for selector in (":root", f'[data-hue="{number}"]')
    ]
    base = variables(split(CARDS)[at], ROOT if dark else ":root")
    return base | own[0] | own[1]


def light_of(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((light_of(one), light_of(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("number", range(1, COLOURS + 1))
def test_a_module_s_colour_can_be_read_on_every_ground(number, dark):
    found = colours(number, dark=dark)
    grounds = [found[name] for name in ("page", "paper", "tint", "care")]
    for ground in grounds:
        assert contrast(found["accent"], ground) >= TEXT
        assert contrast(found["text"], ground) >= TEXT
        assert contrast(found["soft"], ground) >= TEXT
        assert contrast(found["edge"], ground) >= SHAPE
    assert contrast(found["on-accent"], found["accent"]) >= TEXT


def test_each_module_has_a_colour_of_its_own():
    accents = {colours(number, dark=False)["accent"] for number in range(1, COLOURS + 1)}
    assert len(accents) == COLOURS


def test_a_pale_colour_would_be_seen():
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#8fb0cf", "#ffffff") < SHAPE
