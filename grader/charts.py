"""Draw what the compass page shows: pictures that also say in words and numbers what they show.

Drawn for a page 360 px wide and larger on wider ones, so that the letters never get too
small. matplotlib is imported only here, and only while something is drawn.
"""

from __future__ import annotations

import base64
import io
import textwrap
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import pi
from typing import TYPE_CHECKING, Any

from grader.content import Skill
from grader.kinds import UNSEEN_TEXT
from grader.skillprofile import ENOUGH, LEVELS, Ratings, SkillProfile, gap
from grader.stylehistory import History, Style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 360  # px, which is all that a page of 400 px leaves
LETTERS = 12.5  # px at that width
LEVEL_WORDS = ("not tried yet", "sometimes", "could show it")  # the three anchors, in short
# Told apart by their shape, and in shades of grey too: neighbours differ in luminance.
INK, SOFT, LINE = "#1d2b33", "#4a5a64", "#c6d0d6"
COLOURS = {"answers": "#a9d3e0", "rating": "#a3480a", "interval": INK}
HALVES = {"early": "#a9d3e0", "late": "#14596e"}
EARLY_HATCH = "////"
# Letters are kept as text: sharp at any zoom, small, and shown in the fonts of the page.
FONTS = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', sans-serif"
TOO_FEW = "not enough practice yet"
MOST_LISTED = 3  # names in one sentence


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture (SVG), the words that say what it shows, and its numbers as a table."""

    svg: bytes
    alt: str
    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def picture_html(picture: Picture) -> str:
    """Return a picture as a figure that holds its text alternative and its table."""
    data = base64.b64encode(picture.svg).decode()
    caption = escape(picture.caption)
    return (
        f'<figure class="al-picture"><img src="data:image/svg+xml;base64,{data}" '
        f'alt="{escape(picture.alt)}"><details><summary>The same as a table</summary>'
        f'<div class="al-wide" role="region" tabindex="0" aria-label="{caption}">'
        f"<table><caption>{caption}</caption><thead><tr>{_heads(picture.head)}</tr></thead>"
        f"<tbody>{''.join(map(_row, picture.rows))}</tbody></table></div></details></figure>"
    )


def _heads(words: Iterable[str]) -> str:
    return "".join(f'<th scope="col">{escape(word)}</th>' for word in words)


def _row(cells: Sequence[str]) -> str:
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells[1:])
    return f'<tr><th scope="row">{escape(cells[0])}</th>{rest}</tr>'


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


SKILL_HEAD = ("Skill", "Points earned", "Likely range", "Answers", "Your rating")


def _numbers(of: SkillProfile) -> tuple[str, str, str]:
    count = f"{of.n}" if not of.n_graded else f"{of.n} ({of.n_graded} marked by your trainer)"
    if not of.enough or of.estimate is None:
        return TOO_FEW, "–", count
    return percent(of.estimate), f"{percent(of.low)} to {percent(of.high)}", count


def _rating_words(ratings: Ratings, skill: str) -> str:
    if skill not in ratings:
        return "not rated"
    level = ratings[skill]
    return UNSEEN_TEXT if level is None else LEVEL_WORDS[level]


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
    if any(gap(ratings.get(of.skill), of) == "alike" for of in known):
        alike = sum(gap(ratings.get(of.skill), of) == "alike" for of in known)
        parts.append(f"Your rating and your answers are alike in {_count(alike, 'skill')}.")
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


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


# --- drawing


def _figure(height: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(WIDTH / 72, height / 72), dpi=72)  # one point of it is one px


def _text(axes: Axes, x: float, y: float, words: str, **style: Any) -> None:
    style = {"fontsize": LETTERS, "color": INK, "va": "center"} | style
    axes.text(x, y, words, parse_math=False, clip_on=False, **style)


def _svg(figure: Figure) -> bytes:
    from matplotlib import rc_context

    file = io.BytesIO()
    settings = {"svg.fonttype": "none", "svg.hashsalt": "alongside"}
    with warnings.catch_warnings(), rc_context(settings):
        # A name may hold letters that the measuring font lacks; the page's own fonts have them.
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    return file.getvalue().replace(b"'DejaVu Sans'", FONTS.encode())


TOP, FOOT, SIDE = 118, 34, 10  # px around the rows of the bars
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
        As `grader.skillprofile.profile` gives them.
    ratings : mapping of str to int or None
        Levels 0 to 2 by skill id; None for "not seen yet", absent where not rated.
    skills : mapping of str to Skill
        The framework.
    """
    shown = _sorted(profiles)
    lines = [textwrap.wrap(skills[of.skill].name, NAME_LETTERS) or [""] for of in shown]
    heights = [len(name) * NAME_STEP + BAR_GAP + BAR + LANE + ROW_GAP for name in lines]
    height = TOP + sum(heights) + FOOT
    figure = _figure(height)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, 1))
    axes.set(xlim=(0, 1), ylim=(height, 0))
    axes.axis("off")
    _draw_scale(axes, height)
    y = TOP
    for of, name, step in zip(shown, lines, heights, strict=True):
        _draw_row(axes, y, of, name, ratings.get(of.skill))
        y += step
    return Picture(
        svg=_svg(figure),
        alt=_skills_alt(shown, ratings, skills),
        caption="Your skills: what your answers show, and how you rated yourself",
        head=SKILL_HEAD,
        rows=_skill_rows(shown, ratings, skills),
    )


def _draw_scale(axes: Axes, height: float) -> None:
    """Draw what stands around the rows: what the shapes mean, the thirds, the percentages."""
    _draw_bar(axes, 14, 0.09)
    _text(axes, 0.12, 14, "points that your answers earned")
    _draw_interval(axes, 34, 0.01, 0.09)
    _text(axes, 0.12, 34, "likely range")
    _draw_rating(axes, 54, 0.05, 0.04)
    _text(axes, 0.12, 54, "how you rated yourself:")
    for level, words in enumerate(LEVEL_WORDS):
        middle = (level + 0.5) / LEVELS
        _text(axes, middle, 78, words, ha="center", color=COLOURS["rating"])
    for edge in range(LEVELS + 1):
        axes.plot([edge / LEVELS] * 2, [90, height - FOOT + 4], color=LINE, lw=1, zorder=0)
    for share, side in ((0, "left"), (0.5, "center"), (1, "right")):
        _text(axes, share, height - FOOT / 2 + 2, percent(share), ha=side, color=SOFT)


def _draw_row(
    axes: Axes, y: float, of: SkillProfile, name: Sequence[str], rating: int | None
) -> None:
    for at, line in enumerate(name):
        _text(axes, 0, y + (at + 0.5) * NAME_STEP - 2, line)
    bar = y + len(name) * NAME_STEP + BAR_GAP
    if of.enough and of.estimate is not None:
        words = percent(of.estimate)
        _text(axes, 1, y + NAME_STEP / 2 - 2, words, ha="right", fontweight="bold")
        _draw_bar(axes, bar, of.estimate)
        _draw_interval(axes, bar, of.low, of.high)
    else:
        axes.plot([0, 1], [bar, bar], color=SOFT, lw=1.5, ls=(0, (1, 3)))
        words = f" {TOO_FEW}: {of.n} of {ENOUGH} answers "
        _text(axes, 0.5, bar, words, ha="center", color=SOFT, backgroundcolor="white")
    if rating is not None:
        _draw_rating(axes, bar + BAR / 2 + LANE, (rating + 0.5) / LEVELS, 0.5 / LEVELS)


def _draw_bar(axes: Axes, y: float, share: float) -> None:
    axes.barh([y], [share], BAR, color=COLOURS["answers"], edgecolor=INK, linewidth=0.75)


def _draw_interval(axes: Axes, y: float, low: float, high: float) -> None:
    axes.plot([low, high], [y, y], color=COLOURS["interval"], lw=2, marker="|", ms=9, mew=2)


def _draw_rating(axes: Axes, y: float, middle: float, reach: float) -> None:
    """Draw a rating as what it is: somewhere in its third of the scale."""
    colour = COLOURS["rating"]
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
    foot = len(lines) * KEY_STEP + 64
    height = WIDTH + foot
    figure = _figure(height)
    wheel = (0.1, (foot + 0.1 * WIDTH) / height, 0.8, 0.8 * WIDTH / height)
    _draw_wheel(figure.add_axes(wheel, projection="polar"), shown, ratings)
    axes = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, foot / height))
    axes.set(xlim=(0, 1), ylim=(foot, 0))
    axes.axis("off")
    axes.plot([0, 0.045, 0.09], [8, 8, 8], color=HALVES["late"], lw=2, marker="o", ms=6)
    _text(axes, 0.12, 8, "points that your answers earned")
    _draw_rating(axes, 28, 0.045, 0)
    _text(axes, 0.12, 28, "how you rated yourself")
    for at, line in enumerate(lines):
        _text(axes, 0, 56 + at * KEY_STEP, line)
    return Picture(
        svg=_svg(figure),
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
    shares = [of.estimate if of.enough else float("nan") for of in shown]
    ring = ([*angles, angles[0]], [*shares, shares[0]])  # a missing share breaks the line
    axes.plot(*ring, color=HALVES["late"], lw=2, marker="o", ms=6, clip_on=False)
    if all(of.enough for of in shown):
        axes.fill(*ring, color=COLOURS["answers"], alpha=0.5)
    for angle, of in zip(angles, shown, strict=True):
        if of.enough:
            axes.plot([angle] * 2, [of.low, of.high], color=INK, lw=1)
        rating = ratings.get(of.skill)
        if rating is not None:
            at = (rating + 0.5) / LEVELS
            axes.plot([angle], [at], color=COLOURS["rating"], marker="D", ms=8, mec="white")


PANEL, PANEL_GAP, STYLE_TOP, STYLE_FOOT = 62, 34, 62, 44  # px


def style_small_multiples(history: History) -> Picture:
    """Draw the acts of each group, module by module, the early half beside the late one."""
    groups = [group for group, _ in history.early.counts]
    height = STYLE_TOP + len(groups) * (PANEL + PANEL_GAP) + STYLE_FOOT - PANEL_GAP
    figure = _figure(height)
    most = max((n for style in history.modules for _, n in style.counts), default=0)
    frame = figure.add_axes((SIDE / WIDTH, 0, 1 - 2 * SIDE / WIDTH, 1))
    frame.set(xlim=(0, 1), ylim=(height, 0))
    frame.axis("off")
    for y, half in ((14, "early"), (34, "late")):
        frame.barh([y], [0.06], 12, **_half_style(half))
        _text(frame, 0.09, y, f"{half} modules, {_count(_half(history, half).replies, 'reply')}")
    _text(frame, 0.5, height - 10, "module", ha="center", color=SOFT)
    for place, group in enumerate(groups):
        top = STYLE_TOP + place * (PANEL + PANEL_GAP)
        box = (30 / WIDTH, 1 - (top + PANEL) / height, 1 - 40 / WIDTH, PANEL / height)
        axes = figure.add_axes(box)
        _draw_panel(axes, history, group, max(1, most))
        _text(frame, 0, top - 10, _panel_title(history, group))
    return Picture(
        svg=_svg(figure),
        alt=_style_alt(history, groups),
        caption="How you talk, module by module",
        head=("Module", *groups, "replies typed"),
        rows=tuple(_style_row(style) for style in (*history.modules, history.early, history.late)),
    )


def _half(history: History, half: str) -> Style:
    return history.early if half == "early" else history.late


def _half_style(half: str) -> dict[str, Any]:
    hatch = EARLY_HATCH if half == "early" else ""
    return {"color": HALVES[half], "hatch": hatch, "edgecolor": INK, "linewidth": 0.75}


def _panel_title(history: History, group: str) -> str:
    early, late = (dict(_half(history, half).counts)[group] for half in ("early", "late"))
    return f"{group}: {early} early, {late} late"


def _draw_panel(axes: Axes, history: History, group: str, most: int) -> None:
    for place, style in enumerate(history.modules):
        half = "early" if history.is_early(place) else "late"
        axes.bar([place], [dict(style.counts)[group]], 0.7, **_half_style(half))
    axes.set(xlim=(-0.6, max(1, len(history.modules)) - 0.4), ylim=(0, most * 1.1))
    axes.set_yticks([0, most], labels=["0", str(most)])
    labels = [_module_number(style.name) for style in history.modules]
    axes.set_xticks(range(len(labels)), labels=labels)
    axes.tick_params(labelsize=LETTERS, labelcolor=SOFT, length=0)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(SOFT)


def _module_number(name: str) -> str:
    number = name.split("-", maxsplit=1)[0]
    return str(int(number)) if number.isdigit() else name


def _style_row(style: Style) -> tuple[str, ...]:
    name = {"early": "early half", "late": "late half"}.get(style.name)
    words = name or f"module {_module_number(style.name)}"
    return (words, *(str(count) for _, count in style.counts), str(style.replies))


def _style_alt(history: History, groups: Sequence[str]) -> str:
    if not history.modules:
        return "Nothing is typed yet, so there is nothing to show."
    parts = "; ".join(_panel_title(history, group) for group in groups)
    return f"What your typed replies did. {parts}. {history.sentence}"
