"""Keep finished feedback files whose place something else is to take: somebody may have them.

They go to ``backups/feedback/``, where nobody sends from.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from grader.errors import AlongsideError
from grader.files.privacy import private_folder, write_private
from grader.formats.archives import read_files
from grader.formats.feedback import MAX_BYTES, parse
from grader.places import FEEDBACK_NUMBERS
from grader.trainer.gradebook.backups import FOLDER

BUNDLES = "feedback-bundles"
DRAFT_ENDING = "-DRAFT.zip"
KEPT_IN = f"{FOLDER}/feedback"


def keep(root: Path, bundle: Path) -> Path:
    """Move one finished file there, under a name that is free, and return its new place."""
    kept = _free(private_folder(root, *KEPT_IN.split("/")), bundle)
    bundle.rename(kept)
    return kept


def keep_other(root: Path, bundle: Path, edition: str) -> bool:
    """Keep a copy of a finished file that tells another ``edition``; tell whether it was needed."""
    if not bundle.exists() or _edition_in(bundle) == edition:
        return False
    content = bundle.read_bytes()
    folder = private_folder(root, *KEPT_IN.split("/"))
    if not any(
        one.read_bytes() == content for one in _known(folder, bundle)
    ):  # of a run that was cut off
        write_private(_free(folder, bundle), content)
    return True


def is_kept(root: Path, bundle: Path) -> bool:
    """Tell whether a finished file of this name is kept."""
    return any(_known(root / KEPT_IN, bundle))


def _known(folder: Path, bundle: Path) -> Iterator[Path]:
    found = folder.glob(f"{bundle.stem}-*{bundle.suffix}")
    return (one for one in found if one.stem.removeprefix(f"{bundle.stem}-").isdecimal())


def _edition_in(bundle: Path) -> str:
    """Return which edition a file tells; empty where nobody can say."""
    try:
        return parse(read_files(bundle, (FEEDBACK_NUMBERS,), MAX_BYTES)[FEEDBACK_NUMBERS]).edition
    except (OSError, ValueError, KeyError, AlongsideError):
        return ""


def _free(folder: Path, bundle: Path) -> Path:
    number = 1
    while os.path.lexists(kept := folder / f"{bundle.stem}-{number}{bundle.suffix}"):
        number += 1
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
