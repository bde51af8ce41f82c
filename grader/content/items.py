"""The course as data: skills, facts, and what every item has, loaded strictly or not at all.

Authors write YAML; a loader gives frozen objects or one `ContentError` that lists every
mistake with file and line. The kinds of items stand in `grader.kinds`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader.content.strict_yaml import Entry, read_entries, short_name
from grader.errors import UNKNOWN, ContentError, Problem, suggestion

# The acts of a reply, each with the words a trainee reads.
ACTS = {
    "open_question": "open question",
    "closed_question": "closed question",
    "reflection": "reflecting back",
    "affirmation": "naming a strength",
    "own_story": "own story",
    "permission": "asking permission",
    "tentative_suggestion": "gentle suggestion",
    "directive_advice": "telling what to do",
    "information": "information",
    "reassurance": "quick comfort",
    "judgement": "judging",
    "boundary": "stating a limit",
    "safety_step": "safety step",
    "other": "other",
}
OURS = "ours"  # the source of a fact that is the course's own claim, from none of the texts
# The source texts, each with the words that tell it apart for a trainee.
SOURCES = {
    "000": "Jochen Kramer, on chances and risks of peer support",
    "001": "A course for peer supporters, on what peer support is",
    "002": "A course for peer supporters, on the conversation",
    "003": "Jenkins and others, a brief guide to peer support",
    "004": "Male Survivors Aotearoa, on peer support",
}
ADVISING = {"permission", "tentative_suggestion", "directive_advice", "safety_step"}
ITEM_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LADDER_FLAGS = ("advice_asked", "peer_has_ideas", "safety_concern")
FEWEST_SKILLS, MOST_SKILLS = 3, 20  # a radar needs three; more than twenty fit on no page
BEST = 3  # points of an option that is best now; 2 fine, 1 premature or closed, 0 harmful

# Trainees could read ids in the source of a page, so they must not give hints.
NEUTRAL = re.compile(r"[a-z][0-9]{0,2}")


@dataclass(frozen=True, slots=True)
class Skill:
    """One skill of the framework, with three behaviour anchors from first try to sharing.

    A framework of a trainer's own says how it takes the items of the course: items of the
    skills in ``covers`` count for this skill too, and those in ``leaves_out`` for none.
    """

    id: str
    name: str
    definition: str
    anchors: tuple[str, str, str]
    source: str
    covers: tuple[str, ...] = ()
    leaves_out: tuple[str, ...] = ()

    def counts(self, marked: Iterable[str]) -> bool:
        """Tell whether an item marked with these skills counts for this one."""
        return any(name == self.id or name in self.covers for name in marked)


@dataclass(frozen=True, slots=True)
class Fact:
    """One teachable statement in our own words, with its source and the list it belongs to.

    ``lesson`` is the number of the lesson that teaches it, such as ``7.1``.
    """

    id: str
    statement: str
    source: str
    list: str = ""
    lesson: str = ""

    @property
    def is_ours(self) -> bool:
        """Tell whether it is a claim of this course, from none of the texts: never marked."""
        return self.source == OURS


@dataclass(frozen=True, slots=True)
class Stem:
    """The situation: where it happens, who speaks, and what they say."""

    setting: str = ""
    speaker: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """What all items share; each kind adds its own part."""

    id: str
    kind: str
    skills: tuple[str, ...]
    facts: tuple[str, ...]
    stem: Stem
    question: str
    points: float
    content_note: str
    gentle: Stem | None
    advice_asked: bool | None
    peer_has_ideas: bool | None
    safety_concern: bool | None


def load_skills(path: Path) -> dict[str, Skill]:
    """Load the skills, in their order.

    Parameters
    ----------
    path : Path
        A ``skills.yaml``.

    Returns
    -------
    dict of str to Skill

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    skills: list[Skill] = []
    ids: set[str] = set()
    entries = read_entries(path, problems)
    for entry in entries:
        anchors = entry.words("anchors")
        first, second, third, *_ = (*anchors, "", "", "")
        if len(anchors) != 3:
            entry.note("anchors", "must be three sentences, from 'not tried yet' to 'could show'")
        skills.append(
            Skill(
                id=entry.text("id"),
                name=entry.text("name"),
                definition=entry.text("definition"),
                anchors=(first, second, third),
                source=entry.text("source"),
                covers=entry.words("covers", ()),
                leaves_out=entry.words("leaves_out", ()),
            )
        )
        check_new(entry, skills[-1].id, ids)
        entry.close()
    _check_framework(path, entries, skills, problems)
    return by_id(skills, problems)


def _check_framework(
    path: Path, entries: Sequence[Entry], skills: Sequence[Skill], problems: list[Problem]
) -> None:
    """Note a number of skills that cannot work, and skills of items that count two ways."""
    if entries and not FEWEST_SKILLS <= len(skills) <= MOST_SKILLS:
        what = f"holds {len(skills)} skills; make it {FEWEST_SKILLS} to {MOST_SKILLS}"
        problems.append(Problem(short_name(path), 1, "file", what))
    own = {skill.id for skill in skills}
    covered = {name for skill in skills for name in skill.covers}
    for entry, skill in zip(entries, skills, strict=True):
        for name in sorted(own.intersection(skill.covers)):
            entry.note("covers", f"{name!r} is a skill of this file itself; take it out")
        for name in sorted((own | covered).intersection(skill.leaves_out)):
            entry.note("leaves_out", f"{name!r} counts for a skill of this file; take it out")


def known_skills(skills: Mapping[str, Skill]) -> tuple[str, ...]:
    """Return every skill that an item may be marked with: own, covered and left out."""
    parts = ((skill.id, *skill.covers, *skill.leaves_out) for skill in skills.values())
    return tuple(dict.fromkeys(name for part in parts for name in part))


def load_facts(path: Path) -> dict[str, Fact]:
    """Load the facts, in their order; see `load_skills` for parameters and errors."""
    problems: list[Problem] = []
    facts = []
    ids: set[str] = set()
    for entry in read_entries(path, problems):
        facts.append(
            Fact(
                id=entry.text("id"),
                statement=entry.text("statement"),
                source=entry.text("source"),
                list=entry.text("list", ""),
                lesson=entry.text("lesson", ""),
            )
        )
        check_new(entry, facts[-1].id, ids)
        entry.close()
    return by_id(facts, problems)


def check_new(entry: Entry, newest: str, ids: set[str]) -> None:
    """Note an id that an earlier thing of the list has already; count it among them."""
    if newest and newest in ids:
        entry.note("id", f"{newest!r} is used twice; give each its own id")
    ids.add(newest)


def check_known(
    entry: Entry, field: str, used: Iterable[str], known: Iterable[str], code: str = UNKNOWN
) -> None:
    """Note every word of a field that is not known, with the nearest one that is."""
    for word in used:
        if word and word not in known:
            entry.note(field, unknown_words(word, known), code)


def unknown_words(word: str, known: Iterable[str]) -> str:
    """Say that a word is not known, with the nearest one that is."""
    return f"{word!r} is not known; {suggestion(word, known)}"


def by_id(things: Iterable[Any], problems: list[Problem]) -> dict[str, Any]:
    """Return things by their ids, or raise with all problems."""
    if problems:
        raise ContentError(problems)
    return {thing.id: thing for thing in things}


def read_common(entry: Entry, kind: str, *, scored: bool) -> dict[str, Any]:
    """Read what all items share, as arguments of `Item`."""
    if not scored:
        entry.refuse("points", f"do not belong to the kind {kind!r}, which is never scored")
    return {
        "id": _read_id(entry),
        "kind": kind,
        "skills": entry.words("skills"),
        "facts": entry.words("facts"),
        "stem": _read_stem(entry.entry("stem", required=False)),
        "question": entry.text("question"),
        "points": entry.number("points", 3, low=0.5, high=10) if scored else 0.0,
        "content_note": entry.text("content_note", ""),
        "gentle": _read_gentle(entry),
    } | {flag: entry.flag(flag, None) for flag in LADDER_FLAGS}


def _read_id(entry: Entry) -> str:
    name = entry.text("id")
    if name and not ITEM_ID.fullmatch(name):
        entry.note("id", f"{name!r} must be small letters and digits, joined by '-'")
    return name


def _read_stem(entry: Entry | None) -> Stem:
    if entry is None:
        return Stem()
    stem = Stem(entry.text("setting", ""), entry.text("speaker", ""), entry.text("says", ""))
    if bool(stem.speaker) != bool(stem.says):
        entry.note("speaker", "needs 'says', and 'says' needs a speaker; add the other")
    entry.close()
    return stem


def _read_gentle(entry: Entry) -> Stem | None:
    if entry.has("content_note") and not entry.has("gentle"):
        entry.note("gentle", "is missing; a hard story needs a softer one with the same options")
    return _read_stem(entry.entry("gentle")) if entry.has("gentle") else None


def check_ladder(entry: Entry, flags: dict[str, Any]) -> None:
    """Note each flag of the context that is not given, where an item is about advice."""
    for flag in LADDER_FLAGS:
        if flags[flag] is None:
            entry.note(flag, "is missing; advice is judged by its context, so say true or false")


def read_parts(
    entry: Entry, field: str, size: tuple[int, int], read: Callable[[Entry], Any]
) -> tuple[Any, ...]:
    """Read a list of parts, each closed, with ids of their own and at a fair number."""
    parts = []
    for part in entry.entries(field):
        parts.append(read(part))
        part.close()
    low, high = size
    if entry.has(field) and not low <= len(parts) <= high:
        entry.note(field, f"must be {low} to {high}, not {len(parts)}")
    ids = [part.id for part in parts]
    for name in sorted({name for name in ids if name and ids.count(name) > 1}):
        entry.note(field, f"id {name!r} is used twice; give each its own")
    return tuple(parts)


def neutral_id(part: Entry) -> str:
    """Read an id that trainees could find in the page's source, so that it gives no hint."""
    name = part.text("id")
    if name and not NEUTRAL.fullmatch(name):
        part.note("id", f"{name!r} could give a hint; use one letter, such as a, or r1")
    return name
