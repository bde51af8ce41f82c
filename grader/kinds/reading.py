"""Read a module's items from YAML, whole or not at all.

`KINDS` names the reader of each kind. A new kind needs its row there, in ``RULES`` of
`grader.kinds.scoring` and in ``SHOWN`` of `grader.kinds.views`; tests fail until it has all three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from grader.content.items import (
    ACTS,
    ADVISING,
    BEST,
    SOURCES,
    Item,
    Skill,
    by_id,
    check_known,
    check_ladder,
    check_new,
    known_skills,
    load_facts,
    load_skills,
    neutral_id,
    read_common,
    read_parts,
    unknown_words,
)
from grader.content.strict_yaml import Entry, read_entries
from grader.errors import UNKNOWN_FACT, UNKNOWN_SKILL, Problem, UnknownItemError, suggestion
from grader.kinds.data import (
    MOMENTS,
    UNSCORED,
    ChoiceItem,
    ChoicesItem,
    ConversationItem,
    Criterion,
    Label,
    Left,
    Line,
    MatchItem,
    Option,
    OrderItem,
    Part,
    Position,
    RatingItem,
    ReflectionItem,
    ReplyItem,
    SortCard,
    SortItem,
    SourcesDifferItem,
    SpotItem,
    Statement,
)
from grader.kinds.talk.reader import read_graph
from grader.kinds.typed.reader import read_exemplars, read_threads

PLAIN_ANCHORS = (
    "I have not tried this yet.",
    "I do this sometimes, and sometimes it goes well.",
    "I do this well, and I could show others how.",
)

_Common = dict[str, Any]
_Skills = Mapping[str, Skill]


def load_items(
    path: Path,
    skills: Mapping[str, Skill] | None = None,
    facts: Iterable[str] | None = None,
    *,
    graded: bool = False,
) -> dict[str, Item]:
    """Load one file of items, in their order.

    Parameters
    ----------
    path : Path
        An ``items.yaml``.
    skills : mapping of str to Skill, optional
        Known skills; the course's own by default.
    facts : iterable of str, optional
        Known ids; the course's own by default.
    graded : bool
        The items are handed in and marked: kinds that are never scored are refused.

    Returns
    -------
    dict of str to Item

    Raises
    ------
    ContentError
        With every mistake in the file.
    """
    problems: list[Problem] = []
    framework = load_skills() if skills is None else skills
    known_facts = set(load_facts() if facts is None else facts)
    items = []
    for entry in read_entries(path, problems):
        item = _read_item(entry, framework)
        _check_skills(entry, item.skills, framework)
        check_known(entry, "facts", item.facts, known_facts, UNKNOWN_FACT)
        if graded and item.kind in UNSCORED:
            entry.note("kind", f"{item.kind!r} is for practice only; move it to course/")
        if not 1 <= len(item.skills) <= 3:
            entry.note("skills", "must name one to three skills")
        items.append(item)
        check_new(entry, items)
        entry.close()
    return by_id(items, problems)


def _check_skills(entry: Entry, used: Iterable[str], framework: _Skills) -> None:
    """Note skills that the framework does not place; one of a trainer's own can cover them."""
    known = known_skills(framework)
    for name in used:
        if name and name not in known:
            what = unknown_words(name, known)
            if not what.endswith("?"):
                what += ", or place it under 'covers' or 'leaves_out' in skills.yaml"
            entry.note("skills", what, UNKNOWN_SKILL)


def _read_item(entry: Entry, skills: Mapping[str, Skill]) -> Item:
    kind = entry.text("kind")
    common = read_common(entry, kind, scored=kind not in UNSCORED)
    if kind in KINDS:
        return KINDS[kind](entry, common, skills)
    if kind:
        entry.note("kind", f"{kind!r} is not a kind of item; {suggestion(kind, KINDS)}")
    return Item(**common)


def _label(part: Entry) -> Label:
    return Label(neutral_id(part), part.text("text"))


def _read_choice(entry: Entry, common: _Common, _: _Skills) -> ChoiceItem:
    options = read_parts(entry, "options", (2, 8), _option)
    if options and not any(option.points == BEST for option in options):
        entry.note("options", f"none is best; give one of them {BEST} points")
    if ADVISING & {act for option in options for act in option.acts}:
        check_ladder(entry, common)
    why, twin = entry.text("why", ""), entry.text("twin", "")
    return ChoiceItem(**common, options=options, why=why, twin=twin)


def _option(part: Entry) -> Option:
    points = part.whole("points", low=0, high=BEST)
    acts = part.words("acts")
    check_known(part, "acts", acts, ACTS)
    return Option(
        id=part.text("id"),
        text=part.text("text"),
        points=points,
        acts=acts,
        feedback=part.text("feedback"),
        better=part.text("better") if points < BEST else part.text("better", ""),
    )


def _read_choices(entry: Entry, common: _Common, _: _Skills) -> ChoicesItem:
    options = read_parts(entry, "options", (2, 8), _statement)
    if options and not any(option.fits for option in options):
        entry.note("options", "none fits; set 'fits: true' on at least one")
    return ChoicesItem(**common, options=options)


def _statement(part: Entry) -> Statement:
    return Statement(
        id=part.text("id"),
        text=part.text("text"),
        fits=bool(part.flag("fits")),
        feedback=part.text("feedback"),
        better=part.text("better", ""),
    )


def _read_order(entry: Entry, common: _Common, _: _Skills) -> OrderItem:
    parts = read_parts(entry, "parts", (3, 8), _part)
    shown = [part.id for part in parts]
    item = OrderItem(
        **common,
        parts=parts,
        order=entry.words("order"),
        free=_read_free(entry, set(shown)),
        better=entry.text("better"),
    )
    if sorted(item.order) != sorted(shown):
        entry.note("order", f"must name each part once: {', '.join(sorted(set(shown)))}")
    elif parts and not item.pairs:
        entry.note("free", "leaves no pair whose order matters; take some out")
    elif parts and not item.swapped(shown):
        entry.note("parts", "are shown in the right order already; mix them")
    return item


def _part(part: Entry) -> Part:
    return Part(neutral_id(part), part.text("text"), part.text("feedback"))


def _read_free(entry: Entry, known: set[str]) -> frozenset[frozenset[str]]:
    pairs = entry.word_lists("free")
    for pair in pairs:
        check_known(entry, "free", pair, known)
        if len(set(pair)) != 2:
            entry.note("free", f"must be pairs, such as [[a, b]], not [{', '.join(pair)}]")
    return frozenset(frozenset(pair) for pair in pairs)


def _read_sort(entry: Entry, common: _Common, _: _Skills) -> SortItem:
    piles = read_parts(entry, "piles", (2, 4), _label)
    names = {pile.id for pile in piles}
    return SortItem(
        **common,
        piles=piles,
        cards=read_parts(entry, "cards", (3, 18), lambda part: _sort_card(part, names)),
    )


def _sort_card(part: Entry, piles: set[str]) -> SortCard:
    fair = part.one_or_more("pile")
    check_known(part, "pile", fair, piles)
    if part.has("pile") and not fair:
        part.note("pile", "names no pile; give one, or a list of those that are fair")
    return SortCard(neutral_id(part), part.text("text"), fair, part.text("feedback"))


def _read_match(entry: Entry, common: _Common, _: _Skills) -> MatchItem:
    rights = read_parts(entry, "rights", (3, 12), _label)
    names = [right.id for right in rights]
    lefts = read_parts(entry, "lefts", (3, 10), lambda part: _left(part, set(names)))
    keys = [left.match for left in lefts]
    if rights and not len(lefts) <= len(rights) <= len(lefts) + 2:
        entry.note("rights", "must be as many as 'lefts', or one or two more")
    for name in sorted({key for key in keys if key and keys.count(key) > 1}):
        entry.note("lefts", f"{name!r} is the match of two; give each its own")
    if keys and [name for name in names if name in keys] in (keys, keys[::-1]):
        entry.note("rights", "stand in the order of their 'lefts', which tells; mix them")
    return MatchItem(**common, lefts=lefts, rights=rights)


def _left(part: Entry, rights: set[str]) -> Left:
    match = part.text("match")
    check_known(part, "match", [match], rights)
    return Left(neutral_id(part), part.text("text"), match, part.text("feedback"))


def _read_spot(entry: Entry, common: _Common, _: _Skills) -> SpotItem:
    lines = read_parts(entry, "lines", (4, 16), _line)
    points = [line.points for line in lines if line.points is not None]
    if lines and len(points) < 2:
        entry.note("lines", "need two or more that can be picked; give them points and feedback")
    elif lines and BEST not in points:
        entry.note("lines", f"none is best; give one of them {BEST} points")
    return SpotItem(**common, lines=lines)


def _line(part: Entry) -> Line:
    points, feedback, better = None, "", ""
    if part.has("points"):
        points = part.whole("points", low=0, high=BEST)
        feedback = part.text("feedback")
        better = part.text("better") if points < BEST else part.text("better", "")
    else:
        for field in ("feedback", "better"):
            part.refuse(field, "belongs only to a line with points")
    return Line(neutral_id(part), part.text("speaker"), part.text("text"), points, feedback, better)


def _read_reply(entry: Entry, common: _Common, _: _Skills) -> ReplyItem:
    check_ladder(entry, common)
    return ReplyItem(
        **common,
        wanted=_read_criteria(entry, "wanted", required=True),
        avoid=_read_criteria(entry, "avoid", required=False),
        better=entry.text("better"),
        threads=read_threads(entry, (common["stem"].says, common["stem"].setting)),
        exemplars=read_exemplars(entry),
    )


def _read_criteria(entry: Entry, field: str, *, required: bool) -> tuple[Criterion, ...]:
    criteria = []
    for part in entry.entries(field, required=required):
        criterion = Criterion(part.words("acts"), part.text("because"))
        check_known(part, "acts", criterion.acts, ACTS)
        part.close()
        criteria.append(criterion)
    return tuple(criteria)


def _read_conversation(entry: Entry, common: _Common, _: _Skills) -> ConversationItem:
    if common["stem"].says:
        entry.note("stem", "must have no 'says'; the peer speaks in the turns")
    return ConversationItem(**common, graph=read_graph(entry, common["stem"].setting))


def _read_rating(entry: Entry, common: _Common, skills: _Skills) -> RatingItem:
    skill = entry.text("skill", "")
    check_known(entry, "skill", [skill], known_skills(skills), UNKNOWN_SKILL)
    anchors = _anchors(skill, skills) if skill else ()
    if skill and not entry.has("levels"):
        levels = tuple(Label(name, text) for name, text in zip("abc", anchors, strict=False))
    else:
        levels = read_parts(entry, "levels", (3, 5), lambda part: _level(part, bool(skill)))
        levels = _with_anchors(entry, levels, anchors)
    moment = _read_moment(entry, skill)
    because = entry.text("because")
    return RatingItem(**common, levels=levels, skill=skill, because=because, moment=moment)


def _read_moment(entry: Entry, skill: str) -> str:
    moment = entry.text("moment", "")
    if moment:
        check_known(entry, "moment", [moment], MOMENTS)
        if not skill or entry.has("levels"):
            entry.note("moment", "belongs to a rating of a skill by its own three steps")
    return moment


def _anchors(skill: str, skills: _Skills) -> tuple[str, ...]:
    """Return the anchors of the skill that counts; plain ones where the framework leaves it out."""
    found = (each.anchors for each in skills.values() if each.counts([skill]))
    return next(found, PLAIN_ANCHORS)


def _level(part: Entry, of_skill: bool) -> Label:
    return Label(neutral_id(part), part.text("text", "") if of_skill else part.text("text"))


def _with_anchors(
    entry: Entry, levels: tuple[Label, ...], anchors: tuple[str, ...]
) -> tuple[Label, ...]:
    if all(level.text for level in levels) or not anchors:
        return levels
    if len(levels) != len(anchors):
        entry.note("levels", f"without text must be {len(anchors)}, one for each anchor")
        return levels
    pairs = zip(levels, anchors, strict=True)
    return tuple(Label(level.id, level.text or anchor) for level, anchor in pairs)


def _read_reflection(entry: Entry, common: _Common, _: _Skills) -> ReflectionItem:
    prompts = entry.words("prompts", ())
    if entry.has("prompts") and not 1 <= len(prompts) <= 4:
        entry.note("prompts", f"must be 1 to 4, not {len(prompts)}")
    return ReflectionItem(**common, prompts=prompts)


def _read_sources_differ(entry: Entry, common: _Common, _: _Skills) -> SourcesDifferItem:
    return SourcesDifferItem(
        **common,
        positions=read_parts(entry, "positions", (2, 4), _position),
        together=entry.text("together"),
    )


def _position(part: Entry) -> Position:
    sources = part.one_or_more("source")
    check_known(part, "source", sources, SOURCES)
    return Position(neutral_id(part), sources, part.text("text"), part.text("feedback"))


KINDS: dict[str, Callable[[Entry, _Common, _Skills], Item]] = {
    "choice": _read_choice,
    "choices": _read_choices,
    "order": _read_order,
    "sort": _read_sort,
    "match": _read_match,
    "spot": _read_spot,
    "reply": _read_reply,
    "conversation": _read_conversation,
    "rating": _read_rating,
    "reflection": _read_reflection,
    "sources_differ": _read_sources_differ,
}


One = TypeVar("One")


def find_item(items: Mapping[str, One], item_id: str, where: str) -> One:
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
