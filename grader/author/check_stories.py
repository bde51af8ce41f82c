"""Check that a hard story comes with a note and a gentler version, which is gentler indeed.

Apart from `check`, which reads the course: this looks at stories alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from grader.content.items import Item
from grader.errors import Problem
from grader.kinds.spot import SpotItem
from grader.kinds.talk.graph import ConversationItem

# Words of stories that can hurt to meet unasked, by what they are about.
# The loss of a partner or parent is not among them: the course says on its first page that
# people speak of losses.
HARD = {
    "suicide": (
        r"suicid\w*|(end|ending|ended|take|taking|took) (it all|(my|his|her|their) (own )?life)",
        r"not want(ed)? to (live|wake up|be here)|better off without me|can’t go on|not going on",
    ),
    "self-harm": (r"self-harm\w*|hurt(ing|s)? (my|him|her|them)sel\w+|overdos\w*",),
    "violence": (
        r"(hits?|hitting|beats?|beaten|beating|punch\w*) (me|her|him|us|them)",
        r"threaten\w*|strangl\w*|violen\w*|assault\w*|a knife at|threw a",
    ),
    "sexual harm": (r"rap(e|ed|ist)|abus\w*|molest\w*|sexual\w* harm\w*|sexually",),
    "the loss of a child": (
        r"miscarr\w*|stillb\w*|lost (the|our|my|a|her) (baby|child|son|daughter)",
    ),
    "war and disaster": (
        r"bomb\w*|shell(ed|ing)|tortur\w*|drown\w*|back from a war|road accident|the fire",
    ),
    "grave illness and death near at hand": (
        r"cancer|terminal|hospice|months to live|dying|lay dead",
    ),
}
# Many stories name a death without a note. Where a note does warn of one, the gentler version
# is for those who would rather not read of it.
DEATH = (
    r"di(e|es|ed)|dead|deaths?|dying|widow\w*|grave",
    r"lost (his|her|their|your|our) (wife|wives|husbands?|partners?|mothers?|fathers?)",
)
# A hit that is no hard story: (text around it, reason).
EXCUSED: tuple[tuple[str, str], ...] = ()
_HARD = {
    name: re.compile(rf"\b({'|'.join(patterns)})\b", re.IGNORECASE)
    for name, patterns in HARD.items()
}
_DEATH = re.compile(rf"\b({'|'.join(DEATH)})\b", re.IGNORECASE)


def story_problems(path: str, lines: Mapping[str, int], items: Iterable[Item]) -> Iterator[Problem]:
    """Say which hard stories lack their note, and which gentler versions are as hard.

    A note without a gentler version does not load.

    Parameters
    ----------
    path : str
        The file, as messages name it.
    lines : mapping of str to int
        The line on which each item begins.
    items : iterable of Item
        The items of the file.
    """
    for item in items:
        about = "" if item.content_note else hard_subject(story(item))
        if about:
            what = f"the story of {item.id!r} touches {about}; add 'content_note' and 'gentle'"
            yield Problem(path, lines.get(item.id, 1), "content_note", what)
        about = still_hard(item)
        if about:
            what = f"the gentler version of {item.id!r} still touches {about}; leave it out there"
            yield Problem(path, lines.get(item.id, 1), "gentle", what)


def story(item: Item) -> str:
    """Return all that a peer says and that is told of them in an item."""
    parts = [item.stem.setting, item.stem.says]
    if isinstance(item, ConversationItem):
        parts += [turn.says for turn in item.graph.turns]
    if isinstance(item, SpotItem):
        parts += [line.text for line in item.lines]
    return " ".join(parts)


def still_hard(item: Item) -> str:
    """Return what hard subject a gentler version touches, nothing where it keeps its word.

    Only its own words are read: cards, lines and replies are those of the first version.
    """
    if item.gentle is None:
        return ""
    text = f"{item.gentle.setting} {item.gentle.says}"
    if _DEATH.search(item.content_note) and _DEATH.search(text):
        return "a death"
    return hard_subject(text)


def hard_subject(text: str) -> str:
    """Return what hard subject a text touches, nothing where there is none."""
    for name, words in _HARD.items():
        for found in words.finditer(text):
            around = text[max(0, found.start() - 60) : found.end() + 60]
            if not any(excused in around for excused, _ in EXCUSED):
                return name
    return ""
