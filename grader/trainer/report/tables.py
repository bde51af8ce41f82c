"""The numbers of a cohort's report: who needs the trainer, and marks by module, skill and group.

Marks of fewer than five people are never summed up, and no smaller group can be worked
out from the others. What belongs to one trainee alone is for the trainer's eyes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.content.items import Skill, load_skills
from grader.errors import AlongsideError
from grader.kinds.keys import load_key
from grader.places import SKILLS, file_of
from grader.skills.profile import ENOUGH
from grader.trainer.collect.collect import Progress
from grader.trainer.collect.ungraded import OTHER_WORK
from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, NOT_GRADED, WAITING
from grader.trainer.release import modules_of
from grader.trainer.report.exports import SINCE, UNGRADED, is_to_be_graded, rows_of
from grader.trainer.roster.roster import read_groups

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Sums = dict[tuple[str, str], list[float]]  # of each trainee and skill: shares, and how many

FEWEST = 5  # people, below which no number of theirs is shown
FEW = f"fewer than {FEWEST}"
HELD_BACK = "not shown"
TOO_LITTLE = "too little"
NO_GROUP = "no group"
EVERYBODY = "everybody"
# What a trainer reads of each status, in the order in which it needs somebody.
WORDS = {
    DAMAGED: "damaged: ask again",
    NOT_GRADED: "not taken: look at it",
    UNGRADED: "to be graded",
    WAITING: "waiting for you",
    MISSING: "nothing handed in",
    GRADED: "marked",
}


@dataclass(frozen=True, slots=True)
class Cohort:
    """What the gradebook and the folders say.

    ``work`` has a row for each trainee and module: ``trainee``, ``module``, ``status``, and
    ``share``, the part of the points that was earned, empty until every mark is final.
    ``skills`` has a row for each trainee and skill with final marks: ``trainee``, ``skill``,
    ``items`` (how many) and ``share`` (the mean over them). ``earlier`` names trainee,
    module, and the marks that were given for earlier words, where new ones wait. ``other``
    says by trainee and module where marks are for other work than what counts now: such work
    is to be graded.
    """

    work: DataFrame
    skills: DataFrame
    groups: Mapping[str, str]
    earlier: tuple[tuple[str, str, str], ...] = ()
    other: Mapping[tuple[str, str], str] = field(default_factory=dict)

    @property
    def modules(self) -> list[str]:
        """The modules, in order."""
        return sorted(self.work["module"].unique())

    @property
    def trainees(self) -> list[str]:
        """The trainees, in order."""
        return sorted(self.work["trainee"].unique())


def read_cohort(
    root: Path,
    db_url: str,
    progress: Progress = iter,
    left_out: Callable[[str], None] = lambda _: None,
) -> Cohort:
    """Read everybody's marks of all modules; ``left_out`` hears of one without its key.

    A mark counts when it is final. Of a damaged hand-in nothing counts: its zeros say
    nothing about the trainee. A question that was left open counts as 0 points.

    Raises
    ------
    GradingError
        Where the key, the roster or the gradebook cannot be used.
    """
    from pandas import DataFrame

    worth = {module: _worth(root, module) for module in modules_of(root)}
    work, earlier, other = [], [], {}
    sums: Sums = defaultdict(lambda: [0.0, 0])
    for row in rows_of(root, db_url, progress=progress, left_out=left_out):
        if is_to_be_graded(row):
            row["status"] = UNGRADED
            other[row["trainee"], row["module"]] = OTHER_WORK.get(row.get(SINCE, ""), "")
        done = row["status"] == GRADED and row["max_points"]
        share = row["points"] / row["max_points"] if done else None
        work.append((row["trainee"], row["module"], row["status"], share))
        if row.get("marked_for_earlier_words"):
            earlier.append((row["trainee"], row["module"], row["marked_for_earlier_words"]))
        if row["status"] in (GRADED, WAITING):
            _add_skills(sums, row, worth[row["module"]])
    skills = [(*who, items, total / items) for who, (total, items) in sums.items()]
    return Cohort(
        DataFrame(work, columns=["trainee", "module", "status", "share"]).astype({"share": float}),
        DataFrame(skills, columns=["trainee", "skill", "items", "share"]).astype(
            {"items": int, "share": float}
        ),
        read_groups(root),
        tuple(earlier),
        {who: words for who, words in other.items() if words},
    )


def _worth(root: Path, module: str) -> dict[str, tuple[float, list[str]]]:
    """Return the points of each item that has some, and the skills for which it counts."""
    try:
        key = load_key(root, module)
    except AlongsideError:  # said where its marks are read
        return {}
    skills = _framework(root).values()
    return {
        item.id: (item.points, [skill.id for skill in skills if skill.counts(item.skills)])
        for item in key.values()
        if item.points
    }


def _framework(root: Path) -> dict[str, Skill]:
    return load_skills(file_of(root, SKILLS))


def _add_skills(
    sums: Sums, row: dict[str, Any], worth: Mapping[str, tuple[float, list[str]]]
) -> None:
    for item_id, points in row.items():
        if points == "" or item_id not in worth:
            continue
        most, skills = worth[item_id]
        share = min(max(points / most, 0.0), 1.0)  # extra credit is no skill
        for skill in skills:
            entry = sums[row["trainee"], skill]
            entry[0] += share
            entry[1] += 1


# Where the trainer is needed ------------------------------------------------------------


def status_counts(cohort: Cohort) -> DataFrame:
    """Return how many trainees have each status: modules down, statuses across."""
    counts = cohort.work.groupby(["module", "status"]).size().unstack(fill_value=0)
    return counts.reindex(columns=_ordered(counts.columns), fill_value=0)


def _ordered(found: Iterable[str]) -> list[str]:
    """Return all statuses, those that nobody has as well; one that is new here comes first."""
    return [*(status for status in found if status not in WORDS), *WORDS]


def standing(cohort: Cohort) -> DataFrame:
    """Return how each trainee stands: trainees down, modules across, whoever needs help first."""
    work = cohort.work
    words = work["status"].map(WORDS).fillna(work["status"])
    words = words.where(work["share"].isna(), share_words(work["share"]))
    if cohort.other:
        places = zip(work["trainee"], work["module"], words, strict=True)
        words = [cohort.other.get((who, module), word) for who, module, word in places]
    table = work.assign(words=words).pivot_table(
        index="trainee", columns="module", values="words", aggfunc="first"
    )
    return table.reindex(_by_need(work))


def _by_need(work: DataFrame) -> list[str]:
    counts = work.groupby(["trainee", "status"]).size().unstack(fill_value=0)
    order = [status for status in _ordered(counts.columns) if status != GRADED]
    counts = counts.reindex(columns=order, fill_value=0).sort_index(kind="stable")
    return list(counts.sort_values(order, ascending=False, kind="stable").index)


# Marks ----------------------------------------------------------------------------------


def marks_by_module(cohort: Cohort) -> DataFrame:
    """Return for each module ``n``, ``lower``, ``middle``, ``upper`` and ``waiting``.

    ``n`` is how many have final marks for the whole module, the three are quartiles of
    their shares of the points (empty below five), ``waiting`` the part of those graded
    for whom a trainer still has to read.
    """
    table = _quartiles(cohort.work.dropna(subset="share"), "module").reindex(cohort.modules)
    table["n"] = table["n"].fillna(0).astype(int)
    counts = status_counts(cohort)
    graded = counts[GRADED] + counts[WAITING]
    table["waiting"] = (counts[WAITING] / graded).where(graded >= FEWEST)
    return table


def marks_by_skill(cohort: Cohort, skills: Iterable[str]) -> DataFrame:
    """Return the same for each skill; a trainee counts who has at least three marks in it."""
    enough = cohort.skills[cohort.skills["items"] >= ENOUGH]
    table = _quartiles(enough, "skill").reindex(skills)
    table["n"] = table["n"].fillna(0).astype(int)
    return table


def _quartiles(marks: DataFrame, by: str) -> DataFrame:
    """Return ``n`` and the quartiles of ``share``, between neighbours as spreadsheets do it."""
    grouped = marks.groupby(by)["share"]
    table = grouped.quantile([0.25, 0.5, 0.75]).unstack()
    table = table.reindex(columns=[0.25, 0.5, 0.75]).set_axis(["lower", "middle", "upper"], axis=1)
    counts = grouped.size()
    table = table.where(counts >= FEWEST)
    table.insert(0, "n", counts)
    return table


def skill_map(cohort: Cohort, skills: Iterable[str]) -> DataFrame:
    """Return each trainee's share for each skill, empty where there are fewer than three items."""
    enough = cohort.skills[cohort.skills["items"] >= ENOUGH]
    table = enough.pivot_table(index="trainee", columns="skill", values="share")
    return table.reindex(index=cohort.trainees, columns=list(skills))


def skills_with_marks(root: Path, cohort: Cohort) -> dict[str, str]:
    """Return id and name of the skills that have marks, in the framework's order."""
    found = set(cohort.skills["skill"])
    return {name: skill.name for name, skill in _framework(root).items() if name in found}


# Groups ---------------------------------------------------------------------------------


def hidden(counts: Mapping[str, int], already: Iterable[str] = ()) -> set[str]:
    """Return the groups whose numbers are not shown.

    These are the groups under five and, while fewer than five people are hidden together
    (the total would give them away), the next larger ones. That is secondary suppression,
    as in Hundepool et al., Statistical Disclosure Control, 2012, chapter 4. A count of 0
    tells nothing about anybody and hides no other group.

    Parameters
    ----------
    counts : mapping of str to int
        How many people each group has a number for.
    already : iterable of str
        Groups that are hidden anyway.
    """
    gone = {group for group, count in counts.items() if 0 < count < FEWEST} | set(already)
    rest = [group for group in counts if group not in gone and counts[group]]
    rest.sort(key=lambda group: (-counts[group], group))
    while rest and 0 < sum(counts[group] for group in gone) < FEWEST:
        gone.add(rest.pop())
    return gone


def marks_by_group(cohort: Cohort) -> DataFrame:
    """Return words for each group: how many trainees, then the middle mark of each module.

    Groups come from ``roster.csv``; who has none counts as a group too, or its numbers
    could be worked out. The last row is everybody.
    """
    from pandas import DataFrame

    group_of = {who: cohort.groups.get(who) or NO_GROUP for who in cohort.trainees}
    work = cohort.work.assign(group=cohort.work["trainee"].map(group_of))
    people = work.groupby("group")["trainee"].nunique()
    unseen = hidden(people.to_dict())
    table = DataFrame({"trainees": _members(people, unseen)})
    for module in cohort.modules:
        shares = work[work["module"] == module].dropna(subset="share").groupby("group")["share"]
        counts = shares.size().reindex(people.index, fill_value=0)
        shown = set(people.index) - hidden(counts.to_dict(), unseen)
        middles = shares.median()
        table[module] = [
            _middle(counts[group], middles.get(group)) if group in shown else HELD_BACK
            for group in people.index
        ]
    table.loc[EVERYBODY] = [_count(len(group_of)), *_of_everybody(cohort)]
    return table


def _members(people: Series, unseen: set[str]) -> dict[str, str]:
    return {group: HELD_BACK if group in unseen else str(n) for group, n in people.items()}


def _middle(count: int, middle: float | None) -> str:
    return f"{percent(middle)} (of {count})" if count and middle is not None else "none yet"


def _of_everybody(cohort: Cohort) -> list[str]:
    table = marks_by_module(cohort)
    return [
        _middle(row.n, row.middle) if row.n >= FEWEST or not row.n else FEW
        for row in table.itertuples()
    ]


def _count(number: int) -> str:
    return str(number) if number >= FEWEST else FEW


def percent(share: float) -> str:
    """Return a share as a whole per cent."""
    return f"{share:.0%}"


def share_words(shares: Any, empty: str = "") -> Any:
    """Return a table or column of shares as whole per cents, with a word where there is none."""
    return shares.map(lambda share: empty if isnan(share) else percent(share))
