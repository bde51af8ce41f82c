"""The file of what a trainee shares besides the answers: words that can be read, never records.

It counts for nothing: no grader opens it. `grader.trainee.sharing` says what may go into it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from grader.files.parsing import parse_json
from grader.formats.answers import clean_text

NAME = "shared.json"
FORMAT = 1
MAX_BYTES = 256 << 10
PARTS = {
    "ratings": "My self-ratings on the skills",
    "plan": "My next steps",
    "reflections": "What I wrote for myself in this module",
}


Lines = list[dict[str, str]]  # each a "question" and its "answer"


def write_shared(module: str, parts: Mapping[str, Lines]) -> bytes:
    """Return the file with some of the parts of `PARTS`."""
    return json.dumps({"format": FORMAT, "module": module, "parts": parts}, indent=1).encode()


def read_shared(raw: bytes, module: str) -> bytes:
    """Check what came with a hand-in, and return it written anew.

    Raises
    ------
    ValueError
        Where it is anything but what `write_shared` writes.
    """
    try:
        data = parse_json(raw, MAX_BYTES, once=True)
        if set(data) != {"format", "module", "parts"} or data["format"] != FORMAT:
            raise ValueError("format")
        if data["module"] != module or not set(data["parts"]) <= set(PARTS):
            raise ValueError("parts")
        parts = {name: list(_checked(lines)) for name, lines in data["parts"].items()}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ValueError(f"not what can be shared: {error}") from error
    return write_shared(module, parts)


def _checked(lines: Iterable[Any]) -> Iterator[dict[str, str]]:
    for line in lines:
        if set(line) != {"question", "answer"}:
            raise ValueError("line")
        if not all(isinstance(text, str) for text in line.values()):
            raise ValueError("text")
        yield {key: clean_text(line[key]) for key in ("question", "answer")}
