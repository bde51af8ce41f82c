"""Look into the answers of a hand-in, before it takes the place of another one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from grader.answers import Answer, parse_record
from grader.bundles import ANSWERS, HandIn
from grader.errors import ContentError, RecordError
from grader.scoring import is_answered
from grader.views import load_public_items


def examine(root: Path, hand_in: HandIn) -> tuple[int, str]:
    """Count the answers that can be used, and say how they are damaged.

    Returns
    -------
    tuple of int and str
        How many questions are answered, and what is wrong as a sentence without its end.
        A hand-in with few answers or none is not damaged, one of which most cannot be read is.
    """
    if hand_in.problem or hand_in.answers is None:
        return 0, hand_in.problem.rstrip(".") or f"It holds no {ANSWERS}"
    try:
        record = parse_record(hand_in.answers, ANSWERS, hand_in.module)
    except RecordError as error:
        return 0, f"The answers could not be read: {error}"
    kinds = _kinds(root, hand_in.module)
    given = {name: one for name, one in record.answers.items() if not _is_blank(one.response)}
    asked = {name: one for name, one in given.items() if kinds is None or name in kinds}
    usable = sum(_fits(kinds, name, answer) for name, answer in asked.items())
    others, total = len(given) - len(asked), len(given) + len(record.problems)
    if 2 * usable >= total:
        return usable, ""
    if 2 * others >= total:
        return usable, f"{others} of {total} answers are to questions that are not asked here"
    return usable, f"{total - usable - others} of {total} answers cannot be read"


def _fits(kinds: dict[str, str] | None, name: str, answer: Answer) -> bool:
    same_kind = kinds is None or kinds[name] == answer.kind
    return same_kind and is_answered(answer.kind, answer.response)


def _is_blank(response: Any) -> bool:
    if isinstance(response, list | dict):
        parts = response.values() if isinstance(response, dict) else response
        return all(map(_is_blank, parts))
    return response is None or (isinstance(response, str) and not response.strip())


def _kinds(root: Path, module: str) -> dict[str, str] | None:
    """Return the kind of each question; None where the exercise cannot tell."""
    path = root / "exercises" / module / "items.json"
    try:
        return _read_kinds(path, path.stat().st_mtime_ns)
    except (OSError, ContentError):
        return None


@lru_cache(maxsize=32)
def _read_kinds(path: Path, _changed: int) -> dict[str, str]:
    return {name: view["kind"] for name, view in load_public_items(path).items()}
