"""The walk through a conversation that a list of steps makes.

Nothing of a conversation is stored but the trainee's steps. `walk` replays them: the same
steps give the same lines, the same state of the peer and the same next turn everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from grader.coding.coder import SURE, code_reply
from grader.content.items import ACTS
from grader.kinds.talk.conditions import HIGHEST, LOWEST, STATES
from grader.kinds.talk.graph import CHOICE, REPLY, Ending, Graph, Outcome, TalkRule, Turn
from grader.kinds.typed.guard import NEUTRAL, NO_SCORE, NOT_SURE, NOTHING, UNREADABLE, Found, guard
from grader.kinds.typed.scene import Scene, is_same, words_of

MAX_STEPS = 40
SOME = 4  # words that make a sentence worth noticing when it comes again
_SENTENCE = re.compile(r"[^.!?…]+")
MAX_TEXT = 5_000  # characters of one typed turn that are read
MAX_REPEATS = 1  # how often in one talk the peer asks to say something another way
CHANGED = "This conversation has changed since you had it. What you said up to here is still kept."
GO_ON = "The course could not read this. The talk goes on, and nothing is counted here."
NOTICED = "You have said that already."


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a walk; ``who`` is peer, you, or note (of the course)."""

    who: str
    name: str
    text: str
    acts: tuple[str, ...]
    phase: int

    @property
    def labels(self) -> tuple[str, ...]:
        """The acts in words."""
        return tuple(ACTS[act] for act in self.acts)


@dataclass(frozen=True, slots=True)
class Step:
    """One step taken: what was said, what it did, and how it changed the peer's state.

    ``counted`` is False where the peer only asked to say it another way; ``unsure`` is True
    where the coder could not read it, or had read the same before (``again``). ``note`` is
    what the course says then.
    """

    turn: Turn
    said: str
    acts: tuple[str, ...]
    outcome: Outcome
    changes: tuple[tuple[str, int], ...] = ()
    counted: bool = True
    unsure: bool = False
    again: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Walk:
    """How far the steps lead.

    Either ``turn`` or ``ending`` is where the walk stands; ``stopped`` says why the steps
    after those in ``taken`` could not be taken.
    """

    lines: tuple[Said, ...]
    taken: tuple[Step, ...]
    state: tuple[tuple[str, int], ...]
    turn: Turn | None
    ending: Ending | None
    stopped: str = ""

    @property
    def counted(self) -> tuple[Step, ...]:
        """The steps that count."""
        return tuple(step for step in self.taken if step.counted)

    @property
    def points(self) -> int:
        """Points of all counted steps so far, each 0 to 3."""
        return sum(step.outcome.points or 0 for step in self.counted)

    @property
    def phase(self) -> int:
        """The phase of the talk, 1 to 4."""
        return self.lines[-1].phase if self.lines else 1

    @property
    def changes(self) -> dict[str, int]:
        """How the last step changed the peer's state."""
        last = dict(self.taken[-1].changes) if self.taken else {}
        return {state: last.get(state, 0) for state in STATES}


def walk(graph: Graph, steps: Any) -> Walk:
    """Replay a list of steps.

    Parameters
    ----------
    graph : Graph
        With or without its key.
    steps : object
        As found in an answer record: a list of ``{"turn": id, "pick": option id}`` and
        ``{"turn": id, "text": what was typed}``, oldest first. At most `MAX_STEPS` are read;
        anything else is an empty list.

    Returns
    -------
    Walk
    """
    talk = _Talk(graph)
    for step in steps[:MAX_STEPS] if isinstance(steps, list) else ():
        taken = talk.read(step)
        if taken is None:
            return talk.seen(stopped=CHANGED)
        talk.take(taken)
    return talk.seen()


class _Talk:
    """A walk while it goes on."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._lines: list[Said] = []
        self._taken: list[Step] = []
        self._state = dict(graph.starts_with)
        self._turn: Turn | None = None
        self._ending: Ending | None = None
        self._phase = 1
        self._enter(graph.start)

    def _enter(self, name: str) -> None:
        self._turn, self._ending = self._graph.turn(name), self._graph.ending(name)
        if self._turn:
            self._phase = self._turn.phase
        here = self._turn or self._ending
        if here:
            self._say("peer", here.says)

    def _say(self, who: str, text: str, acts: tuple[str, ...] = ()) -> None:
        name = {"peer": self._graph.peer, "you": "You"}.get(who, "")
        if text:
            self._lines.append(Said(who, name, text, acts, self._phase))

    def read(self, step: Any) -> Step | None:
        """Return what a step does here, None where it does not fit."""
        turn = self._turn
        if turn is None or not isinstance(step, dict) or step.get("turn") != turn.id:
            return None
        if turn.asks == CHOICE:
            return _chosen(turn, step.get("pick"))
        text = step.get("text")
        if not isinstance(text, str) or not text.strip():
            return None
        text = text[:MAX_TEXT]
        typed = [step for step in self._taken if step.turn.asks == REPLY]
        if any(step.counted and says_again(text, step.said) for step in typed):
            return _said_again(turn, text)
        asked = sum(not step.counted for step in typed)
        return _typed(turn, text, self._state, may_ask=asked < MAX_REPEATS)

    def take(self, step: Step) -> None:
        """Move on by a step."""
        before = dict(self._state)
        for state, change in step.outcome.effects:
            value = self._state.get(state, LOWEST) + change
            self._state[state] = min(HIGHEST, max(LOWEST, value))
        changes = tuple((state, self._state[state] - before[state]) for state in before)
        self._taken.append(replace(step, changes=changes))
        self._say("you", step.said, step.acts)
        self._say("note", step.note)
        self._say("peer", step.outcome.peer)
        if step.counted:  # else the peer has just asked again
            self._enter(step.outcome.goes_to)

    def seen(self, stopped: str = "") -> Walk:
        """Return the walk as it stands; a graph with a loose end stops there."""
        if self._turn is None and self._ending is None:
            stopped = CHANGED
        return Walk(
            lines=tuple(self._lines),
            taken=tuple(self._taken),
            state=tuple(self._state.items()),
            turn=self._turn,
            ending=self._ending,
            stopped=stopped,
        )


def _chosen(turn: Turn, pick: Any) -> Step | None:
    option = next((option for option in turn.options if option.id == pick), None)
    return Step(turn, option.text, option.acts, option.outcome) if option else None


def says_again(text: str, before: str) -> bool:
    """Tell whether a text is what was said before, or mostly a sentence of it."""
    if is_same(text, before):
        return True
    said = {" ".join(words_of(part)) for part in _SENTENCE.findall(before)}
    sentences = [words_of(part) for part in _SENTENCE.findall(text)]
    same = sum(len(words) for words in sentences if len(words) >= SOME and " ".join(words) in said)
    return same > 0 and same >= len(words_of(text)) / 2


def _said_again(turn: Turn, text: str) -> Step | None:
    """Let the peer notice; nothing is gained by it."""
    onward = _kinder(turn)
    outcome = Outcome(goes_to=onward.goes_to, peer=NOTICED) if onward else None
    return Step(turn, text, (), outcome, unsure=True, again=True) if outcome else None


def _typed(turn: Turn, text: str, state: Mapping[str, int], *, may_ask: bool) -> Step | None:
    """Let the first rule that holds decide; nobody is judged on a guess.

    Where the guard found something that no rule may answer, the talk goes on kindly.
    """
    acts, unsure, found = read_turn(text, turn.says)
    if found and found.follows in (NO_SCORE, NOT_SURE) and found.says:
        return _kindly(turn, text, acts, found.says)
    if found and found.kind in UNREADABLE:
        unsure = True
    if found and found.follows == NOTHING:
        acts, unsure = (*acts, *({"judgement"} - set(acts))), False
    ask_again = next((rule for rule in turn.rules if rule.for_unsure), None)
    danger = found if found and found.follows == NEUTRAL else None
    if unsure and ask_again and may_ask and not danger:
        return Step(turn, text, acts, ask_again.outcome, counted=False, unsure=True)
    rule = deciding_rule(turn, acts, state)
    if danger and not (rule and "safety_step" in rule.when.acts and "safety_step" in acts):
        return _kindly(turn, text, acts, danger.says)
    if unsure:
        return _kindly(turn, text, acts, GO_ON)
    return Step(turn, text, acts, rule.outcome) if rule else None


def deciding_rule(turn: Turn, acts: Iterable[str], state: Mapping[str, int]) -> TalkRule | None:
    """Return the first rule that holds for acts and a state of the peer."""
    facts = dict(state) | dict.fromkeys((*acts, *turn.flags), 1)
    rules = (rule for rule in turn.rules if not rule.for_unsure)
    return next((rule for rule in rules if rule.when.holds(facts)), None)


def _kindly(turn: Turn, text: str, acts: tuple[str, ...], note: str) -> Step | None:
    """Go on where the peer opens up most, with no points and no effect."""
    onward = _kinder(turn)
    if onward is None:
        return None
    return Step(turn, text, acts, Outcome(goes_to=onward.goes_to), unsure=True, note=note)


def _kinder(turn: Turn) -> Outcome | None:
    """Return the outcome that opens the peer up most; points are not at hand everywhere."""
    outcomes = [rule.outcome for rule in turn.rules if not rule.for_unsure]
    return max(outcomes, key=_opening, default=None)


def _opening(outcome: Outcome) -> int:
    return sum(-change if state == "pressure" else change for state, change in outcome.effects)


@lru_cache(maxsize=512)  # one page replays the same words several times
def read_turn(text: str, says: str) -> tuple[tuple[str, ...], bool, Found | None]:
    """Return the sure acts of a typed turn, whether it is unread, and what the guard found."""
    coding = code_reply(text, says)
    acts = tuple(act.act for act in coding.acts if act.confidence >= SURE)
    return acts, coding.unsure, guard(Scene(says), coding, text)


def asks_about_danger(text: str, says: str) -> bool:
    """Tell whether the guard found a question or a step about danger."""
    found = read_turn(text, says)[2]
    return found is not None and found.follows == NEUTRAL


def sure_acts(text: str, prompt: str) -> tuple[tuple[str, ...], bool]:
    """Return the acts of a typed turn that the coder is sure of, and whether it is unsure."""
    return read_turn(text, prompt)[:2]
