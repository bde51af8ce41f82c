"""Read ``roster.csv``: who belongs to the cohort, whether they hand in or not."""

from __future__ import annotations

import csv
from pathlib import Path

from grader.errors import GradingError
from grader.trainee_code import RULE, is_trainee_code


def read_roster(root: Path) -> set[str]:
    """Return the trainee ids in ``roster.csv``, none where there is no such file.

    Raises
    ------
    GradingError
        As `read_groups`.
    """
    return set(read_groups(root))


def read_groups(root: Path) -> dict[str, str]:
    """Return the group of each trainee in ``roster.csv``, by id; "" where there is none.

    Raises
    ------
    GradingError
        Where the file has no column ``id``, holds something else than ids, or puts one
        trainee into two groups.
    """
    path = root / "roster.csv"
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Excel writes ';' in much of Europe.
            heading = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if ";" in heading else ",")
            if "id" not in (rows.fieldnames or ()):
                raise GradingError("roster.csv: there is no column 'id'; name the first column id")
            pairs = {(_cell(row, "id"), _cell(row, "group")) for row in rows}
    except UnicodeDecodeError:
        raise GradingError("roster.csv is not UTF-8 text; save it as CSV UTF-8") from None
    except csv.Error:
        raise GradingError("roster.csv is no table; save it as CSV UTF-8") from None
    groups: dict[str, str] = {}
    for trainee, group in sorted(pair for pair in pairs if pair[0]):
        if not is_trainee_code(trainee):
            raise GradingError(f"roster.csv: {trainee[:80]!r} is not a trainee's code; {RULE}")
        if trainee in groups:
            raise GradingError(f"roster.csv: {trainee} stands in two groups; keep one line of it")
        groups[trainee] = group
    return groups


def _cell(row: dict[str, str], column: str) -> str:
    return (row.get(column) or "").strip()
