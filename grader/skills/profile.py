"""What a person's answers show of each skill: numbers with their honest intervals.

Pure functions on answers that others read. A number is never shown without how many
answers stand behind it, and a strongest or weakest skill is named only where the margin
allows. Works for any framework of skills.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from math import fsum, isfinite

from grader.content.items import Item, Skill
from grader.formats.answers import Answer, Record
from grader.formats.kept import still_fits
from grader.kinds.registry import is_scored
from grader.kinds.scoring import is_answered, score_response
from grader.kinds.talk.graph import ConversationItem
from grader.kinds.talk.walk import walk
from grader.kinds.views import public_view
from grader.skills.intervals import difference, wilson

PRACTICE, GRADED = "practice", "graded"  # where evidence comes from
ENOUGH = 3  # answers; with fewer, the interval covers most of the scale
# To name a skill is to pick the extremes of many, which chance alone provides. At 80 % some
# skill of eleven equal ones was named in 2 to 4 of 10 simulated people, of five in 6; at 95 %
# in 1 of 100, and in 1 to 2 of 10.
SURE = 0.95
MOST_NAMED = 3  # skills that may share a place; more than these stand out from nothing
LEVELS = 3  # anchors of a self-rating, each a third of the scale

Ratings = Mapping[str, int | None]  # skill id → 0 to 2, None for "not seen yet"
Beats = Callable[["SkillProfile", "SkillProfile"], bool]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One scored answer; ``fraction`` is the share of its points, 0 to 1."""

    item: str
    module: str
    skills: tuple[str, ...]
    fraction: float
    source: str = PRACTICE


@dataclass(frozen=True, slots=True)
class SkillProfile:
    """What the answers show of one skill.

    ``estimate`` is the mean share of points, 0 to 1, between ``low`` and ``high``; None
    where there is no answer. ``enough`` tells whether it may be spoken of at all.
    """

    skill: str
    n_practice: int
    n_graded: int
    estimate: float | None
    low: float
    high: float

    @property
    def n(self) -> int:
        """Number of answers."""
        return self.n_practice + self.n_graded

    @property
    def enough(self) -> bool:
        """Tell whether there are enough answers to say anything."""
        return self.n >= ENOUGH

    @property
    def missing(self) -> int:
        """Number of answers still missing until there are enough."""
        return max(0, ENOUGH - self.n)


@dataclass(frozen=True, slots=True)
class Standing:
    """Which skills stand out, in the order of the framework; both are often empty.

    ``too_few`` are those without enough answers to be compared.
    """

    strongest: tuple[str, ...]
    weakest: tuple[str, ...]
    too_few: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """How the self-rating of one skill moved, in levels; None where a rating is missing.

    ``plain`` is after − before. ``fair`` is after − thinking back, and ``shift`` is
    thinking back − before; see `change`.
    """

    skill: str
    plain: int | None
    fair: int | None
    shift: int | None


# --- evidence


def practice_evidence(records: Iterable[Record], items: Mapping[str, Item]) -> tuple[Evidence, ...]:
    """Return the evidence of practice: the first answer to each scored item.

    Parameters
    ----------
    records : iterable of Record
        Practice records, one for each module.
    items : mapping of str to Item
        Practice items of all modules, by id, with their keys.

    Returns
    -------
    tuple of Evidence
        Only answers for which feedback was asked; a draft is not evidence yet. A later
        try follows the feedback and shows learning, so the first one counts. Answers
        that the coder cannot read surely, and talks left before their end, are left out:
        nobody is judged on a guess.
    """
    found = (
        _from_answer(record.module, items[name], answer)
        for record in records
        for name, answer in record.answers.items()
        if name in items
    )
    return tuple(each for each in found if each is not None)


def _from_answer(module: str, item: Item, answer: Answer) -> Evidence | None:
    first = answer.first_response
    fits = answer.kind == item.kind and is_scored(item.kind) and is_answered(item.kind, first)
    if not fits or not answer.tries or _is_broken_off(item, first):
        return None
    if not still_fits(public_view(item), answer):
        return None
    score = score_response(item, first)
    if not score.answered or score.unsure:
        return None
    return Evidence(item.id, module, item.skills, score.fraction)


def _is_broken_off(item: Item, response: object) -> bool:
    return isinstance(item, ConversationItem) and walk(item.graph, response).ending is None


def graded_evidence(
    module: str,
    marks: Mapping[str, tuple[float, float]],
    skills: Mapping[str, Iterable[str]],
) -> tuple[Evidence, ...]:
    """Return the evidence of marks that came back from the trainer.

    Parameters
    ----------
    module : str
        The module they are of.
    marks : mapping of str to (float, float)
        Points and maximum by item id; only marks that are final.
    skills : mapping of str to iterable of str
        Skills by item id; an item that is not in it is evidence for no skill.

    Returns
    -------
    tuple of Evidence
        Points above the maximum count as the maximum; an impossible mark is left out.
    """
    return tuple(
        Evidence(name, module, tuple(skills.get(name, ())), min(1.0, points / most), GRADED)
        for name, (points, most) in marks.items()
        if isfinite(points) and isfinite(most) and points >= 0 < most
    )


# --- numbers


def profile(evidence: Iterable[Evidence], skills: Mapping[str, Skill]) -> tuple[SkillProfile, ...]:
    """Return what the answers show of each skill, in the order of the framework.

    Parameters
    ----------
    evidence : iterable of Evidence
        Practice and graded; pooled, and counted apart. An answer on several skills counts
        fully for each.
    skills : mapping of str to Skill
        The framework, as `grader.content.items.load_skills` gives it.
    """
    evidence = tuple(evidence)
    return tuple(_one_profile(skill, evidence) for skill in skills.values())


def _one_profile(skill: Skill, evidence: Iterable[Evidence]) -> SkillProfile:
    mine = [each for each in evidence if skill.counts(each.skills)]
    total = min(float(len(mine)), fsum(each.fraction for each in mine))
    low, high = wilson(total, len(mine))
    graded = sum(each.source == GRADED for each in mine)
    estimate = total / len(mine) if mine else None
    return SkillProfile(skill.id, len(mine) - graded, graded, estimate, low, high)


# --- what may be said of them


def clearly_above(one: SkillProfile, other: SkillProfile) -> bool:
    """Tell whether the `SURE` interval of the difference of two skills lies wholly above 0."""
    return difference(_limits(one), _limits(other))[0] > 0


def _limits(of: SkillProfile) -> tuple[float, float, float]:
    estimate = of.estimate or 0.0  # of no answer: its limits reach over the whole scale
    return estimate, *wilson(estimate * of.n, of.n, SURE)


def standing(profiles: Iterable[SkillProfile]) -> Standing:
    """Name the strongest and the weakest skills, where the margin allows.

    Our own rule, meant to say too little rather than too much. Only skills with enough
    answers are compared. Those that no other is clearly above are the top group. Where
    they are `MOST_NAMED` at most, those of them that are clearly above some other skill
    are named. In the same way at the bottom; no skill can be both.
    """
    profiles = tuple(profiles)
    known = [each for each in profiles if each.enough]
    top = _group(known, clearly_above)
    bottom = _group(known, lambda one, other: clearly_above(other, one))
    return Standing(
        strongest=tuple(each.skill for each in known if each.skill in top),
        weakest=tuple(each.skill for each in known if each.skill in bottom),
        too_few=tuple(each.skill for each in profiles if not each.enough),
    )


def _group(known: list[SkillProfile], beats: Beats) -> set[str]:
    """Return the skills that stand out in one direction."""
    unbeaten = [each for each in known if not any(beats(other, each) for other in known)]
    if len(unbeaten) > MOST_NAMED:
        return set()
    return {each.skill for each in unbeaten if any(beats(each, other) for other in known)}


def gap(rating: int | None, of: SkillProfile) -> str | None:
    """Compare a self-rating with what the answers show.

    Self-ratings and performance go together only weakly (Zell & Krizan 2014,
    doi:10.1177/1745691613518075), and the three anchors fit the scale of points only
    roughly. So each anchor stands for a whole third of the scale, and a difference is
    told only where that third lies wholly outside the interval.

    Parameters
    ----------
    rating : int or None
        0 to 2 for the anchors; None for "not seen yet" or no rating.
    of : SkillProfile
        Of the same skill.

    Returns
    -------
    str or None
        What the rating is beside the answers: ``higher``, ``lower`` or ``alike``; None
        where one of the two is missing.

    Raises
    ------
    ValueError
        For a rating that is no anchor.
    """
    if rating is None or not of.enough:
        return None
    if rating not in range(LEVELS):
        raise ValueError(f"a rating is 0 to {LEVELS - 1} or None, not {rating!r}")
    if rating / LEVELS > of.high:
        return "higher"
    return "lower" if (rating + 1) / LEVELS < of.low else "alike"


def change(before: Ratings, after: Ratings, thinking_back: Ratings) -> tuple[Change, ...]:
    """Return how self-ratings changed from before the course to after it.

    Learning moves the yardstick: people find out how much there is to a skill, and rate
    themselves lower than they did, though they can do more (response shift; Howard 1980,
    doi:10.1177/0193841X8000400105). So people are asked once more after the course to
    rate who they were before it. After − thinking back, both on the new yardstick, is the
    fairer change. It may flatter in its turn: who took a course expects to have changed.
    So the plain change stands beside it.

    Parameters
    ----------
    before, after, thinking_back : mapping of str to int or None
        Levels 0 to 2 by skill id; None or absent where there is no rating.

    Returns
    -------
    tuple of Change
        One for each skill rated at any time, in the order they are met.
    """
    names = dict.fromkeys((*before, *thinking_back, *after))
    return tuple(
        Change(
            skill=name,
            plain=_less(after.get(name), before.get(name)),
            fair=_less(after.get(name), thinking_back.get(name)),
            shift=_less(thinking_back.get(name), before.get(name)),
        )
        for name in names
    )


def _less(later: int | None, earlier: int | None) -> int | None:
    return None if later is None or earlier is None else later - earlier
