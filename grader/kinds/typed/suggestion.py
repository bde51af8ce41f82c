"""Suggest what one typed reply earns, and say what speaks for it: guard, threads and points.

The order is fixed: danger and harm, judging, what cannot be read, form; then points with
their risk. What is not to be trusted is not asserted, and claims nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from grader.coding.coder import SURE, Act, Coding, code_reply
from grader.content.items import ACTS, BEST
from grader.kinds.scores import Reason
from grader.kinds.typed.guard import (
    HINTED,
    NEUTRAL,
    NEVER_LOW,
    NO_SCORE,
    NOT_SURE,
    NOTHING,
    THIRD,
    Found,
    beside_danger,
    chance,
    guard,
)
from grader.kinds.typed.points import features, model, suggest
from grader.kinds.typed.scene import Scene, is_same, thread_hits, words_of

ONE = 1.0  # of `BEST`: a third
FEWEST_WORDS = 2  # one word says too little to be judged
HIGH = BEST - 0.5  # from here on a reply does what is needed
UNREAD = "The course is not sure how to read this reply. A person can tell better."
ANYONE = "This would fit anyone. Which words of theirs could you take up?"
OFFERED = "This offers an idea. If it is a good one, only the other person can tell."
TAKEN_UP = "You took up what they said: {keys}."
# What each act would be, as a question to oneself.
DID_YOU = {
    "open_question": "ask something that leaves them room",
    "closed_question": "ask for what you need to know",
    "reflection": "say back what you heard",
    "affirmation": "name something that they did",
    "own_story": "share something of your own, in short",
    "permission": "ask if they want to hear an idea",
    "tentative_suggestion": "offer an idea that they can leave",
    "directive_advice": "say plainly what to do",
    "information": "tell them what they asked to know",
    "reassurance": "say something that calms",
    "judgement": "say what you think of it",
    "boundary": "say what you can do and what you cannot",
    "safety_step": "ask about danger, or do something about it",
    "other": "say that you are there",
}
ASK_ONESELF = ("reflection", "open_question")  # of a reply that could not be read
LISTENED = "Did you stay with what they said, or go on to something of your own?"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one reply probably earns.

    ``points`` are 0 to `BEST`; they count only where they are ``asserted``, and are full
    where somebody asked about danger. ``risk`` is the chance that they are far off: 0 where
    a rule gives them, 1 where a rule forbids to assert them. ``found`` is what the guard
    found, ``threads`` are the keys of what the reply takes up.
    """

    points: float
    risk: float
    coding: Coding
    found: Found | None
    threads: tuple[str, ...]

    @property
    def asserted(self) -> bool:
        """Tell whether the points are to be trusted."""
        return self.risk <= model().limit

    @property
    def read_first(self) -> bool:
        """Tell whether a person should read this before all else."""
        return bool(self.found and self.found.follows == NO_SCORE)

    @property
    def too_general(self) -> bool:
        """Tell whether it is not asserted because it takes up nothing."""
        return not self.asserted and not self.found and not self.threads


@lru_cache(maxsize=512)  # a talk is looked at from several sides
def suggestion(scene: Scene, text: str) -> Suggestion:
    """Suggest the points of a reply to a scene.

    A reply in the very words of an exemplar earns the exemplar's points.
    """
    coding = code_reply(text, scene.says)
    found = guard(scene, coding, text)
    threads = thread_hits(scene.threads, text)
    points, risk = _weighed(scene, coding, text, found, threads)
    known = _known(scene, text)
    if known is not None:
        points, risk = known, 0.0
        found = found if found and found.follows == NEUTRAL else None
    return Suggestion(points, risk, coding, found, threads)


def _known(scene: Scene, text: str) -> float | None:
    if scene.better and is_same(text, scene.better):
        return float(BEST)
    same = (each.points for each in scene.exemplars if is_same(text, each.text))
    return next(same, None)


def _weighed(
    scene: Scene, coding: Coding, text: str, found: Found | None, threads: tuple[str, ...]
) -> tuple[float, float]:
    """Return points and the chance that they are far off, 1 where they must not be asserted."""
    follows = found.follows if found else ""
    if follows in (NO_SCORE, NOT_SURE) or len(words_of(text)) < FEWEST_WORDS:
        return 0.0, 1.0
    points, risk = suggest(features(scene, coding, text))
    judging = chance(coding, "judgement")
    agreed = points <= HIGH - ONE  # where model and guard disagree, a person reads
    if follows in (NEUTRAL, NEVER_LOW):
        full = points >= HIGH and judging < HINTED and not beside_danger(scene, coding, text)
        return float(BEST), risk if full else 1.0
    if follows == NOTHING:
        return 0.0, 0.0 if agreed else 1.0
    if follows == THIRD:
        return min(points, ONE), risk if agreed else 1.0
    seen = {act.act for act in coding.acts if act.confidence >= SURE}
    if not threads and seen <= {"other"}:
        return points, 1.0  # nothing was found, so nothing is claimed
    fits_anyone = bool(scene.threads) and not threads
    doubtful = points > ONE and (fits_anyone or judging >= HINTED)
    return points, 1.0 if doubtful else risk


# --- in words


def reasons(
    scene: Scene, given: Suggestion, because: tuple[tuple[str, ...], ...] = ()
) -> Iterator[Reason]:
    """Say what speaks for a suggestion, from what the text supports alone.

    Parameters
    ----------
    scene : Scene
        What was answered.
    given : Suggestion
        What was suggested.
    because : two tuples of str, optional
        Why each group of wanted acts, and of acts to avoid, matters here.
    """
    found = given.found
    if found and found.says:
        yield Reason(found.says, found.quote)
    if given.read_first:
        return
    if not given.asserted:
        yield from _unsure_reasons(scene, given)
        return
    wanted, avoid = because or ((), ())
    if found and found.follows == NOTHING:  # beside judging, nothing else is praised
        yield Reason(LISTENED)
        return
    yield from _seen(scene.wanted, wanted, given.coding)
    if given.threads:
        keys = ", ".join(f"“{key}”" for key in given.threads)
        yield Reason(TAKEN_UP.format(keys=keys))
    offered = _act(given.coding, frozenset({"tentative_suggestion"}))
    if offered:
        yield Reason(OFFERED, offered.evidence)
    yield from _seen(scene.avoid, avoid, given.coding)
    if given.points < HIGH and not (found and found.follows == NEUTRAL):
        yield from _questions(scene, wanted, given)


def _seen(
    groups: tuple[frozenset[str], ...], because: tuple[str, ...], coding: Coding
) -> Iterator[Reason]:
    for at, group in enumerate(groups):
        act = _act(coding, group)
        if act:
            why = because[at] if at < len(because) else ""
            yield Reason(f"This reads as {ACTS[act.act]}. {why}".strip(), act.evidence)


def _act(coding: Coding, group: frozenset[str]) -> Act | None:
    """Return the act that meets a group; a guess meets none."""
    return next((act for act in coding.acts if act.act in group and act.confidence >= SURE), None)


def _questions(scene: Scene, because: tuple[str, ...], given: Suggestion) -> Iterator[Reason]:
    """Ask about what was not seen; it may be there all the same."""
    for at, group in enumerate(scene.wanted):
        if not _act(given.coding, group):
            why = because[at] if at < len(because) else ""
            yield Reason(f"{did_you(group)} {why}".strip())
    if scene.threads and not given.threads:
        yield Reason(ANYONE)


def did_you(group: frozenset[str]) -> str:
    """Return wanted acts as a question to oneself."""
    ways = [DID_YOU[act] for act in DID_YOU if act in group]
    first, last = ways[:-1], ways[-1]
    return f"Did you {', '.join(first)}, or {last}?" if first else f"Did you {last}?"


def _unsure_reasons(scene: Scene, given: Suggestion) -> Iterator[Reason]:
    if given.found and given.found.follows == NEUTRAL:
        return
    if not (given.found and given.found.says):
        yield Reason(ANYONE if given.too_general and scene.threads else UNREAD)
    groups = scene.wanted[:2] or tuple(frozenset({act}) for act in ASK_ONESELF)
    for group in groups:
        yield Reason(did_you(group))
    yield Reason(LISTENED)
