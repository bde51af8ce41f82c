"""Show one item as a page while its author writes: the body of ``alongside show``.

The page is a lesson with one card. It reads a copy of the module's ``items.yaml`` that is
made anew at each save, and loads itself again then. Answers go to a folder that is
thrown away.
"""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado.ioloop import PeriodicCallback

from grader.places import ITEMS

LOOK_EVERY = 300  # milliseconds between looks at the author's file
NOTEBOOK = "show.ipynb"


@dataclass(slots=True)
class Stage:
    """The folder that is served: a copy of the author's file, and a notebook with one card."""

    source: Path
    folder: Path
    version: str = ""  # when the shown copy was saved and how long it is

    @property
    def notebook(self) -> Path:
        """Path of the notebook within the served folder."""
        return Path(self.source.parent.name) / NOTEBOOK

    def set_up(self, item_id: str) -> None:
        """Write the notebook and the first copy."""
        path = self.folder / self.notebook
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(_notebook(item_id)), encoding="utf-8")
        self.follow()

    def follow(self) -> None:
        """Copy the author's file where it has changed; one that is away for a moment stays."""
        with suppress(OSError):
            found = self.source.stat()
            # A save cuts the file and fills it again, perhaps within one tick of the clock.
            saved = f"{found.st_mtime_ns}-{found.st_size}"
            if saved != self.version:
                shutil.copyfile(self.source, self.folder / self.notebook.with_name(ITEMS))
                self.version = saved


def watch(stage: Stage) -> PeriodicCallback:
    """Let a stage follow the author's file, as long as the server runs."""
    looking = PeriodicCallback(stage.follow, LOOK_EVERY)
    looking.start()
    return looking


def _notebook(item_id: str) -> dict[str, Any]:
    cells = [
        _cell("code", "from grader.cards import begin, card, sketch\nbegin()"),
        _cell("markdown", f"# {item_id}\n\nThis page follows your file each time you save it."),
        _cell("code", f"card({item_id!r})"),
        _cell("code", f"sketch({item_id!r})"),
    ]
    metadata = {"title": item_id}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}


def _cell(kind: str, source: str) -> dict[str, Any]:
    extra: dict[str, Any] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": f"{kind}-{len(source)}",
        "metadata": {},
        "source": source,
    } | extra
