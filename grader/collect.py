"""Take in what trainees handed in, from bundles and from nbgrader's exchange.

Nothing in a hand-in is trusted: only its answers are kept, as bytes and of limited
size. The notebook put beside them is the released one. One bad hand-in stops no other.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from grader.answers import MAX_BYTES, locked, read_regular_file
from grader.errors import GradingError, RecordError, SubmissionError, in_words
from grader.privacy import close_to_others, protect
from grader.release import NOTEBOOK, modules_of
from grader.sheet import PROBLEM_NAME
from grader.trainee_code import RULE, is_trainee_code

COURSE_ID = "alongside"
ANSWERS = "answers.json"
HAND_IN = "handin.json"
TIMESTAMP = "timestamp.txt"
INCOMING = ".incoming-"  # begins the names of folders in which hand-ins are put together
SECRET = "submission_secret.txt"  # noqa: S105  the file's name, which nbgrader fixes

MAX_BUNDLE = 8 << 20  # bytes of the zip file; an honest one has about 50 KiB
MAX_ENTRIES = 10
LIMITS = {HAND_IN: 4096, ANSWERS: MAX_BYTES, NOTEBOOK: 5 << 20}  # bytes once unpacked

COLLECTED = "collected"
OLDER = "older than what is there"
REFUSED = "refused"

Progress = Callable[[list[Any]], Iterable[Any]]

_OUR_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} UTC")


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one hand-in; ``reason`` is a plain sentence, empty where all is well."""

    source: str
    outcome: str
    trainee: str = ""
    module: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _HandIn:
    """A hand-in whose sender and module are known; ``problem`` where its answers are not."""

    source: str
    trainee: str
    module: str
    when: datetime
    answers: bytes | None = None
    secret: str = ""
    problem: str = ""


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
        Bundle files, or folders that hold some.
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
    found: list[Path | _Folder] = list(_bundle_files(bundles))
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


def _take_in(root: Path, source: Path | _Folder, released: dict[str, bytes]) -> Collected:
    name = source.path.name if isinstance(source, _Folder) else source.name
    try:
        read = _read_folder if isinstance(source, _Folder) else _read_bundle
        hand_in = read(source, released)
        newer = _place(root, hand_in, released[hand_in.module])
    except (SubmissionError, RecordError, OSError) as error:
        return Collected(name, REFUSED, reason=f"{in_words(error)}.")
    if not newer:
        reason = "The same hand-in, or a newer one, is here already."
        return Collected(name, OLDER, hand_in.trainee, hand_in.module, reason)
    return Collected(name, COLLECTED, hand_in.trainee, hand_in.module, hand_in.problem)


# Bundles --------------------------------------------------------------------------------


def _bundle_files(bundles: Iterable[Path]) -> Iterator[Path]:
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


def _read_bundle(path: Path, modules: Iterable[str]) -> _HandIn:
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
    except (SubmissionError, PermissionError):
        raise
    except Exception as error:  # a damaged zip file raises errors of many kinds
        message = "it is not a zip file, or it is damaged; ask for it to be sent again"
        raise SubmissionError(message) from error
    return _HandIn(path.name, **facts, answers=answers)


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
        when = _parse_when(data["handed_in"])
        trainee, module, number = data["trainee"], data["module"], data["format"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SubmissionError(f"its {HAND_IN} cannot be read") from None
    if number != 1:
        raise SubmissionError("it was made by a newer course; update this one")
    _check_sender(trainee, module, modules)
    return {"trainee": trainee, "module": module, "when": when}


def _check_sender(trainee: Any, module: Any, modules: Iterable[str]) -> None:
    if not is_trainee_code(trainee):
        shown = ascii(str(trainee)[:80])
        raise SubmissionError(f"{shown} is not a trainee's code; {RULE}")
    if not isinstance(module, str) or module not in modules:
        shown = ascii(str(module)[:80])
        raise SubmissionError(f"{shown} is no module of this course with an exercise")


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
        return _Folder(Path(entry.path), parts[0], parts[1], _parse_when(parts[2]))
    except ValueError:
        raise SubmissionError("its name holds no time of handing in") from None


def _read_folder(folder: _Folder, modules: Iterable[str]) -> _HandIn:
    _check_sender(folder.trainee, folder.module, modules)
    answers, problem = None, ""
    try:
        answers = read_regular_file(folder.path / ANSWERS, MAX_BYTES, alone=True)
    except RecordError as error:  # still placed, so that nobody is dropped
        problem = f"The answers could not be taken: {error}."
    return _HandIn(
        source=folder.path.name,
        trainee=folder.trainee,
        module=folder.module,
        when=folder.when,
        answers=answers,
        secret=_read_secret(folder.path / SECRET),
        problem=problem,
    )


def _read_secret(path: Path) -> str:
    try:
        secret = (read_regular_file(path, 1024) or b"").decode("ascii", "replace").strip()
    except RecordError:
        return ""
    return secret if re.fullmatch(r"[0-9A-Za-z_=-]{16,256}", secret) else ""


# Placing --------------------------------------------------------------------------------


def _place(root: Path, hand_in: _HandIn, notebook: bytes) -> bool:
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


def _files(hand_in: _HandIn, when: datetime, notebook: bytes) -> dict[str, bytes]:
    files = {
        NOTEBOOK: notebook,
        TIMESTAMP: _stamp(when).encode(),
        SECRET: (hand_in.secret or secrets.token_hex(64)).encode(),
    }
    if hand_in.answers is not None:
        files[ANSWERS] = hand_in.answers
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


def _stamp(when: datetime) -> str:
    return f"{when.replace(tzinfo=None).isoformat(' ', 'microseconds')} UTC"


def _parse_when(text: Any) -> datetime:
    """Read a time as nbgrader or a bundle writes it; raise ValueError for anything else."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9A-Za-z:+. -]{8,64}", text):
        raise ValueError(text)
    if _OUR_TIME.fullmatch(text):  # as we write it: ten times as fast
        return datetime.fromisoformat(f"{text.removesuffix(' UTC')}+00:00")
    from nbgrader.utils import parse_utc

    try:
        return parse_utc(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValueError(text) from error


def read_timestamp(folder: Path) -> datetime | None:
    """Return when the submission in a folder was handed in, None where that is not known."""
    return timestamp_of(read_timestamp_text(folder))


def read_timestamp_text(folder: Path) -> str:
    """Return the text that says when a submission was handed in; empty where there is none."""
    try:
        return (read_regular_file(folder / TIMESTAMP, 100) or b"").decode("ascii").strip()
    except (RecordError, ValueError):
        return ""


def timestamp_of(text: str) -> datetime | None:
    """Return the time that such a text gives, None where it gives none."""
    try:
        return _parse_when(text) if text else None
    except ValueError:
        return None


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
    except BaseException:
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
