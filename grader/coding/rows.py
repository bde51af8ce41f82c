"""A file of learned weights: a row of numbers for each feature, one feature on a line.

A row is made of its text when it is first asked for. Most are never asked for, so tens of
thousands of features take a third of the memory that they would as numbers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_HEAD = '"features": {\n'


class Rows(dict[str, Any]):
    """Rows by feature; in a file each is text until it is asked for."""

    def __getitem__(self, name: str) -> list[Any]:
        row = super().__getitem__(name)
        if isinstance(row, str):
            row = self[name] = json.loads(row)
        found: list[Any] = row
        return found

    def values(self) -> Iterable[list[Any]]:  # type: ignore[override]
        """Return all rows as numbers."""
        return [self[name] for name in self]


def read_rows(path: Path) -> tuple[dict[str, Any], Rows]:
    """Read a file of weights.

    Returns
    -------
    tuple
        What stands before the features, and the rows of the features.
    """
    rows, head = Rows(), ""
    with path.open(encoding="utf-8") as lines:
        for line in lines:  # one at a time: the whole text would be held beside its rows
            if line == _HEAD:
                break
            head += line
        for line in lines:
            name, found, row = line.rstrip(",\n").rpartition(":")
            if found:  # the last line only closes what is open
                rows[json.loads(name) if "\\" in name else name[1:-1]] = row
    facts: dict[str, Any] = json.loads(f"{head.rstrip().removesuffix(',')}}}")
    return facts, rows
