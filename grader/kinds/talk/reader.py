"""Read a conversation from YAML, and say where its graph cannot be walked.

Paths are followed over all options and rules, whether or not their conditions can be met.

Apart from the kind itself: reading a graph is as long as all of the rest.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain

from grader.content.items import (
    ACTS,
    BEST,
    LADDER_FLAGS,
    check_known,
    check_ladder,
    neutral_id,
    read_parts,
    unknown_words,
)
from grader.content.strict_yaml import Entry
from grader.errors import suggestion
from grader.kinds.talk.conditions import (
    HIGHEST,
    LOWEST,
    OTHERWISE,
    STATES,
    UNSURE,
    Condition,
    ConditionError,
    parse_condition,
)
from grader.kinds.talk.graph import (
    CHOICE,
    REPLY,
    Ending,
    Graph,
    Outcome,
    TalkOption,
    TalkRule,
    Turn,
)
from grader.kinds.typed.reader import read_exemplars, read_threads

FEWEST, MOST = 4, 10  # counted turns on every way from the start to an ending
MAX_EFFECT = 3
_WORD = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(slots=True)
class _Places:
    """Where things stand: turns and endings by id, each way on from a turn, and the setting."""

    setting: str = ""
    ids: dict[str, Entry] = field(default_factory=dict)
    ways: list[tuple[Entry, str]] = field(default_factory=list)


def read_graph(entry: Entry, setting: str = "") -> Graph:
    """Read the graph of a conversation in its setting, noting every mistake in it."""
    places = _Places(setting)
    graph = Graph(
        peer=entry.text("peer"),
        starts_with=_read_states(entry),
        start=entry.text("start"),
        turns=read_parts(entry, "turns", (1, 40), lambda part: _turn(part, places)),
        endings=read_parts(entry, "endings", (2, 12), lambda part: _ending(part, places)),
    )
    for name in sorted({turn.id for turn in graph.turns} & {end.id for end in graph.endings}):
        entry.note("endings", f"id {name!r} is a turn's already; give the ending its own")
    if graph.turns and graph.endings:
        _check_ways(entry, places, graph)
    return graph


def _read_states(entry: Entry) -> tuple[tuple[str, int], ...]:
    group = entry.entry("starts_with")
    if group is None:
        return tuple((state, LOWEST) for state in STATES)
    states = tuple((state, group.whole(state, low=LOWEST, high=HIGHEST)) for state in STATES)
    group.close()
    return states


def _word_id(part: Entry, places: _Places) -> str:
    name = part.text("id")
    if name and not _WORD.fullmatch(name):
        part.note("id", f"{name!r} must be small letters and digits, joined by '-'")
    places.ids.setdefault(name, part)
    return name


def _ending(part: Entry, places: _Places) -> Ending:
    return Ending(_word_id(part, places), part.text("says"), part.text("feedback"))


def _turn(part: Entry, places: _Places) -> Turn:
    name = _word_id(part, places)
    asks = part.text("asks")
    if asks and asks not in (CHOICE, REPLY):
        part.note("asks", unknown_words(asks, (CHOICE, REPLY)))
    typed = asks == REPLY
    return Turn(
        id=name,
        phase=part.whole("phase", low=1, high=4),
        says=part.text("says"),
        asks=asks,
        question=part.text("question", ""),
        options=() if typed else _read_options(part, places),
        rules=_read_rules(part, name, places) if typed else (),
        flags=_read_flags(part) if typed else frozenset(),
        better=part.text("better") if typed else "",
        threads=read_threads(part, (part.text("says"), places.setting)) if typed else (),
        exemplars=read_exemplars(part) if typed else (),
    )


def _read_options(turn: Entry, places: _Places) -> tuple[TalkOption, ...]:
    return read_parts(turn, "options", (2, 4), lambda part: _option(part, places))


def _option(part: Entry, places: _Places) -> TalkOption:
    acts = part.words("acts")
    check_known(part, "acts", acts, ACTS)
    return TalkOption(neutral_id(part), part.text("text"), acts, _outcome(part, places))


def _outcome(part: Entry, places: _Places) -> Outcome:
    points = part.whole("points", low=0, high=BEST)
    better = ""
    if not part.has("if"):  # the better reply of a typed turn stands at the turn
        better = part.text("better") if points < BEST else part.text("better", "")
    goes_to = part.text("goes_to")
    places.ways.append((part, goes_to))
    return Outcome(
        goes_to=goes_to,
        points=points,
        feedback=part.text("feedback"),
        better=better,
        effects=_read_effects(part),
        peer=part.text("peer", ""),
    )


def _read_effects(part: Entry) -> tuple[tuple[str, int], ...]:
    group = part.entry("effects", required=False)
    if group is None:
        return ()
    effects = tuple(
        (state, group.whole(state, low=-MAX_EFFECT, high=MAX_EFFECT))
        for state in STATES
        if group.may_have(state)
    )
    group.close()
    return effects


def _read_flags(part: Entry) -> frozenset[str]:
    flags = {flag: part.flag(flag, None) for flag in LADDER_FLAGS}
    check_ladder(part, flags)
    return frozenset(flag for flag, value in flags.items() if value)


def _read_rules(turn: Entry, name: str, places: _Places) -> tuple[TalkRule, ...]:
    rules = []
    parts = turn.entries("rules")
    for part in parts:
        condition = _condition(part)
        unsure = condition.text == UNSURE
        outcome = _ask_again(part, name) if unsure else _outcome(part, places)
        rules.append(TalkRule(condition, outcome))
        if condition.text == OTHERWISE and part is not parts[-1]:
            part.note("if", "'otherwise' must be the last rule; move it down")
        part.close()
    written = [rule.when.text for rule in rules]
    if rules and written[-1] != OTHERWISE and OTHERWISE not in written:
        turn.note("rules", "need 'if: otherwise' at the end, for all that no other rule fits")
    if rules and written.count(UNSURE) != 1:
        turn.note("rules", "need one 'if: unsure', where the peer asks to say it another way")
    return tuple(rules)


def _condition(part: Entry) -> Condition:
    text = part.text("if")
    if text:
        try:
            return parse_condition(text)
        except ConditionError as error:
            part.note("if", str(error))
    return Condition(text, ("name", ""))


def _ask_again(part: Entry, turn: str) -> Outcome:
    for name in ("points", "feedback", "effects"):
        part.refuse(name, "does not belong to 'if: unsure'; nobody is judged on a guess")
    goes_to = part.text("goes_to")
    if goes_to and goes_to != turn:
        part.note("goes_to", f"must be {turn!r} again, for a second try at the same turn")
    return Outcome(goes_to=goes_to, peer=part.text("peer"))


# --- the ways through it


def _check_ways(entry: Entry, places: _Places, graph: Graph) -> None:
    if graph.start and graph.turn(graph.start) is None:
        turns = [turn.id for turn in graph.turns]
        entry.note("start", f"{graph.start!r} is no turn; {suggestion(graph.start, turns)}")
    ways = {turn.id: _ways_on(turn) for turn in graph.turns}
    loose = [(part, name) for part, name in places.ways if name and name not in places.ids]
    for part, name in loose:
        what = f"{name!r} is no turn or ending; {suggestion(name, places.ids)}"
        part.note("goes_to", what)
    if loose or graph.turn(graph.start) is None:
        return  # what can be reached is not known yet
    _check_reached(places.ids, ways, graph.start)
    _check_states(entry, graph)
    circle = _circle(ways)
    if circle:
        names = ", ".join(sorted(circle))
        entry.note("turns", f"go round in a circle ({names}); lead one of them on to an ending")
    else:
        _check_lengths(entry, ways, graph)


def _ways_on(turn: Turn) -> list[str]:
    rules = (rule.outcome for rule in turn.rules if not rule.for_unsure)
    outcomes = chain((option.outcome for option in turn.options), rules)
    return sorted({outcome.goes_to for outcome in outcomes if outcome.goes_to})


def _check_reached(
    places: Mapping[str, Entry], ways: Mapping[str, Collection[str]], start: str
) -> None:
    reached, ahead = set(), [start]
    while ahead:
        name = ahead.pop()
        if name not in reached:
            reached.add(name)
            ahead.extend(ways.get(name, ()))
    for name, part in places.items():
        if name and name not in reached:
            part.note("id", f"{name!r} is reached from nowhere; lead to it or take it out")
        elif name in ways and not ways[name]:
            part.note("id", f"{name!r} is a dead end; lead on to a turn or an ending")


def _check_states(entry: Entry, graph: Graph) -> None:
    outcomes = chain.from_iterable(turn.outcomes for turn in graph.turns)
    moved = {state for outcome in outcomes for state, change in outcome.effects if change}
    for state in STATES:
        if state not in moved:
            entry.note("turns", f"never change {state!r}; give it to the effects of some option")


def _circle(ways: Mapping[str, Iterable[str]]) -> set[str]:
    """Return the turns that lie on a circle, or before one on every way."""
    left = set(ways)
    while free := {name for name in left if not left.intersection(ways[name])}:
        left -= free
    return left


def _check_lengths(entry: Entry, ways: Mapping[str, list[str]], graph: Graph) -> None:
    lengths: dict[str, tuple[int, int]] = {ending.id: (0, 0) for ending in graph.endings}

    def measure(name: str) -> tuple[int, int]:
        if name not in lengths:
            onward = [measure(goes_to) for goes_to in ways[name]] or [(0, 0)]
            lengths[name] = 1 + min(way[0] for way in onward), 1 + max(way[1] for way in onward)
        return lengths[name]

    shortest, longest = measure(graph.start)
    if shortest < FEWEST:
        what = f"take {shortest} on the shortest way to an ending; make it {FEWEST} or more"
        entry.note("turns", what)
    if longest > MOST:
        entry.note(
            "turns", f"take {longest} on the longest way to an ending; make it {MOST} at most"
        )
