"""Keep finished feedback files whose place something else is to take: somebody may have them.

They go to ``backups/feedback/``, where nobody sends from.
"""

from __future__ import annotations

import os
from pathlib import Path

from grader.files.privacy import private_folder
from grader.trainer.gradebook.backups import FOLDER

BUNDLES = "feedback-bundles"
DRAFT_ENDING = "-DRAFT.zip"
KEPT_IN = f"{FOLDER}/feedback"


def keep(root: Path, bundle: Path) -> Path:
    """Move one finished file there, under a name that is free, and return its new place."""
    folder = private_folder(root, *KEPT_IN.split("/"))
    number = 1
    while os.path.lexists(kept := folder / f"{bundle.stem}-{number}{bundle.suffix}"):
        number += 1
    bundle.rename(kept)
    return kept


def keep_all(root: Path) -> str:
    """Move all finished files there, and say so; empty where there is none.

    A new gradebook does not know which of them were sent.
    """
    found = sorted((root / BUNDLES).glob("*.zip"))
    kept = [keep(root, path) for path in found if not path.name.endswith(DRAFT_ENDING)]
    if not kept:
        return ""
    if len(kept) == 1:
        return f"1 finished feedback file is kept in {KEPT_IN}/, as you may have sent it."
    return f"{len(kept)} finished feedback files are kept in {KEPT_IN}/, as you may have sent them."
