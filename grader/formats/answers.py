"""The answer record: what a trainee answered, kept on disk beside the exercise.

Trainee side: `open_record` and `save_response`. Grader side: `read_record`, which
never writes, renames or moves anything and trusts nothing in the file.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, TypeGuard

from grader.errors import RecordError, sentence
from grader.files import safe
from grader.files.parsing import TwiceError, parse_json

FORMAT = 2  # 1 had neither a seed nor the words of questions and answers; it is still read
MAX_BYTES = 1 << 20  # 1 MiB: a full record of the longest exercise is about 60 KiB
MAX_TEXT = 20_000  # characters kept of one text
DEEPEST = 920  # of a file; one answer that goes too deep must not cost the others
MAX_DEPTH = 4  # a conversation is a list of mappings of texts
MAX_PARTS = 100  # kept of one list or mapping: the longest answer has 40
VERSIONS = ("first", "gentle")  # of a hard story
_KEYS = {"kind", "response", "first_response", "tries"}
_SEED = re.compile(r"[0-9a-f]{16}")
_WORDS = {"asked", "words"}  # from format 2 on


@dataclass(frozen=True, slots=True)
class Answer:
    """One answered item; ``tries`` counts how often the trainee asked for feedback.

    ``asked`` and ``words`` say the question and the answer in words, where ids alone could
    come to mean something else in a later course; see `grader.kinds.views.still_fits`.
    """

    kind: str
    response: Any
    first_response: Any = None
    tries: int = 0
    asked: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """All answers of one module, by item id; ``problems`` says what could not be used.

    ``seed`` draws the order in which replies were offered; see `grader.trainee.order`. ``spoilt``
    holds, as text, what stood in the place of an answer and is none. ``versions`` says which
    version of a hard story was answered, of `VERSIONS`; graders of before pass it over.
    """

    module: str
    answers: dict[str, Answer] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    seed: str = ""
    spoilt: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def response(self, item_id: str, kind: str) -> Any:
        """Return the response to an item, None where there is none of this kind."""
        answer = self.answers.get(item_id)
        return answer.response if answer and answer.kind == kind else None


def read_record(path: Path, module: str) -> Record:
    """Read a record and change nothing.

    Parameters
    ----------
    path : Path
        The ``answers.json``.
    module : str
        The module that it must be for.

    Returns
    -------
    Record
        Empty where the file does not exist.

    Raises
    ------
    RecordError
        Where the file cannot be used at all: not a regular file, a link, larger than
        1 MiB, not UTF-8, cut off, not a record, or another module's.
    """
    raw = safe.read_regular_file(path, MAX_BYTES)
    return Record(module) if raw is None else parse_record(raw, path.name, module)


def parse_record(raw: bytes, name: str, module: str) -> Record:
    """Return the record in the bytes of a file called ``name``.

    Raises
    ------
    RecordError
        Where they cannot be used at all.
    """
    try:
        # An editor may have put a mark (BOM) before it.
        data = parse_json(raw.decode("utf-8-sig"), deepest=DEEPEST, once=True)
    except UnicodeDecodeError:
        raise RecordError(f"{name} is not UTF-8 text") from None
    except TwiceError as error:
        what = f"says {str(error)!a} twice, so nobody can tell which counts"
        raise RecordError(f"{name} {what}") from None
    except ValueError:
        what = "is empty" if not raw.strip() else "is cut off or not an answer record"
        raise RecordError(f"{name} {what}") from None
    return _checked(data, name, module)


def _checked(data: Any, name: str, module: str) -> Record:
    if not isinstance(data, dict) or data.get("format") not in (1, FORMAT):
        raise RecordError(f"{name} is not an answer record of this course")
    keys = _KEYS if data["format"] == 1 else _KEYS | _WORDS
    if data.get("module") != module:
        raise RecordError(f"{name} is for another module")
    items = data.get("items")
    if not isinstance(items, dict):
        raise RecordError(f"{name} holds no list of answers")
    answers, problems, spoilt = {}, [], {}
    for item_id, entry in items.items():
        if _is_entry(entry, keys):
            answers[item_id] = Answer(**{key: _clean(value) for key, value in entry.items()})
        else:
            problems.append(f"the answer to {item_id[:80]!r} is not in the form of an answer")
            spoilt[item_id] = clean_text(_as_text(entry))
    seed = data.get("seed")
    versions = _versions(data, answers)
    return Record(module, answers, tuple(problems), seed if is_seed(seed) else "", spoilt, versions)


def _versions(data: dict[str, Any], answers: dict[str, Answer]) -> dict[str, str]:
    named = data.get("versions")
    named = named if isinstance(named, dict) else {}
    return {name: one for name, one in named.items() if name in answers and one in VERSIONS}


def _as_text(entry: Any) -> str:
    try:
        return json.dumps(entry, ensure_ascii=False)
    except RecursionError:
        return ""


def is_seed(value: Any) -> TypeGuard[str]:
    """Tell whether a value can be the seed of an order."""
    return isinstance(value, str) and _SEED.fullmatch(value) is not None


def _clean(value: Any, depth: int = 0) -> Any:
    """Keep what an answer can be made of, in a fair size.

    Half characters (lone surrogates), which no page or file could hold, are replaced; what
    is nested too deep, and numbers that JSON cannot hold, become None.
    """
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list | dict) and depth == MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_clean(part, depth + 1) for part in value[:MAX_PARTS]]
    if isinstance(value, dict):
        parts = list(value.items())[:MAX_PARTS]
        return {_clean(str(key)): _clean(part, depth + 1) for key, part in parts}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def clean_text(text: str) -> str:
    """Keep a text in a fair size, without half characters (lone surrogates)."""
    return text[:MAX_TEXT].encode("utf-8", "replace").decode()


def _is_entry(entry: Any, keys: set[str]) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == keys
        and all(isinstance(entry[key], str) for key in keys & {"kind", *_WORDS})
        and type(entry["tries"]) is int
        and entry["tries"] >= 0
    )


def read_record_or_empty(path: Path, module: str) -> Record:
    """Read a record and change nothing; a damaged one counts as empty for now."""
    try:
        return read_record(path, module)
    except RecordError:
        return Record(module)


def open_record(path: Path, module: str) -> Record:
    """Read a record on the trainee's side; a damaged file is moved aside and said.

    Returns
    -------
    Record
        With a plain sentence in ``problems`` where a damaged file was moved aside.

    Raises
    ------
    RecordError
        Where it cannot be read and cannot be moved aside either.
    """
    try:
        return read_record(path, module)
    except RecordError:
        # Another page may have put a whole one there since.
        try:
            with safe.locked(path):
                return _opened(path, module)
        except OSError as error:
            message = f"{path.name} cannot be read or moved aside ({error.strerror})"
            raise RecordError(message) from None


def _opened(path: Path, module: str) -> Record:
    """Do what `open_record` does, for whoever holds the lock."""
    try:
        return read_record(path, module)
    except RecordError as error:
        aside = safe.move_aside(path)
        what = sentence(f"Your saved answers could not be read: {error}")
        return Record(module, {}, (f"{what} The file is kept as {aside.name}.",))


def save_response(  # noqa: PLR0913 - where, to what, and the answer
    path: Path,
    module: str,
    item_id: str,
    kind: str,
    response: Any,
    *,
    tried: bool = False,
    allowed: Callable[[Record], bool] = lambda _: True,
    fits: Callable[[Answer], bool] = lambda _: True,
    asked: str = "",
    words: str = "",
    seed: str = "",
    version: str = "",
) -> Answer | None:
    """Save one response and leave all others as they are.

    The file is read, changed and replaced under a lock, so that two pages on the same
    record do not lose each other's items.

    Parameters
    ----------
    path : Path
        The record; made with its folder where it is missing.
    module, item_id, kind : str
        What the response is to.
    response : object
        JSON-ready.
    tried : bool
        The trainee asked for feedback: counts a try and fixes ``first_response``.
    allowed : callable
        Asked of the record as it stands, when nobody else can save: may this take its place?
    fits : callable
        Asked of the answer kept before: is it to this question? If not, tries count anew.
    asked, words : str
        Question and answer in words, as in `Answer`.
    seed : str
        Goes into a record that has none yet.
    version : str
        Of a hard story, one of `VERSIONS`; empty where it stays as it was.

    Returns
    -------
    Answer or None
        As saved; None where it was not ``allowed``.

    Raises
    ------
    RecordError
        Where it could not be saved.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with safe.locked(path):
            record = _opened(path, module)
            if not allowed(record):
                return None
            before = record.answers.get(item_id)
            before = before if before and fits(before) else None
            answer = _next_answer(before, kind, response, tried=tried)
            answer = replace(answer, asked=clean_text(asked), words=clean_text(words))
            after = record.answers | {item_id: answer}
            versions = record.versions | ({item_id: version} if version in VERSIONS else {})
            seed = record.seed or seed
            content = record_bytes(Record(module, after, seed=seed, versions=versions))
            if len(content) > MAX_BYTES:  # nothing could read it any more
                raise RecordError("All your answers together are too long. Make this one shorter")
            safe.write_safely(path, content)
    except OSError as error:
        raise RecordError(f"{path.name} could not be saved ({error.strerror})") from error
    return answer


def _next_answer(before: Answer | None, kind: str, response: Any, *, tried: bool) -> Answer:
    response = _clean(response)
    tries = before.tries if before else 0
    first = before.first_response if before else None
    if tried and tries == 0:
        first = response
    return Answer(kind, response, first, tries + tried)


def record_bytes(record: Record) -> bytes:
    """Return the file of a record."""
    items = {item_id: asdict(answer) for item_id, answer in record.answers.items()}
    data = {"format": FORMAT, "module": record.module, "seed": record.seed, "items": items}
    if record.versions:
        data["versions"] = record.versions
    return json.dumps(data, indent=1, ensure_ascii=True).encode()
