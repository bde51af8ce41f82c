"""The texts of a key that no trainee may get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from helpers.content import items_of

SECRET = {"feedback", "better", "because", "together"}


def secrets_of(root: Path, module: str) -> set[str]:
    """Return every text of a key that trainees must not get."""
    items = items_of(root / "solutions" / module / "items.yaml").values()
    return {text for item in items for name, text in texts_in(asdict(item)) if name in SECRET}


def texts_in(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of nested data with the name of the field that holds it."""
    if isinstance(value, str):
        yield from [(name, value)] if value else []
    elif isinstance(value, dict):
        for field, part in value.items():
            yield from texts_in(part, str(field))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_in(part, name)
