"""Write the report of a cohort: one page for the trainer, and its tables for a spreadsheet.

The page stands alone: no script, no outside address. It names trainees and their marks,
so only trainers may open it.

It is the body of ``alongside report``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.errors import GradingError
from grader.html.render import page_style
from grader.html.templating import render_template, trusted
from grader.places import NOTEBOOK
from grader.skills.profile import ENOUGH
from grader.trainer.collect.collect import Progress
from grader.trainer.collect.devices import device_notes
from grader.trainer.collect.whose import reminder
from grader.trainer.gradebook.gradebook import default_db_url
from grader.trainer.grading.outcomes import DAMAGED, MISSING, WAITING
from grader.trainer.release import modules_of
from grader.trainer.report.charts import range_chart, skill_heatmap
from grader.trainer.report.exports import UNGRADED, write_out, write_table
from grader.trainer.report.tables import (
    FEW,
    FEWEST,
    HELD_BACK,
    TOO_LITTLE,
    WORDS,
    Cohort,
    marks_by_group,
    marks_by_module,
    marks_by_skill,
    read_cohort,
    skill_map,
    skills_with_marks,
    standing,
    status_counts,
)
from grader.trainer.roster.codes import codes_of

if TYPE_CHECKING:
    from pandas import DataFrame

FOLDER = "reports"
PAGE = "cohort.html"
MOST_ROWS = 200  # trainees in the table of the page; all are in the CSV file
MOST_IN_PICTURE = 40  # trainees in the heatmap and the table beside it


@dataclass(frozen=True, slots=True)
class Report:
    """Where a report is, and what it says first."""

    page: Path
    tables: tuple[Path, ...]
    trainees: int
    modules: int
    waiting: int
    damaged: int
    missing: int
    strangers: int  # codes that may be slips
    ungraded: int = 0  # handed in, and to be graded for the first time or again


@dataclass(frozen=True, slots=True)
class Table:
    """A table of words, ready for the page; the first cell of a row is its heading."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def make_report(
    root: Path,
    out: Path | None = None,
    db_url: str | None = None,
    progress: Progress = iter,
    *,
    left_out: Callable[[str], None] = lambda _: None,
) -> Report:
    """Write ``cohort.html`` and the tables ``cohort-*.csv``.

    Parameters
    ----------
    root : Path
        The course folder.
    out : Path, optional
        The folder to write to; ``reports`` in the course by default.
    db_url : str, optional
        The gradebook as an SQLAlchemy address; ``gradebook.db`` in the course by default.
    progress : callable
        Wraps the list of modules while they are read, such as ``tqdm``.
    left_out : callable
        Is told why a module is counted without its questions; it stops no other.

    Returns
    -------
    Report

    Raises
    ------
    GradingError
        Where there is nobody to report on; where the key, the roster or the gradebook
        cannot be used; or where the files cannot be written.
    """
    root = Path(root)
    out = Path(out or root / FOLDER)
    cohort = read_cohort(root, db_url or default_db_url(root), progress, left_out)
    if cohort.work.empty and not modules_of(root):
        what = f"No module has its {NOTEBOOK} in solutions/"
        raise GradingError(f"{what}; put the folders back, then run this again")
    if cohort.work.empty:
        what = "Nobody is in roster.csv, and nothing is handed in"
        raise GradingError(f"{what}; write the codes into roster.csv, or collect first")
    skills = skills_with_marks(root, cohort)
    tables = _write_tables(out, cohort, skills)
    page = out / PAGE
    strangers = codes_of(root).strangers(cohort.trainees)
    look_at = {"odd_codes": strangers, "aside": reminder(root), "devices": device_notes(root)}
    facts = _page_facts(cohort, skills) | look_at
    write_out(page, render_template("trainer/report.html.j2", **facts).encode())
    work = cohort.work["status"]
    counted = (WAITING, DAMAGED, MISSING, UNGRADED)
    waiting, damaged, absent, ungraded = (int((work == one).sum()) for one in counted)
    return Report(
        page,
        tables,
        len(cohort.trainees),
        len(cohort.modules),
        waiting,
        damaged,
        absent,
        len(strangers),
        ungraded,
    )


# The page -------------------------------------------------------------------------------


def _page_facts(cohort: Cohort, skills: Mapping[str, str]) -> dict[str, Any]:
    by_module = marks_by_module(cohort)
    return {
        "style": trusted(page_style()),
        "made": f"{datetime.now(UTC):%d %B %Y, %H:%M} UTC",
        "fewest": FEWEST,
        "enough": ENOUGH,
        "too_little": TOO_LITTLE,
        "held_back": HELD_BACK,
        "summary": _summary(cohort),
        "handed_in": _handed_in(cohort),
        "standing": _standing(cohort),
        "earlier": _earlier(cohort) if cohort.earlier else None,
        "left_out": max(0, len(cohort.trainees) - MOST_ROWS),
        "modules": range_chart(by_module, {one: one for one in by_module.index}, "module"),
        **_skill_facts(cohort, skills),
        "groups": _groups(cohort) if any(cohort.groups.values()) else None,
    }


def _skill_facts(cohort: Cohort, skills: Mapping[str, str]) -> dict[str, Any]:
    by_skill = marks_by_skill(cohort, skills).sort_values(
        "middle", ascending=False, kind="stable", na_position="last"
    )
    everybody = skill_map(cohort, skills)
    known = everybody.dropna(how="all")
    some = known if len(known) <= MOST_IN_PICTURE else _lowest(known)
    return {
        "skills": range_chart(by_skill, skills, "skill"),
        "heatmap": skill_heatmap(some, skills) if len(some) else None,
        "chosen": len(some) if len(some) < len(known) else 0,
        "unknown": len(everybody) - len(known),
    }


def _lowest(known: DataFrame) -> DataFrame:
    """Return the trainees of whom single skills are lowest: a large cohort fits no picture."""
    order = known.min(axis=1).sort_values(kind="stable").index[:MOST_IN_PICTURE]
    return known.loc[sorted(order)]


def _summary(cohort: Cohort) -> list[str]:
    counts = cohort.work["status"].value_counts()
    said = [f"{WORDS.get(one, one).capitalize()}: {counts[one]}" for one in _listed(counts)]
    people = f"Trainees: {len(cohort.trainees)}"
    return [people, f"Modules with an exercise: {len(cohort.modules)}", *said]


def _listed(counts: Any) -> list[str]:
    strange = [status for status in counts.index if status not in WORDS]
    return [*strange, *(status for status in WORDS if counts.get(status))]


def _handed_in(cohort: Cohort) -> Table:
    counts = status_counts(cohort)
    counts = counts.loc[:, counts.any()]
    columns = ("Module", *(WORDS.get(status, status) for status in counts.columns))
    rows = tuple((str(row[0]), *map(str, row[1:])) for row in counts.itertuples())
    return Table("How many trainees stand where", columns, rows)


def _standing(cohort: Cohort) -> Table:
    table = standing(cohort).head(MOST_ROWS)
    return Table(
        "Each trainee and module, whoever needs somebody first",
        ("Trainee", *table.columns),
        tuple(tuple(row) for row in table.itertuples()),
    )


def _earlier(cohort: Cohort) -> Table:
    return Table(
        "Marks that were for earlier words",
        ("Trainee", "Module", "Marked for earlier words"),
        cohort.earlier[:MOST_ROWS],
    )


def _groups(cohort: Cohort) -> Table:
    table = marks_by_group(cohort)
    return Table(
        "Middle final mark of each group",
        ("Group", "Trainees", *table.columns[1:]),
        tuple(tuple(row) for row in table.itertuples()),
    )


# The tables -----------------------------------------------------------------------------


def _write_tables(out: Path, cohort: Cohort, skills: Mapping[str, str]) -> tuple[Path, ...]:
    tables = {
        "modules": ("module", _module_numbers(cohort)),
        "trainees": ("trainee", standing(cohort).sort_index()),
        "skills": ("trainee", _skill_numbers(cohort, skills)),
    }
    if any(cohort.groups.values()):
        tables["trainees"][1].insert(
            0, "group", [cohort.groups.get(one, "") for one in cohort.trainees]
        )
        tables["groups"] = ("group", marks_by_group(cohort))
    else:
        (out / "cohort-groups.csv").unlink(missing_ok=True)  # of a roster that had groups
    written = []
    for name, (first, table) in tables.items():
        path = out / f"cohort-{name}.csv"
        rows = table.reset_index(names=first).to_dict("records")
        write_table(path, (first, *table.columns), rows)
        written.append(path)
    return tuple(written)


def _module_numbers(cohort: Cohort) -> DataFrame:
    marks = marks_by_module(cohort)
    numbers = (marks.drop(columns="n") * 100).round(1).astype(object)
    few = marks["n"] < FEWEST
    final = marks["n"].astype(object).where(~few, FEW)
    numbers = numbers.where(numbers.notna(), "").add_suffix("_percent")
    return status_counts(cohort).join(final.rename("final_marks")).join(numbers)


def _skill_numbers(cohort: Cohort, skills: Mapping[str, str]) -> DataFrame:
    shares = (skill_map(cohort, skills) * 100).round(1).astype(object)
    items = cohort.skills.pivot_table(index="trainee", columns="skill", values="items")
    items = items.reindex(index=shares.index, columns=shares.columns).fillna(0).astype(int)
    shares = shares.where(shares.notna(), TOO_LITTLE).add_suffix("_percent")
    return shares.join(items.add_suffix("_items"))
