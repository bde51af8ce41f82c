"""What stands beside a lesson in a wide window: its outline, and the words of each step.

Apart from `lesson`, which makes the page: a narrow window shows none of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import unescape
from itertools import count
from typing import Any

from grader.content.glossary import Term, slug
from grader.errors import AlongsideError
from grader.places import Course
from grader.trainee.glossary import words_of

MOST_WORDS = 4  # beside one step
PRACTICE, MORE, END = "Practice", "Read on", "The end"
_HEADING = re.compile(r"<h[1-3][^>]*>(.*?)</h[1-3]>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r'href="[^"]*glossary\.ipynb#term-([a-z0-9-]+)"')
Step = Sequence[Any]  # HTML as text, or what is no prose


def titles(steps: Iterable[Step], *, ends: bool = False) -> list[str]:
    """Return what each step is called: its heading, else what there is to do.

    Practice is numbered, so that somebody finds a card again; a talk is called by its peer. The
    last step of a lesson that ``ends`` sums it up.
    """
    found, numbers = [_title(step) for step in steps], count(1)
    named = [f"{PRACTICE} {next(numbers)}" if title == PRACTICE else title for title in found]
    return [*named[:-1], END] if ends else named


def _title(step: Step) -> str:
    heading = _HEADING.search(_prose(step))
    if heading:
        return unescape(_TAG.sub("", heading[1])).strip()
    if all(isinstance(part, str) for part in step):
        return MORE
    peer = next(filter(None, map(_peer, step)), "")
    return f"A talk with {peer}" if peer else PRACTICE


def _peer(part: Any) -> str:
    """Return with whom a card is a talk; nothing for what is none."""
    if not isinstance(part, dict):
        return ""
    inner = part.get("parts", ())  # of a place that the browser fills later
    view = part.get("facts", {}).get("view", {})
    return str(view.get("peer", "")) or next(filter(None, map(_peer, inner)), "")


def words(course: Course, steps: Iterable[Step]) -> list[list[Term]]:
    """Return the words of the course to which each step links, with their meanings."""
    known = _known(course)
    return [_words(_prose(step), known)[:MOST_WORDS] for step in steps]


def all_words(course: Course, steps: Iterable[Step]) -> dict[str, Term]:
    """Return all words to which a lesson links, by their places on the page of words."""
    found = _words("".join(map(_prose, steps)), _known(course))
    return {slug(term.term): term for term in found}


def _known(course: Course) -> dict[str, Term]:
    try:
        return {slug(term.term): term for term in words_of(course)}
    except (AlongsideError, OSError):  # the page of words says what is wrong
        return {}


def _words(prose: str, known: dict[str, Term]) -> list[Term]:
    names = dict.fromkeys(_WORD.findall(prose))
    return [known[name] for name in names if name in known]


def _prose(step: Step) -> str:
    return "".join(part for part in step if isinstance(part, str))
