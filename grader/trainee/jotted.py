"""Words that are typed in a talk and not said yet: kept in the trainee's home, for the next run.

A browser keeps them for one address, and each run has another. Apart from the card of a
question, which asks for them: they are no answer, and nothing sends or collects them.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypedDict

from grader.errors import RecordError
from grader.formats import answers

KIND = "jotted"


class Jotted(TypedDict):
    """The turn at which somebody types, and what stands there."""

    turn: str
    text: str


def keep(place: Path, module: str, item_id: str, words: Any) -> None:
    """Keep what stands in a box, for its owner alone.

    Raises
    ------
    RecordError
        Where it cannot be kept, or is no such words.
    """
    if not _is_jotted(words):
        raise RecordError("These words cannot be kept")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    answers.save_response(place, module, item_id, KIND, words)


def kept(place: Path, module: str, item_id: str) -> Jotted | None:
    """Return the words that wait, None where there are none."""
    answer = answers.read_record_or_empty(place, module).answers.get(item_id)
    return answer.response if answer and _is_jotted(answer.response) else None


def forget(place: Path, module: str, item_id: str, said: Iterable[str]) -> None:
    """Delete the words of an item where its turn is among those that are said."""
    waiting = kept(place, module, item_id)
    if waiting and waiting["turn"] in said:
        with suppress(RecordError):  # the answer is saved all the same
            answers.save_response(place, module, item_id, KIND, None)


def _is_jotted(words: Any) -> bool:
    return (
        isinstance(words, dict)
        and set(words) == {"turn", "text"}
        and all(isinstance(each, str) for each in words.values())
    )
