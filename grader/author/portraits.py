"""Draw the people of a course: one picture for each, with their face in every mood side by side.

Apart from `grader.cli`, which asks for it: pages only show the pictures, and need no package.
The drawings are Pablo Stanley's Open Peeps (CC0), put together by DiceBear.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from grader.content.people import (
    CLOTHES,
    FOLDER,
    HAIR_COLOURS,
    MOODS,
    SKINS,
    Look,
    is_drawn,
    load_people,
)
from grader.files.safe import FOR_ALL, write_safely

SIDE = 704  # of one face, in the drawings' own measure
EXPRESSIONS = {
    "calm": "calm",
    "warm": "smile",
    "concerned": "concernedFear",
    "tired": "tired",
    "solemn": "solemn",
    "thinking": "serious",
    "wary": "suspicious",
}
_PART = re.compile(r'<g id="(\w+)-[\w-]+?-[0-9a-f]{8}">(.*?)</g>(?=<g id|<clipPath)', re.DOTALL)
_BODY = re.compile(r'<g clip-path="[^"]*">(.*)</g></svg>', re.DOTALL)
_USE = re.compile(r'<use transform="([^"]*)" href="#(\w+)-[^"]*"/>')


def draw_people(course: Path) -> list[Path]:
    """Draw everybody whose picture is missing or older than their look; return the new pictures.

    Parameters
    ----------
    course : Path
        The folder of ``people.yaml``.

    Raises
    ------
    ContentError
        With every mistake in that file.
    ModuleNotFoundError
        Where somebody has to be drawn, and what draws is not installed.
    """
    drawn = []
    for person in load_people(course):
        if person.look and not is_drawn(course, person):
            path = course / FOLDER / person.picture
            path.parent.mkdir(exist_ok=True)
            write_safely(path, portrait(person.look).encode(), mode=FOR_ALL)
            drawn.append(path)
    return drawn


def portrait(look: Look) -> str:
    """Return one person's picture as SVG: all that is the same in every mood stands in it once."""
    faces = {mood: _drawing(look, mood) for mood in MOODS}
    before, after = _around(faces[MOODS[0]])
    moods = "".join(
        f'<svg x="{SIDE * at}" width="{SIDE}" height="{SIDE}"><use href="#a"/>'
        f'{_expression(drawing)}<use href="#z"/></svg>'
        for at, drawing in enumerate(faces.values())
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE * len(MOODS)} {SIDE}"'
        f' fill="none" fill-rule="evenodd" data-look="{look.mark}">'
        f'<defs><g id="a">{before}</g><g id="z">{after}</g></defs>{moods}</svg>\n'
    )


def _drawing(look: Look, mood: str) -> str:
    """Return the drawing of one mood as DiceBear makes it."""
    from dicebear import Avatar

    chosen = {
        "seed": "",
        "headVariant": [look.hair],
        "expressionVariant": [EXPRESSIONS[mood]],
        "skinColor": [SKINS[look.skin]],
        "headContrastColor": [HAIR_COLOURS[look.colour]],
        "clothingColor": [CLOTHES[look.clothes]],
        "maskProbability": 0,
        **_maybe("facialHair", look.beard),
        **_maybe("accessories", look.glasses),
    }
    made: str = Avatar(_style(), chosen).to_string()
    return re.sub(r' (?:fill|clip)-rule="evenodd"', "", made)


def _maybe(part: str, variant: str) -> dict[str, Any]:
    if not variant:
        return {f"{part}Probability": 0}
    return {f"{part}Variant": [variant], f"{part}Probability": 100}


@cache  # it checks itself for a second or two
def _style() -> Any:
    from dicebear import Style

    text = files("dicebear_styles").joinpath("open-peeps.json").read_text("utf-8")
    return Style(json.loads(text))


def _around(drawing: str) -> tuple[str, str]:
    """Return what lies below an expression and what lies above it, each part in its place."""
    parts = dict(_PART.findall(drawing))
    below, _, above = _body(drawing).partition(_used(drawing, "expression"))
    return _placed(below, parts), _placed(above, parts)


def _placed(drawing: str, parts: dict[str, str]) -> str:
    return _USE.sub(lambda use: f'<g transform="{use[1]}">{parts[use[2]]}</g>', drawing)


def _expression(drawing: str) -> str:
    return _placed(_used(drawing, "expression"), dict(_PART.findall(drawing)))


def _used(drawing: str, part: str) -> str:
    return next(use[0] for use in _USE.finditer(_body(drawing)) if use[2] == part)


def _body(drawing: str) -> str:
    found = _BODY.search(drawing)
    return found[1] if found else ""
