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
        Where the file has no column ``id``, or holds something else than ids.
    """
    path = root / "roster.csv"
    if not path.is_file():
        return set()
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Excel writes ';' in much of Europe.
            heading = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if ";" in heading else ",")
            if "id" not in (rows.fieldnames or ()):
                raise GradingError("roster.csv: there is no column 'id'; name the first column id")
            ids = {(row["id"] or "").strip() for row in rows} - {""}
    except UnicodeDecodeError:
        raise GradingError("roster.csv is not UTF-8 text; save it as CSV UTF-8") from None
    for trainee in sorted(ids):
        if not is_trainee_code(trainee):
            raise GradingError(f"roster.csv: {trainee!r} is not a trainee's code; {RULE}")
    return ids
