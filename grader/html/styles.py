"""The styles of our pages on their own hosts, with the files that these ask for.

Apart from `render`: records, reports and notebooks have the plain styles alone.
"""

from __future__ import annotations

import re
from pathlib import Path

from grader.content.people import FOLDER, MOODS, Person, is_drawn, load_people
from grader.errors import ContentError
from grader.html.render import page_style
from grader.places import PACKAGE

STATIC = PACKAGE / "cards" / "static"
DARK = "@media (prefers-color-scheme: dark) {"
_END = re.compile(r"^\}", re.MULTILINE)
KINDS = {
    "css": "text/css; charset=UTF-8",
    "js": "text/javascript; charset=UTF-8",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
}


def style_files(lessons: Path) -> dict[str, bytes]:
    """Return the styles of a course's pages, its fonts, and the pictures of its people, by name.

    Parameters
    ----------
    lessons : Path
        The folder with ``people.yaml``.
    """
    fonts = {path.name: path.read_bytes() for path in sorted((STATIC / "fonts").glob("*.woff2"))}
    people = _drawn(lessons)
    pictures = {each.picture: (lessons / FOLDER / each.picture).read_bytes() for each in people}
    names = ("fonts", "places", "reach")
    letters, colours, reach = (
        (STATIC / f"{name}.css").read_text(encoding="utf-8") for name in names
    )
    light, dark = apart(letters + page_style() + colours + reach + people_style(people))
    return {"course.css": light.encode(), "dark.css": dark.encode(), **fonts, **pictures}


def apart(style: str) -> tuple[str, str]:
    """Return a style without its rules for the dark, and these: a page is told when they hold."""
    light, *parts = style.split(DARK)
    dark = []
    for part in parts:
        end = _END.search(part)
        if end is None:
            raise ValueError("a block for the dark has no end at the beginning of a line")
        dark.append(part[: end.start()])
        light += part[end.end() :]
    return light, "".join(dark)


def kind_of(name: str) -> str:
    """Return what a file of ours is, for the browser."""
    return KINDS[name.rpartition(".")[2]]


def people_style(people: tuple[Person, ...]) -> str:
    """Return the rules that put a face where a name stands; only those on a page are fetched."""
    moods = (f'.al-face[data-mood="{mood}"] {{ {_at(mood)} }}' for mood in MOODS)
    return "\n".join(("", *map(_face, people), *moods, ""))


def _face(person: Person) -> str:
    """Return the rules of one person; the mood in which scenes show them needs no word there."""
    who = f'.al-face[data-who="{person.name}"]'
    picture = f'background-image: url("{person.picture}");'
    drawn = f"{who} {{ {picture} background-size: auto 100%; font-size: 0; }}"
    return f"{drawn}\n{who}:not([data-mood]) {{ {_at(person.usually)} }}"


def _at(mood: str) -> str:
    return f"background-position: {100 * MOODS.index(mood) / (len(MOODS) - 1):.4g}% 0;"


def _drawn(lessons: Path) -> tuple[Person, ...]:
    """Return the people who have a picture; what is wrong in their file, `alongside check` says."""
    try:
        return tuple(each for each in load_people(lessons) if is_drawn(lessons, each))
    except ContentError:
        return ()
