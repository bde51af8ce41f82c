"""What a response can be: a text, a list or a mapping, and what of it is known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeGuard


def is_text(response: Any) -> TypeGuard[str]:
    """Tell whether it is a text that says something."""
    return isinstance(response, str) and bool(response.strip())


def is_list(response: Any) -> bool:
    """Tell whether it is a list with a text in it."""
    return isinstance(response, list) and any(isinstance(part, str) for part in response)


def is_mapping(response: Any) -> bool:
    """Tell whether it is a mapping to a text that says something."""
    return isinstance(response, dict) and any(is_text(value) for value in response.values())


def known_words(response: Any, known: Sequence[str]) -> list[str]:
    """Return the known ids of a list, each once and in its order; none for anything else."""
    given = response if isinstance(response, list) else ()
    return list(dict.fromkeys(part for part in given if isinstance(part, str) and part in known))


def known_pairs(response: Any, keys: Sequence[str], values: Sequence[str]) -> dict[str, str]:
    """Return the entries of a mapping whose key and value are known; none for anything else."""
    given = response.items() if isinstance(response, dict) else ()
    return {
        key: value
        for key, value in given
        if isinstance(value, str) and key in keys and value in values
    }
