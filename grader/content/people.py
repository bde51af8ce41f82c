"""The people who come back through a course: their lives in a line, and how they look.

They stand in ``people.yaml``. Each has one picture that shows their face in every mood, made
from what stands here; scenes and talks ask for the mood that fits.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from grader.content.glossary import slug
from grader.content.strict_yaml import Entry, read_entries
from grader.errors import ContentError, Problem, suggestion
from grader.places import PEOPLE

FOLDER = "people"  # in the course, beside its modules: one picture for each
MOODS = ("calm", "warm", "concerned", "tired", "solemn", "thinking", "wary")  # left to right
USUAL = "calm"
USUAL_COLOUR = "black"
_NAME = re.compile(r"[^\W\d_]+(?:[-’'][^\W\d_]+)?")

# What an author may choose from; colours as words, in hexadecimal where they are drawn.
HAIR = (
    *("afro", "bangs", "bangs2", "bantuKnots", "bun", "bun2", "buns", "cornrows", "cornrows2"),
    *("dreads1", "dreads2", "flatTop", "flatTopLong", "grayBun", "grayMedium", "grayShort"),
    *("hatBeanie", "hatHip", "hijab", "long", "longBangs", "longCurly", "medium1", "medium2"),
    *("medium3", "mediumBangs", "mediumBangs2", "mediumBangs3", "mediumStraight", "mohawk"),
    *("noHair1", "noHair2", "noHair3", "pomp", "shaved1", "shaved2", "shaved3", "short1"),
    *("short2", "short3", "short4", "short5", "turban", "twists", "twists2"),
)
BEARDS = (
    *("chin", "full", "full2", "full3", "full4", "goatee1", "goatee2"),
    *("moustache1", "moustache2", "moustache4", "moustache5", "moustache6", "moustache9"),
)
GLASSES = ("glasses", "glasses2", "glasses3", "glasses4", "glasses5")
SKINS = {
    "fair": "#ffdbb4",
    "light": "#edb98a",
    "tan": "#d08b5b",
    "brown": "#ae5d29",
    "dark": "#7d5a45",
}
HAIR_COLOURS = {
    "black": "#2c1b18",
    "dark": "#4a312c",
    "brown": "#724133",
    "chestnut": "#a55728",
    "fair": "#d6b370",
    "ginger": "#c9602f",
    "grey": "#b4aea8",
    "white": "#ece8e3",
}
CLOTHES = {
    "blue": "#8fb0cf",
    "cream": "#ead9b5",
    "green": "#7d9a6a",
    "grey": "#8a97a3",
    "ochre": "#d9a441",
    "plum": "#94698f",
    "rose": "#d798a0",
    "rust": "#c4704f",
    "teal": "#5d9c9c",
}


@dataclass(frozen=True, slots=True)
class Look:
    """How somebody looks; ``beard`` and ``glasses`` may be empty."""

    hair: str
    skin: str
    clothes: str
    colour: str = USUAL_COLOUR
    beard: str = ""
    glasses: str = ""

    @property
    def mark(self) -> str:
        """By which a picture tells that it was made from this look."""
        colours = SKINS[self.skin], CLOTHES[self.clothes], HAIR_COLOURS[self.colour]
        drawn = [self.hair, self.beard, self.glasses, *colours, *MOODS]
        return sha256(json.dumps(drawn).encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the people; ``usually`` is the mood in which their scenes show them."""

    name: str
    life: str
    look: Look | None
    usually: str
    line: int

    @property
    def picture(self) -> str:
        """The name of their picture."""
        return f"{slug(self.name)}.svg"


def load_people(course: Path) -> tuple[Person, ...]:
    """Load the people of a course, in their order; none where it has no such file.

    Parameters
    ----------
    course : Path
        The folder of ``people.yaml``.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    path = course / PEOPLE
    if not path.is_file():
        return ()
    problems: list[Problem] = []
    people: dict[str, Person] = {}
    for entry in read_entries(path, problems):
        person = _person(entry)
        if slug(person.name) in people:
            entry.note("name", f"{person.name!r} stands here twice; give one another name")
        people.setdefault(slug(person.name), person)
    if problems:
        raise ContentError(problems)
    return tuple(people.values())


def picture_problems(course: Path) -> list[Problem]:
    """Return who has no picture yet, or one from before their look was changed.

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    what = "has no picture that fits it; run 'alongside release'"
    name = f"{course.name}/{PEOPLE}"
    return [
        Problem(name, person.line, "look", what)
        for person in load_people(course)
        if person.look and not is_drawn(course, person)
    ]


def is_drawn(course: Path, person: Person) -> bool:
    """Tell whether somebody's picture is there and was made from how they look now."""
    path = course / FOLDER / person.picture
    return bool(
        person.look and path.is_file() and f'"{person.look.mark}"'.encode() in path.read_bytes()
    )


def _person(entry: Entry) -> Person:
    name = entry.text("name")
    if name and not _NAME.fullmatch(name):
        entry.note("name", "must be one first name, in letters")
    look = entry.entry("look", required=False)
    person = Person(
        name=name,
        life=entry.text("life"),
        look=_look(look) if look else None,
        usually=_one_of(entry, "usually", MOODS, USUAL),
        line=entry.line,
    )
    entry.close()
    return person


def _look(entry: Entry) -> Look:
    look = Look(
        hair=_one_of(entry, "hair", HAIR),
        skin=_one_of(entry, "skin", tuple(SKINS)),
        clothes=_one_of(entry, "clothes", tuple(CLOTHES)),
        colour=_one_of(entry, "colour", tuple(HAIR_COLOURS), USUAL_COLOUR),
        beard=_one_of(entry, "beard", BEARDS, ""),
        glasses=_one_of(entry, "glasses", GLASSES, ""),
    )
    entry.close()
    return look


def _one_of(entry: Entry, field: str, known: tuple[str, ...], default: str | None = None) -> str:
    """Return one of the words that are known; the first of them where it has to be given anew."""
    word = entry.text(field) if default is None else entry.text(field, default)
    if entry.has(field) and word and word not in known:
        entry.note(field, f"{word!r} is none of those; {suggestion(word, known)}")
        return known[0]
    return word
