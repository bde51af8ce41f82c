"""What lies in ``submitted/``, where nbgrader and grading look: one hand-in of each trainee."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from grader.errors import RecordError
from grader.files.privacy import private_folder, write_private
from grader.files.safe import locked, read_regular_file
from grader.formats import shared as sharing
from grader.formats.answers import MAX_BYTES
from grader.formats.times import time_text, timestamp_of
from grader.places import ANSWERS, NOTEBOOK, SECRET, TIMESTAMP
from grader.trainer.collect.bundles import HandIn
from grader.trainer.collect.inbound import read_secret
from grader.trainer.collect.leftovers import keep_leftovers
from grader.trainer.marking.sheet import PROBLEM_NAME

INCOMING = ".incoming-"  # begins the names of folders in which hand-ins are put together
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)


def place(root: Path, hand_in: HandIn, when: datetime, notebook: bytes) -> str:
    """Put a hand-in where nbgrader looks for it, whole or not at all.

    Returns
    -------
    str
        A sentence about what else lay there and is kept, empty where nothing did.
    """
    home = private_folder(root, "submitted", hand_in.trainee)
    target = home / hand_in.module
    with tempfile.TemporaryDirectory(dir=root / "submitted", prefix=INCOMING) as work:
        draft = private_folder(Path(work), "new")
        for name, content in _files(hand_in, when, notebook).items():
            write_private(draft / name, content)
        aside = private_folder(Path(work), "old", hand_in.trainee) / hand_in.module
        # Before anything is replaced: a run that is cut off must not lose it.
        kept = keep_leftovers(root, target, read_there(root, hand_in.trainee, hand_in.module))
        _swap(draft, target, aside)
    return kept


def _files(hand_in: HandIn, when: datetime, notebook: bytes) -> dict[str, bytes]:
    files = {
        NOTEBOOK: notebook,
        TIMESTAMP: time_text(when).encode(),
        SECRET: (hand_in.secret or secrets.token_hex(64)).encode(),
    }
    if hand_in.answers is not None:
        files[ANSWERS] = hand_in.answers
    if hand_in.shared is not None:
        files[sharing.NAME] = hand_in.shared
    if hand_in.problem:
        files[PROBLEM_NAME] = hand_in.problem.encode()
    return files


def _swap(draft: Path, target: Path, aside: Path) -> None:
    had_one = os.path.lexists(target)
    if had_one:
        target.rename(aside)
    try:
        draft.rename(target)
    except OSError:
        if had_one:
            aside.rename(target)
        raise


def put_back(root: Path) -> None:
    """Put back what a collecting that was cut off had moved aside, and tidy up after it."""
    submitted = root / "submitted"
    if not any(submitted.glob(f"{INCOMING}*")):
        return
    with locked(submitted):  # nobody is placing anything meanwhile
        for work in submitted.glob(f"{INCOMING}*"):
            for aside in work.glob("old/*/*"):
                target = submitted / aside.relative_to(work / "old")
                if not os.path.lexists(target):
                    aside.rename(target)
            shutil.rmtree(work)


def read_there(root: Path, trainee: str, module: str) -> HandIn | None:
    """Return what lies there as a hand-in; None where nothing is, or nothing can be read."""
    folder = root / "submitted" / trainee / module
    if folder.is_symlink() or not folder.is_dir():
        return None
    try:
        answers = read_regular_file(folder / ANSWERS, MAX_BYTES)
        problem = (read_regular_file(folder / PROBLEM_NAME, 4096) or b"").decode("utf-8", "replace")
        shared = read_regular_file(folder / sharing.NAME, sharing.MAX_BYTES)
    except RecordError:
        return None
    return HandIn(
        "submitted/",
        trainee,
        module,
        read_timestamp(folder) or UNKNOWN,
        answers,
        read_secret(folder / SECRET),
        problem,
        shared,
    )


def read_timestamp(folder: Path) -> datetime | None:
    """Return when the submission in a folder was handed in, None where that is not known."""
    return timestamp_of(read_timestamp_text(folder))


def read_timestamp_text(folder: Path) -> str:
    """Return the text that says when a submission was handed in; empty where there is none."""
    try:
        return (read_regular_file(folder / TIMESTAMP, 100) or b"").decode("ascii").strip()
    except (RecordError, ValueError):
        return ""
