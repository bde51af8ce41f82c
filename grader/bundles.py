"""Read the bundles that trainees send: nothing in them is trusted, and nothing is unpacked."""

from __future__ import annotations

import json
import stat
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grader import sharing
from grader.answers import MAX_BYTES
from grader.errors import SubmissionError
from grader.release import NOTEBOOK
from grader.times import parse_time
from grader.trainee_code import RULE, is_trainee_code

ANSWERS = "answers.json"
HAND_IN = "handin.json"
MAX_BUNDLE = 8 << 20  # bytes of the zip file; an honest one has about 50 KiB
MAX_ENTRIES = 10
LIMITS = {  # bytes once unpacked
    HAND_IN: 4096,
    ANSWERS: MAX_BYTES,
    NOTEBOOK: 5 << 20,
    sharing.NAME: sharing.MAX_BYTES,
}
SHARED_PROBLEM = "What the trainee wanted to share could not be read; ask for it again."


@dataclass(frozen=True, slots=True)
class HandIn:
    """A hand-in whose sender and module are known; ``problem`` where its answers are not."""

    source: str
    trainee: str
    module: str
    when: datetime
    answers: bytes | None = None
    secret: str = ""
    problem: str = ""
    shared: bytes | None = None  # what the trainee chose to show besides; never graded
    shared_problem: str = ""
    stamp: str = ""  # the time as it was written, where that says more than ``when``


def bundle_files(bundles: Iterable[Path]) -> Iterator[Path]:
    """Yield what is to be read; in a folder that is everything but hidden files.

    A picture, an unzipped hand-in or a folder of more files is read too, and so refused by
    name: nothing that somebody sent is passed over in silence.
    """
    for path in map(Path, bundles):
        if path.is_dir() and not _is_unzipped(path):
            yield from sorted(part for part in path.iterdir() if not part.name.startswith("."))
        else:
            yield path


def _is_unzipped(folder: Path) -> bool:
    return (folder / HAND_IN).is_file()


def read_bundle(path: Path, modules: Iterable[str]) -> HandIn:
    """Read one bundle.

    Raises
    ------
    SubmissionError
        Where it is not exactly what this course makes, with the reason.
    PermissionError
        Where it may not be read.
    """
    if not path.exists():
        raise SubmissionError("there is no such file")
    if path.is_symlink() or not path.is_file():
        what = "an unzipped hand-in" if _is_unzipped(path) else "a link or a folder"
        raise SubmissionError(f"it is {what}; name the zip file, or the folder of zip files")
    if path.stat().st_size > MAX_BUNDLE:
        raise SubmissionError("it is larger than any bundle of this course")
    try:
        with zipfile.ZipFile(path) as bundle:
            entries = _checked_entries(bundle)
            facts = _hand_in_facts(bundle.read(entries[HAND_IN]), modules)
            answers = bundle.read(entries[ANSWERS]) if ANSWERS in entries else None
            shared = bundle.read(entries[sharing.NAME]) if sharing.NAME in entries else None
    except (SubmissionError, PermissionError):
        raise
    except Exception as error:  # a damaged zip file raises errors of many kinds
        message = "it is not a zip file, or it is damaged; ask for it to be sent again"
        raise SubmissionError(message) from error
    kept, problem = check_shared(shared, facts["module"])
    return HandIn(path.name, **facts, answers=answers, shared=kept, shared_problem=problem)


def check_shared(raw: bytes | None, module: str) -> tuple[bytes | None, str]:
    """Return what was shared, written anew, or a sentence where it cannot be used."""
    if raw is None:
        return None, ""
    try:
        return sharing.read_shared(raw, module), ""
    except ValueError:
        return None, SHARED_PROBLEM


def _checked_entries(bundle: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = bundle.infolist()
    if len(entries) > MAX_ENTRIES:
        raise SubmissionError(f"it holds more than {MAX_ENTRIES} files")
    for entry in entries:
        _check_entry(entry)
    named = {entry.filename: entry for entry in entries}
    if len(named) < len(entries):
        raise SubmissionError("it holds two files of the same name")
    if HAND_IN not in named:
        raise SubmissionError(f"it holds no {HAND_IN}, so it is not a bundle of this course")
    return named


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    shown = ascii(name[:80])
    if entry.orig_filename != name or name not in LIMITS:
        raise SubmissionError(f"it holds {shown}, which no bundle of this course has")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in {0, stat.S_IFREG}:
        raise SubmissionError(f"{shown} in it is a link or a folder, not a file")
    if entry.flag_bits & 1:
        raise SubmissionError("it is locked with a password; ask for one without")
    # Other ways of packing can unfold without limit while they are read.
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise SubmissionError("it is packed in a way this course does not use")
    # Reading stops at the size that is declared here, whatever is packed.
    if entry.file_size > LIMITS[name]:
        raise SubmissionError(f"{shown} in it is larger than {LIMITS[name] // 1024} KiB")


def _hand_in_facts(raw: bytes, modules: Iterable[str]) -> dict[str, Any]:
    try:
        data = json.loads(raw.decode("utf-8"))
        when = parse_time(data["handed_in"])
        trainee, module, number = data["trainee"], data["module"], data["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SubmissionError(f"its {HAND_IN} cannot be read") from None
    if number != 1:
        raise SubmissionError("it was made by a newer course; update this one")
    check_sender(trainee, module, modules)
    return {"trainee": trainee, "module": module, "when": when}


def check_sender(trainee: Any, module: Any, modules: Iterable[str]) -> None:
    """Refuse what could be no folder of a trainee and module.

    Raises
    ------
    SubmissionError
        Naming what cannot be used.
    """
    if not is_trainee_code(trainee):
        shown = ascii(str(trainee)[:80])
        raise SubmissionError(f"{shown} is not a trainee's code; {RULE}")
    if not isinstance(module, str) or module not in modules:
        shown = ascii(str(module)[:80])
        raise SubmissionError(f"{shown} is no module of this course with an exercise")
