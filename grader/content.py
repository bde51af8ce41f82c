"""The course as data: skills, facts and items, loaded strictly or not at all.

Nothing here scores or shows an item. Authors write YAML; `load_items` gives
frozen objects or one `ContentError` that lists every mistake with file and line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from grader import places
from grader.errors import ContentError, Problem, UnknownItemError, suggestion
from grader.strict_yaml import Entry, read_entries, short_name

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
ADVISING = {"permission", "tentative_suggestion", "directive_advice", "safety_step"}
LADDER_FLAGS = ("advice_asked", "peer_has_ideas", "safety_concern")
BEST = 3  # points of an option that is best now; 2 fine, 1 premature or closed, 0 harmful


@dataclass(frozen=True, slots=True)
class Skill:
    """One of the eleven skills, with three behaviour anchors from first try to sharing."""

    id: str
    name: str
    definition: str
    anchors: tuple[str, str, str]
    source: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One teachable statement in our own words, with its source and the list it belongs to."""

    id: str
    statement: str
    source: str
    list: str = ""


@dataclass(frozen=True, slots=True)
class Stem:
    """The situation: where it happens, who speaks, and what they say."""

    setting: str = ""
    speaker: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A reply to choose; ``points`` is 3 best now, 2 fine, 1 premature or closed, 0 harmful."""

    id: str
    text: str
    points: int
    acts: tuple[str, ...]
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement to tick or leave; ``fits`` tells whether it belongs to the answer."""

    id: str
    text: str
    fits: bool
    feedback: str
    better: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """Acts that a typed reply should (or should not) hold; any one of them counts."""

    acts: tuple[str, ...]
    because: str


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


@dataclass(frozen=True, slots=True)
class ChoiceItem(Item):
    """Choose one reply."""

    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class ChoicesItem(Item):
    """Tick every statement that fits."""

    options: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class ReplyItem(Item):
    """Type a reply; ``better`` is one good reply in full."""

    wanted: tuple[Criterion, ...]
    avoid: tuple[Criterion, ...]
    better: str


def load_skills(path: Path | None = None) -> dict[str, Skill]:
    """Load the skills, in their order.

    Parameters
    ----------
    path : Path, optional
        The file; the course's ``skills.yaml`` by default.

    Returns
    -------
    dict of str to Skill

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    skills = []
    for entry in read_entries(path or places.course_folder() / "skills.yaml", problems):
        anchors = entry.words("anchors")
        if len(anchors) != 3:
            entry.note("anchors", "must be three sentences, from 'not tried yet' to 'could show'")
        skills.append(
            Skill(
                id=entry.text("id"),
                name=entry.text("name"),
                definition=entry.text("definition"),
                anchors=(*anchors, "", "", "")[:3],
                source=entry.text("source"),
            )
        )
        _check_new(entry, skills)
        entry.close()
    return _by_id(skills, problems)


def load_facts(path: Path | None = None) -> dict[str, Fact]:
    """Load the facts, in their order; see `load_skills` for parameters and errors."""
    problems: list[Problem] = []
    facts = []
    for entry in read_entries(path or places.course_folder() / "facts.yaml", problems):
        facts.append(
            Fact(
                id=entry.text("id"),
                statement=entry.text("statement"),
                source=entry.text("source"),
                list=entry.text("list", ""),
            )
        )
        _check_new(entry, facts)
        entry.close()
    return _by_id(facts, problems)


def load_items(
    path: Path, skills: Iterable[str] | None = None, facts: Iterable[str] | None = None
) -> dict[str, Item]:
    """Load one file of items, in their order.

    Parameters
    ----------
    path : Path
        An ``items.yaml``.
    skills, facts : iterable of str, optional
        Known ids; the course's own by default.

    Returns
    -------
    dict of str to Item

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    known_skills = set(load_skills() if skills is None else skills)
    known_facts = set(load_facts() if facts is None else facts)
    items = []
    for entry in read_entries(path, problems):
        item = _read_item(entry)
        _check_known(entry, "skills", item.skills, known_skills)
        _check_known(entry, "facts", item.facts, known_facts)
        if not 1 <= len(item.skills) <= 3:
            entry.note("skills", "must name one to three skills")
        items.append(item)
        _check_new(entry, items)
        entry.close()
    return _by_id(items, problems)


def _check_new(entry: Entry, things: Sequence[Any]) -> None:
    newest = things[-1].id
    if newest and any(thing.id == newest for thing in things[:-1]):
        entry.note("id", f"{newest!r} is used twice; give each its own id")


def _by_id(things: Iterable[Any], problems: list[Problem]) -> dict[str, Any]:
    if problems:
        raise ContentError(problems)
    return {thing.id: thing for thing in things}


def _check_known(entry: Entry, field: str, used: Iterable[str], known: set[str]) -> None:
    for word in used:
        if word and word not in known:
            entry.note(field, f"{word!r} is not known; {suggestion(word, known)}")


def _read_item(entry: Entry) -> Item:
    kind = entry.text("kind")
    read = _KINDS.get(kind, Item)
    common = {
        "id": _read_id(entry),
        "kind": kind,
        "skills": entry.words("skills"),
        "facts": entry.words("facts"),
        "stem": _read_stem(entry.entry("stem")),
        "question": entry.text("question"),
        "points": entry.number("points", 3, low=0.5, high=10),
        "content_note": entry.text("content_note", ""),
        "gentle": _read_gentle(entry),
    } | {flag: entry.flag(flag, None) for flag in LADDER_FLAGS}
    if read is Item:
        if kind:
            entry.note("kind", f"{kind!r} is not a kind of item; {suggestion(kind, _KINDS)}")
        return Item(**common)
    return read(entry, common)


def _read_id(entry: Entry) -> str:
    name = entry.text("id")
    if name and not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name):
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


def _read_choice(entry: Entry, common: dict[str, Any]) -> ChoiceItem:
    options = []
    for part in entry.entries("options"):
        points = int(part.number("points", low=0, high=BEST))
        option = Option(
            id=part.text("id"),
            text=part.text("text"),
            points=points,
            acts=part.words("acts"),
            feedback=part.text("feedback"),
            better=part.text("better") if points < BEST else part.text("better", ""),
        )
        _check_known(part, "acts", option.acts, set(ACTS))
        part.close()
        options.append(option)
    _check_options(entry, [option.id for option in options])
    if options and not any(option.points == BEST for option in options):
        entry.note("options", f"none is best; give one of them {BEST} points")
    if ADVISING & {act for option in options for act in option.acts}:
        _check_ladder(entry, common)
    return ChoiceItem(**common, options=tuple(options))


def _read_choices(entry: Entry, common: dict[str, Any]) -> ChoicesItem:
    options = []
    for part in entry.entries("options"):
        fits = bool(part.flag("fits"))
        options.append(
            Statement(
                id=part.text("id"),
                text=part.text("text"),
                fits=fits,
                feedback=part.text("feedback"),
                better=part.text("better", ""),
            )
        )
        part.close()
    _check_options(entry, [option.id for option in options])
    if options and not any(option.fits for option in options):
        entry.note("options", "none fits; set 'fits: true' on at least one")
    return ChoicesItem(**common, options=tuple(options))


def _read_reply(entry: Entry, common: dict[str, Any]) -> ReplyItem:
    _check_ladder(entry, common)
    return ReplyItem(
        **common,
        wanted=_read_criteria(entry, "wanted", required=True),
        avoid=_read_criteria(entry, "avoid", required=False),
        better=entry.text("better"),
    )


def _read_criteria(entry: Entry, field: str, *, required: bool) -> tuple[Criterion, ...]:
    criteria = []
    for part in entry.entries(field, required=required):
        criterion = Criterion(part.words("acts"), part.text("because"))
        _check_known(part, "acts", criterion.acts, set(ACTS))
        part.close()
        criteria.append(criterion)
    return tuple(criteria)


def _check_options(entry: Entry, ids: list[str]) -> None:
    if not 2 <= len(ids) <= 8 and entry.has("options"):
        entry.note("options", "must be two to eight")
    for name in {name for name in ids if ids.count(name) > 1}:
        entry.note("options", f"id {name!r} is used twice; give each option its own")


def _check_ladder(entry: Entry, common: dict[str, Any]) -> None:
    for flag in LADDER_FLAGS:
        if common[flag] is None:
            entry.note(flag, "is missing; advice is judged by its context, so say true or false")


_KINDS = {"choice": _read_choice, "choices": _read_choices, "reply": _read_reply}


def public_view(item: Item) -> dict[str, Any]:
    """Return what a trainee may see of an item: no key, no points of options, no feedback.

    Returns
    -------
    dict
        JSON-ready; the form of one entry of ``items.json``.
    """
    view: dict[str, Any] = {
        "id": item.id,
        "kind": item.kind,
        "stem": _stem_view(item.stem),
        "question": item.question,
        "points": item.points,
        "content_note": item.content_note,
        "gentle": _stem_view(item.gentle) if item.gentle else None,
    }
    options = getattr(item, "options", None)
    if options is not None:
        view["options"] = [{"id": option.id, "text": option.text} for option in options]
    return view


def _stem_view(stem: Stem) -> dict[str, str]:
    return {"setting": stem.setting, "speaker": stem.speaker, "says": stem.says}


def public_json(module: str, items: Iterable[Item]) -> str:
    """Return the text of a module's ``items.json``: the public half of its graded items."""
    data = {"format": 1, "module": module, "items": [public_view(item) for item in items]}
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def load_public_items(path: Path) -> dict[str, dict[str, Any]]:
    """Load an ``items.json``.

    Returns
    -------
    dict of str to dict
        Public views by item id, in their order.

    Raises
    ------
    ContentError
        Where the file is missing or not what `public_json` writes.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {item["id"]: item for item in data["items"]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        what = "cannot be read; open the course again, it makes a fresh copy"
        raise ContentError([Problem(short_name(path), 1, "file", what)]) from error


def find_item(items: dict[str, Any], item_id: str, where: str) -> Any:
    """Return one item by id.

    Raises
    ------
    UnknownItemError
        With the nearest id that exists.
    """
    try:
        return items[item_id]
    except KeyError:
        message = f"{where} has no item {item_id!r}; {suggestion(item_id, items)}"
        raise UnknownItemError(message) from None
