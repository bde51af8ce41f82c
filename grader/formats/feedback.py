"""The numbers of a trainer's feedback: written by the trainer, read strictly, then trusted.

They come inside a feedback file as ``feedback.json``. Nbgrader's exchange carries only the
page; there the same JSON stands in a ``<meta>`` element, which does nothing in a browser.
"""

from __future__ import annotations

import json
import math
import re
from contextlib import suppress
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from grader.content.items import ITEM_ID
from grader.files.parsing import parse_json
from grader.formats.statement import Signed, from_data, to_data

META = "alongside-feedback"
SEAL = "seal"  # the field of the signature on all of it, as `grader.formats.seal` makes it
FORMAT = 1
MAX_BYTES = 256 << 10
MAX_ITEMS = 200
MAX_SKILLS = 20
MAX_POINTS = 1000.0
_SIGNATURE = re.compile(r"[A-Za-z0-9+/]{86}==")


@dataclass(frozen=True, slots=True)
class Final:
    """The final mark of one item, and the skills that it shows."""

    points: float
    max_points: float
    skills: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Released:
    """What a trainer has released on one module.

    ``items`` holds the final marks by item; ``waiting`` counts answers that a person has
    yet to read. ``handed_in``, ``edition`` and ``seal`` are empty in files of an older course.
    """

    module: str
    trainee: str
    points: float
    max_points: float
    waiting: int
    items: dict[str, Final]
    signed: Signed | None = None
    handed_in: str = ""
    edition: str = ""
    seal: str = ""

    @property
    def draft(self) -> bool:
        """Tell whether a person has still to read some of it."""
        return self.waiting > 0

    def outdates(self, other: Released) -> bool:
        """Tell whether this is final, and the other a draft of it that is no newer."""
        no_newer = other.handed_in <= self.handed_in
        return self._is_on_same(other) and other.draft and not self.draft and no_newer

    def is_on_later(self, other: Released) -> bool:
        """Tell whether the other is on an earlier hand-in, as far as both say when it was."""
        return self._is_on_same(other) and "" < other.handed_in < self.handed_in

    def _is_on_same(self, other: Released) -> bool:
        return (self.module, self.trainee) == (other.module, other.trainee)


def write(numbers: Released) -> str:
    """Return the text of ``feedback.json``, without a seal: that is made over all of it."""
    facts: dict[str, Any] = {
        "format": FORMAT,
        "trainee": numbers.trainee,
        "module": numbers.module,
        "points": numbers.points,
        "max_points": numbers.max_points,
        "waiting": numbers.waiting,
        "handed_in": numbers.handed_in,
        "edition": numbers.edition,
        "items": {
            name: {
                "points": final.points,
                "max_points": final.max_points,
                "skills": list(final.skills),
            }
            for name, final in numbers.items.items()
        },
    }
    if numbers.signed is not None:
        # Older copies of the course read only "statement"; they know no rule, and do without.
        facts["signed"] = to_data(numbers.signed)
    return json.dumps(facts)


def parse(raw: bytes | str) -> Released:
    """Read the numbers of a feedback file.

    Raises
    ------
    ValueError
        Where they are anything but what `write` writes.
    """
    try:
        data = parse_json(raw, MAX_BYTES, once=True)
        if data["format"] != FORMAT:
            raise ValueError("format")
        statement = data.get("signed") or data.get("statement")  # the latter from before rules
        signed = from_data(statement) if statement else None
        found = Released(
            module=_text(data["module"]),
            trainee=_text(data["trainee"]),
            points=_points(data["points"]),
            max_points=_points(data["max_points"]),
            waiting=_count(data["waiting"]),
            items=_items(data.get("items", {})),
            signed=signed,
            handed_in=_word(data.get("handed_in", "")),
            edition=_word(data.get("edition", "")),
            seal=_seal(data.get(SEAL, "")),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no numbers of a feedback: {error}") from error
    if signed and (signed.statement.module, signed.statement.trainee) != (
        found.module,
        found.trainee,
    ):
        raise ValueError("the statement is about somebody or something else")
    return found


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 64:
        raise ValueError("text")
    return value


def _word(value: Any) -> str:
    return value if value == "" else _text(value)


def _seal(value: Any) -> str:
    if not isinstance(value, str) or not (value == "" or _SIGNATURE.fullmatch(value)):
        raise ValueError("seal")
    return value


def _points(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("points")
    if not (math.isfinite(value) and 0 <= value <= MAX_POINTS):
        raise ValueError("points")
    return float(value)


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MAX_ITEMS:
        raise ValueError("waiting")
    return value


def _items(found: Any) -> dict[str, Final]:
    if not isinstance(found, dict) or len(found) > MAX_ITEMS:
        raise ValueError("items")
    return {_id(name): _mark(entry) for name, entry in found.items()}


def _id(name: Any) -> str:
    text = _text(name)
    if not ITEM_ID.fullmatch(text):
        raise ValueError("id")
    return text


def _mark(entry: Any) -> Final:
    if set(entry) != {"points", "max_points", "skills"} or len(entry["skills"]) > MAX_SKILLS:
        raise ValueError("mark")
    points, most = _points(entry["points"]), _points(entry["max_points"])
    if most <= 0:  # points may be more than that: a trainer can give extra ones
        raise ValueError("mark")
    return Final(points, most, tuple(_id(skill) for skill in entry["skills"]))


class _Meta(HTMLParser):
    """Finds our ``<meta>`` in a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.content: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "meta" and facts.get("name") == META and self.content is None:
            self.content = facts.get("content")


def numbers_in(page: bytes) -> bytes | None:
    """Return the JSON in the head of a feedback page, None where there is none.

    What stands in the body never counts: it holds what people typed.
    """
    head = page.split(b"<body", 1)[0][:MAX_BYTES]
    meta = _Meta()
    with suppress(AssertionError):  # raised at marks of old word processors, such as <![if
        meta.feed(head.decode("utf-8", "replace"))
    return meta.content.encode() if meta.content else None
