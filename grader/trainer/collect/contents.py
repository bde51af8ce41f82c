"""Look into the answers of a hand-in, before it takes the place of another one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from grader.errors import ContentError, RecordError, phrase
from grader.formats.answers import parse_record
from grader.kinds.public import View
from grader.kinds.views import load_public_items
from grader.places import ANSWERS, PUBLIC_ITEMS
from grader.skills.earned import holds_nothing
from grader.trainer.collect.bundles import HandIn
from grader.trainer.marking.no_answers import LACKS_ANSWERS
from grader.trainer.marking.unread import can_be_read


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
    views = _views(root, hand_in.module)
    given = {name: one for name, one in record.answers.items() if not holds_nothing(one.response)}
    asked = {name: one for name, one in given.items() if _asks(views, name)}
    usable = sum(can_be_read(one, views[name] if views else None) for name, one in asked.items())
    others, total = len(given) - len(asked), len(given) + len(record.problems)
    if 2 * usable >= total:
        return usable, ""
    if 2 * others >= total:
        return usable, f"{others} of {total} answers are to questions that are not asked here"
    return usable, f"{total - usable - others} of {total} answers cannot be read"


def usable(root: Path, hand_in: HandIn) -> dict[str, bool]:
    """Tell of each question with something in the place of its answer whether it can be read."""
    try:
        record = parse_record(hand_in.answers or b"", ANSWERS, hand_in.module)
    except RecordError:
        return {}
    views = _views(root, hand_in.module)
    there = {name: one for name, one in record.answers.items() if not holds_nothing(one.response)}
    found = {
        name: can_be_read(one, views[name] if views else None)
        for name, one in there.items()
        if _asks(views, name)
    }
    return found | {name: False for name in record.spoilt if _asks(views, name)}


def _asks(views: Mapping[str, View] | None, name: str) -> bool:
    return views is None or name in views


def _views(root: Path, module: str) -> dict[str, View] | None:
    """Return what each question offers; None where the exercise cannot tell."""
    path = root / "exercises" / module / PUBLIC_ITEMS
    try:
        return _read_views(path, path.stat().st_mtime_ns)
    except (OSError, ContentError):
        return None


@lru_cache(maxsize=32)
def _read_views(path: Path, _changed: int) -> dict[str, View]:
    return load_public_items(path)
