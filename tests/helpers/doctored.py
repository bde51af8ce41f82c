"""Feedback that somebody changed after it was signed, and feedback as it was signed before."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from grader.formats.archives import packed
from grader.formats.feedback import META, parse, write
from grader.places import FEEDBACK_NUMBERS, FEEDBACK_PAGE
from grader.trainer.feedback.signing import signer_of

Pair = tuple[bytes, bytes]  # a page and the numbers beside it


def opened(bundle: bytes) -> Pair:
    with zipfile.ZipFile(io.BytesIO(bundle)) as pack:
        return pack.read(FEEDBACK_PAGE), pack.read(FEEDBACK_NUMBERS)


def bundled(pair: Pair) -> bytes:
    return packed([(FEEDBACK_PAGE, pair[0]), (FEEDBACK_NUMBERS, pair[1])])


def carrying(page: bytes, numbers: bytes) -> bytes:
    """Return a page that carries other numbers."""
    begin = f'<meta name="{META}" content="'
    before, _, rest = page.decode().partition(begin)
    return f'{before}{begin}{escape(numbers.decode())}"{rest.partition(chr(34))[2]}'.encode()


def told(change: Callable[[dict[str, Any]], object]) -> Callable[[Pair], Pair]:
    """Change the numbers, beside the page and in it."""

    def doctor(pair: Pair) -> Pair:
        data = json.loads(pair[1])
        change(data)
        numbers = json.dumps(data).encode()
        return carrying(pair[0], numbers), numbers

    return doctor


def shown(old: bytes, new: bytes) -> Callable[[Pair], Pair]:
    """Change what the page says."""

    def doctor(pair: Pair) -> Pair:
        assert old in pair[0]
        return pair[0].replace(old, new, 1), pair[1]

    return doctor


def first_item(data: dict[str, Any]) -> dict[str, Any]:
    return data["items"][next(iter(data["items"]))]


MARKED = b"<strong>You have "
CHANGES: dict[str, Callable[[Pair], Pair]] = {
    "a word of the page": shown(MARKED, b"<strong>You really have "),
    "a line in front": shown(b"<main>", b"<main><p>Passed with honours.</p>"),
    "a style that hides": shown(b"</style>", b"main p { display: none }</style>"),
    "a comment at the end": lambda pair: (pair[0] + b"<!-- -->", pair[1]),
    "other rules for a browser": shown(b"default-src 'none'", b"default-src *"),
    "points of an item": told(lambda data: first_item(data).update(points=1.0)),
    "the most of an item": told(lambda data: first_item(data).update(max_points=99.0)),
    "a skill of an item": told(lambda data: first_item(data).update(skills=["be-there"])),
    "an item less": told(lambda data: data["items"].popitem()),
    "the hour of the hand-in": told(lambda data: data.update(handed_in=later(data["handed_in"]))),
    "no day of the hand-in": told(lambda data: data.update(handed_in="")),
    "the edition": told(lambda data: data.update(edition="0" * 16)),
    "one more field": told(lambda data: data.update(grade="excellent")),
    "without its seal": told(lambda data: data.pop("seal")),
    "a seal that is a statement's": told(
        lambda data: data.update(seal=data["signed"]["signature"])
    ),
    "numbers in the page alone": lambda pair: (carrying(pair[0], other(pair[1])), pair[1]),
    "numbers beside the page alone": lambda pair: (pair[0], other(pair[1])),
    "no numbers in the page": shown(META.encode(), b"other"),
    "numbers twice in the page": lambda pair: (
        pair[0] + f'<meta name="{META}" content="">'.encode(),
        pair[1],
    ),
    "in two letters that look alike": shown(b"points", "p\u043eints".encode()),
}


def later(time: str) -> str:
    return f"{time[:10]}T23:59:59.000000+00:00"


def other(numbers: bytes) -> bytes:
    return json.dumps(json.loads(numbers) | {"edition": "0" * 16}).encode()


def as_before(root: Path, bundle: bytes) -> bytes:
    """Return feedback as it was signed before: a statement on the marks, and no seal."""
    page, numbers = opened(bundle)
    sign, facts = signer_of(root), parse(numbers)
    assert sign
    assert facts.signed
    signed = sign(replace(facts.signed.statement, format="2"))
    older = write(replace(facts, signed=signed, seal="")).encode()
    return bundled((carrying(page, older), older))


# How files change on their way, and nothing in them does.
UNHARMED: dict[str, Callable[[Pair], bytes]] = {
    "as it was sent": bundled,
    "the page alone": lambda pair: pair[0],
    "the page with the line ends of Windows": lambda pair: pair[0].replace(b"\n", b"\r\n"),
    "the page with a mark before it": lambda pair: b"\xef\xbb\xbf" + pair[0],
    "the page in two bytes a letter": lambda pair: pair[0].decode().encode("utf-16"),
    "packed anew in a folder": lambda pair: packed(
        [("got/feedback.html", pair[0]), ("got/feedback.json", pair[1])]
    ),
}
