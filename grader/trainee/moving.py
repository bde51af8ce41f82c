"""Bring a copy of everything back: to another computer, or into another browser.

Apart from `record`, which makes the copy. Answers that are here already are never touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from grader import places
from grader.errors import RecordError, SubmissionError
from grader.files import safe
from grader.files.parsing import parse_json
from grader.formats import answers
from grader.formats.archives import files_in, open_pack, read_entry
from grader.places import Home, Learner
from grader.trainee.home import OWN
from grader.trainee.record import RAW

MAX_FILE = 4 << 20  # bytes; the largest is a page of feedback
MAX_FILES = 1000
MAX_ALL = 64 << 20
ZIP = b"PK\x03\x04"  # what a pack begins with, also one whose end is missing
RELEASED = (places.NOTEBOOK, places.PUBLIC_ITEMS)  # of the course: they come with it
NOT_ONE = "This is not a copy of everything. Choose the file that begins with alongside-my-record"
CUT = (
    "This is not a copy of everything: the file is cut off or damaged. Nothing was changed. "
    "Bring the file here once more from where you made it, and open it again"
)
UNREAD = (
    "A part of this copy cannot be read: {}. Nothing was changed. "
    "Make a copy once more where your answers are, and open that one"
)
OTHER = (
    "A part of this copy is of another course: {}. Nothing was changed. "
    "Open the copy in the course that made it"
)
NEWER = (
    "A part of this copy was made by a newer course: {}. Nothing was changed. "
    "Get the newest version of the course here, and open the copy again"
)
HERE = (
    "There are answers here already, and they stay. To use the copy instead, make a copy of "
    "what is here, and delete everything. Then open the other copy again"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def bring_back(learner: Learner, content: bytes) -> int:
    """Put the files of a copy into a folder that holds no answers yet; return their number.

    Raises
    ------
    RecordError
        Where it is no such copy, or there are answers already; then nothing is changed.
    """
    home = learner.home
    try:
        files = dict(_files_in(content))
    except SubmissionError as error:
        raise RecordError(CUT if content.startswith(ZIP) else NOT_ONE) from error
    if not files:
        raise RecordError(NOT_ONE)
    _check_records(files)
    if any(_answered(home)):
        raise RecordError(HERE)
    try:
        for name, one in files.items():
            safe.write_safely(home.folder / name, one)
    except OSError as error:
        raise RecordError(f"The copy could not be kept ({error.strerror})") from error
    return len(files)


def _files_in(content: bytes) -> Iterator[tuple[str, bytes]]:
    with open_pack(content) as pack:
        entries = files_in(pack, MAX_FILES)
        if sum(entry.file_size for _, entry in entries) > MAX_ALL:
            raise RecordError(NOT_ONE)
        for path, entry in entries:
            parts = PurePosixPath(path).parts
            if parts[0] == RAW and parts[1:2] and parts[-1] not in RELEASED:
                if parts[1] not in OWN or not all(map(_NAME.fullmatch, parts)):
                    raise RecordError(NOT_ONE)
                yield "/".join(parts[1:]), read_entry(pack, entry, MAX_FILE)


def _check_records(files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = PurePosixPath(name)
        if path.suffix == ".json" and path.parts[0] in {"practice", "journal", "exercises"}:
            module = path.parent.name if path.parts[0] == "exercises" else path.stem
            if path.name != places.PLAN:
                _check_record(content, name, module)


def _check_record(content: bytes, name: str, module: str) -> None:
    try:
        answers.parse_record(content, name, module)
    except RecordError as error:
        raise RecordError(_why(content, module).format(name)) from error


def _why(content: bytes, module: str) -> str:
    """Return what is said of a record that cannot be used here."""
    try:
        said = parse_json(content)
        version = said["format"]
    except (ValueError, TypeError, KeyError):
        return UNREAD
    if isinstance(version, int) and version > answers.FORMAT:
        return NEWER
    return UNREAD if said.get("module") == module else OTHER


def _answered(home: Home) -> Iterator[bool]:
    for name in ("practice/*.json", "journal/*.json", f"exercises/*/{places.ANSWERS}"):
        yield any(home.folder.glob(name))
