"""What a response can be: a text, a list or a mapping, and what of it is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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


# What is no possible answer of a question. A blank says that there is none.


def strange_one(response: Any, known: Collection[str]) -> Iterator[str]:
    """Yield an id that is not known."""
    if not _is_blank(response) and not _is_in(response, known):
        yield str(response)


def strange_list(response: Any, known: Collection[str]) -> Iterator[str]:
    """Yield what in a list is no known id."""
    for part in response if isinstance(response, list) else ():
        yield from strange_one(part, known)


def strange_order(response: Any, known: Collection[str]) -> Iterator[str]:
    """Yield what keeps a list from naming each known id once: no card ever saves half of one."""
    given = response if isinstance(response, list) else []
    yield from strange_list(given, known)
    yield from (f"{name} (twice)" for name in known if given.count(name) > 1)
    yield from (f"{name} (left out)" for name in known if name not in given)


def strange_pairs(response: Any, keys: Collection[str], values: Collection[str]) -> Iterator[str]:
    """Yield what in a mapping is no known id on its side; not all have to be there yet."""
    for key, value in response.items() if isinstance(response, dict) else ():
        yield from strange_one(key, keys)
        yield from strange_one(value, values)


def _is_blank(response: Any) -> bool:
    return response is None or (isinstance(response, str) and not response.strip())


def _is_in(response: Any, known: Collection[str]) -> bool:
    return isinstance(response, str) and response in known
