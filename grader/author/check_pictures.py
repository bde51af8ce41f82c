"""Check the pictures in a notebook's text: each travels with it, and each says what it shows.

Apart from `check_notebooks`: this reads Markdown, that reads cells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from grader.content.strict_yaml import short_name
from grader.errors import Problem

_PICTURE = re.compile(r"!\[(?P<alt>[^\]]*)\](?:\((?P<target>[^)\s]*))?")
_TAG = re.compile(r"<img\b", re.IGNORECASE)
_INSIDE = "attachment:"


def picture_problems(path: Path, notebook: dict[str, Any]) -> Iterator[Problem]:
    """Yield a problem for each picture that a reader could miss.

    A picture has to be an attachment of its cell, which JupyterLab makes when a picture is
    dragged or pasted into it. A file beside the notebook is served by no page of the course,
    and one at another address would be an outside request.

    Parameters
    ----------
    path : Path
        Where the notebook stands, to name it.
    notebook : dict
        The notebook as JSON data.
    """
    cells = (cell for cell in notebook["cells"] if isinstance(cell, dict))
    for number, cell in enumerate(cells, 1):
        if cell.get("cell_type") == "markdown":
            source = cell.get("source", "")
            text = source if isinstance(source, str) else "".join(source)
            for what in _problems(text, cell.get("attachments") or {}):
                yield Problem(short_name(path), 1, f"cell {number}", what)


def _problems(text: str, attachments: dict[str, Any]) -> Iterator[str]:
    if _TAG.search(text):
        yield "holds an <img>; write ![what it shows](attachment:name.png)"
    for picture in _PICTURE.finditer(text):
        target = picture["target"] or ""
        name = target.removeprefix(_INSIDE)
        if not picture["alt"].strip():
            yield f"the picture {target!r} has no words; add what it shows"
        if not target.startswith(_INSIDE):
            yield f"the picture {target!r} is not in the notebook; drag the file into the cell"
        elif name not in attachments:
            yield f"the picture {name!r} is not attached to this cell; drag the file into it"
