"""Files that trainers pass to each other: a part of a cohort to mark, and the marks of it.

Each is a zip file. Its head names what it is and every other file with its digest; where the
course has a key, the head is signed. A part holds hand-ins, codes and the marks so far. What
comes back holds marks alone.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from grader.errors import SubmissionError
from grader.files.parsing import parse_json
from grader.formats.archives import Allowance, files_in, open_pack, packed, read_entry
from grader.formats.trainee_code import is_trainee_code

FORMAT = 1
PART, GIVEN = "part", "marks"  # the two kinds of them
HEAD, SIGNATURE, MARKS = "share.json", "signature.txt", "marks.json"
HAND_INS = "hand-ins/"
MAX_HEAD = 8 << 20  # bytes
MAX_FILE = 64 << 20  # bytes of any other file in it
MAX_ALL = 512 << 20
MAX_FILES = 10_000  # one for each person, and some
MAX_WORD, MAX_COMMENT = 128, 100_000  # characters; formgrader sets no limit
AGAIN = "ask for it again, as the course made it"
_BATCH = re.compile(r"[0-9a-f]{12}")
_MODULE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,127}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Share:
    """One such file: ``mark`` joins all parts that were made at once and what comes back.

    ``keys`` names by module the version of the key with which it is marked.
    """

    kind: str
    mark: str
    number: int
    of: int
    keys: Mapping[str, str]
    trainees: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    head: bytes = field(default=b"", repr=False)
    signature: str = ""

    @property
    def name(self) -> str:
        """What it is called, without the ending."""
        return f"{self.kind}-{self.mark}-{self.number}-of-{self.of}"

    @property
    def said(self) -> str:
        """What it is called in words."""
        return f"part {self.number} of {self.of}"


def signed_text(head: bytes) -> str:
    """Return the text that is signed."""
    return f"Alongside share, format {FORMAT}\n{hashlib.sha256(head).hexdigest()}\n"


def write_share(share: Share, sign: Callable[[str], str] | None) -> bytes:
    """Return a share as a zip file; ``sign`` signs a text, where the course has a key."""
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in share.files.items()}
    head = write_head(share, digests)
    signature = {SIGNATURE: sign(signed_text(head)).encode()} if sign else {}
    return packed(({HEAD: head} | signature | dict(share.files)).items())


def write_head(share: Share, digests: Mapping[str, str]) -> bytes:
    """Return what a share says of itself and of the files in it."""
    facts: dict[str, Any] = {
        "format": FORMAT,
        "kind": share.kind,
        "mark": share.mark,
        "number": share.number,
        "of": share.of,
        "keys": dict(share.keys),
        "trainees": list(share.trainees),
        "files": dict(digests),
    }
    return json.dumps(facts, indent=1).encode()


def read_share(path: Path) -> Share:
    """Read a share; nothing in it is trusted, and nothing is unpacked to the disk.

    Raises
    ------
    SubmissionError
        Where it is none, damaged, changed, or made by a newer course.
    PermissionError
        Where it may not be read.
    """
    pack = open_pack(path, MAX_FILES)
    entries = dict(files_in(pack, MAX_FILES))
    if HEAD not in entries:
        raise SubmissionError(f"it holds no {HEAD}, so no trainer shared it out; {AGAIN}")
    head = read_entry(pack, entries[HEAD], MAX_HEAD)
    share, digests = read_head(head)
    room, files = Allowance(MAX_FILES, MAX_ALL), {}
    for name, digest in digests.items():
        if name not in entries:
            raise SubmissionError(f"{name!a} is missing in it; {AGAIN}")
        room.take(entries[name].file_size)
        files[name] = read_entry(pack, entries[name], MAX_FILE)
        if hashlib.sha256(files[name]).hexdigest() != digest:
            raise SubmissionError(f"{name!a} in it was changed; {AGAIN}")
    signature = read_entry(pack, entries[SIGNATURE], 1024) if SIGNATURE in entries else b""
    signed = signature.decode("ascii", "replace").strip()
    return replace(share, files=files, head=head, signature=signed)


def read_head(raw: bytes) -> tuple[Share, dict[str, str]]:
    """Read what a share says of itself; return it with the digests of the files in it.

    Raises
    ------
    SubmissionError
        Where it is not what `write_head` writes.
    """
    try:
        data = parse_json(raw, MAX_HEAD, once=True)
        if type(data["format"]) is int and data["format"] > FORMAT:
            raise SubmissionError("it was made by a newer course; update this one")
        share = Share(
            kind=data["kind"],
            mark=_fits(_BATCH, data["mark"]),
            number=data["number"],
            of=data["of"],
            keys={_fits(_MODULE, name): _fits(_DIGEST, one) for name, one in data["keys"].items()},
            trainees=tuple(map(_code, data["trainees"])),
        )
        digests = {str(name): _fits(_DIGEST, one) for name, one in data["files"].items()}
        _check(data["format"] == FORMAT and share.kind in (PART, GIVEN))
        _check(type(share.number) is type(share.of) is int and 0 < share.number <= share.of)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SubmissionError(f"its {HEAD} cannot be read; {AGAIN}") from None
    return share, digests


# Marks ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Decision:
    """What one trainer decided on an answer: who, when, what, and the mark after it."""

    who: str
    at: str
    what: str
    points: float | None = None
    extra: float | None = None
    waits: bool = True
    comment: str = ""
    undone: bool = False

    @property
    def name(self) -> str:
        """A short name for it, the same on every computer, also once it is taken back."""
        facts = [getattr(self, name) for name in ("who", "at", "what", "points", "comment")]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Given:
    """What trainers gave for one answer; ``words`` names the words that it was given for.

    ``flag`` says who flagged it and when. ``history`` holds all decisions that led here: so a
    later mark is known from another one.
    """

    trainee: str
    module: str
    question: str
    words: str
    points: float | None = None
    extra: float | None = None
    waits: bool = True
    comment: str = ""
    flag: tuple[str, str] | None = None
    history: tuple[Decision, ...] = ()

    @property
    def last(self) -> Decision | None:
        """The last decision that stands; None where nobody noted one, as in formgrader."""
        return next((one for one in reversed(self.history) if not one.undone), None)

    @property
    def value(self) -> tuple[float | None, float | None, bool, str]:
        """What counts: two with the same agree."""
        return self.points, self.extra or None, self.waits, self.comment

    @property
    def is_empty(self) -> bool:
        """Tell whether no person gave anything."""
        return self.points is None and not self.extra and not self.comment

    @property
    def said(self) -> str:
        """Say it to a trainer, such as ``2 points (Ana, 2026-03-01 09:00 UTC)``."""
        points = "no points yet" if self.points is None else f"{self.points:g} points"
        points = "1 point" if self.points == 1 else points
        more = f" and {self.extra:g} on top" if self.extra else ""
        note = f", “{self.comment}”" if self.comment else ""
        last = self.last
        by = f" ({last.who}, {last.at[:16].replace('T', ' ')} UTC)" if last else ""
        return f"{points}{more}{note}{by}"


def write_marks(given: Iterable[Given]) -> bytes:
    """Return the file of marks."""
    return json.dumps({"format": FORMAT, "marks": [asdict(one) for one in given]}).encode()


def read_marks(raw: bytes) -> tuple[Given, ...]:
    """Read that file; nothing in it is trusted.

    Raises
    ------
    SubmissionError
        Where it is not what `write_marks` writes.
    """
    try:
        data = parse_json(raw, MAX_FILE, once=True)
        _check(data["format"] == FORMAT)
        return tuple(map(_given, data["marks"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise SubmissionError(f"its {MARKS} cannot be read; {AGAIN}") from None


def _given(row: dict[str, Any]) -> Given:
    flag = row["flag"]
    facts = {
        "trainee": _code(row["trainee"]),
        "module": _fits(_MODULE, row["module"]),
        "question": _text(row["question"]),
        "words": _text(row["words"]),
        "flag": flag and (_text(flag[0]), _time(flag[1])),
        "history": tuple(map(_decision, row["history"])),
    }
    return Given(**row | _mark(row) | facts)


def _decision(row: dict[str, Any]) -> Decision:
    facts = {"who": _text(row["who"]), "at": _time(row["at"]), "what": _text(row["what"])}
    _check(isinstance(row["undone"], bool))
    return Decision(**row | _mark(row) | facts)


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    _check(isinstance(row["comment"], str) and len(row["comment"]) <= MAX_COMMENT)
    _check(isinstance(row["waits"], bool))
    return {name: _points(row[name]) for name in ("points", "extra")}


def _check(holds: bool) -> None:
    if not holds:
        raise ValueError("not as it was written")


def _fits(shape: re.Pattern[str], text: Any) -> str:
    _check(isinstance(text, str) and shape.fullmatch(text) is not None)
    return str(text)


def _code(text: Any) -> str:
    _check(is_trainee_code(text))
    return str(text)


def _text(text: Any) -> str:
    _check(isinstance(text, str) and len(text) <= MAX_WORD)
    return str(text)


def _time(text: Any) -> str:
    _check(datetime.fromisoformat(_text(text)).tzinfo is not None)
    return str(text)


def _points(number: Any) -> float | None:
    if number is None:
        return None
    _check(type(number) in (int, float) and math.isfinite(number))
    return float(number)
