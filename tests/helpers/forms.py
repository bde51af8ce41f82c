"""Compare a value with the typed form it is said to have."""

from __future__ import annotations

from collections.abc import Iterator
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints, is_typeddict


def misfits(value: Any, form: Any, where: str = "") -> Iterator[str]:
    """Give each place at which a value has another form, also a field too many or too few."""
    if is_typeddict(form):
        yield from _misfits_of_fields(value, form, where)
    elif isinstance(form, UnionType):
        tried = [list(misfits(value, one, where)) for one in get_args(form)]
        yield from [] if [] in tried else tried[0]
    elif get_origin(form) is list:
        yield from _misfits_of_list(value, get_args(form)[0], where)
    elif get_origin(form) is dict:
        key, inner = get_args(form)
        for name, part in value.items():
            yield from misfits(name, key, f"{where}.{name}")
            yield from misfits(part, inner, f"{where}.{name}")
    elif not (type(value) is form or (form is float and type(value) is int)):
        yield f"{where}: {value!r} is no {form}"


def _misfits_of_fields(value: Any, form: Any, where: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{where}: no dictionary"
        return
    hints = get_type_hints(form)
    yield from (f"{where}.{name} is missing" for name in form.__required_keys__ - value.keys())
    for name, part in value.items():
        if name in hints:
            yield from misfits(part, hints[name], f"{where}.{name}")
        else:
            yield f"{where}.{name} is too many"


def _misfits_of_list(value: Any, form: Any, where: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{where}: no list"
        return
    for at, part in enumerate(value):
        yield from misfits(part, form, f"{where}[{at}]")
