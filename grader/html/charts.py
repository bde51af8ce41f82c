"""Draw what answers show of each skill beside the self-rating: sorted bars, and a wheel.

Apart from the compass, which decides what is drawn.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from math import pi
from typing import TYPE_CHECKING

from grader.content.items import Skill
from grader.html.pictures import (
    INK,
    LETTERS,
    LINE,
    PLAIN,
    SIDE,
    SOFT,
    WIDTH,
    Picture,
    new_figure,
    svg_of,
    write,
)
from grader.skills.profile import ENOUGH, LEVELS, Ratings, SkillProfile, gap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEVEL_WORDS = ("not tried yet", "sometimes", "could show it")  # the three anchors, in short
# Told apart by shape, and in shades of grey, too: each pair of a picture differs in luminance.
ANSWERS, RATING, SHARE = "#a9d3e0", "#b3540c", "#14596e"
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


TOP, FOOT = 118, 34  # px around the rows of the bars
NAME_STEP, BAR, LANE = 17, 12, 9  # heights of one line of a name, a bar, and a rating's lane
BAR_GAP, ROW_GAP = 5, 15
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
    height = TOP + sum(heights) + FOOT
    figure = new_figure(height)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, 1))
    axes.set(xlim=(0, 1), ylim=(height, 0))
    axes.axis("off")
    _draw_scale(axes, height)
    y = TOP
    for of, name, step in zip(shown, lines, heights, strict=True):
        _draw_row(axes, y, of, name, ratings.get(of.skill))
        y += step
    return Picture(
        svg=svg_of(figure),
        alt=_skills_alt(shown, ratings, skills),
        caption="Your skills: what your answers show, and how you rated yourself",
        head=SKILL_HEAD,
        rows=_skill_rows(shown, ratings, skills),
    )


def _draw_scale(axes: Axes, height: float) -> None:
    """Draw what stands around the rows: what the shapes mean, the thirds, the percentages."""
    _draw_bar(axes, 14, 0.09)
    write(axes, 0.12, 14, "points that your answers earned")
    _draw_interval(axes, 34, 0.01, 0.09)
    write(axes, 0.12, 34, "likely range")
    _draw_rating(axes, 54, 0.05, 0.04)
    write(axes, 0.12, 54, "how you rated yourself:")
    for level, words in enumerate(LEVEL_WORDS):
        middle = (level + 0.5) / LEVELS
        write(axes, middle, 78, words, ha="center", color=RATING)
    for edge in range(LEVELS + 1):
        axes.plot([edge / LEVELS] * 2, [90, height - FOOT + 4], color=LINE, lw=1, zorder=0)
    for share, side in ((0, "left"), (0.5, "center"), (1, "right")):
        write(axes, share, height - FOOT / 2 + 2, percent(share), ha=side, color=SOFT)


def _draw_row(
    axes: Axes, y: float, of: SkillProfile, name: Sequence[str], rating: int | None
) -> None:
    for at, line in enumerate(name):
        write(axes, 0, y + (at + 0.5) * NAME_STEP - 2, line)
    bar = y + len(name) * NAME_STEP + BAR_GAP
    if of.enough and of.estimate is not None:
        words = percent(of.estimate)
        write(axes, 1, y + NAME_STEP / 2 - 2, words, ha="right", fontweight="bold")
        _draw_bar(axes, bar, of.estimate)
        _draw_interval(axes, bar, of.low, of.high)
    else:
        axes.plot([0, 1], [bar, bar], color=SOFT, lw=1.5, ls=(0, (1, 3)))
        words = f" {TOO_FEW}: {of.n} of {ENOUGH} answers "
        write(axes, 0.5, bar, words, ha="center", color=SOFT, bbox=PLAIN)
    if rating is not None:
        _draw_rating(axes, bar + BAR / 2 + LANE, (rating + 0.5) / LEVELS, 0.5 / LEVELS)


def _draw_bar(axes: Axes, y: float, share: float) -> None:
    axes.barh([y], [share], BAR, color=ANSWERS, edgecolor=INK, linewidth=0.75)


def _draw_interval(axes: Axes, y: float, low: float, high: float) -> None:
    axes.plot([low, high], [y, y], color=INK, lw=2, marker="|", ms=9, mew=2)


def _draw_rating(axes: Axes, y: float, middle: float, reach: float) -> None:
    """Draw a rating as what it is: somewhere in its third of the scale."""
    colour = RATING
    axes.plot([middle - reach, middle + reach], [y, y], color=colour, lw=1.5, ls=(0, (4, 2)))
    axes.plot([middle], [y], color=colour, marker="D", ms=8, mec="white", mew=1, zorder=4)


KEY_STEP = 19  # px of one line in the key of the radar


def compass_radar(
    profiles: Iterable[SkillProfile], ratings: Ratings, skills: Mapping[str, Skill]
) -> Picture:
    """Draw the same numbers as a wheel, in the order of the framework; see `compass_bars`.

    The middle is 0 and the rim 100 %. A skill without enough answers leaves a gap.
    """
    shown = tuple(profiles)
    key = [
        textwrap.wrap(f"{number}  {skills[of.skill].name}", NAME_LETTERS + 8)
        for number, of in enumerate(shown, 1)
    ]
    lines = [line for words in key for line in words]
    foot = len(lines) * KEY_STEP + 80
    height = WIDTH + foot
    figure = new_figure(height)
    wheel = (0.1, (foot + 0.1 * WIDTH) / height, 0.8, 0.8 * WIDTH / height)
    _draw_wheel(figure.add_axes(wheel, projection="polar"), shown, ratings)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, foot / height))
    axes.set(xlim=(0, 1), ylim=(foot, 0))
    axes.axis("off")
    axes.plot([0, 0.045, 0.09], [8, 8, 8], color=SHARE, lw=2, marker="o", ms=6)
    write(axes, 0.12, 8, "points that your answers earned")
    _draw_rating(axes, 28, 0.045, 0)
    write(axes, 0.12, 28, "how you rated yourself")
    axes.plot([0, 0.09], [48, 48], color=INK, lw=1)
    write(axes, 0.12, 48, "likely range")
    for at, line in enumerate(lines):
        write(axes, 0, 78 + at * KEY_STEP, line)
    return Picture(
        svg=svg_of(figure),
        alt=f"A wheel. {_skills_alt(shown, ratings, skills)}",
        caption="The same skills as a wheel",
        head=SKILL_HEAD,
        rows=_skill_rows(shown, ratings, skills),
    )


def _draw_wheel(axes: Axes, shown: Sequence[SkillProfile], ratings: Ratings) -> None:
    angles = [2 * pi * place / len(shown) for place in range(len(shown))]
    axes.set(ylim=(0, 1), theta_offset=pi / 2, theta_direction=-1)
    axes.set_yticks([1 / 3, 2 / 3, 1], labels=[])
    axes.set_xticks(angles, labels=[str(number) for number in range(1, len(shown) + 1)])
    axes.tick_params(labelsize=LETTERS, labelcolor=INK)
    axes.grid(color=LINE)
    axes.spines["polar"].set_color(LINE)
    known = (of.estimate if of.enough else None for of in shown)
    shares = [float("nan") if share is None else share for share in known]
    ring = ([*angles, angles[0]], [*shares, shares[0]])  # a missing share breaks the line
    axes.plot(*ring, color=SHARE, lw=2, marker="o", ms=6, clip_on=False)
    if all(of.enough for of in shown):
        axes.fill(*ring, color=ANSWERS, alpha=0.5)
    for angle, of in zip(angles, shown, strict=True):
        if of.enough:
            axes.plot([angle] * 2, [of.low, of.high], color=INK, lw=1)
        rating = ratings.get(of.skill)
        if rating is not None:
            at = (rating + 0.5) / LEVELS
            axes.plot([angle], [at], color=RATING, marker="D", ms=8, mec="white")
