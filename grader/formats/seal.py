"""The seal of feedback: one signature on all that its reader sees, the page and its numbers.

A statement says only what was earned, so other words could stand around a true one. The seal
covers the page, letter for letter, and every number that it carries. What it is made over is
text, the same in every Python: a browser checks it with means of its own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from hashlib import sha256
from html import escape, unescape
from typing import Any

from grader.files.parsing import parse_json
from grader.formats.feedback import MAX_BYTES, META, SEAL

_HEADING = "Alongside feedback, format 1"  # no statement begins so: neither passes for the other
_BEGIN = f'<meta name="{META}" content="'.encode()
_CARRIED = re.compile(re.escape(_BEGIN) + rb'([^"]*)">')
_MARK = b"\xef\xbb\xbf"  # which some editors put before a text


def sealed(page: bytes, numbers: bytes, sign: Callable[[str], str]) -> tuple[bytes, bytes]:
    """Return a page and its numbers, with one seal on both.

    Parameters
    ----------
    page : bytes
        As it was made, with room for the numbers; what stands there is replaced.
    numbers : bytes
        What `grader.formats.feedback.write` gave.
    sign : callable
        Signs a text.
    """
    before, _, after = _apart(page)
    data = parse_json(numbers, MAX_BYTES)
    data[SEAL] = sign(_text((before, after), data))
    whole = json.dumps(data).encode()
    return before + escape(whole.decode()).encode() + after, whole


def sealed_text(page: bytes, numbers: bytes) -> str:
    """Return the text over which the seal of a page and its numbers is made.

    Raises
    ------
    ValueError
        Where the page carries no numbers, or others than these.
    """
    before, carried, after = _apart(page)
    data = _data(numbers)
    if _data(unescape(carried.decode()).encode()) != data:
        raise ValueError("the page carries other numbers")
    data.pop(SEAL, None)
    return _text((before, after), data)


def _text(page: tuple[bytes, bytes], data: dict[str, Any]) -> str:
    told = sha256(json.dumps(data, sort_keys=True).encode())
    seen = sha256()
    for part in page:
        seen.update(_as_read(part))
    return f"{_HEADING}\nNumbers: {told.hexdigest()}\nPage: {seen.hexdigest()}\n"


def _apart(page: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what stands before the numbers that a page carries, these, and what comes after."""
    found = _CARRIED.search(page)
    if found is None or page.count(_BEGIN) != 1:
        raise ValueError("the page carries no numbers")
    return page[: found.start(1)], found[1], page[found.end(1) :]


def _as_read(page: bytes) -> bytes:
    """Return a page as browsers read it: every end of a line is the same to them."""
    page = page.removeprefix(_MARK)
    return page.replace(b"\r\n", b"\n").replace(b"\r", b"\n") if b"\r" in page else page


def _data(numbers: bytes) -> dict[str, Any]:
    data = parse_json(numbers, MAX_BYTES, once=True)
    if not isinstance(data, dict):
        raise ValueError("no numbers of a feedback")
    return data
