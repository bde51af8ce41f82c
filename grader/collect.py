"""Take in what trainees handed in, from bundles and from nbgrader's exchange.

Nothing in a hand-in is trusted: only its answers are kept, as bytes and of limited
size. The notebook put beside them is the released one. One bad hand-in stops no other.
"""

from __future__ import annotations

import os
import re
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader import sharing
from grader.answers import MAX_BYTES, locked, read_regular_file
from grader.bundles import SHARED_PROBLEM, HandIn, check_sender, check_shared, read_bundle
from grader.downloads import ANSWERS, Source, bundle_files
from grader.errors import GradingError, RecordError, SubmissionError, in_words
from grader.privacy import close_to_others, protect
from grader.release import NOTEBOOK, modules_of
from grader.senders import aside_words, folder_for, note_sender
from grader.sheet import PROBLEM_NAME
from grader.times import parse_time, time_text, timestamp_of

COURSE_ID = "alongside"
TIMESTAMP = "timestamp.txt"
INCOMING = ".incoming-"  # begins the names of folders in which hand-ins are put together
SECRET = "submission_secret.txt"  # noqa: S105  the file's name, which nbgrader fixes

COLLECTED = "collected"
ASIDE = "kept aside"
OLDER = "older than what is there"
REFUSED = "refused"

Progress = Callable[[list[Any]], Iterable[Any]]


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one hand-in; ``reason`` is a plain sentence, empty where all is well."""

    source: str
    outcome: str
    trainee: str = ""
    module: str = ""
    reason: str = ""


def collect(
    root: Path,
    bundles: Iterable[Path] = (),
    exchange: Path | None = None,
    *,
    course_id: str = COURSE_ID,
    progress: Progress = iter,
) -> list[Collected]:
    """Collect hand-ins into ``submitted/``; the latest of a trainee and module stays.

    Parameters
    ----------
    root : Path
        The course folder.
    bundles : iterable of Path
        Bundle files, or folders and zip files that hold some.
    exchange : Path, optional
        The folder of nbgrader's exchange.
    course_id : str
        The course's name in the exchange.
    progress : callable
        Wraps the list of hand-ins while they are read, such as ``tqdm``.

    Returns
    -------
    list of Collected
        One for each hand-in.

    Raises
    ------
    GradingError
        Where the exchange has no such course, or nothing is released.
    """
    put_back(root)
    released = _released_notebooks(root)
    found: list[Source | _Folder] = list(bundle_files(bundles))
    outcomes: list[Collected] = []
    if exchange is not None:
        found += _latest_folders(exchange, course_id, outcomes)
    for source in progress(found):
        outcomes.append(_take_in(root, source, released))
    return outcomes


def collect_some(
    root: Path, exchange: Path, course_id: str, wanted: Callable[[str, str], bool]
) -> list[Collected]:
    """Collect those folders of an exchange that ``wanted(trainee, module)`` allows.

    Raises
    ------
    GradingError
        As `collect`.
    """
    put_back(root)
    released = _released_notebooks(root)
    outcomes: list[Collected] = []
    for folder in _latest_folders(exchange, course_id, outcomes):
        if wanted(folder.trainee, folder.module):
            outcomes.append(_take_in(root, folder, released))
    return outcomes


def _released_notebooks(root: Path) -> dict[str, bytes]:
    modules = modules_of(root)
    try:
        return {name: (root / "exercises" / name / NOTEBOOK).read_bytes() for name in modules}
    except OSError as error:
        message = (
            f"exercises/{Path(error.filename).parent.name} is not released; run 'alongside release'"
        )
        raise GradingError(message) from None


def _take_in(root: Path, source: Source | _Folder, released: dict[str, bytes]) -> Collected:
    name = source.path.name if isinstance(source, _Folder) else source.name
    try:
        read = _read_folder if isinstance(source, _Folder) else read_bundle
        hand_in = read(source, released)
        aside = folder_for(root, hand_in)
        newer = _place(private_folder(root, *aside), hand_in, released[hand_in.module])
        if not aside:
            note_sender(root, hand_in)
    except (SubmissionError, RecordError, OSError) as error:
        return Collected(name, REFUSED, reason=f"{in_words(error)}.")
    if not newer:
        reason = "The same hand-in, or a newer one, is here already."
        return Collected(name, OLDER, hand_in.trainee, hand_in.module, reason)
    notes = (aside_words(hand_in) if aside else "", hand_in.problem, hand_in.shared_problem)
    reason = " ".join(note for note in notes if note)
    outcome = ASIDE if aside else COLLECTED
    return Collected(name, outcome, hand_in.trainee, hand_in.module, reason)


# The exchange ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder in the exchange, named ``trainee+module+time+random``."""

    path: Path
    trainee: str
    module: str
    when: datetime


def _latest_folders(exchange: Path, course_id: str, outcomes: list[Collected]) -> list[_Folder]:
    """Return the newest folder of each trainee and module; note the others in ``outcomes``."""
    inbound = Path(exchange) / course_id / "inbound"
    try:
        entries = sorted(os.scandir(inbound), key=lambda entry: entry.name)
    except OSError as error:
        message = f"{inbound} cannot be read ({error.strerror}); check the exchange folder"
        raise GradingError(message) from None
    latest: dict[tuple[str, str], _Folder] = {}
    for entry in entries:
        try:
            folder = _named_folder(entry)
        except SubmissionError as error:
            reason = f"It is not taken: {error}."
            outcomes.append(Collected(entry.name, REFUSED, reason=reason))
            continue
        who = (folder.trainee, folder.module)
        if who in latest:
            older, folder = sorted((latest[who], folder), key=lambda found: found.when)
            reason = "A newer hand-in of this trainee is in the exchange."
            outcomes.append(Collected(older.path.name, OLDER, *who, reason))
        latest[who] = folder
    return list(latest.values())


def _named_folder(entry: os.DirEntry[str]) -> _Folder:
    if not entry.is_dir(follow_symlinks=False):
        raise SubmissionError("it is a link or a file, not a handed-in folder")
    parts = entry.name.split("+")
    if len(parts) not in {3, 4}:
        raise SubmissionError("its name is not 'trainee+module+time'")
    try:
        return _Folder(Path(entry.path), parts[0], parts[1], parse_time(parts[2]))
    except ValueError:
        raise SubmissionError("its name holds no time of handing in") from None


def _read_folder(folder: _Folder, modules: Iterable[str]) -> HandIn:
    check_sender(folder.trainee, folder.module, modules)
    answers, problem = None, ""
    try:
        answers = read_regular_file(folder.path / ANSWERS, MAX_BYTES, alone=True)
    except RecordError as error:  # still placed, so that nobody is dropped
        problem = f"The answers could not be taken: {error}."
    shared, shared_problem = _read_shared(folder)
    return HandIn(
        source=folder.path.name,
        trainee=folder.trainee,
        module=folder.module,
        when=folder.when,
        answers=answers,
        secret=_read_secret(folder.path / SECRET),
        problem=problem,
        shared=shared,
        shared_problem=shared_problem,
    )


def _read_shared(folder: _Folder) -> tuple[bytes | None, str]:
    try:
        raw = read_regular_file(folder.path / sharing.NAME, sharing.MAX_BYTES, alone=True)
    except RecordError:
        return None, SHARED_PROBLEM
    return check_shared(raw, folder.module)


def _read_secret(path: Path) -> str:
    try:
        secret = (read_regular_file(path, 1024) or b"").decode("ascii", "replace").strip()
    except RecordError:
        return ""
    return secret if re.fullmatch(r"[0-9A-Za-z_=-]{16,256}", secret) else ""


# Placing --------------------------------------------------------------------------------


def _place(root: Path, hand_in: HandIn, notebook: bytes) -> bool:
    """Put a hand-in where nbgrader looks for it; False where a newer one is there."""
    home = private_folder(root, "submitted", hand_in.trainee)
    target = home / hand_in.module
    with locked(root / "submitted"):
        there = read_timestamp(target)
        when = _fair_time(hand_in.when, there)
        if there is not None and when <= there:
            return False
        with tempfile.TemporaryDirectory(dir=root / "submitted", prefix=INCOMING) as work:
            draft = private_folder(Path(work), "new")
            for name, content in _files(hand_in, when, notebook).items():
                write_private(draft / name, content)
            aside = private_folder(Path(work), "old", hand_in.trainee) / hand_in.module
            _swap(draft, target, aside)
    return True


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


def _fair_time(claimed: datetime, there: datetime | None) -> datetime:
    """Return the time to keep: a sender's clock that runs ahead must not block later hand-ins."""
    now = _now()
    if there is not None and there > now:
        return claimed  # our own clock was set back, so it cannot judge another
    return min(claimed, now)


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


def _now() -> datetime:
    return datetime.now(UTC)


def read_timestamp(folder: Path) -> datetime | None:
    """Return when the submission in a folder was handed in, None where that is not known."""
    return timestamp_of(read_timestamp_text(folder))


def read_timestamp_text(folder: Path) -> str:
    """Return the text that says when a submission was handed in; empty where there is none."""
    try:
        return (read_regular_file(folder / TIMESTAMP, 100) or b"").decode("ascii").strip()
    except (RecordError, ValueError):
        return ""


def private_folder(root: Path, *names: str) -> Path:
    """Make folders below ``root`` that only trainers can open; return the last."""
    folder = root
    for name in names:
        folder = folder / name
        if folder.is_symlink():
            raise SubmissionError(f"{name} is a link, not a folder; remove it")
        try:
            folder.mkdir(mode=0o700)
            protect(folder)
        except FileExistsError:
            if not folder.is_dir():
                raise
            close_to_others(folder)
    return folder


def write_private(path: Path, content: bytes) -> None:
    """Write a file for the trainers' eyes only, whole or not at all."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        protect(draft)
        draft.replace(path)
    except BaseException:  # also Ctrl and C: no half-written file stays behind
        draft.unlink(missing_ok=True)
        raise


def copy_if_there(source: Path, target: Path) -> None:
    """Copy a small file that nbgrader keeps beside a submission, where there is one."""
    content = read_regular_file(source, 4096)
    if content is not None and not _holds(target, content):
        write_private(target, content)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return read_regular_file(path, len(content)) == content
    except RecordError:
        return False
