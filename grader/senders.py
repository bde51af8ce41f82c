"""Tell apart two computers that send under one code, so that neither replaces the other.

A hand-in file bears a random mark of the trainee's own folder. The first mark of a code
counts; what comes under another one is kept in ``aside/`` until the trainer says whose it
is. Who sends through the exchange is known by their account, and bears no mark.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.answers import locked, read_regular_file, write_safely
from grader.errors import RecordError, SubmissionError
from grader.privacy import kept_back, kept_back_words, protect

if TYPE_CHECKING:
    from grader.bundles import HandIn

BOOK = ".senders.json"  # in a trainee's folder, so that it goes wherever the folder goes
FOLDER = "aside"
NO_MARK = "no-mark"  # of a course from before there were marks
SHOWN = 6  # letters of a mark that a trainer sees


@dataclass(frozen=True, slots=True)
class Senders:
    """The marks of one code: those that count, and those that the trainer said do not."""

    counts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


def read_senders(root: Path, trainee: str) -> Senders:
    """Return the marks under which a code was sent.

    Raises
    ------
    SubmissionError
        Where they cannot be read: then nobody can say whose a hand-in is.
    """
    try:
        raw = read_regular_file(root / "submitted" / trainee / BOOK, 1 << 16)
        data = json.loads(raw) if raw is not None else {"counts": [], "others": []}
        counts, others = ([str(mark) for mark in data[name]] for name in ("counts", "others"))
    except (RecordError, ValueError, KeyError, TypeError, RecursionError):
        raise SubmissionError(_unread(root, trainee)) from None
    return Senders(tuple(counts), tuple(others))


def _unread(root: Path, trainee: str) -> str:
    if part := kept_back(root / "submitted" / trainee / BOOK):
        return kept_back_words(part)
    return f"submitted/{trainee}/{BOOK} cannot be read; remove it, and the next computer counts"


def write_senders(root: Path, trainee: str, senders: Senders) -> None:
    """Keep the marks of a code."""
    path = root / "submitted" / trainee / BOOK
    data = {"counts": list(senders.counts), "others": list(senders.others)}
    write_safely(path, json.dumps(data).encode())
    protect(path)


def folder_for(root: Path, hand_in: HandIn) -> tuple[str, ...]:
    """Return the folder that a hand-in goes to, by names below ``root``: none where it counts."""
    if hand_in.device is None:
        return ()
    counts = read_senders(root, hand_in.trainee).counts
    mark = hand_in.device or NO_MARK
    return () if not counts or mark in counts else (FOLDER, mark)


def note_sender(root: Path, hand_in: HandIn) -> None:
    """Keep the mark of a hand-in that counts, where it is the first of its code."""
    if not hand_in.device:
        return
    with locked(root / "submitted"):
        known = read_senders(root, hand_in.trainee)
        if not known.counts:
            write_senders(root, hand_in.trainee, Senders((hand_in.device,), known.others))


def aside_words(hand_in: HandIn) -> str:
    """Return what a trainer is told of a hand-in that is kept aside."""
    mark = (hand_in.device or NO_MARK)[:SHOWN]
    what = f"It came from another computer ({mark}) than the hand-ins before."
    return f"{what} To say whose it is: alongside whose {hand_in.trainee}."
