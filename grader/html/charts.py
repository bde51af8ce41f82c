"""Draw what answers show of each skill beside the self-rating, as sorted bars.

Apart from the compass, which decides what is drawn.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from grader.content.items import Skill
from grader.html.pictures import Picture, across
from grader.html.templating import render_template
from grader.skills.profile import ENOUGH, LEVELS, Ratings, SkillProfile, gap

LEVEL_WORDS = ("not tried yet", "sometimes", "could show it")  # the three anchors, in short
TOO_FEW = "not enough practice yet"
MOST_LISTED = 3  # names in one sentence


# --- words and numbers


def percent(share: float) -> str:
    """Return a share as a whole percentage."""
    return f"{round(100 * share)}%"


def _sorted(profiles: Iterable[SkillProfile]) -> list[SkillProfile]:
    """Return those with enough answers first, the highest at the head; ties keep their order."""
    return sorted(profiles, key=lambda of: (not of.enough, -(of.estimate or 0.0) * of.enough))


def _skill_rows(
    profiles: Iterable[SkillProfile], ratings: Ratings, skills: Mapping[str, Skill]
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (skills[of.skill].name, *_numbers(of), _rating_words(ratings, of.skill)) for of in profiles
    )


SKILL_HEAD = ("Skill", "Points earned", "Answers", "Your rating")


def _numbers(of: SkillProfile) -> tuple[str, str]:
    marked = f", {of.n_graded} of them marked" if of.n_graded else ""
    if not of.enough or of.estimate is None:
        return TOO_FEW, f"{of.n}{marked}"
    likely = f"likely {percent(of.low)} to {percent(of.high)}"
    return f"{percent(of.estimate)}, {likely}", f"{of.n}{marked}"


def _rating_words(ratings: Ratings, skill: str) -> str:
    if skill not in ratings:
        return "not rated"
    level = ratings[skill]
    return "not been in this situation" if level is None else LEVEL_WORDS[level]


def _skills_alt(
    profiles: Iterable[SkillProfile], ratings: Ratings, skills: Mapping[str, Skill]
) -> str:
    """Say what a picture of skills shows: ends, what is missing, where two views differ."""
    profiles = tuple(profiles)
    names = {name: skill.name for name, skill in skills.items()}
    known = [of for of in profiles if of.enough]
    few = [names[of.skill] for of in profiles if not of.enough]
    parts = [_ends_alt(known, names)]
    if few:
        parts.append(f"{TOO_FEW.capitalize()} in {_some(few)}.")
    for side in ("higher", "lower"):
        differs = [names[of.skill] for of in known if gap(ratings.get(of.skill), of) == side]
        if differs:
            parts.append(f"Your rating is {side} than your answers show in {_some(differs)}.")
    alike = sum(gap(ratings.get(of.skill), of) == "alike" for of in known)
    if alike:
        skill = "1 skill" if alike == 1 else f"{alike} skills"
        parts.append(f"Your rating and your answers are alike in {skill}.")
    return " ".join(parts)


def _ends_alt(known: Sequence[SkillProfile], names: Mapping[str, str]) -> str:
    if not known:
        return f"No skill has the {ENOUGH} answers that it takes to show anything."
    shares = {of.skill: percent(of.estimate or 0.0) for of in known}
    high = max(known, key=lambda of: of.estimate or 0.0)
    low = min(known, key=lambda of: of.estimate or 0.0)
    if shares[high.skill] == shares[low.skill]:
        every = [names[of.skill] for of in known]
        return f"All that can be shown stand at {shares[high.skill]}: {_some(every)}."
    ends = []
    for word, end in (("Highest", high), ("Lowest", low)):
        same = [names[of.skill] for of in known if shares[of.skill] == shares[end.skill]]
        ends.append(f"{word}: {_some(same)}, with {shares[end.skill]} of the points.")
    return " ".join(ends)


def _some(names: Sequence[str]) -> str:
    """Return names as words, the first few of many."""
    if len(names) > MOST_LISTED:
        return f"{len(names)} skills: {', '.join(names)}"
    return " and ".join((", ".join(names[:-1]), names[-1]) if len(names) > 1 else names)


# --- bars


TOP, FOOT = 118, 36  # px around the rows of the bars
NAME_STEP, BAR, LANE = 17, 12, 10  # heights of one line of a name, a bar, and a rating's lane
BAR_GAP, ROW_GAP = 7, 14
NAME_LETTERS = 34  # of one line of a name: leaves room for the percentage


def compass_bars(
    profiles: Iterable[SkillProfile], ratings: Ratings, skills: Mapping[str, Skill]
) -> Picture:
    """Draw what answers show of each skill, sorted, and beneath each bar the self-rating.

    Parameters
    ----------
    profiles : iterable of SkillProfile
        As `grader.skills.profile.profile` gives them.
    ratings : mapping of str to int or None
        Levels 0 to 2 by skill id; None for "not seen yet", absent where not rated.
    skills : mapping of str to Skill
        The framework.
    """
    shown = _sorted(profiles)
    lines = [textwrap.wrap(skills[of.skill].name, NAME_LETTERS) or [""] for of in shown]
    heights = [len(name) * NAME_STEP + BAR_GAP + BAR + LANE + ROW_GAP for name in lines]
    tops = list(accumulate(heights, initial=TOP))
    rows = zip(shown, lines, tops, strict=False)  # the last top is where the rows end
    return Picture(
        name="bars",
        height=tops[-1] + FOOT,
        drawing=render_template(
            "html/bars.html.j2",
            rows=[_bar_row(of, name, top, ratings.get(of.skill)) for of, name, top in rows],
            levels=[(_third(level), words) for level, words in enumerate(LEVEL_WORDS)],
            foot=tops[-1],
            thick=BAR,
            x=across,
        ),
        alt=_skills_alt(shown, ratings, skills),
        caption="Your skills: what your answers show, and how you rated yourself",
        head=SKILL_HEAD,
        rows=_skill_rows(shown, ratings, skills),
    )


def _bar_row(
    of: SkillProfile, name: Sequence[str], top: float, rating: int | None
) -> dict[str, Any]:
    """Return what one row shows, with the middles of its lines, its bar and its lane in px."""
    y = top + len(name) * NAME_STEP + BAR_GAP
    share = of.estimate if of.enough else None
    return {
        "name": [(top + (at + 0.5) * NAME_STEP - 2, line) for at, line in enumerate(name)],
        "share": share,
        "words": f"{TOO_FEW}: {of.n} of {ENOUGH} answers" if share is None else percent(share),
        "likely": (of.low, of.high),
        "y": y,
        "third": None if rating is None else _third(rating),
        "lane": y + BAR / 2 + LANE,
    }


def _third(level: int) -> tuple[float, float, float]:
    """Return a rating as what it is: somewhere in its third of the scale, 0 to 1."""
    return level / LEVELS, (level + 0.5) / LEVELS, (level + 1) / LEVELS
