"""Score answers given as JSON lines: the body of ``alongside score``."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import cache, partial
from typing import Any

from grader.author.new import ids_in, item_files
from grader.content.items import Item
from grader.errors import AlongsideError, one_line, suggestion
from grader.files.parsing import parse_json
from grader.kinds.reading import load_course_items
from grader.kinds.scoring import score_response
from grader.places import Course


class Key:
    """Every item whose key is at hand, each file read when it is first asked for."""

    def __init__(self, course: Course) -> None:
        files = item_files(course.lessons, course.solutions)
        self._paths = {name: path for path in files for name in ids_in(path)}
        self._load = cache(partial(load_course_items, course))

    def item(self, name: str) -> Item:
        """Return an item by id, with or without its module before it.

        Raises
        ------
        AlongsideError
            With the nearest id that exists, or with what is the matter with its file.
        """
        module, _, bare = name.rpartition("/")
        path = self._paths.get(bare)
        if path is None:
            raise AlongsideError(f"There is no item {name!r}; {suggestion(bare, self._paths)}")
        if module and module != path.parent.name:
            raise AlongsideError(f"{bare!r} is in {path.parent.name!r}, not in {module!r}")
        return self._load(path)[bare]


def score_lines(lines: Iterable[str], key: Key, write: Callable[[str], None]) -> int:
    """Score JSON lines, in their order.

    Parameters
    ----------
    lines : iterable of str
        One object per line with ``item`` and ``response``.
    key : Key
        The items.
    write : callable
        Takes one line of plain ASCII JSON at a time, without its line end.

    Returns
    -------
    int
        0, or 1 where any line could not be scored; the others are scored all the same.
    """
    failed = 0
    for number, line in enumerate(lines, 1):
        answer = _score_line(number, line, key)
        failed |= "error" in answer
        write(json.dumps(answer))
    return int(failed)


def _score_line(number: int, line: str, key: Key) -> dict[str, Any]:
    try:
        data = parse_json(line)
    except ValueError:
        return {"line": number, "error": "This line is not JSON. Write one object on each line."}
    if (
        not isinstance(data, dict)
        or not isinstance(data.get("item"), str)
        or "response" not in data
    ):
        return {"line": number, "error": "This line needs an item, and a response."}
    try:
        item = key.item(data["item"])
    except AlongsideError as error:
        return {"line": number, "item": data["item"], "error": one_line(str(error))}
    score = score_response(item, data["response"])
    return {
        "item": data["item"],
        "points": round(score.points, 3),
        "maximum": score.max_points,
        "unsure": score.unsure,
        "read_first": score.read_first,
        "reasons": [_shown(asdict(reason)) for reason in score.reasons],
    }


def _shown(reason: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in reason.items() if value not in ("", None)}
