"""The numbers of a report: only final marks count, and no small group gives itself away."""

from __future__ import annotations

import statistics
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas import DataFrame

from grader.trainer.grading.outcomes import DAMAGED, GRADED, MISSING, WAITING
from grader.trainer.report.exports import UNGRADED
from grader.trainer.report.tables import (
    EVERYBODY,
    FEW,
    FEWEST,
    HELD_BACK,
    NO_GROUP,
    Cohort,
    hidden,
    marks_by_group,
    marks_by_module,
    marks_by_skill,
    skill_map,
    standing,
    status_counts,
)

MODULE = "07-advice"


def code(number: int) -> str:
    return f"trainee-{number:03}"


def cohort(
    work: list[tuple], skills: list[tuple] = (), groups: Mapping[str, str] | None = None
) -> Cohort:
    """Return a cohort of (trainee, module, status, share) and (trainee, skill, items, share)."""
    return Cohort(
        DataFrame(work, columns=["trainee", "module", "status", "share"]).astype({"share": float}),
        DataFrame(skills, columns=["trainee", "skill", "items", "share"]),
        groups or {},
    )


def graded(shares: list[float], module: str = MODULE, start: int = 0) -> list[tuple]:
    return [(code(start + n), module, GRADED, share) for n, share in enumerate(shares)]


def test_each_status_is_counted_and_a_new_one_as_well() -> None:
    found = cohort([(code(n), MODULE, one, None) for n, one in enumerate([DAMAGED, "odd", "odd"])])
    counts = status_counts(found).loc[MODULE]
    assert (counts[DAMAGED], counts["odd"], counts[MISSING]) == (1, 2, 0)
    assert counts.sum() == 3


def test_whoever_needs_somebody_stands_first_and_in_words() -> None:
    states = [GRADED, MISSING, WAITING, UNGRADED, DAMAGED]
    shares = [0.725, None, None, None, None]
    work = [(code(n), MODULE, *pair) for n, pair in enumerate(zip(states, shares, strict=True))]
    table = standing(cohort(work))
    assert list(table[MODULE]) == [
        "damaged: ask again",
        "to be graded",
        "waiting for you",
        "nothing handed in",
        "72%",
    ]


def test_nobody_is_missing_from_the_table_of_trainees() -> None:
    work = [(code(n), module, GRADED, 0.5) for n in range(300) for module in ("01-a", "02-b")]
    assert set(standing(cohort(work)).index) == {code(n) for n in range(300)}


@given(st.lists(st.floats(0, 1), min_size=FEWEST, max_size=40))
def test_quartiles_are_those_of_a_spreadsheet(shares: list[float]) -> None:
    row = marks_by_module(cohort(graded(shares))).loc[MODULE]
    wanted = statistics.quantiles(shares, n=4, method="inclusive")
    assert [row["lower"], row["middle"], row["upper"]] == pytest.approx(wanted)
    assert row["n"] == len(shares)


@pytest.mark.parametrize("number", range(FEWEST))
def test_marks_of_fewer_than_five_are_not_summed_up(number: int) -> None:
    row = marks_by_module(cohort([*graded([0.5] * number), (code(99), MODULE, MISSING, None)]))
    assert row.loc[MODULE, ["lower", "middle", "upper", "waiting"]].isna().all()


def test_what_waits_or_is_damaged_is_not_in_the_middle_mark() -> None:
    others = [(code(90), MODULE, WAITING, None), (code(91), MODULE, DAMAGED, None)]
    row = marks_by_module(cohort([*graded([1.0] * 5), *others])).loc[MODULE]
    assert (row["n"], row["middle"]) == (5, 1.0)
    assert row["waiting"] == pytest.approx(1 / 6)


def test_a_skill_needs_three_items_to_say_something_about_a_trainee() -> None:
    skills = [(code(n), "listening", 3, 0.5) for n in range(5)] + [(code(9), "listening", 2, 0.0)]
    found = cohort([*graded([1.0] * 5), (code(9), MODULE, GRADED, 1.0)], skills)
    assert marks_by_skill(found, ["listening"]).loc["listening", "n"] == 5
    table = skill_map(found, ["listening"])
    assert table["listening"].isna().sum() == 1
    assert len(table) == 6  # everybody has a row


# Groups ---------------------------------------------------------------------------------

counts_by_group = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.integers(0, 30))


@given(counts_by_group)
def test_no_group_under_five_is_shown(counts: dict[str, int]) -> None:
    gone = hidden(counts)
    assert {group for group, count in counts.items() if 0 < count < FEWEST} <= gone


@given(counts_by_group)
def test_what_is_hidden_together_is_never_fewer_than_five(counts: dict[str, int]) -> None:
    gone = hidden(counts)
    together = sum(counts[group] for group in gone)
    assert not gone or together >= FEWEST or together == sum(counts.values())


@given(counts_by_group)
def test_no_more_is_hidden_than_that_needs(counts: dict[str, int]) -> None:
    small = {group for group, count in counts.items() if 0 < count < FEWEST}
    extra = hidden(counts) - small
    for group in extra:
        without = sum(counts[one] for one in (hidden(counts) - {group}))
        assert without < FEWEST


def groups_of(**sizes: int) -> tuple[list[str], dict[str, str]]:
    names = [name for name, size in sizes.items() for _ in range(size)]
    return names, {code(n): name for n, name in enumerate(names)}


def test_one_small_group_takes_the_next_larger_with_it() -> None:
    names, groups = groups_of(north=12, south=8, west=3)
    table = marks_by_group(cohort(graded([0.5] * len(names)), groups=groups))
    assert table["trainees"].to_dict() == {
        "north": "12",
        "south": HELD_BACK,
        "west": HELD_BACK,
        EVERYBODY: "23",
    }
    assert table[MODULE].to_dict() == {
        "north": "50% (of 12)",
        "south": HELD_BACK,
        "west": HELD_BACK,
        EVERYBODY: "50% (of 23)",
    }


def test_who_has_no_group_counts_as_one() -> None:
    names, groups = groups_of(north=12, south=8)
    found = cohort(graded([0.5] * (len(names) + 2)), groups=groups)
    table = marks_by_group(found)
    assert table.loc[NO_GROUP, "trainees"] == HELD_BACK
    assert (table == HELD_BACK).sum().to_dict() == {"trainees": 2, MODULE: 2}


def test_a_large_group_with_few_final_marks_is_held_back_there_only() -> None:
    _, groups = groups_of(north=12, south=12)
    work = graded([0.5] * 24)
    work[3:12] = [(who, module, WAITING, None) for who, module, _, _ in work[3:12]]
    work += graded([1.0] * 24, "08-groups")
    table = marks_by_group(cohort(work, groups=groups))
    assert list(table[MODULE]) == [HELD_BACK, HELD_BACK, "50% (of 15)"]
    assert list(table["08-groups"]) == ["100% (of 12)", "100% (of 12)", "100% (of 24)"]


def test_a_cohort_of_four_gives_no_number_at_all() -> None:
    _, groups = groups_of(north=2, south=2)
    table = marks_by_group(cohort(graded([0.5] * 4), groups=groups))
    assert set(table["trainees"]) == set(table[MODULE]) == {HELD_BACK, FEW}


def test_a_module_that_nobody_finished_hides_nothing() -> None:
    _, groups = groups_of(north=6, south=6)
    work = [(code(n), MODULE, MISSING, None) for n in range(12)]
    assert set(marks_by_group(cohort(work, groups=groups))[MODULE]) == {"none yet"}
