"""Look into the answers of a hand-in, before it takes the place of another one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from grader.errors import ContentError, RecordError, phrase
from grader.formats.answers import Answer, parse_record
from grader.kinds.scoring import is_answered
from grader.kinds.views import load_public_items
from grader.places import ANSWERS, PUBLIC_ITEMS
from grader.skills.earned import holds_nothing
from grader.trainer.collect.bundles import HandIn
from grader.trainer.marking.no_answers import LACKS_ANSWERS


def examine(root: Path, hand_in: HandIn) -> tuple[int, str]:
    """Count the answers that can be used, and say how they are damaged.

    Returns
    -------
    tuple of int and str
        How many questions are answered, and what is wrong as a sentence without its end.
        A hand-in with few answers or none is not damaged, one of which most cannot be read is.
    """
    if hand_in.problem or hand_in.answers is None:
        return 0, phrase(hand_in.problem or LACKS_ANSWERS)
    try:
        record = parse_record(hand_in.answers, ANSWERS, hand_in.module)
    except RecordError as error:
        return 0, f"The answers could not be read: {error}"
    kinds = _kinds(root, hand_in.module)
    given = {name: one for name, one in record.answers.items() if not holds_nothing(one.response)}
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


def usable(root: Path, hand_in: HandIn) -> dict[str, bool]:
    """Tell of each question with something in the place of its answer whether it can be read."""
    try:
        record = parse_record(hand_in.answers or b"", ANSWERS, hand_in.module)
    except RecordError:
        return {}
    kinds = _kinds(root, hand_in.module)
    there = {name: one for name, one in record.answers.items() if not holds_nothing(one.response)}
    found = {name: _fits(kinds, name, one) for name, one in there.items() if _asks(kinds, name)}
    return found | {name: False for name in record.spoilt if _asks(kinds, name)}


def _asks(kinds: dict[str, str] | None, name: str) -> bool:
    return kinds is None or name in kinds


def _kinds(root: Path, module: str) -> dict[str, str] | None:
    """Return the kind of each question; None where the exercise cannot tell."""
    path = root / "exercises" / module / PUBLIC_ITEMS
    try:
        return _read_kinds(path, path.stat().st_mtime_ns)
    except (OSError, ContentError):
        return None


@lru_cache(maxsize=32)
def _read_kinds(path: Path, _changed: int) -> dict[str, str]:
    return {name: view["kind"] for name, view in load_public_items(path).items()}
